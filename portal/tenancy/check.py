"""The catalogue check: reads from the database itself whether organizations are kept apart."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from portal.domain.tables import GLOBAL, POINT_AT_ORGANIZATION, PRE_TENANT
from portal.models.owned import OrganizationOwned
from portal.tenancy.constraints import AppendOnly, TenantIsolation
from portal.tenancy.roles import APPLICATION, BACKUP, OWNER

GUARD = "(organization_id = current_organization())"
TOO_MUCH = {"TRUNCATE", "REFERENCES", "TRIGGER"}
SCHEMA = "n.nspname = 'public'"


def tenant_tables() -> dict[str, bool]:
    """Table name -> whether it is append-only, for every model owned by an organization."""
    return {
        model._meta.db_table: any(isinstance(c, AppendOnly) for c in model._meta.constraints)
        for model in apps.get_models()
        if issubclass(model, OrganizationOwned)
    }


def gaps() -> list[str]:
    """Every way in which the database lets organizations mix, as a sentence each; [] is good."""
    tenants = tenant_tables()
    return [
        *_unclassified(tenants),
        *_row_security(tenants),
        *_policies(tenants),
        *_keys(tenants),
        *_references(tenants),
        *_triggers(tenants),
        *_roles(),
        *_grants(tenants),
        *_side_doors(),
    ]


def refuse_if_open() -> None:
    """Raises ImproperlyConfigured with the gaps: an open database must not be served."""
    found = gaps()
    if found:
        raise ImproperlyConfigured("Organizations are not kept apart: " + " ".join(found))


def _rows(sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _unclassified(tenants: dict[str, bool]) -> Iterator[str]:
    known = tenants.keys() | PRE_TENANT.keys() | GLOBAL.keys()
    for (table,) in _rows(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE {SCHEMA} AND c.relkind IN ('r', 'p', 'f') ORDER BY 1"
    ):
        if table not in known:
            yield f"Table {table} is in no class of portal/domain/tables.py."
    columns = _rows(
        "SELECT table_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND column_name = 'organization_id'"
    )
    for (table,) in columns:
        if table not in tenants and table not in POINT_AT_ORGANIZATION:
            yield f"Table {table} has an organization but is not owned by one."


def _row_security(tenants: dict[str, bool]) -> Iterator[str]:
    found = {
        row[0]: row[1:]
        for row in _rows(
            "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,"
            " a.attnotnull, a.atthasdef, pg_get_userbyid(c.relowner)"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'"
            f" WHERE {SCHEMA} AND c.relkind IN ('r', 'p')"
        )
    }
    for table in tenants:
        if table not in found:
            yield f"Table {table} is missing or has no organization_id."
            continue
        enabled, forced, not_null, default, owner = found[table]
        if not (enabled and forced):
            yield f"Row-level security of {table} is not enabled and forced."
        if not not_null or default:
            yield f"The organization of {table} may be empty or is guessed."
        if owner != OWNER:
            yield f"Table {table} belongs to {owner}."


def _policies(tenants: dict[str, bool]) -> Iterator[str]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table, *policy in _rows(
        "SELECT tablename, permissive, cmd, roles::text, qual, with_check FROM pg_policies"
        " WHERE schemaname = 'public'"
    ):
        found.setdefault(table, []).append(tuple(policy))
    wanted = [("PERMISSIVE", "ALL", "{public}", GUARD, GUARD)]
    for table in tenants:
        if found.get(table) != wanted:
            yield f"Table {table} does not have exactly the one policy it should have."


def _keys(tenants: dict[str, bool]) -> Iterator[str]:
    keyed = set()
    for table, index, is_primary, columns in _rows(
        "SELECT c.relname, i.relname, x.indisprimary,"
        " ARRAY(SELECT a.attname::text FROM unnest(x.indkey::int[]) WITH ORDINALITY k(attnum, at)"
        "       LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum"
        "       ORDER BY k.at)"
        " FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid"
        " JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE {SCHEMA} AND x.indisunique"
    ):
        if table not in tenants:
            continue
        if is_primary:
            keyed.add(table)
        if columns[0] != "organization_id":
            yield f"The unique key {index} of {table} is not led by the organization."
    for table in sorted(tenants.keys() - keyed):
        yield f"Table {table} has no primary key."


def _references(tenants: dict[str, bool]) -> Iterator[str]:
    there: dict[str, set[str]] = {}
    for table, name, target, columns, others, valid in _rows(
        "SELECT c.relname, k.conname, f.relname,"
        " ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid"
        "       AND attnum = ANY(k.conkey)),"
        " ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = f.oid"
        "       AND attnum = ANY(k.confkey)), k.convalidated"
        " FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"
        " JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE {SCHEMA} AND k.contype = 'f'"
    ):
        there.setdefault(table, set()).add(name)
        if target not in tenants:
            continue
        if "organization_id" not in columns or "organization_id" not in others:
            yield f"The reference {name} of {table} may point into another organization."
        if not valid:
            yield f"The reference {name} of {table} was never checked."
    for model in apps.get_models():
        if not issubclass(model, OrganizationOwned):
            continue
        table = model._meta.db_table
        for name in _expected_references(model):
            if name not in there.get(table, set()):
                yield f"The reference {name} of {table} is missing."


def _expected_references(model: type[OrganizationOwned]) -> Iterator[str]:
    if any(isinstance(c, TenantIsolation) and c.refers for c in model._meta.constraints):
        yield f"{model._meta.db_table}_organization"
    for field in model._meta.get_fields():
        related = field.related_model if field.many_to_one and field.concrete else None
        if isinstance(related, type) and issubclass(related, OrganizationOwned):
            yield f"{model._meta.model_name}_{field.name}_organization"


def _triggers(tenants: dict[str, bool]) -> Iterator[str]:
    found = set(
        _rows(
            "SELECT c.relname, p.proname, (t.tgtype & 8) > 0 FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE NOT t.tgisinternal AND t.tgenabled = 'O'"
        )
    )
    for table, append_only in tenants.items():
        if (table, "refuse_change", False) not in found:
            yield f"A row of {table} could be moved to another organization."
        if append_only and (table, "refuse_change", True) not in found:
            yield f"Rows of {table} could be changed or removed."


def _roles() -> Iterator[str]:
    roles = {
        row[0]: row[1:]
        for row in _rows(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolreplication FROM pg_roles"
        )
    }
    for role, may_bypass in ((APPLICATION, False), (OWNER, False), (BACKUP, True)):
        if role not in roles:
            yield f"The role {role} is missing."
            continue
        is_super, bypasses, creates, replicates = roles[role]
        if is_super or creates or replicates or bypasses is not may_bypass:
            yield f"The role {role} may do more or less than it should."
    if APPLICATION not in roles:
        return
    for (granted,) in _rows(
        "SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
        " JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = %s",
        [APPLICATION],
    ):
        yield f"The role {APPLICATION} is a member of {granted}."
    owned = _rows(
        "SELECT c.relname FROM pg_class c WHERE pg_get_userbyid(c.relowner) = %s", [APPLICATION]
    )
    for (name,) in owned:
        yield f"The role {APPLICATION} owns {name}."
    if _rows("SELECT 1 WHERE has_schema_privilege(%s, 'public', 'CREATE')", [APPLICATION]):
        yield f"The role {APPLICATION} may create tables."


def _grants(tenants: dict[str, bool]) -> Iterator[str]:
    for table, privilege, grantee in _rows(
        "SELECT c.relname, a.privilege_type,"
        " CASE WHEN a.grantee = 0 THEN 'everybody' ELSE pg_get_userbyid(a.grantee) END"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,"
        " aclexplode(c.relacl) a"
        f" WHERE {SCHEMA} AND c.relkind IN ('r', 'p')"
        " AND (a.grantee = 0 OR pg_get_userbyid(a.grantee) <> pg_get_userbyid(c.relowner))"
    ):
        if privilege in TOO_MUCH or grantee not in {APPLICATION, BACKUP}:
            yield f"{grantee} has {privilege} on {table}."
        elif tenants.get(table) and privilege in {"UPDATE", "DELETE"}:
            yield f"{grantee} has {privilege} on {table}, which is append-only."


def _side_doors() -> Iterator[str]:
    for name, kind, options in _rows(
        "SELECT c.relname, c.relkind::text, coalesce(c.reloptions::text, '') FROM pg_class c"
        f" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {SCHEMA}"
        " AND c.relkind IN ('v', 'm')"
    ):
        if kind == "m":
            yield f"The materialized view {name} ignores row-level security."
        elif "security_invoker=true" not in options:
            yield f"The view {name} runs with the rights of its owner."
    for (name,) in _rows(
        "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        f" WHERE {SCHEMA} AND p.prosecdef"
    ):
        yield f"The function {name} runs with the rights of its owner."
