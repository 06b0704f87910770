"""The form in which somebody asks for a password link."""

from allauth.account.forms import ResetPasswordForm


class AskForLink(ResetPasswordForm):  # type: ignore[misc]
    """Takes any address: whether it has an account is found out by the worker alone."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()
