"""Forms of setting up: one KPI's part in the set, its baseline, the interview, a deviation."""

import datetime as dt
from typing import Any

from django import forms

from kpis.actions import kpi_changes, kpi_sets
from kpis.forms.errors import refuse
from kpis.forms.numbers import NumberField, is_share, unit_words
from kpis.forms.own_kpis import CADENCES, CHOOSE
from kpis.models import Kpi
from portal.models import Membership


class KpiForm(forms.Form):
    """The part of a KPI in the set."""

    serves = forms.CharField(
        label="The work it speaks about",
        max_length=200,
        help_text="What should get better, such as “First reading of a contract”.",
        error_messages={"required": "Name the work. A figure about AI in general shows no worth."},
    )
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
        label="Who enters it",
        required=False,
        help_text="This person is reminded. Empty: everybody who may enter figures.",
    )
    cadence = forms.ChoiceField(label="Due", choices=CADENCES, error_messages=CHOOSE)

    def __init__(self, *args: Any, kpi: Kpi, locale: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kpi = kpi
        if kpi.direction == "band":
            unit = unit_words(kpi.unit, kpi.currency)
            for name, label in (("band_low", "Best from"), ("band_high", "Best to")):
                self.fields[name] = NumberField(
                    label=f"{label}, {unit}" if unit else label,
                    locale=locale,
                    percent=is_share(kpi.unit),
                    hint="Outside of this range it is worse. Without it, it is only shown.",
                )
        names = Membership.objects.names()
        people = sorted(names.items(), key=lambda one: one[1])
        self.fields["keeper"].choices = [("", "Nobody in particular"), *people]  # type: ignore[attr-defined]

    def save(self, *, by: str, at: dt.datetime) -> None:
        """Change the KPI; a refusal stands beside its field."""
        try:
            kpi_changes.change(kpi=self.kpi, by=by, at=at, **self.cleaned_data)
        except kpi_sets.CannotChange as error:
            refuse(self, error)


class MeaningForm(forms.Form):
    """Another meaning of a KPI, and why."""

    definition_text = forms.CharField(
        label="What it counts from now on",
        max_length=1000,
        error_messages={"required": "Say what it counts from now on."},
    )
    reason = forms.CharField(
        label="Why", max_length=500, error_messages={"required": "Say why its meaning changed."}
    )

    def save(self, kpi: Kpi, *, by: str, at: dt.datetime) -> None:
        """Give the KPI this meaning; a refusal stands beside its field."""
        try:
            kpi_changes.redefine(kpi=kpi, by=by, at=at, **self.cleaned_data)
        except kpi_sets.CannotChange as error:
            refuse(self, error)


class EndForm(forms.Form):
    """Why a KPI is no longer measured."""

    reason = forms.CharField(
        label="Why",
        max_length=500,
        error_messages={"required": "Say why it is no longer measured."},
    )
