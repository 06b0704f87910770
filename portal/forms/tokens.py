"""Forms about API tokens."""

import datetime as dt
from typing import Any

from django import forms

from portal.domain.tokens import SCOPE_SENTENCES, Scope, may_give
from portal.presenters.hinted import Hinted

WORDS = {
    Scope.READ: "Read figures",
    Scope.WRITE: "Send figures",
    Scope.DEPLOYMENTS: "Register deployments",
    Scope.REVIEWS: "Read reviews",
    Scope.AUDIT: "Read the audit trail",
}
SCOPES = [
    (scope.value, Hinted(f"{WORDS[scope]} ({scope.value})", sentence))
    for scope, sentence in SCOPE_SENTENCES.items()
]


class IssueToken(forms.Form):
    name = forms.CharField(
        label="What will use it",
        help_text="Such as “Nightly export of the ticket system”. Each figure it sends is "
        "recorded under this name.",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Name what will use the token.",
            "max_length": "Use a name of up to 80 letters.",
        },
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=SCOPES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose what the token may do.",
            "invalid_choice": "Choose what the token may do.",
        },
    )
    expires_on = forms.DateField(
        label="Last day",
        help_text="From the day after, requests with it are refused. At most two years from now.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={
            "required": "Choose the last day of the token.",
            "invalid": "Write the day as 2027-11-24.",
        },
    )

    def __init__(self, *args: Any, role: str, last_day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(scope, hinted) for scope, hinted in SCOPES if may_give(role, Scope(scope))]
        self.fields["scopes"].choices = offered  # type: ignore[attr-defined]
        self.fields["expires_on"].initial = last_day


class RevokeToken(forms.Form):
    reason = forms.CharField(
        label="Why",
        help_text="Kept in the audit trail. You may leave it empty.",
        max_length=300,
        required=False,
    )
