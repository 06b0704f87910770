"""Forms of the KPI set: a KPI of the organization's own, and a target."""

import datetime as dt
from typing import Any

from django import forms
from django.forms import BoundField

from kpis.actions import kpi_sets
from kpis.domain.catalogue import shipped
from kpis.domain.catalogue.targets import Template
from kpis.forms.errors import refuse
from kpis.forms.numbers import NumberField, is_share, unit_words
from kpis.forms.own_kpis import CHOOSE, _first_up
from kpis.models import Kpi, KpiTarget

NUMBER_LABELS = {
    "requirement": ("Required", "The value without which it is not worth having."),
    "target": ("Target", "From what is required up to what is possible."),
    "ceiling": ("Possible at best", "What data and model allow."),
    "warning": ("Warning", "From here on somebody looks."),
    "critical": ("Critical", "From here on somebody acts."),
    "expected_min": ("Expected at least", "Below this too few of those it is meant for use it."),
    "mwb": ("Smallest benefit worth having", ""),
    "margin": ("Largest worsening you tolerate", ""),
}
EFFECTS = ("mwb", "margin")
# What belongs to a direction; a range has its ends with the KPI itself.
OF_DIRECTION = {
    "up": ("requirement", "target", "ceiling", "warning", "critical", *EFFECTS),
    "down": ("requirement", "target", "ceiling", "warning", "critical", *EFFECTS),
    "band": ("warning", "critical"),
    "context": (),
}
PARTS = {
    "What is aimed at": ("requirement", "target", "ceiling", "expected_min"),
    "When somebody must act": ("warning", "critical"),
    "What counts as a change": EFFECTS,
}


class TargetForm(forms.Form):
    """One dated version of target and thresholds, in the unit of the KPI."""

    valid_from = forms.DateField(
        label="Valid from",
        help_text="Earlier periods keep the target they had.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Enter a date such as 2026-08-14.", "required": "Enter a date."},
    )
    condition = forms.ChoiceField(
        label="Meant for",
        required=False,
        error_messages=CHOOSE,
        help_text="The kind of use for which these numbers were chosen.",
    )
    reason = forms.CharField(
        label="Why",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed when a target that was valid is changed for days that have passed.",
    )

    def __init__(
        self,
        *args: Any,
        kpi: Kpi,
        locale: str,
        today: dt.date,
        current: KpiTarget | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kpi, self.today, self.current = kpi, today, current
        conditions = shipped.catalogue().conditions
        self.fields["condition"].choices = [  # type: ignore[attr-defined]
            ("", "Every use"),
            *((key, _first_up(conditions[key].meaning)) for key in kpi_sets.CONDITIONS),
        ]
        names = [*OF_DIRECTION[kpi.direction]]
        if kpi.role == "adoption" and kpi.direction != "context":
            names.append("expected_min")
        for name in names:
            self.fields[name] = self._number(name, locale)

    def _number(self, name: str, locale: str) -> NumberField:
        label, hint = NUMBER_LABELS[name]
        shares, unit = is_share(self.kpi.unit), unit_words(self.kpi.unit, self.kpi.currency)
        if name in EFFECTS:
            hint = "In percentage points." if shares else "In per cent of the value before AI."
            unit = "points" if shares else "%"
        elif self.kpi.direction == "band":
            hint = "How far outside the range."
        return NumberField(
            label=f"{label}, {unit}" if unit else label,
            locale=locale,
            hint=hint,
            percent=shares or name in EFFECTS,
        )

    def parts(self) -> list[tuple[str, list[BoundField]]]:
        """Heading and number fields of each part that this direction has."""
        found = [
            (head, [self[name] for name in names if name in self.fields])
            for head, names in PARTS.items()
        ]
        return [(head, fields) for head, fields in found if fields]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day = data.get("valid_from")
        if day and self.current and day < self.today and not data.get("reason"):
            self.add_error("reason", "Say why it holds from a day that has passed.")
        return data

    def save(self, *, by: str, at: dt.datetime) -> KpiTarget | None:
        """Record the version; refusals stand beside their fields."""
        numbers = {name: self.cleaned_data[name] for name in NUMBER_LABELS if name in self.fields}
        try:
            return kpi_sets.set_target(
                kpi=self.kpi,
                valid_from=self.cleaned_data["valid_from"],
                by=by,
                at=at,
                reason=self.cleaned_data["reason"],
                condition=self.cleaned_data["condition"],
                **numbers,
            )
        except kpi_sets.CannotChange as error:
            refuse(self, error)
            return None


def initial_of(current: KpiTarget | None, template: Template | None) -> dict[str, Any]:
    """What the form starts with: what is valid now, with a proposed range in its place."""
    found = {name: getattr(current, name, None) for name in kpi_sets.NUMBERS}
    found["condition"] = getattr(current, "condition", "")
    if template is not None:
        found |= dict(template.numbers)
        known = template.condition in kpi_sets.CONDITIONS
        found["condition"] = template.condition if known else ""
    return found
