"""API tokens of the bound organization: issued, recognised, counted, revoked."""

import datetime as dt
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from portal.actions import audit
from portal.actions.slugs import one_at_a_time
from portal.domain import tokens
from portal.domain.roles import Permission, may
from portal.domain.tokens import Scope
from portal.models import ApiToken, Membership
from portal.queries.tokens import valid_of
from portal.tenancy.scope import current_organization_id

# As statements of our own: every request of a program runs both, and the query builder would cost
# more than all that a list of figures does (tests/benchmarks/bench_api.py).
_FIND = """
SELECT token.id, token.name, token.scopes, token.secret_hash, token.expires_on, token.revoked_at,
       token.minute, token.requests, member.role
FROM portal_apitoken token
LEFT JOIN (portal_membership member
           JOIN portal_user person ON person.id = member.user_id AND person.is_active)
    ON member.organization_id = token.organization_id AND member.user_id = token.maker_id
       AND member.is_active
WHERE token.organization_id = %s AND token.prefix = %s
"""
_COUNT = """
UPDATE portal_apitoken
SET requests = CASE WHEN minute = %s THEN requests + 1 ELSE 1 END, minute = %s, last_used_on = %s
WHERE organization_id = %s AND id = %s
"""


@dataclass(frozen=True)
class Issued:
    """A fresh token with the text that is shown once."""

    token: ApiToken
    text: str


@dataclass(frozen=True)
class Bearer:
    """A token that was recognised: who asks, what it may do, how often it asked."""

    key: int
    prefix: str
    name: str
    scopes: frozenset[str]
    minute: int
    requests: int

    def may(self, scope: Scope) -> bool:
        return scope.value in self.scopes


def issue(
    *,
    name: str,
    scopes: Sequence[str],
    expires_on: dt.date | None,
    maker: Membership,
    by: str,
    at: dt.datetime,
    today: dt.date,
) -> Issued:
    """Make a token; its secret is in the answer and nowhere else.

    It holds for a year unless told, and only as long as its maker may issue tokens. Raises
    ValidationError for a name in use, no scope, an unknown scope or one that the maker's role does
    not include, a last day before today and one more than two years away; PermissionDenied when
    the maker lost the right in the meantime.
    """
    until = expires_on or today + dt.timedelta(days=tokens.LIFETIME_DAYS)
    called = name.strip()
    _check(called, scopes, until, today)
    if not all(tokens.may_give(maker.role, Scope(scope)) for scope in scopes):
        raise ValidationError({"scopes": _("Your role does not include that.")})
    with transaction.atomic():
        one_at_a_time()
        if not _may_issue(maker):
            raise PermissionDenied(_("Your role does not include this."))
        if ApiToken.objects.filter(name=called, revoked_at=None).exists():
            raise ValidationError(
                {
                    "name": _("A token is already called “%(name)s”. Name what will use this one.")
                    % {"name": called}
                }
            )
        secret = secrets.token_hex(32)
        token = ApiToken.objects.create(
            name=called,
            scopes=sorted(set(scopes)),
            prefix=_free_prefix(),
            secret_hash=tokens.digest(secret),
            created_by=by,
            maker_id=maker.user_id,
            created_at=at,
            expires_on=until,
        )
        audit.record(
            by=by,
            at=at,
            verb="issued",
            subject=token,
            reference=token.prefix,
            after={
                "name": token.name,
                "may": ", ".join(token.scopes),
                "holds until": f"{until:%d %B %Y}",
            },
        )
        return Issued(token, tokens.written(token.prefix, secret))


def revoke(*, token: ApiToken, reason: str, by: str, at: dt.datetime) -> ApiToken:
    """End a token from the next request on; one that was revoked before stays as it is."""
    with transaction.atomic():
        fresh = ApiToken.objects.select_for_update().get(pk=token.pk)
        if fresh.revoked_at is not None:
            return fresh
        fresh.revoked_at = at
        fresh.save(update_fields=["revoked_at"])
        audit.record(
            by=by,
            at=at,
            verb="revoked",
            subject=fresh,
            reference=fresh.prefix,
            before={"name": fresh.name, "may": ", ".join(fresh.scopes)},
            reason=reason,
        )
        return fresh


def revoke_of(*, maker: Membership, reason: str, by: str, at: dt.datetime) -> list[ApiToken]:
    """End every token that the member issued; returns those that were valid, by name."""
    with transaction.atomic():
        return [revoke(token=token, reason=reason, by=by, at=at) for token in valid_of(maker)]


def recognise(header: str, *, today: dt.date) -> Bearer | None:
    """The token of the bound organization that an Authorization header carries, if it holds.

    One whose maker left, was disabled or lost the role does not hold, nor does a scope that the
    role no longer includes: revoking comes first, this
    is the second line for whatever was changed around the actions.
    """
    given = tokens.parse(header)
    prefix, secret = given or ("", "")
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [current_organization_id(), prefix])
        row = cursor.fetchone()
    key, name, scopes, kept, until, revoked, minute, requests, role = row or _NOBODYS
    known = tokens.matches(secret, kept)
    has_maker = role is not None and may(role, Permission.CHANGE_TOKENS)
    holds = tokens.holds(expires_on=until, revoked_at=revoked, today=today)
    if not (known and has_maker and holds):
        return None
    lasting = [scope for scope in json.loads(scopes) if tokens.may_give(role or "", Scope(scope))]
    return Bearer(key, prefix, name, frozenset(lasting), minute, requests)


# The row of no token: it is compared with as well, and never matches.
_NOBODYS = (0, "", "[]", tokens.NOBODY, dt.date.min, None, 0, 0, None)


def is_too_often(token: Bearer, *, at: dt.datetime) -> bool:
    """Whether the token has used up the requests of this minute."""
    return token.minute == _minute(at) and token.requests >= tokens.REQUESTS_A_MINUTE


def count(token: Bearer, *, at: dt.datetime, today: dt.date) -> None:
    """Note one request. Done last in a request, so that no other waits for the row's lock."""
    minute = _minute(at)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [minute, minute, today, current_organization_id(), token.key])


def _may_issue(maker: Membership) -> bool:
    rows = Membership.objects.filter(pk=maker.pk, user__is_active=True)
    return any(row.may(Permission.CHANGE_TOKENS) for row in rows)


def _minute(at: dt.datetime) -> int:
    return int(at.timestamp()) // 60


def _check(name: str, scopes: Sequence[str], until: dt.date, today: dt.date) -> None:
    if not name:
        raise ValidationError({"name": _("Name what will use the token.")})
    if not scopes or set(scopes) - {scope.value for scope in Scope}:
        raise ValidationError({"scopes": _("Choose what the token may do.")})
    if until < today:
        raise ValidationError({"expires_on": _("Choose a day that has not passed.")})
    if until > today + dt.timedelta(days=tokens.LONGEST_DAYS):
        raise ValidationError({"expires_on": _("Choose a day within the next two years.")})


def _free_prefix() -> str:
    taken = set(ApiToken.objects.values_list("prefix", flat=True))
    while True:
        letters = (secrets.choice(tokens.PREFIX_LETTERS) for _ in range(tokens.PREFIX_LENGTH))
        prefix = "".join(letters)
        if prefix not in taken:
            return prefix
