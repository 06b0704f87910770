"""API tokens: what they may do, how they are written, and when they no longer hold."""

import datetime as dt
import hashlib
import hmac
import re
from enum import StrEnum

from portal.domain.roles import Permission, Role, may

MARK = "plb"
PREFIX_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
PREFIX_LENGTH = 8
LIFETIME_DAYS = 365
LONGEST_DAYS = 2 * 366
REQUESTS_A_MINUTE = 600
_WRITTEN = re.compile(rf"{MARK}_([{PREFIX_LETTERS}]{{{PREFIX_LENGTH}}})_([0-9a-f]{{64}})")
# Compared with when there is no token, so that both cases take the same path.
NOBODY = "0" * 64


class Scope(StrEnum):
    READ = "figures:read"
    WRITE = "figures:write"
    DEPLOYMENTS = "deployments:write"
    REVIEWS = "reviews:read"
    AUDIT = "audit:read"


SCOPE_SENTENCES: dict[Scope, str] = {
    Scope.READ: "Reads use cases, deployments, their KPIs, every figure and its revisions.",
    Scope.WRITE: "Sends figures and corrects them with a reason. It deletes nothing.",
    Scope.DEPLOYMENTS: "Registers and changes use cases and deployments by the rules of the pages.",
    Scope.REVIEWS: "Reads recommendations with their reasons, and quarterly reviews.",
    Scope.AUDIT: "Reads the audit trail.",
}


# What the maker of a token must be allowed to do, beyond issuing tokens.
SCOPE_NEEDS: dict[Scope, Permission] = {Scope.AUDIT: Permission.SEE_AUDIT}


def may_give(role: Role | str, scope: Scope) -> bool:
    """Whether somebody of the role may issue a token with the scope."""
    return scope not in SCOPE_NEEDS or may(role, SCOPE_NEEDS[scope])


def written(prefix: str, secret: str) -> str:
    """The token as a program sends it."""
    return f"{MARK}_{prefix}_{secret}"


def parse(header: str) -> tuple[str, str] | None:
    """Prefix and secret out of an Authorization header, None for anything else."""
    kind, _, rest = header.partition(" ")
    if kind.lower() != "bearer":
        return None
    found = _WRITTEN.fullmatch(rest.strip())
    return (found[1], found[2]) if found else None


def digest(secret: str) -> str:
    """What is kept of a secret. It is random, so a fast hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(secret: str, kept: str) -> bool:
    """Whether the secret belongs to the kept digest, in constant time."""
    return hmac.compare_digest(digest(secret), kept)


def holds(*, expires_on: dt.date, revoked_at: dt.datetime | None, today: dt.date) -> bool:
    """A token holds up to and including its last day, unless it was revoked."""
    return revoked_at is None and today <= expires_on
