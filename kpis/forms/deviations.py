"""A breach that somebody answers for until a day."""

import datetime as dt
from typing import Any

from django import forms

from kpis.actions import deviations, kpi_sets
from kpis.forms.dates import day
from kpis.forms.errors import refuse
from kpis.forms.numbers import NumberField, is_share, unit_words
from kpis.models import Deviation, Kpi
from portal.models import Membership


class DeviationForm(forms.Form):
    """A breach that is accepted: how far, why, who answers for it, until when."""

    reason = forms.CharField(
        label="Why",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why it is accepted."},
    )
    approver = forms.CharField(
        label="Who answers for it",
        max_length=160,
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
        error_messages={"required": "Name the person who answers for it."},
    )
    starts_on = day("From")
    ends_on = day("Through", "The last day. The next day it is red again.")

    field_order = ("limit", "reason", "approver", "starts_on", "ends_on")

    def __init__(self, *args: Any, kpi: Kpi, locale: str, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kpi, self.today = kpi, today
        unit = unit_words(kpi.unit, kpi.currency)
        self.fields["limit"] = NumberField(
            label=f"Accepted up to, {unit}" if unit else "Accepted up to",
            locale=locale,
            percent=is_share(kpi.unit),
            required=True,
        )
        self.order_fields(self.field_order)

    def people(self) -> list[str]:
        """Names of members, as suggestions for who answers."""
        return sorted(Membership.objects.names().values())

    def clean_ends_on(self) -> dt.date:
        found: dt.date = self.cleaned_data["ends_on"]
        if found < self.today:
            raise forms.ValidationError("This day has passed; nothing would be accepted.")
        return found

    def save(self, *, by: str, at: dt.datetime) -> Deviation | None:
        """Record the deviation; a refusal stands beside its field."""
        try:
            return deviations.accept(kpi=self.kpi, by=by, at=at, **self.cleaned_data)
        except kpi_sets.CannotChange as error:
            refuse(self, error)
            return None
