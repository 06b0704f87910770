"""The catalogue check: reads from the database itself whether organizations are kept apart."""

from collections.abc import Iterator

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from portal.models.owned import OrganizationOwned
from portal.tenancy import catalogue, rules, snapshot
from portal.tenancy.constraints import AppendOnly, TenantIsolation
from portal.tenancy.roles import APPLICATION

SESSION = """
SELECT current_user, session_user,
       (SELECT usename FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()),
       coalesce(current_setting('app.organization', true), ''),
       current_setting('session_replication_role'), current_setting('row_security'),
       array_to_string(current_schemas(false), ', ')
"""


def tenant_tables() -> dict[str, bool]:
    """Table name -> whether it is append-only, for every model owned by an organization."""
    return {table: tenant.append_only for table, tenant in tenants().items()}


def tenants() -> dict[str, rules.Tenant]:
    """Table name -> what its model promises, for every model owned by an organization."""
    return {
        model._meta.db_table: rules.Tenant(
            any(isinstance(c, AppendOnly) for c in model._meta.constraints),
            list(_references(model)),
        )
        for model in apps.get_models()
        if issubclass(model, OrganizationOwned)
    }


def gaps() -> list[str]:
    """Every way in which the database lets organizations mix, as a sentence each; [] is good.

    For another role than the application's the only answer is that it is another.
    """
    return list(connected_wrongly()) or catalogue_gaps(catalogue.read())


def catalogue_gaps(actual: catalogue.Catalogue) -> list[str]:
    """How a catalogue differs from the snapshot, and which rules it breaks in any case."""
    return [
        *snapshot.differences(snapshot.load(), actual),
        *rules.broken(actual, tenants()),
    ]


def connected_wrongly() -> Iterator[str]:
    """What is wrong with the connection itself: its role, or settings that came with it."""
    with connection.cursor() as cursor:
        cursor.execute(SESSION)
        current, session, login, organization, replication, security, path = cursor.fetchone()
    if {current, session, login} != {APPLICATION}:
        yield (
            f"The connection was opened as {login} and acts as {current}. Only {APPLICATION} may"
            " serve people: row-level security does not bind others. Correct DATABASE_URL."
        )
        return
    if organization:
        yield "The connection begins with an organization bound: remove app.organization from it."
    if replication != "origin":
        yield "The connection fires no triggers: remove session_replication_role from it."
    if security != "on":
        yield "The connection switches row_security off: remove that setting from it."
    if path != "public":
        yield f"The connection looks for tables in {path or 'no schema'} instead of public."


def refuse_if_open() -> None:
    """Raises ImproperlyConfigured with the gaps: an open database must not be served."""
    if sentences := gaps():
        raise ImproperlyConfigured("Organizations are not kept apart: " + " ".join(sentences))


def _references(model: type[OrganizationOwned]) -> Iterator[str]:
    """Names of the foreign keys that the model's constraints make."""
    if any(isinstance(c, TenantIsolation) and c.refers for c in model._meta.constraints):
        yield f"{model._meta.db_table}_organization"
    for relation in model._meta.get_fields():
        related = relation.related_model if relation.many_to_one and relation.concrete else None
        if isinstance(related, type) and issubclass(related, OrganizationOwned):
            yield f"{model._meta.model_name}_{relation.name}_organization"
