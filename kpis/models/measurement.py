"""Measurements: append-only facts; a correction is a new revision with a reason."""

from typing import Any

from django.db import models
from django.db.models import Q

from kpis.models.fields import Parts
from portal.domain.calendar import Grain
from portal.models import OrganizationOwned
from portal.tenancy.constraints import AppendOnly, OrganizationStays, TenantIsolation


class GrainCode(models.IntegerChoices):
    """The grains of the calendar as they are stored: coarser is larger."""

    DAY = 1, "Day"
    WEEK = 2, "Week"
    MONTH = 3, "Month"
    QUARTER = 4, "Quarter"
    YEAR = 5, "Year"

    @classmethod
    def of(cls, grain: Grain) -> "GrainCode":
        """The number under which a grain of the calendar is stored."""
        return cls[grain.name]

    @property
    def grain(self) -> Grain:
        """The grain of the calendar that is stored under this number."""
        return Grain[self.name]


class Grade(models.TextChoices):
    MEASURED = "measured", "Measured"
    SAMPLED = "sampled", "Sampled"
    ESTIMATED = "estimated", "Estimated"
    ASSUMED = "assumed", "Assumed"


class Measurement(OrganizationOwned, Parts):
    """What one KPI was in one period (first day and grain), for one unit (0 = not broken down).

    Natural key, no foreign keys: `kpis.actions.measurements.record` checks what it points at.
    """

    pk = models.CompositePrimaryKey(
        "organization_id", "kpi_id", "unit_key", "grain", "day", "revision"
    )
    kpi_id = models.BigIntegerField()
    unit_key = models.BigIntegerField(default=0)
    grain = models.PositiveSmallIntegerField(choices=GrainCode)
    day = models.DateField()
    revision = models.PositiveSmallIntegerField(default=1)
    definition = models.PositiveSmallIntegerField(default=1)
    is_withdrawn = models.BooleanField(default=False)
    grade = models.CharField(max_length=12, choices=Grade, default=Grade.MEASURED)
    source = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    evidence = models.CharField(max_length=300, blank=True)
    reason = models.TextField(blank=True)
    content_hash = models.CharField(max_length=64)
    # Of `kpis.domain.aggregation.layouts`: figures of one layout can be added up in SQL.
    shape = models.SmallIntegerField(db_default=0)
    import_id = models.BigIntegerField(null=True)
    recorded_by = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [TenantIsolation(refers=False), OrganizationStays(), AppendOnly()]
        indexes = [
            # Whether any figure of a KPI was corrected is asked by every rollup.
            models.Index(
                fields=["organization", "kpi_id"],
                condition=Q(revision__gt=1),
                name="measurement_revised",
            ),
            models.Index(
                fields=["organization", "import_id"],
                condition=Q(import_id__isnull=False),
                name="measurement_of_import",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi_id} {self.day} r{self.revision}"


class DirtyCell(OrganizationOwned):
    """A touched (KPI, unit, day) whose rollups are to be recomputed; the row is the queue."""

    pk: Any = models.CompositePrimaryKey("organization_id", "kpi_id", "unit_key", "grain", "day")
    kpi_id = models.BigIntegerField()
    unit_key = models.BigIntegerField(default=0)
    grain = models.PositiveSmallIntegerField(choices=GrainCode)
    day = models.DateField()
    marked_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [TenantIsolation(refers=False), OrganizationStays()]

    def __str__(self) -> str:
        return f"{self.kpi_id} {self.day}"


class Rollup(OrganizationOwned, Parts):
    """A KPI folded over one week, month, quarter or year; unit 0 = the whole deployment."""

    pk: Any = models.CompositePrimaryKey("organization_id", "kpi_id", "unit_key", "grain", "day")
    kpi_id = models.BigIntegerField()
    unit_key = models.BigIntegerField(default=0)
    grain = models.PositiveSmallIntegerField(choices=GrainCode)
    day = models.DateField()
    definition = models.PositiveSmallIntegerField(default=1)
    value = models.DecimalField(max_digits=30, decimal_places=10, null=True)
    facts = models.PositiveIntegerField()
    grade = models.CharField(max_length=12, choices=Grade)
    cannot_combine = models.BooleanField(default=False)

    class Meta(OrganizationOwned.Meta):
        constraints = [TenantIsolation(refers=False), OrganizationStays()]
        indexes = [models.Index(fields=["organization", "grain", "day"], name="rollup_period")]

    def __str__(self) -> str:
        return f"{self.kpi_id} {self.get_grain_display()} {self.day}"
