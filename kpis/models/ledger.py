"""The full-cost ledger of a deployment: thirteen cost parts and what they are set against."""

from typing import Any

from django.db import models

from kpis.models.measurement import Grade
from portal.models import OrganizationOwned, OwnedKey, SameOrganization
from portal.tenancy.constraints import AppendOnly


def money() -> "models.DecimalField[Any, Any]":
    return models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)


def quantity() -> "models.DecimalField[Any, Any]":
    return models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)


class CostEntry(OrganizationOwned):
    """One cost part in one quarter: money, hours, or "not applicable, because"; newest holds."""

    deployment = OwnedKey("deployments.Deployment", related_name="cost_entries")
    starts_on = models.DateField()
    part = models.CharField(max_length=32)
    amount = money()
    hours = quantity()
    grade = models.CharField(max_length=12, choices=Grade, default=Grade.MEASURED)
    not_applicable_because = models.TextField(blank=True)
    note = models.TextField(blank=True)
    recorded_by = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            AppendOnly(),
            SameOrganization("deployment"),
            models.UniqueConstraint(
                fields=["organization", "deployment", "starts_on", "part", "recorded_at"],
                name="cost_entry_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.starts_on}"


class LedgerBasis(OrganizationOwned):
    """Volume, task times and hourly rate of one quarter; newest holds. Minutes and money."""

    class Use(models.TextChoices):
        NONE = "", "Not decided"
        CAPACITY = "capacity", "More work with the same people"
        OVERTIME = "overtime", "Less overtime"
        BACKLOG = "backlog", "A shorter backlog"

    deployment = OwnedKey("deployments.Deployment", related_name="ledger_bases")
    starts_on = models.DateField()
    tasks = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    hourly_rate = money()
    minutes_before = quantity()
    minutes_draft = quantity()
    minutes_review = quantity()
    rework_share = quantity()
    minutes_rework = quantity()
    hours_used_for = models.CharField(max_length=12, choices=Use, blank=True, default="")
    grade = models.CharField(max_length=12, choices=Grade, default=Grade.MEASURED)
    recorded_by = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            AppendOnly(),
            SameOrganization("deployment"),
            models.UniqueConstraint(
                fields=["organization", "deployment", "starts_on", "recorded_at"],
                name="ledger_basis_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deployment_id} {self.starts_on}"
