"""Invitations: an administrator invites, renews and withdraws; the person accepts."""

import datetime as dt
import secrets
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.actions import audit, jobs
from portal.actions.slugs import one_at_a_time
from portal.domain.invitations import DAYS, TABLE, Outcome, Visitor, digest
from portal.domain.roles import Role
from portal.models import Invitation, Membership, User
from portal.queries.invitations import account_of, by_secret, state_of
from portal.tenancy.scope import current_organization_id

State = Invitation.State


@dataclass(frozen=True)
class Sent:
    """An invitation with the secret of its link, which is empty when the link goes by mail."""

    invitation: Invitation
    secret: str


@dataclass(frozen=True)
class Accepted:
    """What came of opening a link, and the membership where there is one."""

    outcome: Outcome
    membership: Membership | None = None


def invite(
    *,
    address: str,
    name: str,
    role: Role | str,
    mail_to: str,
    by: str,
    at: dt.datetime,
) -> Sent:
    """Ask somebody into the bound organization; an open invitation of the address is replaced.

    `mail_to` is the portal's outward address, with which a job mails the link; when it is empty
    the answer carries the secret, once. Accounts are neither read nor written: who invites cannot
    tell whether one exists. Raises ValidationError for an unusable address and a present member.
    """
    to = _usable(address)
    with transaction.atomic():
        one_at_a_time()
        if Membership.objects.filter(user__email=to, is_active=True).exists():
            sentence = _("%(address)s already belongs to this organization.")
            raise ValidationError({"email": sentence % {"address": to}})
        supersede(address=to, at=at)
        invitation: Invitation = Invitation.objects.create(
            address=to,
            name=name.strip(),
            role=Role(role).value,
            invited_by=by,
            invited_at=at,
            expires_at=at + dt.timedelta(days=DAYS),
        )
        _note(invitation, "invited", by, at, after={"role": invitation.role})
        return _send(invitation, mail_to, at)


def renew(*, invitation: Invitation, mail_to: str, by: str, at: dt.datetime) -> Sent:
    """Another link for an invitation that was not answered, for the full time again.

    The link before it ends. Raises ValidationError when the invitation is no longer open.
    """
    with transaction.atomic():
        fresh = _still_open(invitation)
        fresh.expires_at = at + dt.timedelta(days=DAYS)
        fresh.secret_hash, fresh.mailed_at = "", None
        fresh.save(update_fields=["expires_at", "secret_hash", "mailed_at"])
        _note(fresh, "renewed the invitation of", by, at)
        return _send(fresh, mail_to, at)


def withdraw(*, invitation: Invitation, by: str, at: dt.datetime) -> Invitation:
    """Take an invitation back: its link ends. Raises ValidationError when it is not open."""
    with transaction.atomic():
        fresh = _still_open(invitation)
        fresh.state, fresh.ended_at = State.WITHDRAWN, at
        fresh.save(update_fields=["state", "ended_at"])
        _note(fresh, "withdrew the invitation of", by, at)
    return fresh


def supersede(*, address: str, at: dt.datetime) -> None:
    """End an open invitation of the address, because something newer takes its place."""
    waiting = Invitation.objects.filter(address=address, state=State.OPEN)
    waiting.update(state=State.SUPERSEDED, ended_at=at)


def accept(
    *,
    secret: str,
    visitor: Visitor,
    session_of: User | None,
    password: str,
    at: dt.datetime,
) -> Accepted:
    """Open the link with the wish to join, as `portal.domain.invitations.TABLE` says.

    `session_of` is the account that is signed in, as it was when its session was checked;
    `password` the one that a newcomer chose. Works as long whether the address has an account.
    """
    hashed = make_password(password)
    with transaction.atomic():
        one_at_a_time()
        invitation = by_secret(secret).select_for_update().first()
        if invitation is None:
            return Accepted(Outcome.GONE)
        account = account_of(invitation.address)
        outcome = TABLE[state_of(account), invitation.standing(at), visitor]
        if outcome is Outcome.CREATE:
            account = _claim(invitation.address, account, hashed)
            if account is None:
                return Accepted(Outcome.SIGN_IN)
        elif outcome is Outcome.ACCEPT:
            if not _is_same(account, session_of):
                return Accepted(Outcome.GONE)
        else:
            return Accepted(outcome)
        if account is None:
            raise AssertionError("A membership needs an account.")
        return Accepted(outcome, _join(invitation, account, at))


def make_secret(*, invitation: Invitation) -> str:
    """A new secret for the link; only its digest is kept, and the one before it ends."""
    secret = secrets.token_urlsafe(32)
    invitation.secret_hash = digest(secret)
    invitation.save(update_fields=["secret_hash"])
    return secret


def _send(invitation: Invitation, mail_to: str, at: dt.datetime) -> Sent:
    if not mail_to:
        return Sent(invitation, make_secret(invitation=invitation))
    arguments = {"portal": mail_to}
    jobs.enqueue(kind="invitation", key=str(invitation.pk), at=at, arguments=arguments)
    return Sent(invitation, "")


def _claim(address: str, account: User | None, hashed: str) -> User | None:
    """A new account, or the blank one, with the password; None when another link was quicker."""
    if account is not None:
        account.password = hashed
        account.save(update_fields=["password"])
        return account
    try:
        with transaction.atomic():
            return User.objects.create(email=address, password=hashed)
    except IntegrityError:
        return None


def _is_same(account: User | None, session_of: User | None) -> bool:
    """Whether the session still is one of that account: a password set meanwhile ends it."""
    if account is None or session_of is None:
        return False
    return account.pk == session_of.pk and account.password == session_of.password


def _join(invitation: Invitation, account: User, at: dt.datetime) -> Membership:
    invitation.state, invitation.ended_at = State.ACCEPTED, at
    invitation.save(update_fields=["state", "ended_at"])
    former = Membership.objects.filter(user=account).first()
    membership = former or Membership(
        organization_id=current_organization_id(), user=account, created_at=at
    )
    membership.name = invitation.name
    membership.role, membership.is_active = Role(invitation.role), True
    membership.save()
    audit.record(
        by=account.email,
        at=at,
        verb="joined",
        subject=membership,
        reference=account.email,
        after={"role": invitation.role, "invited by": invitation.invited_by},
    )
    return membership


def _still_open(invitation: Invitation) -> Invitation:
    one_at_a_time()
    fresh: Invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if fresh.state != State.OPEN:
        raise ValidationError(_("This invitation is no longer open."))
    return fresh


def _usable(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        sentence = _("Enter an e-mail address such as mara@example.org.")
        raise ValidationError({"email": sentence}) from None
    if "/" in address:
        raise ValidationError({"email": _("An address with a slash cannot be used here.")})
    return address


def _note(
    invitation: Invitation,
    verb: str,
    by: str,
    at: dt.datetime,
    after: dict[str, str] | None = None,
) -> None:
    audit.record(
        by=by,
        at=at,
        verb=verb,
        subject=invitation,
        reference=invitation.address,
        after=after,
    )
