"""A figure as a program sends it: its members, their limits and their descriptions."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kpis.models import Grade
from portal.domain.calendar import Grain

PERIOD_PATTERN = r"^([0-9]{4}-(W[0-9]{2}|Q[1-4]|[0-9]{2}|[0-9]{2}-[0-9]{2})|FY[0-9]{4}-Q[1-4])$"
DECIMAL_PATTERN = r"^-?[0-9]{1,15}(\.[0-9]{1,20})?$"
LONGEST_TEXT, LONGEST_SLUG = 2000, 80
MOST_ROWS, MOST_ERRORS = 100_000, 10_000
GRADES = [grade.value for grade in Grade]
PARTS = {
    "num": "Numerator: the cases counted, the events or the units up.",
    "den": "Denominator: all cases, the exposure or the units observed.",
    "value": "The figure alone. It is shown for its own period and never added up, except for "
    "a count.",
    "n": "Number of cases behind a mean or a time.",
    "mean": "Their mean, in the unit of the KPI.",
    "sd": "Their standard deviation, in the unit of the KPI. Unknown when left out.",
    "tp": "True positives.",
    "fp": "False positives.",
    "fn": "False negatives.",
    "tn": "True negatives.",
}
CSV_COLUMNS = ("kpi", "period", "num", "den", "value", "n", "mean", "sd", "grade", "note", "reason")


@extend_schema_field(
    {"type": ["number", "string"], "pattern": DECIMAL_PATTERN, "examples": ["0.28"]}
)
class AmountField(serializers.Field[Any, Any, Any, Any]):
    """A number, or its decimals as text so that nothing is rounded on the way."""


class PartsSerializer(serializers.Serializer[Any]):
    """The numbers that a figure is made of; which of them depends on the kind of the KPI."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {name: AmountField(required=False, help_text=PARTS[name]) for name in PARTS}


class FigureSerializer(serializers.Serializer[Any]):
    """One figure of one KPI."""

    period = serializers.RegexField(
        PERIOD_PATTERN,
        help_text="A week, day, month, or quarter of the calendar or of the fiscal year, such as "
        "2026-W47, 2026-11-16, 2026-11, 2026-Q4 or FY2027-Q1.",
    )
    parts = PartsSerializer()
    grade = serializers.ChoiceField(
        GRADES, required=False, help_text="How it is known; measured where nothing is said."
    )
    note = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_TEXT,
        help_text="What a reader should know about this figure.",
    )
    reason = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_TEXT,
        help_text="Why a figure on record is corrected.",
    )


class RowSerializer(FigureSerializer):
    """One figure of one of the KPIs of a deployment."""

    kpi = serializers.CharField(max_length=LONGEST_SLUG, help_text="Slug of the KPI.")


class RowErrorSerializer(serializers.Serializer[Any]):
    """Why a row cannot be used."""

    row = serializers.IntegerField(help_text="Counted from 1; in CSV the line of the file.")
    field = serializers.CharField(
        help_text="The member or column at fault, empty for the whole row."
    )
    message = serializers.CharField(help_text="What is wrong and what to do.")


class RecordedSerializer(serializers.Serializer[Any]):
    """What became of a figure."""

    outcome = serializers.ChoiceField(["written", "revised", "unchanged"])
    kpi = serializers.CharField(help_text="Slug of the KPI.")
    period = serializers.DateField(help_text="First day of the period.")
    grain = serializers.ChoiceField([grain.value for grain in Grain], help_text="Its length.")
    parts = serializers.DictField(help_text="Exact decimals as text; rarer kinds also hold lists.")


class RecordedRowsSerializer(serializers.Serializer[Any]):
    """What became of the rows."""

    written = serializers.IntegerField()
    revised = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    errors = RowErrorSerializer(many=True)  # type: ignore[assignment]
    not_listed = serializers.IntegerField(
        help_text=f"How many errors stand beyond the {MOST_ERRORS:,} that are listed."
    )


class MeasurementSerializer(serializers.Serializer[Any]):
    """One revision of one figure."""

    period = serializers.DateField(help_text="First day of the period.")
    grain = serializers.ChoiceField([grain.value for grain in Grain], help_text="Its length.")
    revision = serializers.IntegerField()
    kind = serializers.CharField(help_text="The kind in which it was given.")
    parts = serializers.DictField(help_text="Exact decimals as text; rarer kinds also hold lists.")
    value = serializers.CharField(allow_null=True, help_text="In the unit of the KPI.")
    grade = serializers.ChoiceField(GRADES, help_text="How it is known.")
    withdrawn = serializers.BooleanField()
    note = serializers.CharField(help_text="What its sender wrote beside it.")
    reason = serializers.CharField(help_text="Why it corrects the revision before.")
    source = serializers.CharField(help_text="Where it came from.")  # type: ignore[assignment]
    recorded_by = serializers.CharField(help_text="Who recorded it.")
    recorded_at = serializers.DateTimeField()
