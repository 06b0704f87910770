"""A KPI of one's own, or one of the catalogue, as a form."""

import datetime as dt
from typing import Any

from django import forms
from django.forms import BoundField

from deployments.models import Deployment
from kpis.actions import kpi_sets
from kpis.forms.errors import refuse
from kpis.forms.numbers import NumberField, is_share
from kpis.models import Kpi

KINDS = [
    ("ratio", "Share: so many of so many"),
    ("rate", "Rate: events in a number of uses, hours or days"),
    ("duration", "Time per piece of work"),
    ("mean", "Average of single values"),
    ("count", "Count"),
    ("money", "Money"),
    ("opaque", "A figure that comes ready-made (cannot be combined)"),
]


UNITS = [
    ("fraction", "per cent"),
    ("seconds", "seconds"),
    ("minutes", "minutes"),
    ("hours", "hours"),
    ("days", "days"),
    ("currency", "money"),
    ("items", "pieces"),
    ("events", "events"),
    ("points", "points"),
]


TIMES = {"seconds", "minutes", "hours", "days"}


# Kind -> the units it can have, and what to say otherwise; kinds not named here take any.
FITTING = {
    "ratio": ({"fraction"}, "A share is in per cent."),
    "duration": (TIMES, "A time is in seconds, minutes, hours or days."),
    "money": ({"currency"}, "Money is in the money of the organization."),
    "count": ({"items", "events"}, "A count is in pieces or events."),
    "rate": ({"events", "items"}, "A rate counts events or pieces."),
}


DIRECTIONS = [
    ("down", "Lower is better"),
    ("up", "Higher is better"),
    ("band", "Best inside a range"),
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


CADENCES = [
    ("daily", "Every day"),
    ("weekly", "Every week"),
    ("monthly", "Every month"),
    ("quarterly", "Every quarter"),
    ("yearly", "Every year"),
]


FLAGS = ("is_primary", "is_guardrail", "is_critical_measure", "is_safety_critical", "is_leading")


OWN = ("name", "definition_text", "serves", "kind", "unit", "role", "direction", "cadence")


CHOOSE = {"required": "Choose one.", "invalid_choice": "Choose one from the list."}


class AddForm(forms.Form):
    """A KPI of the organization's own: what it counts, which way is better, what it is for."""

    name = forms.CharField(
        label="Name",
        max_length=160,
        help_text="Such as “Time to finished review”.",
        error_messages={"required": "Give it a name."},
    )
    definition_text = forms.CharField(
        label="What it counts",
        max_length=400,
        help_text="For a share: numerator / denominator, “seen within 4 hours / attendances”.",
        error_messages={"required": "Say what it counts, so that everybody counts the same."},
    )
    serves = forms.CharField(
        label="The work it speaks about",
        max_length=200,
        error_messages={"required": "Name the work. A figure about AI in general shows no worth."},
    )
    kind = forms.ChoiceField(label="Kind", choices=KINDS, error_messages=CHOOSE)
    unit = forms.ChoiceField(label="Unit", choices=UNITS, error_messages=CHOOSE)
    role = forms.ChoiceField(label="Role", choices=ROLES, error_messages=CHOOSE)
    direction = forms.ChoiceField(label="Direction", choices=DIRECTIONS, error_messages=CHOOSE)
    cadence = forms.ChoiceField(
        label="Due", choices=CADENCES, initial="weekly", error_messages=CHOOSE
    )
    pair_with = forms.MultipleChoiceField(
        label="Side effects that stand beside it",
        required=False,
        help_text="A gain counts only while these are measured and not red.",
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
    )
    proxy_for = forms.ChoiceField(
        label="Only a part of",
        required=False,
        error_messages=CHOOSE,
        help_text="Such as the time to a first draft. A part can never be the primary outcome.",
    )
    is_primary = forms.BooleanField(label="The primary outcome of this deployment", required=False)
    is_guardrail = forms.BooleanField(label="Guardrail: must not get worse", required=False)
    is_critical_measure = forms.BooleanField(
        label="Must be known: without a figure nothing is expanded", required=False
    )
    is_safety_critical = forms.BooleanField(
        label="Critical for safety: beyond its critical limit everything pauses", required=False
    )
    is_leading = forms.BooleanField(label="Leading: moves before the outcome does", required=False)

    def __init__(self, *args: Any, deployment: Deployment, locale: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deployment = deployment
        unit = self.data.get("unit", "")
        hint = "In the unit chosen above; shares in per cent."
        for name, label in (("band_low", "Best from"), ("band_high", "Best to")):
            self.fields[name] = NumberField(
                label=label, locale=locale, percent=is_share(unit), hint=hint
            )
        present = list(Kpi.objects.filter(deployment=deployment, retired_on=None))
        beside = [(kpi.catalogue_key or kpi.slug, kpi.name) for kpi in present]
        whole = [
            (kpi.catalogue_key or kpi.slug, kpi.name) for kpi in present if kpi.role == "outcome"
        ]
        self.fields["pair_with"].choices = beside  # type: ignore[attr-defined]
        self.fields["proxy_for"].choices = [("", "It measures the whole"), *whole]  # type: ignore[attr-defined]
        if not beside:
            del self.fields["pair_with"]
        if not whole:
            del self.fields["proxy_for"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        units, said = FITTING.get(data.get("kind", ""), (set(), ""))
        if units and data.get("unit") not in units and "unit" not in self.errors:
            self.add_error("unit", said)
        return data

    def flag_fields(self) -> list[BoundField]:
        return [self[name] for name in FLAGS]

    def save(self, *, by: str, at: dt.datetime) -> Kpi | None:
        """Put the KPI into the set; refusals stand beside their fields."""
        data = self.cleaned_data
        fields = {name: data[name] for name in (*OWN, *FLAGS)}
        if data["direction"] == "band":
            fields |= {name: data[name] for name in ("band_low", "band_high")}
        try:
            return kpi_sets.add_own(
                deployment=self.deployment,
                by=by,
                at=at,
                **fields,
                pair_with=list(data.get("pair_with", [])),
                proxy_for=data.get("proxy_for", ""),
            )
        except kpi_sets.CannotChange as error:
            refuse(self, error)
            return None


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
