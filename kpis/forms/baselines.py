"""Forms of baselines: the figure from before AI, how it was taken, what it held for."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField

from kpis.actions import kpi_sets
from kpis.domain.aggregation import decimals, storage
from kpis.domain.entering import inputs
from kpis.forms.dates import day
from kpis.forms.errors import refuse
from kpis.forms.numbers import NumberField, is_share, unit_words
from kpis.forms.own_kpis import CHOOSE
from kpis.models import Baseline, Grade, Kpi
from kpis.presenters.entry.rows import manner_of
from portal.presenters.hinted import Hinted
from portal.presenters.messages import reason

EMPTY = "Enter the figure from before AI."


GRADES = {
    Grade.MEASURED: "Everything was counted.",
    Grade.SAMPLED: "Some cases were drawn and checked.",
    Grade.ESTIMATED: "People who do the work said so.",
    Grade.ASSUMED: "Nobody looked.",
}


class FigureForm(forms.Form):
    """The boxes of one figure of a KPI's kind, as in the entry grid; or about how much it was."""

    def __init__(self, *args: Any, kpi: Kpi, locale: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kpi, self.locale = kpi, locale
        self.unit_words = unit_words(kpi.unit, kpi.currency)
        # A percent sign stands with the box itself.
        self.unit_beside = "" if self.unit_words == "%" else self.unit_words
        self.manner = manner_of(kpi)
        self.boxes = inputs.inputs(kpi.kind, kpi.unit, self.manner)
        for box in self.boxes:
            self.fields[box.name] = forms.CharField(
                label=box.label[:1].upper() + box.label[1:],
                max_length=40,
                required=len(self.boxes) == 1,
                error_messages={"required": EMPTY},
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )
        # An average may stand without its cases; what is counted is not known without counting.
        if not any(box.name == "value" for box in self.boxes):
            unit = f", {self.unit_words}" if self.unit_words else ""
            self.fields["about"] = NumberField(
                label=f"Or only about how much{unit}",
                locale=locale,
                percent=is_share(kpi.unit),
                hint="If nobody counted. It is kept and shown; nothing can be compared with it.",
            )

    def figure_fields(self) -> list[BoundField]:
        return [self[box.name] for box in self.boxes]

    def read_figure(self) -> tuple[str, dict[str, Any]] | None:
        """Kind and parts of what was typed; None for an empty row, errors go to their box."""
        said = {box.name: self.cleaned_data.get(box.name, "") for box in self.boxes}
        about = self.cleaned_data.get("about")
        if inputs.is_empty(self.kpi.kind, self.kpi.unit, said, self.manner):
            return None if about is None else ("opaque", {"value": str(about)})
        if about is not None:
            self.add_error("about", "Give the counted figure or this one, not both.")
            return None
        try:
            return inputs.figure(
                self.kpi.kind,
                self.kpi.unit,
                said,
                currency=self.kpi.currency,
                locale=self.locale,
                manner=self.manner,
            )
        except inputs.BadEntry as error:
            self.add_error(error.field, reason(error))
            return None


class BaselineForm(FigureForm):
    """How it was before AI: figure, period, source, and how honestly it is known."""

    starts_on = day("From", "First day of the time before AI that was looked at.")
    ends_on = day("Through", "Its last day, before the deployment began.")
    without_ai = forms.BooleanField(
        label="These are people or weeks without AI, after the deployment began",
        required=False,
    )
    periods = forms.IntegerField(
        label="Number of weeks or months",
        min_value=1,
        max_value=1000,
        initial=1,
        help_text="How many the figure rests on. From eight on a baseline counts.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": "Enter a whole number.",
            "required": "Enter a number.",
            "min_value": "Enter 1 or more.",
            "max_value": "Enter 1,000 or fewer.",
        },
    )
    values = forms.CharField(
        label="The value of each of them",
        required=False,
        max_length=2000,
        help_text="If known, oldest first: 50; 49; 47. They show whether it was changing already.",
    )
    source = forms.CharField(
        label="Where it comes from",
        max_length=270,
        help_text="Such as “time sheets of March to May”.",
        error_messages={"required": "Say where the figure comes from."},
    )
    grade = forms.ChoiceField(
        label="How it is known",
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
        choices=[(code.value, Hinted(code.label, hint)) for code, hint in GRADES.items()],
    )
    signed = forms.BooleanField(
        label="I stand by this figure: my name is kept beside it", required=False
    )

    def clean_values(self) -> list[float]:
        text = self.cleaned_data["values"].replace("\n", ";").replace("\t", ";")
        cells = [cell for cell in text.split(";") if cell.strip()]
        try:
            return [float(decimals.read(cell, self.locale) or 0) for cell in cells]
        except decimals.BadDecimal as error:
            said = f"{error} Separate the numbers by semicolons: 50; 49; 47."
            raise forms.ValidationError(said) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        started, ends = self.kpi.deployment.started_on, data.get("ends_on")
        if started and ends and ends >= started and not data.get("without_ai"):
            self.add_error(
                "ends_on",
                f"People have worked with it since {started.day} {started:%B %Y}. End before that "
                "day, or say below that these worked without it.",
            )
        return data

    def save(self, *, by: str, at: dt.datetime) -> None:
        """Record the baseline; a refusal stands beside its field or above the form."""
        found = self.read_figure()
        if self.errors:
            return
        if found is None:
            self.add_error(self.boxes[0].name, EMPTY)
            return
        data = self.cleaned_data
        if data.get("about") is not None and data["grade"] not in {Grade.ESTIMATED, Grade.ASSUMED}:
            self.add_error("grade", "What was not counted is estimated or assumed.")
            return
        without = " (without AI, at the same time)" if data["without_ai"] else ""
        try:
            kpi_sets.record_baseline(
                kpi=self.kpi,
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
                parts=baseline_parts(*found, unit=self.kpi.unit),
                grade=data["grade"],
                source=data["source"] + without,
                periods=data["periods"],
                period_values=data["values"],
                signed_by=by if data["signed"] else "",
                by=by,
                at=at,
            )
        except kpi_sets.CannotChange as error:
            refuse(self, error)


