"""Forms about teams and their place in the tree."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from portal.domain.tree import outline, stands_below
from portal.models import Unit, UnitPlacement

TOP = ("", "At the top")


def _day(label: str, hint: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Enter the day."),
            "invalid": _("Enter a day such as 2026-04-01."),
        },
    )


class Place(forms.Form):
    """Where a team stands, from a day on."""

    parent = forms.ChoiceField(label=lazy("Belongs to"), required=False)
    on = _day("From", "Figures of earlier days stay where the team was then.")

    def __init__(self, *args: Any, unit: Unit | None = None, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Places first: a team that is added meanwhile then has a name when its place is known.
        tree = UnitPlacement.tree_on(today)
        units = {one.pk: one for one in Unit.objects.all()}
        self.known = {one.slug: one for one in units.values()}
        order = outline(tree, {key: one.name for key, one in units.items()})
        self.fields["parent"].choices = [  # type: ignore[attr-defined]
            TOP,
            *(
                (units[key].slug, "\u2003" * depth + units[key].name)
                for key, depth in order
                if unit is None or not stands_below(tree, key, unit.pk)
            ),
        ]
        self.fields["on"].initial = today

    def clean_parent(self) -> Unit | None:
        """The team itself; None for the top."""
        return self.known.get(self.cleaned_data["parent"])


class AddUnit(Place):
    """A new team."""

    name = forms.CharField(
        label=lazy("Name of the team"),
        help_text=lazy("As it stands in your files: imports find the team by it."),
        max_length=160,
        error_messages={"required": lazy("Enter the name of the team.")},
    )
    field_order = ["name", "parent", "on"]


class Rename(forms.Form):
    """Another name for a team."""

    name = forms.CharField(
        label=lazy("Name of the team"),
        max_length=160,
        error_messages={"required": lazy("Enter the name of the team.")},
    )


class Close(forms.Form):
    """The day from which a team is no more."""

    on = _day("Closed from", "The team keeps its figures up to the day before.")
