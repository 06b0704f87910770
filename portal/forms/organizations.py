"""Form for the settings of an organization."""

import datetime as dt
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.validators import RegexValidator

from portal.models import Organization

MONTHS = [(month, dt.date(2000, month, 1).strftime("%B")) for month in range(1, 13)]


def time_zones() -> list[tuple[str, str]]:
    """(name, readable name) of the zones that are named after a place, and UTC."""
    places = (zone for zone in available_timezones() if "/" in zone)
    odd = ("Etc/", "SystemV/", "US/", "posix/", "right/")
    named = sorted(zone for zone in places if not zone.startswith(odd))
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in named)]


class Settings(forms.Form):
    name = forms.CharField(
        label="Name",
        help_text="Stands on every page and on the quarterly review.",
        max_length=160,
        error_messages={"required": "Enter the name of the organization."},
    )
    time_zone = forms.ChoiceField(
        label="Time zone",
        help_text="Decides on which day a figure or an incident falls.",
        choices=time_zones,
        error_messages={"invalid_choice": "Choose a time zone from the list."},
    )
    currency = forms.CharField(
        label="Currency",
        help_text="Three letters, such as EUR. Amounts already entered are not converted.",
        max_length=3,
        validators=[RegexValidator(r"^[A-Z]{3}$", "Enter three letters, such as EUR.")],
        error_messages={
            "required": "Enter the currency, such as EUR.",
            "max_length": "Enter three letters, such as EUR.",
        },
    )
    fiscal_year_start = forms.TypedChoiceField(
        label="First month of the fiscal year",
        help_text="Quarterly reviews follow it.",
        choices=MONTHS,
        coerce=int,
    )
    profile = forms.ChoiceField(
        label="Size",
        help_text="A small organization watches a few KPIs and warning signs.",
        choices=Organization.Profile.choices,
    )
    remind_by_mail = forms.TypedChoiceField(
        label="Reminders by e-mail",
        help_text="To whoever has figures waiting, in the morning of a working day. It needs a "
        "mail server.",
        choices=[("True", "At most once a day"), ("False", "Never")],
        coerce=lambda said: said == "True",
        required=False,
        empty_value=None,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.initial.get("time_zone")
        zones = time_zones()
        if kept and kept not in dict(zones):
            zones.append((kept, kept))
        self.fields["time_zone"].choices = zones  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"]).strip()
