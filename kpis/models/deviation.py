"""Accepted deviations: a breach somebody answers for, until a day."""

from django.db import models

from kpis.models.kpi import Kpi
from portal.models import OrganizationOwned, OwnedKey, SameOrganization


class Deviation(OrganizationOwned):
    """A value beyond the thresholds is accepted up to `limit`, through `ends_on` and no longer.

    It is shown beside the breach and never changes the computed verdict.
    """

    kpi = OwnedKey(Kpi, related_name="deviations")
    limit = models.DecimalField(max_digits=20, decimal_places=6)
    reason = models.TextField()
    approver = models.CharField(max_length=160)
    starts_on = models.DateField()
    ends_on = models.DateField()
    ended_early_on = models.DateField(null=True, blank=True)
    recorded_by = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            SameOrganization("kpi"),
            models.UniqueConstraint(
                fields=["organization", "kpi", "recorded_at"], name="deviation_version"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="deviation_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi_id} until {self.ends_on}"
