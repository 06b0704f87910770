"""Invitations of the bound organization, and what the installation knows of an address."""

from django.db.models import QuerySet

from portal.domain.invitations import Account, account_state, digest
from portal.models import Invitation, Membership, User
from portal.tenancy.scope import current_organization_id


def waiting() -> list[Invitation]:
    """Invitations that nobody answered yet, those that ran out included, newest first."""
    rows = Invitation.objects.filter(state=Invitation.State.OPEN)
    return list(rows.order_by("-invited_at", "address"))


def by_secret(secret: str) -> QuerySet[Invitation]:
    """The invitation whose link carries the secret, looked up by its digest."""
    return Invitation.objects.filter(secret_hash=digest(secret)).exclude(secret_hash="")


def account_of(address: str) -> User | None:
    """The account of an address, held until the transaction ends, so that nobody claims it or
    gives it another password or membership meanwhile."""
    rows = User.objects.select_for_update().filter(email=address)
    return rows.first()


def state_of(account: User | None) -> Account:
    """The account's row in the table of `portal.domain.invitations`."""
    if account is None:
        return account_state(
            exists=False, is_active=False, has_password=False, here=None, is_elsewhere=False
        )
    everywhere = dict(
        Membership.objects.ever_of(account).values_list("organization_id", "is_active")
    )
    here = everywhere.pop(current_organization_id(), None)
    return account_state(
        exists=True,
        is_active=account.is_active,
        has_password=account.has_usable_password(),
        here=here,
        is_elsewhere=bool(everywhere),
    )
