"""Form for the settings of an organization."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from portal.models import Organization
from portal.presenters.hinted import translated


def time_zones() -> list[tuple[str, str]]:
    """(name, readable name) of the zones that are named after a place, and UTC."""
    places = (zone for zone in available_timezones() if "/" in zone)
    odd = ("Etc/", "SystemV/", "US/", "posix/", "right/")
    named = sorted(zone for zone in places if not zone.startswith(odd))
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in named)]


class Settings(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        help_text=_("Stands on every page and on the quarterly review."),
        max_length=160,
        error_messages={"required": _("Enter the name of the organization.")},
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Decides on which day a figure or an incident falls."),
        choices=time_zones,
        error_messages={"invalid_choice": _("Choose a time zone from the list.")},
    )
    currency = forms.CharField(
        label=_("Currency"),
        help_text=_("Three letters, such as EUR. Amounts already entered are not converted."),
        max_length=3,
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Enter three letters, such as EUR."))],
        error_messages={
            "required": _("Enter the currency, such as EUR."),
            "max_length": _("Enter three letters, such as EUR."),
        },
    )
    locale = forms.ChoiceField(
        label=_("Language"),
        help_text=_(
            "For everybody who chose none of their own. Dates and numbers are written likewise."
        ),
        choices=settings.LANGUAGES,
        required=False,
    )
    fiscal_year_start = forms.TypedChoiceField(
        label=_("First month of the fiscal year"),
        help_text=_("Quarterly reviews follow it."),
        choices=list(MONTHS.items()),
        coerce=int,
    )
    profile = forms.ChoiceField(
        label=_("Size"),
        help_text=_("A small organization watches a few KPIs and warning signs."),
        choices=translated(Organization.Profile.choices),
    )
    remind_by_mail = forms.TypedChoiceField(
        label=_("Reminders by e-mail"),
        help_text=_(
            "To whoever has figures waiting, in the morning of a working day. It needs a "
            "mail server."
        ),
        choices=[("True", _("At most once a day")), ("False", _("Never"))],
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
