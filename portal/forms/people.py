"""Forms about people and their roles."""

from typing import Any

from django import forms

from portal.domain.roles import ROLE_SENTENCES, Role
from portal.presenters.hinted import Hinted

ROLES = [(role.value, Hinted(role.value.capitalize(), ROLE_SENTENCES[role])) for role in Role]


def role_field(**kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Role",
        choices=ROLES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a role.", "invalid_choice": "Choose a role."},
        **kwargs,
    )


class AddPerson(forms.Form):
    email = forms.EmailField(
        label="E-mail address",
        help_text="They sign in with it. No mail is sent.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Enter the person's e-mail address.",
            "invalid": "Enter an e-mail address such as mara@example.org.",
        },
    )
    name = forms.CharField(
        label="Name",
        help_text="As colleagues know them. It appears in the audit trail.",
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the person's name."},
    )
    role = role_field(initial=Role.STAFF.value)


class ChangeRole(forms.Form):
    role = role_field()


class Deactivate(forms.Form):
    reason = forms.CharField(
        label="Why",
        help_text="Kept in the audit trail. You may leave it empty.",
        max_length=300,
        required=False,
    )
