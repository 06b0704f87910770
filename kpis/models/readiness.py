"""What a manager says about the KPI set: readiness answers and confirmations after a change."""

from django.db import models

from portal.models import OrganizationOwned, OwnedKey, SameOrganization
from portal.tenancy.constraints import AppendOnly


class ReadinessAnswer(OrganizationOwned):
    """An answer to one of the eight readiness questions; the newest one of a question holds."""

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        NOT_SURE = "not_sure", "Not sure"

    deployment = OwnedKey("deployments.Deployment", related_name="readiness_answers")
    question = models.CharField(max_length=40)
    answer = models.CharField(max_length=8, choices=Answer)
    answered_by = models.CharField(max_length=254)
    answered_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            AppendOnly(),
            SameOrganization("deployment"),
            models.UniqueConstraint(
                fields=["organization", "deployment", "question", "answered_at"],
                name="readiness_answer_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.answer}"


class Confirmation(OrganizationOwned):
    """A person looked at one part of the set again and says that it still holds."""

    class Part(models.TextChoices):
        KPI_SET = "kpi_set", "KPI set"
        BASELINES = "baselines", "Baselines"
        THRESHOLDS = "thresholds", "Targets and thresholds"

    deployment = OwnedKey("deployments.Deployment", related_name="confirmations")
    part = models.CharField(max_length=12, choices=Part)
    note = models.TextField(blank=True)
    confirmed_by = models.CharField(max_length=254)
    confirmed_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            AppendOnly(),
            SameOrganization("deployment"),
            models.UniqueConstraint(
                fields=["organization", "deployment", "part", "confirmed_at"],
                name="confirmation_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.confirmed_at:%Y-%m-%d}"
