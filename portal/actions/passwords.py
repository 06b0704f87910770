"""Password links: asked for by anybody, made by the worker where the address has an account."""

import datetime as dt

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.actions import audit, waking
from portal.models import Membership, PasswordRequest, User
from portal.tenancy.scope import acting_in

_ASK = """
INSERT INTO portal_passwordrequest (address, portal, asked_at) VALUES (%s, %s, %s)
ON CONFLICT (address) DO NOTHING
"""


def ask(*, address: str, portal: str, at: dt.datetime) -> None:
    """Note that somebody wants a link. The same work whether the address has an account: that is
    not looked up here, and asking twice before the worker came is asking once."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_ASK, [address.strip().lower(), portal, at])
        transaction.on_commit(wake)


def wake() -> None:
    """Tell a worker that somebody waits; when the broker is away the tick will."""
    waking.tell(task="portal.mail_password_links", arguments=[], queue="celery")


def wake_if_waiting() -> None:
    """Tell a worker when a request still waits."""
    if PasswordRequest.objects.exists():
        wake()


def answer_next() -> bool:
    """Mail the link of the request that waits longest, then forget it; False when none waits.

    Sending and forgetting share a transaction: a crash sends a second mail, never none. Raises
    OSError, of which the answers of a mail server are one kind.
    """
    with transaction.atomic():
        waiting = PasswordRequest.objects.select_for_update(skip_locked=True)
        request = waiting.order_by("asked_at", "pk").first()
        if request is None:
            return False
        user = User.objects.filter(email=request.address, is_active=True).first()
        if user is not None:
            _letter(user, request.portal).send()
        request.delete()
    return True


def forget_old(*, before: dt.datetime) -> int:
    """Drop requests that could not be answered for days; returns how many."""
    return PasswordRequest.objects.filter(asked_at__lt=before).delete()[0]


def link_by_operator(*, email: str, by: str, at: dt.datetime) -> str:
    """Path of a password link for any account, whatever organizations it belongs to.

    Each of them notes it. Raises ValidationError for an address without an account and for one
    that is switched off.
    """
    with transaction.atomic():
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise ValidationError(_("No account has this address."))
        if not user.is_active:
            raise ValidationError(_("This account is switched off."))
        for membership in Membership.objects.of(user).select_related("user"):
            with acting_in(membership.organization_id):
                audit.record(
                    by=by,
                    at=at,
                    verb="made a set-password link for",
                    subject=membership,
                    reference=user.email,
                )
        return set_password_path(user)


def set_password_path(user: User) -> str:
    """Path with the key of a password link; it ends when password or memberships change."""
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])


def _letter(user: User, portal: str) -> EmailMessage:
    return EmailMessage(
        subject=_("A new password for Plumbline"),
        body=render_to_string(
            "portal/mail/password.txt", {"link": f"{portal}{set_password_path(user)}"}
        ),
        to=[user.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
