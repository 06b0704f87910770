"""People of the bound organization: given a role, deactivated, let back in, helped in."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.actions import audit, invitations, tokens
from portal.actions.passwords import set_password_path
from portal.actions.slugs import one_at_a_time
from portal.domain.invitations import may_make_password_link
from portal.domain.roles import Permission, Role
from portal.models import ApiToken, Membership


def let_back_in(
    *, membership: Membership, role: Role | str, by: str, at: dt.datetime
) -> Membership:
    """Open the organization again to a former member, who once accepted to be one.

    Tokens that ended with the membership stay ended. A present member stays as they are.
    """
    with transaction.atomic():
        fresh = _hold(membership)
        if fresh.is_active:
            return fresh
        invitations.supersede(address=fresh.user.email, at=at)
        fresh.role, fresh.is_active = Role(role).value, True
        fresh.save(update_fields=["role", "is_active"])
        _note(fresh, "let back in", by, at, after={"role": fresh.role})
    return fresh


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
    """Path of a one-time page on which the person sets a password.

    It ends when it is used, and with any change of the account's memberships or password. Raises
    ValidationError when the account is not this administrator's to open.
    """
    with transaction.atomic():
        fresh = _hold(membership)
        if not may_make_link(fresh):
            sentence = _(
                "%(address)s has an account that this organization does not manage alone. "
                "They sign in with the password they have."
            )
            raise ValidationError(sentence % {"address": fresh.user.email})
        _note(fresh, "made a set-password link for", by, at)
        return set_password_path(fresh.user)


def may_make_link(membership: Membership) -> bool:
    """Whether the account is of this organization alone, past memberships elsewhere included."""
    everywhere = Membership.objects.ever_of(membership.user)
    return may_make_password_link(
        is_member=membership.is_active,
        is_active=membership.user.is_active,
        other_memberships=everywhere.exclude(organization_id=membership.organization_id).count(),
    )


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
        sentence = _(
            "%(person)s is the last administrator. Make somebody else an administrator first."
        )
        raise ValidationError(sentence % {"person": leaving})


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
