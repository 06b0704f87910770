"""Form for a use case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from portal.models import Unit


class UseCaseForm(forms.Form):
    name = forms.CharField(
        label=lazy("Name of the work"),
        help_text=lazy("What people call it, such as “Contract review”. Leave the tool out."),
        max_length=160,
        error_messages={"required": lazy("Enter a name for the work.")},
    )
    work = forms.CharField(
        label=lazy("The work"),
        help_text=lazy("Who does what, how often, and what comes out of it."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": lazy("Describe the work in a sentence or two.")},
    )
    pain = forms.CharField(
        label=lazy("What is hard today"),
        help_text=lazy("Waiting, errors, load. Later figures are read against it."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    owner_name = forms.CharField(
        label=lazy("Owner of the work"),
        help_text=lazy("The person who answers for its result, with AI or without."),
        max_length=160,
        error_messages={"required": lazy("Enter who owns the work.")},
    )
    unit: "forms.ModelChoiceField[Unit]" = forms.ModelChoiceField(
        label=lazy("Unit"),
        help_text=lazy("The team that does the work."),
        queryset=None,
        required=False,
        to_field_name="slug",
        empty_label=lazy("No unit"),
        error_messages={"invalid_choice": lazy("Choose a unit from the list.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_units(self)


def offer_units(form: forms.Form) -> None:
    """Units of the bound organization; the question is left out where there are none."""
    units = Unit.objects.order_by("name")
    if units.exists():
        form.fields["unit"].queryset = units  # type: ignore[attr-defined]
    else:
        del form.fields["unit"]