def baseline_start(kpi: Kpi, known: Baseline | None) -> dict[str, Any]:
    """What the form starts with: the baseline on record, else three months before the start."""
    if known is not None:
        return {
            "starts_on": known.starts_on,
            "ends_on": known.ends_on,
            "periods": known.periods,
            "source": known.source,
            "grade": known.grade,
        }
    started = kpi.deployment.started_on
    if started is None:
        return {"grade": Grade.MEASURED}
    last = started - dt.timedelta(days=1)
    return {
        "grade": Grade.MEASURED,
        "starts_on": last - dt.timedelta(days=90),
        "ends_on": last,
    }


def baseline_parts(kind: str, parts: Mapping[str, Any], *, unit: str) -> dict[str, Any]:
    """Parts of a baseline as the verdict compares them: {n, mean, sd}, {num, den}, {value}."""
    if kind in {"ratio", "uptime"}:
        return dict(parts)
    if kind == "rate":
        return {"num": parts["events"], "exposure": float(parts["exposure"])}
    if kind == "rating":
        counts = parts["counts"]
        top = sum(counts.get(step, 0) for step in parts["top"])
        return {"num": top, "den": sum(counts.values())}
    if kind in {"mean", "duration"}:
        return _mean_parts(kind, parts, storage.scale(kind, unit))
    value = storage.value_of(storage.to_columns(kind, parts), unit)
    return {"value": float(value or 0)}


def _mean_parts(kind: str, parts: Mapping[str, Any], scale: int) -> dict[str, Any]:
    """n, mean and standard deviation in the unit of the KPI; no deviation where none is known."""
    n = int(parts["n"])
    mean = Decimal(str(parts["sum_ms" if kind == "duration" else "sum"])) / n
    found = {"n": n, "mean": float(mean / scale), "sd": None}
    if n > 1 and "sumsq" in parts:
        variance = max(Decimal(0), Decimal(str(parts["sumsq"])) - n * mean * mean) / (n - 1)
        found["sd"] = round(float(variance.sqrt() / scale), 6)
    return found
