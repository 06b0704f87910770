"""API tokens of the bound organization: issued, recognised, counted, revoked."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, F, Value, When

from portal.actions import audit
from portal.actions.slugs import one_at_a_time
from portal.domain import tokens
from portal.domain.tokens import Scope
from portal.models import ApiToken


@dataclass(frozen=True)
class Issued:
    """A fresh token with the text that is shown once."""

    token: ApiToken
    text: str


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
            by=by, at=at, verb="issued", subject=token, reference=token.prefix,
            after={
                "name": token.name, "may": ", ".join(token.scopes),
                "holds until": f"{until:%d %B %Y}",
            },
        )  # fmt: skip
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
            by=by, at=at, verb="revoked", subject=fresh, reference=fresh.prefix,
            before={"name": fresh.name, "may": ", ".join(fresh.scopes)}, reason=reason,
        )  # fmt: skip
        return fresh


def recognise(header: str, *, today: dt.date) -> ApiToken | None:
    """The token of the bound organization that an Authorization header carries, if it holds."""
    given = tokens.parse(header)
    prefix, secret = given or ("", "")
    token = ApiToken.objects.filter(prefix=prefix).first()
    known = tokens.matches(secret, token.secret_hash if token else tokens.NOBODY)
    return token if token is not None and known and token.holds(today) else None


def is_too_often(token: ApiToken, *, at: dt.datetime) -> bool:
    """Whether the token has used up the requests of this minute."""
    return token.minute == _minute(at) and token.requests >= tokens.REQUESTS_A_MINUTE


def count(token: ApiToken, *, at: dt.datetime, today: dt.date) -> None:
    """Note one request. Done last in a request, so that no other waits for the row's lock."""
    minute = _minute(at)
    requests = Case(When(minute=minute, then=F("requests") + 1), default=Value(1))
    ApiToken.objects.filter(pk=token.pk).update(
        requests=requests, minute=minute, last_used_on=today
    )


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
