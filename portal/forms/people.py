"""Forms about people and their roles."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from portal.domain.roles import ROLE_SENTENCES, Role
from portal.models import User
from portal.presenters.hinted import Hinted

ROLES: list[tuple[str, Any]] = [
    (role.value, Hinted(role.value, ROLE_SENTENCES[role])) for role in Role
]


def role_field(**kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Role"),
        choices=ROLES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a role."), "invalid_choice": _("Choose a role.")},
        **kwargs,
    )


class Invite(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Enter the person's e-mail address."),
            "invalid": _("Enter an e-mail address such as mara@example.org."),
        },
    )
    name = forms.CharField(
        label=_("Name"),
        help_text=_("As colleagues know them. It appears in the audit trail."),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the person's name.")},
    )
    role = role_field(initial=Role.STAFF.value)

    def __init__(self, *args: Any, by_mail: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = (
            _("The invitation goes there, and they sign in with it.")
            if by_mail
            else _("They sign in with it. No mail is sent.")
        )


class ChoosePassword(forms.Form):
    """The password of an account that does not exist yet."""

    password1 = forms.CharField(
        label=_("Choose a password"),
        help_text=_("At least 12 characters. Several words are easy to remember."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choose a password.")},
    )
    password2 = forms.CharField(
        label=_("The password once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Enter the password once more.")},
    )

    def __init__(self, *args: Any, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = address

    def clean_password1(self) -> str:
        """Measured against the address too, of which it must not be a copy."""
        password: str = self.cleaned_data["password1"]
        validate_password(password, User(email=self.address))
        return password

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords are not the same."))
        return data


class ChangeRole(forms.Form):
    role = role_field()


class Deactivate(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("Kept in the audit trail. You may leave it empty."),
        max_length=300,
        required=False,
    )
