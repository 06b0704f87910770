"""The ambient organization: bound for one transaction, and an error everywhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction

if TYPE_CHECKING:
    from portal.models import Organization

_bound: ContextVar[int | None] = ContextVar("organization", default=None)


class NoOrganization(RuntimeError):
    """Rows of an organization were asked for while none is bound."""


class AnotherOrganization(RuntimeError):
    """A second organization was to be bound inside the scope of the first."""


def current_organization_id() -> int:
    """Key of the bound organization. Raises NoOrganization outside `acting_in`."""
    key = _bound.get()
    if key is None:
        raise NoOrganization("No organization is bound: open acting_in(organization) first.")
    return key


def bound_organization_id() -> int | None:
    """Key of the bound organization, or None outside `acting_in`."""
    return _bound.get()


@contextmanager
def acting_in(organization: "Organization | int") -> Iterator[None]:
    """Open a transaction that sees and writes the rows of one organization only.

    Nesting the same organization opens a savepoint; another one raises AnotherOrganization,
    because a savepoint's rollback would hand its rows to the outer scope.
    """
    key = organization if isinstance(organization, int) else organization.pk
    outer = _bound.get()
    if outer is not None and outer != key:
        raise AnotherOrganization("Finish the work in one organization before opening another.")
    with transaction.atomic():
        if outer is None:
            _bind_in_database(key)
        token = _bound.set(key)
        try:
            yield
        finally:
            _bound.reset(token)
        # Not after an error: its rollback ends the binding, and the first error must stay visible.
        if outer is None:
            _unbind_in_database()


def _bind_in_database(key: int) -> None:
    with connection.cursor() as cursor:
        if settings.DATABASE_DISTRIBUTED:
            cursor.execute("SET LOCAL citus.propagate_set_commands TO 'local'")
        # int() makes the value safe to write into the statement, where no parameter is allowed.
        cursor.execute(f"SET LOCAL app.organization TO '{int(key)}'")


def _unbind_in_database() -> None:
    # An enclosing transaction (a test, a command) would otherwise keep the organization bound.
    if connection.in_atomic_block and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL app.organization TO ''")
