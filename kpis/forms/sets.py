"""Forms of the KPI set: a KPI from the catalogue or an own one, and its target."""

import datetime as dt
from typing import Any

from django import forms

from deployments.models import Deployment
from kpis.actions import kpi_sets
from kpis.models import CatalogueEntry, Kpi

KINDS = [
    ("ratio", "Share: so many of so many"),
    ("rate", "Rate: events in a number of uses, hours or days"),
    ("duration", "Time per piece of work"),
    ("count", "Count"),
    ("money", "Money"),
    ("opaque", "A figure that comes ready-made (cannot be combined)"),
]
UNITS = [
    ("fraction", "per cent"),
    ("minutes", "minutes"),
    ("hours", "hours"),
    ("currency", "money"),
    ("items", "pieces"),
]
DIRECTIONS = [
    ("down", "Lower is better"),
    ("up", "Higher is better"),
    ("context", "Neither: shown, never judged"),
]
ROLES = [
    ("outcome", "Outcome: what the work is for"),
    ("quality", "Quality"),
    ("review", "Review and rework"),
    ("customer", "Effect on customers"),
    ("risk", "Risk"),
    ("operational", "Running of the system"),
    ("workforce", "Effect on staff"),
    ("cost", "Cost"),
    ("adoption", "Use (never counts as a benefit)"),
]
OWN = ("name", "kind", "unit", "role", "direction")


class AddForm(forms.Form):
    entry = forms.CharField(
        label="KPI from the catalogue",
        required=False,
        help_text="Start typing; leave empty to define one of your own below.",
        widget=forms.TextInput(attrs={"list": "catalogue", "autocomplete": "off"}),
    )
    name = forms.CharField(label="Name of your own KPI", required=False, max_length=160)
    definition_text = forms.CharField(
        label="What it counts",
        required=False,
        max_length=400,
        help_text="For a share: numerator / denominator, e.g. “seen within 4 hours / attendances”.",
    )
    kind = forms.ChoiceField(label="Kind", choices=KINDS, required=False)
    unit = forms.ChoiceField(label="Unit", choices=UNITS, required=False)
    role = forms.ChoiceField(label="Role", choices=ROLES, required=False)
    direction = forms.ChoiceField(label="Direction", choices=DIRECTIONS, required=False)
    is_primary = forms.BooleanField(label="This is the one primary outcome", required=False)
    is_guardrail = forms.BooleanField(label="Guardrail: must not get worse", required=False)
    is_critical_measure = forms.BooleanField(
        label="Must be measured: no figure is a finding", required=False
    )

    def entries(self) -> list[tuple[str, str]]:
        """Keys and names for the list of suggestions."""
        return list(CatalogueEntry.objects.values_list("key", "name"))

    def clean_entry(self) -> CatalogueEntry | None:
        text = self.cleaned_data["entry"].strip()
        if not text:
            return None
        entry = CatalogueEntry.objects.filter(key=text).first()
        entry = entry or CatalogueEntry.objects.filter(name__iexact=text).first()
        if entry is None:
            raise forms.ValidationError(f"“{text[:60]}” is not in the catalogue.")
        if entry.document.get("derived_from"):
            raise forms.ValidationError(f"“{entry.name}” is computed from others, never entered.")
        return entry

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("entry") and "entry" not in self.errors and not data.get("name"):
            self.add_error("entry", "Choose a KPI of the catalogue or give your own one a name.")
        return data

    def add_to(self, deployment: Deployment, *, by: str, at: dt.datetime) -> Kpi:
        """Carry out what the form says. Raises CannotChange."""
        data = self.cleaned_data
        flags = {name: data[name] for name in ("is_primary", "is_guardrail", "is_critical_measure")}
        if data["entry"] is not None:
            return kpi_sets.add_from_catalogue(
                deployment=deployment, entry=data["entry"], by=by, at=at, **flags
            )
        own = {name: data[name] for name in OWN}
        return kpi_sets.add_own(
            deployment=deployment, by=by, at=at, definition_text=data["definition_text"],
            **own, **flags,
        )  # fmt: skip


def _number(label: str, hint: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        help_text=hint,
        max_digits=20,
        decimal_places=6,
        error_messages={"invalid": "Give a number such as 0.15."},
    )


class TargetForm(forms.Form):
    valid_from = forms.DateField(
        label="Valid from",
        help_text="Earlier periods keep the target they had.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    requirement = _number("Required", "The value the work needs.")
    target = _number("Target", "Between required and possible. Shares as 0.15 for 15%.")
    ceiling = _number("Possible at best")
    warning = _number("Warning from")
    critical = _number("Critical from")
    mwb = _number(
        "Smallest benefit that is worth it", "Shares: in points (0.05). Times: 0.10 = 10%."
    )
    margin = _number("Largest worsening you tolerate")
    reason = forms.CharField(
        label="Reason", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
