"""API tokens of the bound organization: issued, recognised, counted, revoked."""

import datetime as dt
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from portal.actions import audit
from portal.actions.slugs import one_at_a_time
from portal.domain import tokens
from portal.domain.tokens import Scope
from portal.models import ApiToken
from portal.tenancy.scope import current_organization_id

# As statements of our own: every request of a program runs both, and the query builder would cost
# more than all that a list of figures does (tests/benchmarks/bench_api.py).
_FIND = """
SELECT id, name, scopes, secret_hash, expires_on, revoked_at, minute, requests
FROM portal_apitoken WHERE organization_id = %s AND prefix = %s
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
    by: str,
    at: dt.datetime,
    today: dt.date,
) -> Issued:
    """Make a token; its secret is in the answer and nowhere else.

    It holds for a year unless told. Raises ValidationError for a name in use, no scope, an
    unknown scope, a last day before today and one more than two years away.
    """
    until = expires_on or today + dt.timedelta(days=tokens.LIFETIME_DAYS)
    called = name.strip()
    _check(called, scopes, until, today)
    with transaction.atomic():
        one_at_a_time()
        if ApiToken.objects.filter(name=called, revoked_at=None).exists():
            raise ValidationError(
                {"name": f"A token is already called “{called}”. Name what will use this one."}
            )
        secret = secrets.token_hex(32)
        token = ApiToken.objects.create(
            name=called,
            scopes=sorted(set(scopes)),
            prefix=_free_prefix(),
            secret_hash=tokens.digest(secret),
            created_by=by,
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


def recognise(header: str, *, today: dt.date) -> Bearer | None:
    """The token of the bound organization that an Authorization header carries, if it holds."""
    given = tokens.parse(header)
    prefix, secret = given or ("", "")
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [current_organization_id(), prefix])
        row = cursor.fetchone()
    key, name, scopes, kept, until, revoked, minute, requests = row or _NOBODYS
    known = tokens.matches(secret, kept)
    if not known or not tokens.holds(expires_on=until, revoked_at=revoked, today=today):
        return None
    return Bearer(key, name, frozenset(json.loads(scopes)), minute, requests)


# The row of no token: it is compared with as well, and never matches.
_NOBODYS = (0, "", "[]", tokens.NOBODY, dt.date.min, None, 0, 0)


def is_too_often(token: Bearer, *, at: dt.datetime) -> bool:
    """Whether the token has used up the requests of this minute."""
    return token.minute == _minute(at) and token.requests >= tokens.REQUESTS_A_MINUTE


def count(token: Bearer, *, at: dt.datetime, today: dt.date) -> None:
    """Note one request. Done last in a request, so that no other waits for the row's lock."""
    minute = _minute(at)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [minute, minute, today, current_organization_id(), token.key])


def _minute(at: dt.datetime) -> int:
    return int(at.timestamp()) // 60


def _check(name: str, scopes: Sequence[str], until: dt.date, today: dt.date) -> None:
    if not name:
        raise ValidationError({"name": "Name what will use the token."})
    if not scopes or set(scopes) - {scope.value for scope in Scope}:
        raise ValidationError({"scopes": "Choose what the token may do."})
    if until < today:
        raise ValidationError({"expires_on": "Choose a day that has not passed."})
    if until > today + dt.timedelta(days=tokens.LONGEST_DAYS):
        raise ValidationError({"expires_on": "Choose a day within the next two years."})


def _free_prefix() -> str:
    taken = set(ApiToken.objects.values_list("prefix", flat=True))
    while True:
        letters = (secrets.choice(tokens.PREFIX_LETTERS) for _ in range(tokens.PREFIX_LENGTH))
        prefix = "".join(letters)
        if prefix not in taken:
            return prefix
