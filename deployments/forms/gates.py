"""The five gates on one page: an answer, its evidence, and until when it holds."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from deployments.actions import gates
from deployments.domain.gates import LABELS, QUESTIONS, STATES
from deployments.models import Deployment, Gate
from portal.presenters.hinted import translated


class GatesForm(forms.Form):
    """Fields `<gate>-state`, `<gate>-evidence`, `<gate>-until`; nothing chosen records nothing."""

    def __init__(self, *args: Any, known: Mapping[str, Gate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, label in LABELS.items():
            gate = known.get(key)
            self.fields[f"{key}-state"] = forms.ChoiceField(
                label=_(label),
                choices=translated(STATES.items()),
                required=False,
                initial=gate.state if gate else None,
                widget=forms.RadioSelect(attrs={"class": "segmented"}),
            )
            self.fields[f"{key}-evidence"] = forms.CharField(
                label=_("Evidence"),
                max_length=300,
                required=False,
                help_text=_("Who confirmed it, or where it is written."),
                initial=gate.evidence if gate else "",
            )
            self.fields[f"{key}-until"] = forms.DateField(
                label=_("Holds until"),
                required=False,
                help_text=_("The last day on which it holds; empty if it does not end."),
                initial=gate.valid_until if gate else None,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                error_messages={"invalid": _("Enter a date such as 2027-03-31.")},
            )

    def rows(self) -> list[dict[str, Any]]:
        """One row per gate: its name and question, and its three fields."""
        return [
            {
                "key": key,
                "label": _(LABELS[key]),
                "question": _(QUESTIONS[key]),
                **self._fields_of(key),
            }
            for key in LABELS
        ]

    def _fields_of(self, key: str) -> dict[str, BoundField]:
        return {name: self[f"{key}-{name}"] for name in ("state", "evidence", "until")}

    def save(self, deployment: Deployment, *, by: str, at: dt.datetime) -> int:
        """Record the answered gates; the number of those that changed. Errors go to the fields."""
        changed = 0
        for key in LABELS:
            if not self.cleaned_data.get(f"{key}-state"):
                continue
            try:
                row = gates.record(
                    deployment=deployment,
                    key=key,
                    state=self.cleaned_data[f"{key}-state"],
                    evidence=self.cleaned_data[f"{key}-evidence"],
                    valid_until=self.cleaned_data[f"{key}-until"],
                    by=by,
                    at=at,
                )
            except gates.CannotRecordGate as error:
                self.add_error(f"{key}-evidence", str(error))
            else:
                changed += row is not None
        return changed
