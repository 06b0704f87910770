"""The cost ledger of a quarter on one page: its basis, then thirteen parts."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from deployments.models import Deployment
from kpis.actions import ledgers
from kpis.domain.cost.parts import HIDDEN, VISIBLE
from kpis.models import CostEntry, Grade, LedgerBasis

HINTS = {
    "licences": "Seats and subscriptions of the quarter.",
    "usage": "Charges per call, token or page.",
    "setup": "The share of setting it up that falls on this quarter.",
    "training": "Courses, and the hours people sat in them.",
    "support": "What the vendor or a partner is paid for help.",
    "integration": "Work on connecting it, bought or own.",
    "review_and_correction": "The minutes per task hold it; enter only what lies outside of them.",
    "hidden_support": "Colleagues who help colleagues.",
    "prompt_upkeep": "Writing and repairing prompts, templates, instructions.",
    "monitoring_and_governance": "Watching, measuring, reporting, this ledger.",
    "rework": "The minutes per task hold it; enter only what lies outside of them.",
    "vendor_management": "Contracts, negotiations, audits of the vendor.",
    "incidents": "Hours and money that incidents took.",
}
BASIS = (
    "tasks",
    "accepted",
    "hourly_rate",
    "minutes_before",
    "minutes_draft",
    "minutes_review",
    "rework_share",
    "minutes_rework",
    "hours_used_for",
    "grade",
)


# A quarter of any deployment is far below; the column holds twice as much.
MOST_TASKS = 1_000_000_000


def _number(label: str, hint: str = "", places: int = 2) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=hint,
        required=False,
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=places,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={
            "invalid": "Enter a number such as 1250.50.",
            "min_value": "It cannot be below zero.",
        },
    )


def _whole(label: str, hint: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        required=False,
        min_value=0,
        max_value=MOST_TASKS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": _("Enter a whole number."),
            "min_value": _("It cannot be below zero."),
            "max_value": _("Enter at most a billion."),
        },
    )


class BasisForm(forms.Form):
    """Volume, times and rate; left empty as a whole it records nothing."""

    tasks = _whole("Tasks done", "With AI, in this quarter.")
    accepted = _whole("Results accepted", "Final results that were used, not drafts.")
    hourly_rate = _number("Cost of an hour", "What an hour of this work costs, with on-costs.")
    minutes_before = _number("Minutes per task before AI", "From start to final result.")
    minutes_draft = _number("Minutes to the draft", "Asking the AI and getting its output.")
    minutes_review = _number("Minutes of review", "Checking and correcting until it can be used.")
    rework_share = _number("Share done again", "0.18 for 18 of 100 tasks.", places=4)
    minutes_rework = _number("Minutes of doing it again")
    hours_used_for = forms.ChoiceField(
        label="What the saved hours are used for",
        required=False,
        choices=LedgerBasis.Use.choices,
        help_text="Hours become money only with a named use.",
    )
    grade = forms.ChoiceField(label="How the times are known", choices=Grade.choices)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.is_empty(data):
            return data
        for name, label in (("tasks", "tasks"), ("accepted", "accepted results")):
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, f"Enter the number of {label}.")
        return data

    @staticmethod
    def is_empty(data: Mapping[str, Any]) -> bool:
        """Whether nothing was typed."""
        return all(data.get(name) in (None, "") for name in BASIS[:-2])

    def save(self, deployment: Deployment, starts_on: dt.date, *, by: str, at: dt.datetime) -> None:
        """Record the basis; a refusal stands above the form."""
        if self.is_empty(self.cleaned_data):
            return
        fields = {name: self.cleaned_data[name] for name in BASIS}
        try:
            ledgers.set_basis(deployment=deployment, starts_on=starts_on, by=by, at=at, **fields)
        except ledgers.CannotEnter as error:
            self.add_error(error.field or None, str(error))


class PartsForm(forms.Form):
    """Fields `<part>-amount`, `-hours`, `-grade`, `-because`; an empty row records nothing."""

    def __init__(self, *args: Any, known: Mapping[str, CostEntry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part, label in {**VISIBLE, **HIDDEN}.items():
            row = known.get(part)
            name = label.capitalize()
            self.fields[f"{part}-amount"] = _number(f"{name}: money")
            self.fields[f"{part}-hours"] = _number(f"{name}: hours")
            self.fields[f"{part}-grade"] = forms.ChoiceField(
                label=f"{name}: known as", choices=Grade.choices, required=False
            )
            self.fields[f"{part}-because"] = forms.CharField(
                label=f"{name}: does not apply, because", max_length=300, required=False
            )
            if row is not None:
                self._start(part, row)

    def _start(self, part: str, row: CostEntry) -> None:
        self.fields[f"{part}-amount"].initial = plain(row.amount)
        self.fields[f"{part}-hours"].initial = plain(row.hours)
        self.fields[f"{part}-grade"].initial = row.grade
        self.fields[f"{part}-because"].initial = row.not_applicable_because

    def groups(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Visible and hidden parts, each row with its fields."""
        return [
            (heading, [self._row(part, label) for part, label in parts.items()])
            for heading, parts in (("On the bill", VISIBLE), ("Hidden in people's days", HIDDEN))
        ]

    def _row(self, part: str, label: str) -> dict[str, Any]:
        fields: dict[str, BoundField] = {
            name: self[f"{part}-{name}"] for name in ("amount", "hours", "grade", "because")
        }
        errors = [error for field in fields.values() for error in field.errors]
        return {"part": part, "label": label, "hint": HINTS[part], "errors": errors, **fields}

    def save(self, deployment: Deployment, starts_on: dt.date, *, by: str, at: dt.datetime) -> None:
        """Record the rows that say something; a refusal stands beside its row."""
        for part in {**VISIBLE, **HIDDEN}:
            said = {
                name: self.cleaned_data.get(f"{part}-{name}")
                for name in ("amount", "hours", "because")
            }
            if said["amount"] is None and said["hours"] is None and not said["because"]:
                continue
            try:
                ledgers.enter(
                    deployment=deployment,
                    starts_on=starts_on,
                    part=part,
                    amount=said["amount"],
                    hours=said["hours"],
                    not_applicable_because=said["because"] or "",
                    grade=self.cleaned_data.get(f"{part}-grade") or Grade.MEASURED,
                    by=by,
                    at=at,
                )
            except ledgers.CannotEnter as error:
                self.add_error(f"{part}-because", str(error))


def plain(value: Any) -> Any:
    """A number as a person would write it; anything else as it is."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value
