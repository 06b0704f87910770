"""People of the bound organization: added, given a role, taken off the list."""

import datetime as dt
from dataclasses import dataclass

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.urls import reverse

from portal.actions import audit, tokens
from portal.actions.slugs import one_at_a_time
from portal.domain.roles import Permission, Role
from portal.models import ApiToken, Membership, User
from portal.tenancy.scope import current_organization_id


def add(*, email: str, name: str, role: Role | str, by: str, at: dt.datetime) -> Membership:
    """Let a person into the bound organization; makes the account when the address is new.

    A new account has no password until the person sets one. A former member comes back with
    the new role. Raises ValidationError for an unusable address and for a present member.
    """
    address = _address(email)
    with transaction.atomic():
        one_at_a_time()
        user, _created = User.objects.get_or_create(
            email=address, defaults={"password": make_password(None)}
        )
        membership = Membership.objects.filter(user=user).first()
        if membership is not None and membership.is_active:
            raise ValidationError({"email": f"{address} already belongs to this organization."})
        membership = membership or Membership(
            organization_id=current_organization_id(), user=user, created_at=at
        )
        membership.role, membership.is_active = Role(role), True
        membership.name = membership.name or name.strip()
        membership.save()
        _note(membership, "added", by, at, after={"role": membership.role})
    return membership


@dataclass(frozen=True)
class Change:
    """A member after the change, and the API tokens that ended with it."""

    membership: Membership
    revoked: list[ApiToken]


def change_role(*, membership: Membership, role: Role | str, by: str, at: dt.datetime) -> Change:
    """Give a member another role; the same role writes nothing.

    Tokens they issued end when the new role may not issue any. Raises ValidationError when the
    last active administrator would become something else.
    """
    with transaction.atomic():
        fresh = _hold(membership)
        old, new = fresh.role, Role(role).value
        if old == new:
            return Change(fresh, [])
        _keep_an_administrator(fresh)
        fresh.role = new
        fresh.save(update_fields=["role"])
        _note(fresh, "changed", by, at, before={"role": old}, after={"role": new})
        return Change(fresh, _end_tokens(fresh, f"{fresh} became {new}.", by, at))


def deactivate(*, membership: Membership, by: str, at: dt.datetime, reason: str = "") -> Change:
    """Close the organization to a member; what they did stays on record under their name.

    The API tokens that they issued end with it. Raises ValidationError for the last
    active administrator.
    """
    with transaction.atomic():
        fresh = _hold(membership)
        if not fresh.is_active:
            return Change(fresh, [])
        _keep_an_administrator(fresh)
        fresh.is_active = False
        fresh.save(update_fields=["is_active"])
        _note(fresh, "deactivated", by, at, before={"role": fresh.role}, reason=reason)
        return Change(fresh, _end_tokens(fresh, f"{fresh} was deactivated.", by, at))


def make_link(*, membership: Membership, by: str, at: dt.datetime) -> str:
    """Path of a one-time page on which the person sets a password; ends when it is used.

    Raises ValidationError when the account is known to another organization as well: its
    password is not this administrator's to set.
    """
    with transaction.atomic():
        user = membership.user
        if not may_make_link(membership):
            raise ValidationError(
                f"{user.email} has an account that this organization does not manage alone. "
                "They sign in with the password they have."
            )
        _note(membership, "made a set-password link for", by, at)
        return set_password_path(user)


def may_make_link(membership: Membership) -> bool:
    """Whether the account is of this organization alone, past memberships elsewhere included."""
    everywhere: models.QuerySet[Membership] = models.QuerySet(Membership)
    elsewhere = everywhere.filter(user_id=membership.user_id)
    return not elsewhere.exclude(organization_id=membership.organization_id).exists()


def set_password_path(user: User) -> str:
    """Path with allauth's password reset key of the person."""
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])


def _address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise ValidationError(
            {"email": "Enter an e-mail address such as mara@example.org."}
        ) from None
    if "/" in address:
        raise ValidationError({"email": "An address with a slash cannot be used here."})
    return address


def _hold(membership: Membership) -> Membership:
    one_at_a_time()
    return Membership.objects.select_related("user").get(pk=membership.pk)


def _end_tokens(maker: Membership, reason: str, by: str, at: dt.datetime) -> list[ApiToken]:
    if maker.may(Permission.CHANGE_TOKENS):
        return []
    return tokens.revoke_of(maker=maker, reason=reason, by=by, at=at)


def _keep_an_administrator(leaving: Membership) -> None:
    """Raises ValidationError when nobody would be left to manage the people."""
    if not leaving.is_active or leaving.role != Role.ADMINISTRATOR:
        return
    others = Membership.objects.filter(
        role=Role.ADMINISTRATOR, is_active=True, user__is_active=True
    ).exclude(pk=leaving.pk)
    if not others.exists():
        raise ValidationError(
            f"{leaving} is the last administrator. Make somebody else an administrator first."
        )


def _note(
    membership: Membership,
    verb: str,
    by: str,
    at: dt.datetime,
    *,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
    reason: str = "",
) -> None:
    audit.record(
        by=by,
        at=at,
        verb=verb,
        subject=membership,
        reference=membership.user.email,
        before=before,
        after=after,
        reason=reason,
    )
