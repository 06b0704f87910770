"""What happens when an invitation is opened: one table, walked by a test cell by cell.

Nobody is a member by being invited. Whoever opens an invitation holds its link, which went to the
address or was handed over by the administrator. Where no account has the address, the link alone
makes one; where one does, the link and a session of exactly that account are both needed, so that
neither an account that a stranger made nor a link that a stranger kept opens anything.
"""

import datetime as dt
import hashlib
from enum import StrEnum

DAYS = 14


class Account(StrEnum):
    """What the installation knows of the address that was invited."""

    NONE = "none"
    BLANK = "without password, never a member anywhere"
    WITHOUT_PASSWORD = "without password, member somewhere"
    DISABLED = "switched off"
    FREE = "with password, never a member anywhere"
    ELSEWHERE = "with password, member or former member elsewhere"
    FORMER_HERE = "with password, former member here"
    HERE = "with password, member here"


class Standing(StrEnum):
    """Where the invitation stands."""

    OPEN = "open"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"


class Visitor(StrEnum):
    """Who opens the link."""

    NOBODY = "nobody signed in"
    OWNER = "that account, signed in with its password"
    UNCONFIRMED = "that account, signed in otherwise"
    OTHER = "another account"


class Outcome(StrEnum):
    """What the link then does."""

    CREATE = "makes account and membership"
    ACCEPT = "makes the membership"
    ENTER = "leads in: already a member"
    SIGN_IN = "asks to sign in"
    CONFIRM = "asks for the password"
    SWITCH = "asks to sign out first"
    GONE = "does not work any more"


_O = Outcome
_VISITORS = (Visitor.NOBODY, Visitor.OWNER, Visitor.UNCONFIRMED, Visitor.OTHER)
# An open invitation. Sessions of accounts that cannot have one are refused, not forgotten.
_OPEN: dict[Account, tuple[Outcome, Outcome, Outcome, Outcome]] = {
    Account.NONE: (_O.CREATE, _O.GONE, _O.GONE, _O.SWITCH),
    Account.BLANK: (_O.CREATE, _O.GONE, _O.GONE, _O.SWITCH),
    Account.WITHOUT_PASSWORD: (_O.SIGN_IN, _O.GONE, _O.GONE, _O.SWITCH),
    Account.DISABLED: (_O.SIGN_IN, _O.GONE, _O.GONE, _O.SWITCH),
    Account.FREE: (_O.SIGN_IN, _O.ACCEPT, _O.CONFIRM, _O.SWITCH),
    Account.ELSEWHERE: (_O.SIGN_IN, _O.ACCEPT, _O.CONFIRM, _O.SWITCH),
    Account.FORMER_HERE: (_O.SIGN_IN, _O.ACCEPT, _O.CONFIRM, _O.SWITCH),
    Account.HERE: (_O.SIGN_IN, _O.ENTER, _O.ENTER, _O.SWITCH),
}
# Any other invitation says the same to everybody.
TABLE: dict[tuple[Account, Standing, Visitor], Outcome] = {
    (account, standing, visitor): outcome if standing is Standing.OPEN else Outcome.GONE
    for account, outcomes in _OPEN.items()
    for standing in Standing
    for visitor, outcome in zip(_VISITORS, outcomes, strict=True)
}


def account_state(
    *,
    exists: bool,
    is_active: bool,
    has_password: bool,
    here: bool | None,
    is_elsewhere: bool,
) -> Account:
    """The row of the table; `here` is True for a member, False for a former one, else None.

    `is_elsewhere` counts past memberships as well.
    """
    if not exists:
        return Account.NONE
    if not is_active:
        return Account.DISABLED
    if not has_password:
        is_blank = here is None and not is_elsewhere
        return Account.BLANK if is_blank else Account.WITHOUT_PASSWORD
    if here is not None:
        return Account.HERE if here else Account.FORMER_HERE
    return Account.ELSEWHERE if is_elsewhere else Account.FREE


def standing(*, state: str, expires_at: dt.datetime, at: dt.datetime) -> Standing:
    """The state that is kept, except that an open invitation ends by itself."""
    kept = Standing(state)
    return Standing.EXPIRED if kept is Standing.OPEN and at >= expires_at else kept


def digest(secret: str) -> str:
    """What is kept of a link's secret. It is random, so a fast hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def may_make_password_link(*, is_member: bool, is_active: bool, other_memberships: int) -> bool:
    """Whether an administrator may make a link with which this account gets a new password.

    Only for a present member whose account has never belonged to another organization: the link
    gives the account away, so it may open nothing that is not this administrator's to open. A past
    membership elsewhere forbids it as well: that organization may let the person back in, and its
    records speak in their name. Any change of a membership or of the password ends such a link.
    """
    return is_member and is_active and other_memberships == 0
