"""A KPI in the set of a deployment, its baseline and its dated targets."""

from typing import Any

from django.db import models

from portal.models import OrganizationOwned, OwnedKey, SameOrganization
from portal.tenancy.constraints import AppendOnly


class Kpi(OrganizationOwned):
    """What is measured about one deployment, in the terms of the catalogue.

    `definition` is raised when the meaning changes: figures of two definitions are never joined.
    """

    deployment = OwnedKey("deployments.Deployment", related_name="kpis")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=160)
    catalogue_key = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=12)
    unit = models.CharField(max_length=60)
    currency = models.CharField(max_length=3, blank=True)
    role = models.CharField(max_length=16)
    direction = models.CharField(max_length=8)
    band_low = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    band_high = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    cadence = models.CharField(max_length=12, default="weekly")
    is_primary = models.BooleanField(default=False)
    is_guardrail = models.BooleanField(default=False)
    is_critical_measure = models.BooleanField(default=False)
    is_safety_critical = models.BooleanField(default=False)
    is_leading = models.BooleanField(default=False)
    is_self_reported = models.BooleanField(default=False)
    measured_by_review = models.BooleanField(default=False)
    is_enterprise_only = models.BooleanField(default=False)
    n_unit = models.CharField(max_length=8, default="item")
    proxy_for = models.CharField(max_length=80, blank=True)
    derived_from: Any = models.JSONField(default=list)
    pair_with: Any = models.JSONField(default=list)
    definition = models.PositiveSmallIntegerField(default=1)
    definition_text = models.TextField(blank=True)
    category = models.CharField(max_length=60, blank=True)
    serves = models.CharField("work it speaks about", max_length=200, blank=True)
    keeper = models.CharField("who enters it", max_length=254, blank=True)
    other_names: Any = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)
    retired_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            SameOrganization("deployment"),
            models.UniqueConstraint(
                fields=["organization", "deployment", "slug"], name="kpi_slug_in_deployment"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class KpiTarget(OrganizationOwned):
    """Target and thresholds of a KPI from a day on; earlier periods keep their earlier row."""

    kpi = OwnedKey(Kpi, related_name="targets")
    valid_from = models.DateField()
    condition = models.CharField(max_length=24, blank=True)
    requirement = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    target = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    ceiling = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    warning = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    critical = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    expected_min = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    mwb = models.DecimalField(
        "minimum worthwhile benefit", max_digits=20, decimal_places=6, null=True, blank=True
    )
    margin = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    reason = models.TextField(blank=True)
    recorded_by = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            AppendOnly(),
            SameOrganization("kpi"),
            models.UniqueConstraint(
                fields=["organization", "kpi", "valid_from", "recorded_at"], name="target_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi_id} from {self.valid_from}"


class Baseline(OrganizationOwned):
    """How it was before AI: parts, period, source and how honest the figure is."""

    kpi = OwnedKey(Kpi, related_name="baselines")
    definition = models.PositiveSmallIntegerField(default=1)
    starts_on = models.DateField()
    ends_on = models.DateField()
    parts: Any = models.JSONField()
    periods = models.PositiveSmallIntegerField(default=1)
    period_values: Any = models.JSONField(default=list)
    grade = models.CharField(max_length=12, default="measured")
    source = models.CharField(max_length=300)
    signed_by = models.CharField(max_length=254, blank=True)
    recorded_by = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            AppendOnly(),
            SameOrganization("kpi"),
            models.UniqueConstraint(
                fields=["organization", "kpi", "definition", "recorded_at"], name="baseline_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi_id} {self.starts_on} to {self.ends_on}"
