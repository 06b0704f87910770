"""Forgotten passwords: allauth's pages, with what this portal asks of them."""

from typing import Any

from allauth.account import views as account
from allauth.account.utils import url_str_to_user_pk
from allauth.core import ratelimit
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from portal.access import public
from portal.actions import passwords
from portal.actions.schedules import has_mail
from portal.forms.passwords import AskForLink
from portal.models import User
from portal.views.addresses import public_address


class Ask(account.PasswordResetView):  # type: ignore[misc]
    """Notes the address and answers alike for all; a worker looks for the account and mails."""

    form_class = AskForLink

    def form_valid(self, form: Any) -> HttpResponse:
        address = form.cleaned_data["email"]
        refused: HttpResponse | None = ratelimit.consume_or_429(
            self.request, action="reset_password", key=address
        )
        if refused:
            return refused
        portal = public_address(self.request)
        passwords.ask(address=address, portal=portal, at=timezone.now())
        return redirect(self.get_success_url())


_ask = Ask.as_view()


@public
def reset(request: HttpRequest) -> HttpResponse:
    """Asks for the address; where no mail can be sent it says who helps, and promises nothing."""
    if not has_mail():
        return render(request, "account/password_reset_by_people.html")
    answer: HttpResponse = _ask(request)
    return answer


@public
def sent(request: HttpRequest) -> HttpResponse:
    if not has_mail():
        return render(request, "account/password_reset_by_people.html")
    answer: HttpResponse = account.password_reset_done(request)
    return answer


@public
def from_key(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    """The page of a password link.

    The account is held from the check of the link to the saving of the password: a membership
    accepted in between would otherwise go to whoever holds the link.
    """
    with transaction.atomic():
        _hold(uidb36)
        answer: HttpResponse = account.password_reset_from_key(request, uidb36=uidb36, key=key)
        return answer


def _hold(uidb36: str) -> None:
    try:
        key = url_str_to_user_pk(uidb36)
    except ValueError:
        return
    User.objects.select_for_update().filter(pk=key).first()
