"""The baseline interview: five questions about the work before AI."""

from typing import Any

from django.db import models

from portal.models import OrganizationOwned, OwnedKey, SameOrganization
from portal.tenancy.constraints import AppendOnly


class BaselineInterview(OrganizationOwned):
    """Answers to the five questions, with whom and when; a later interview adds a row."""

    deployment = OwnedKey("deployments.Deployment", related_name="interviews")
    held_on = models.DateField()
    held_with = models.CharField(max_length=200)
    answers: Any = models.JSONField(default=list)
    recorded_by = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            AppendOnly(),
            SameOrganization("deployment"),
            models.UniqueConstraint(
                fields=["organization", "deployment", "recorded_at"], name="interview_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deployment_id} {self.held_on}"
