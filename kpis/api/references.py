"""What a KPI is held against: baselines from before AI, and dated targets."""

from typing import Any, ClassVar

from rest_framework import serializers

from kpis.api.kpis import EXACT, kpi_of
from kpis.api.numbers import as_text
from kpis.domain.catalogue.references import WORDS
from kpis.models import Baseline, Grade, KpiTarget
from portal.api.lists import ListView
from portal.domain.roles import Permission
from portal.domain.tokens import Scope

LIMITS = (
    "requirement",
    "target",
    "ceiling",
    "warning",
    "critical",
    "expected_min",
    "mwb",
    "margin",
)


class BaselineSerializer(serializers.Serializer[Any]):
    """How it was before AI."""

    definition = serializers.IntegerField(help_text="Definition of the KPI that it belongs to.")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    parts = serializers.DictField(help_text="Exact decimals as text.")
    periods = serializers.IntegerField(help_text="How many periods it was counted in.")
    period_values = serializers.ListField(help_text="Values of those periods, where known.")
    grade = serializers.ChoiceField(Grade.values, help_text="How it is known.")
    source = serializers.CharField(help_text="Where it comes from.")  # type: ignore[assignment]
    signed_by = serializers.CharField(help_text="Who signed it, empty where nobody did.")
    recorded_by = serializers.CharField()
    recorded_at = serializers.DateTimeField()


class TargetSerializer(serializers.Serializer[Any]):
    """Target and thresholds from a day on; earlier periods keep the row before."""

    valid_from = serializers.DateField()
    condition = serializers.CharField(help_text="Condition under which it holds, often empty.")
    requirement = serializers.CharField(allow_null=True, help_text=WORDS["requirement"])
    target = serializers.CharField(allow_null=True, help_text=WORDS["target"])
    ceiling = serializers.CharField(allow_null=True, help_text=WORDS["ceiling"])
    warning = serializers.CharField(allow_null=True, help_text=WORDS["warning"])
    critical = serializers.CharField(allow_null=True, help_text=WORDS["critical"])
    expected_min = serializers.CharField(allow_null=True, help_text=EXACT)
    mwb = serializers.CharField(allow_null=True, help_text=WORDS["mwb"])
    margin = serializers.CharField(allow_null=True, help_text=WORDS["margin"])
    reason = serializers.CharField()
    recorded_by = serializers.CharField()
    recorded_at = serializers.DateTimeField()


class BaselinesView(ListView):
    """Every baseline of a KPI, oldest first; the newest of the present definition holds."""

    reads = Scope.READ
    permission = Permission.SEE_KPIS
    operations: ClassVar[dict[str, str]] = {"GET": "list_baselines"}
    serializer_class = BaselineSerializer
    columns: ClassVar[dict[str, str]] = {name: name for name in BaselineSerializer._declared_fields}
    orders: ClassVar[dict[str, tuple[str, ...]]] = {
        "recorded_at": ("definition", "recorded_at"),
        "-recorded_at": ("-definition", "-recorded_at"),
    }

    def rows(self, **kwargs: str) -> Any:
        kpi = kpi_of(deployment=kwargs["deployment"], slug=kwargs["kpi"])
        return Baseline.objects.filter(kpi=kpi)

    def present(self, row: dict[str, Any]) -> dict[str, Any]:
        return row | {
            "parts": as_text(row["parts"]),
            "period_values": as_text(row["period_values"]),
        }


class TargetsView(ListView):
    """Every version of target and thresholds of a KPI, oldest first."""

    reads = Scope.READ
    permission = Permission.SEE_KPIS
    operations: ClassVar[dict[str, str]] = {"GET": "list_targets"}
    serializer_class = TargetSerializer
    columns: ClassVar[dict[str, str]] = {name: name for name in TargetSerializer._declared_fields}
    orders: ClassVar[dict[str, tuple[str, ...]]] = {
        "valid_from": ("valid_from", "recorded_at"),
        "-valid_from": ("-valid_from", "-recorded_at"),
    }

    def rows(self, **kwargs: str) -> Any:
        kpi = kpi_of(deployment=kwargs["deployment"], slug=kwargs["kpi"])
        return KpiTarget.objects.filter(kpi=kpi)

    def present(self, row: dict[str, Any]) -> dict[str, Any]:
        return row | {name: as_text(row[name]) for name in LIMITS}
