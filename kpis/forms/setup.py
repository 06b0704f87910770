"""Forms of setting up: one KPI's part in the set, its baseline, the interview, a deviation."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField

from kpis.actions import deviations, interviews, kpi_changes, kpi_sets
from kpis.domain import entering
from kpis.models import Deviation, Grade, Kpi
from portal.models import Membership

CADENCES = [
    ("daily", "Every day"), ("weekly", "Every week"), ("monthly", "Every month"),
    ("quarterly", "Every quarter"), ("yearly", "Every year"),
]  # fmt: skip
DATE = {"invalid": "Enter a date such as 2026-08-14.", "required": "Enter a date."}


def day(label: str, hint: str = "") -> forms.DateField:
    return forms.DateField(
        label=label, help_text=hint, error_messages=DATE,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip


def decimal(label: str, hint: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=hint, max_digits=20, decimal_places=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"invalid": "Enter a number such as 0.15.", "required": "Enter a number."},
    )  # fmt: skip


class KpiForm(forms.Form):
    """The part of a KPI in the set."""

    serves = forms.CharField(
        label="The work it speaks about", max_length=200,
        help_text="What should get better, such as “First reading of a contract”.",
        error_messages={"required": "Name the work. A figure about AI in general shows no worth."},
    )  # fmt: skip
    is_primary = forms.BooleanField(label="The primary outcome", required=False)
    is_guardrail = forms.BooleanField(label="Guardrail: must not get worse", required=False)
    is_critical_measure = forms.BooleanField(
        label="Must be known: without a figure nothing is expanded", required=False
    )
    is_safety_critical = forms.BooleanField(
        label="Critical for safety: beyond its critical limit everything pauses", required=False
    )
    is_leading = forms.BooleanField(label="Leading: moves before the outcome does", required=False)
    keeper = forms.ChoiceField(
        label="Who enters it", required=False,
        help_text="This person is reminded. Empty: everybody who may enter figures.",
    )  # fmt: skip
    cadence = forms.ChoiceField(label="Due", choices=CADENCES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Membership.objects.names()
        people = sorted(names.items(), key=lambda one: one[1])
        self.fields["keeper"].choices = [("", "Nobody in particular"), *people]  # type: ignore[attr-defined]

    def save(self, kpi: Kpi, *, by: str, at: dt.datetime) -> None:
        """Change the KPI; a refusal stands above the form."""
        try:
            kpi_changes.change(kpi=kpi, by=by, at=at, **self.cleaned_data)
        except kpi_sets.CannotChange as error:
            self.add_error("is_primary" if "primary" in str(error) else None, str(error))


class FigureForm(forms.Form):
    """The boxes of one figure of a KPI's kind, as in the entry grid."""

    def __init__(self, *args: Any, kpi: Kpi, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kpi, self.boxes = kpi, entering.inputs(kpi.kind, kpi.unit)
        for box in self.boxes:
            self.fields[box.name] = forms.CharField(
                label=box.label.capitalize(), required=False, max_length=40,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )  # fmt: skip

    def figure_fields(self) -> list[BoundField]:
        return [self[box.name] for box in self.boxes]

    def read_figure(self) -> tuple[str, dict[str, Any]] | None:
        """Kind and parts of what was typed; None for an empty row, errors go to their box."""
        said = {box.name: self.cleaned_data.get(box.name, "") for box in self.boxes}
        if entering.is_empty(self.kpi.kind, self.kpi.unit, said):
            return None
        try:
            return entering.figure(
                self.kpi.kind, self.kpi.unit, said, currency=self.kpi.currency
            )
        except entering.BadEntry as error:
            self.add_error(error.field, str(error))
            return None


class BaselineForm(FigureForm):
    """How it was before AI: figure, period, source, and how honestly it is known."""

    starts_on = day("From", "First day of the time before AI that was looked at.")
    ends_on = day("Through", "Its last day, before the deployment began.")
    periods = forms.IntegerField(
        label="Number of periods", min_value=1, initial=1,
        help_text="How many weeks or months the figure rests on. From eight on it stands alone.",
        error_messages={"invalid": "Enter a whole number.", "required": "Enter a number."},
    )  # fmt: skip
    values = forms.CharField(
        label="Values period by period", required=False, max_length=2000,
        help_text="If known, oldest first: 50; 49; 47. They show whether it was changing already.",
    )  # fmt: skip
    source = forms.CharField(
        label="Where it comes from", max_length=300,
        help_text="Such as “time sheets of March to May”.",
        error_messages={"required": "Say where the figure comes from."},
    )  # fmt: skip
    grade = forms.ChoiceField(label="How it is known", choices=Grade.choices)
    signed = forms.BooleanField(label="I stand by this figure", required=False)

    def clean_values(self) -> list[float]:
        text = self.cleaned_data["values"].replace("\n", ";").replace("\t", ";")
        cells = [cell.strip() for cell in text.split(";") if cell.strip()]
        try:
            return [float(Decimal(cell.replace(",", "."))) for cell in cells]
        except ArithmeticError as error:
            said = "Separate the numbers by semicolons: 50; 49; 47."
            raise forms.ValidationError(said) from error

    def save(self, *, by: str, at: dt.datetime) -> None:
        """Record the baseline; a refusal stands beside its field or above the form."""
        found = self.read_figure()
        if self.errors:
            return
        if found is None:
            self.add_error(self.boxes[0].name, "Enter the figure from before AI.")
            return
        data = self.cleaned_data
        try:
            kpi_sets.record_baseline(
                kpi=self.kpi, starts_on=data["starts_on"], ends_on=data["ends_on"],
                parts=baseline_parts(*found, unit=self.kpi.unit), grade=data["grade"],
                source=data["source"], periods=data["periods"], period_values=data["values"],
                signed_by=by if data["signed"] else "", by=by, at=at,
            )  # fmt: skip
        except kpi_sets.CannotChange as error:
            self.add_error("ends_on" if "ends before" in str(error) else None, str(error))


def baseline_parts(kind: str, parts: Mapping[str, Any], *, unit: str) -> dict[str, Any]:
    """Parts of a baseline as the verdict compares them: {n, mean, sd}, {num, den}, {value}."""
    if kind in {"mean", "duration"}:
        back = entering.typed(kind, unit, {**parts}, kind)
        spread = back.get("sd")
        return {
            "n": int(back["n"]), "mean": float(back["value"]),
            "sd": None if spread is None else float(spread),
        }  # fmt: skip
    if kind == "rate":
        return {"num": parts["events"], "exposure": float(parts["exposure"])}
    if kind == "rating":
        counts = parts["counts"]
        return {"num": counts["4"] + counts["5"], "den": sum(counts.values())}
    if kind in {"ratio", "uptime"}:
        return dict(parts)
    if kind == "quotient":
        den = Decimal(parts["den"])
        return {"value": float(Decimal(parts["num"]) / den) if den else 0.0}
    if kind == "count":
        return {"value": parts["n"]}
    if kind == "money":
        return {"value": next(iter(parts["minor"].values())) / 100}
    return {"value": float(parts["value"])}


class InterviewForm(forms.Form):
    """Five questions about the work before AI; an empty answer means nobody knows."""

    held_on = day("When")
    held_with = forms.CharField(
        label="With whom", max_length=200,
        help_text="People who do the work, by role: “two lawyers, one assistant”.",
        error_messages={"required": "Say with whom you talked."},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for at, question in enumerate(interviews.questions()):
            self.fields[f"answer-{at}"] = forms.CharField(
                label=question, required=False, max_length=2000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip

    def answers(self) -> Sequence[str]:
        return [
            str(self.cleaned_data[f"answer-{at}"]) for at in range(len(interviews.questions()))
        ]


class DeviationForm(forms.Form):
    """A breach that is accepted: how far, why, who answers for it, until when."""

    limit = decimal("Accepted up to", "In the unit of the KPI. Shares as 0.15 for 15%.")
    reason = forms.CharField(
        label="Why", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why it is accepted."},
    )  # fmt: skip
    approver = forms.CharField(
        label="Who answers for it", max_length=160,
        error_messages={"required": "Name the person who answers for it."},
    )  # fmt: skip
    starts_on = day("From")
    ends_on = day("Through", "The last day. The next day it is red again.")

    def save(self, kpi: Kpi, *, by: str, at: dt.datetime) -> Deviation | None:
        """Record the deviation; a refusal stands beside its field."""
        try:
            return deviations.accept(kpi=kpi, by=by, at=at, **self.cleaned_data)
        except kpi_sets.CannotChange as error:
            self.add_error("ends_on" if "ends before" in str(error) else None, str(error))
            return None
