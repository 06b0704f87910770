"""Forms about API tokens."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from portal.domain.tokens import SCOPE_SENTENCES, Scope, may_give
from portal.presenters.hinted import Hinted

WORDS: dict[Scope, Any] = {
    Scope.READ: lazy("Read figures"),
    Scope.WRITE: lazy("Send figures"),
    Scope.DEPLOYMENTS: lazy("Register deployments"),
    Scope.REVIEWS: lazy("Read reviews"),
    Scope.AUDIT: lazy("Read the audit trail"),
}
SCOPES: list[tuple[str, Any]] = [
    (scope.value, Hinted(WORDS[scope], sentence)) for scope, sentence in SCOPE_SENTENCES.items()
]


class IssueToken(forms.Form):
    name = forms.CharField(
        label=lazy("What will use it"),
        help_text=lazy(
            "Such as “Nightly export of the ticket system”. Each figure it sends is "
            "recorded under this name."
        ),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": lazy("Name what will use the token."),
            "max_length": lazy("Use a name of up to 80 letters."),
        },
    )
    scopes = forms.MultipleChoiceField(
        label=lazy("What it may do"),
        choices=SCOPES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": lazy("Choose what the token may do."),
            "invalid_choice": lazy("Choose what the token may do."),
        },
    )
    expires_on = forms.DateField(
        label=lazy("Last day"),
        help_text=lazy(
            "From the day after, requests with it are refused. At most two years from now."
        ),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={
            "required": lazy("Choose the last day of the token."),
            "invalid": lazy("Write the day as 2027-11-24."),
        },
    )

    def __init__(self, *args: Any, role: str, last_day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(scope, hinted) for scope, hinted in SCOPES if may_give(role, Scope(scope))]
        self.fields["scopes"].choices = offered  # type: ignore[attr-defined]
        self.fields["expires_on"].initial = last_day


class RevokeToken(forms.Form):
    reason = forms.CharField(
        label=lazy("Why"),
        help_text=lazy("Kept in the audit trail. You may leave it empty."),
        max_length=300,
        required=False,
    )
