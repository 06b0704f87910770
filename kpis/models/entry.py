"""The entry grid: unsent drafts, and the reasons why a figure will not come."""

from typing import Any

from django.db import models

from kpis.models.kpi import Kpi
from kpis.models.measurement import GrainCode
from portal.models import OrganizationOwned, OwnedKey, SameOrganization
from portal.tenancy.constraints import AppendOnly


class EntryDraft(OrganizationOwned):
    """What one person has typed for one period of one deployment and not yet recorded.

    `cells` maps a KPI's slug to the typed texts by field; nothing in it counts as a figure.
    """

    deployment = OwnedKey("deployments.Deployment", related_name="entry_drafts")
    person = models.CharField(max_length=254)
    grain = models.PositiveSmallIntegerField(choices=GrainCode)
    day = models.DateField()
    cells: Any = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            SameOrganization("deployment"),
            models.UniqueConstraint(
                fields=["organization", "deployment", "person", "grain", "day"],
                name="draft_of_person_and_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.day}"


class Absence(OrganizationOwned):
    """A KPI does not apply in a period, and why; it stays not measured, with a reason."""

    kpi = OwnedKey(Kpi, related_name="absences")
    grain = models.PositiveSmallIntegerField(choices=GrainCode)
    day = models.DateField()
    reason = models.TextField()
    recorded_by = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            AppendOnly(),
            SameOrganization("kpi"),
            models.UniqueConstraint(
                fields=["organization", "kpi", "grain", "day", "recorded_at"],
                name="absence_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi_id} {self.day}"


class Reminder(OrganizationOwned):
    """One reminder sent to one person on one day, so that it is not sent twice."""

    person = models.CharField(max_length=254)
    on = models.DateField()
    figures = models.PositiveIntegerField()
    sent_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            AppendOnly(),
            models.UniqueConstraint(
                fields=["organization", "person", "on"], name="reminder_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.on}"
