"""What must be true of any catalogue, whatever the snapshot says: a new table obeys or fails."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from portal.domain.tables import GLOBAL, POINT_AT_ORGANIZATION, PRE_TENANT, READ_ONLY
from portal.tenancy.catalogue import Catalogue, Facts, home
from portal.tenancy.roles import APPLICATION, BACKUP, OWNER

GUARD = "(organization_id = public.current_organization())"
POLICY = {"kind": "permissive", "for": "ALL", "to": ["PUBLIC"], "using": GUARD, "check": GUARD}
ROWS = {"SELECT", "INSERT", "UPDATE", "DELETE"}
REFERENCE = re.compile(r"FOREIGN KEY \((.*?)\) REFERENCES (?:public\.)?(\S+?)\((.*?)\)")
STAYS = re.compile(r"BEFORE UPDATE OF organization_id ON .* EXECUTE FUNCTION public.refuse_change")
APPENDS = re.compile(r"BEFORE DELETE OR UPDATE ON .* EXECUTE FUNCTION public.refuse_change")
ROLES: Catalogue = {
    OWNER: {"inherits": True},
    APPLICATION: {"inherits": True, "may log in": True},
    BACKUP: {"inherits": True, "bypasses row security": True},
}
# Nothing of these kinds is ever needed, so that no snapshot can let one in.
NEVER = (
    "materialized view",
    "foreign table",
    "rule",
    "setting",
    "grant",
    "large objects",
    "temporary child",
    "ownership",
    "subscription",
)


@dataclass(frozen=True)
class Tenant:
    """What the model of a tenant table promises: no change of rows, and these references."""

    append_only: bool
    references: list[str] = field(default_factory=list)


Tenants = Mapping[str, Tenant]


def broken(catalogue: Catalogue, tenants: Tenants) -> Iterator[str]:
    """Every rule of isolation that the catalogue breaks, as a sentence each."""
    yield from _classes(catalogue, tenants)
    yield from _row_security(catalogue, tenants)
    yield from _keys(catalogue, tenants)
    yield from _references(catalogue, tenants)
    yield from _triggers(catalogue, tenants)
    yield from _roles(catalogue)
    yield from _grants(catalogue, tenants)
    yield from _side_doors(catalogue)


def _of(catalogue: Catalogue, kind: str) -> Iterator[tuple[str, Facts]]:
    """(Name without the kind, facts) of the objects of one kind."""
    for thing, facts in catalogue.items():
        if thing.startswith(f"{kind} "):
            yield thing[len(kind) + 1 :], facts


def _classes(catalogue: Catalogue, tenants: Tenants) -> Iterator[str]:
    classified = tenants.keys() | PRE_TENANT.keys() | GLOBAL.keys()
    for table, facts in _of(catalogue, "table"):
        if table not in classified:
            yield f"Table {table} is in no class of portal/domain/tables.py."
        if facts.get("owner") != OWNER:
            yield f"Table {table} belongs to {facts.get('owner')}."
        if facts.get("parents") or facts.get("partition"):
            yield f"Table {table} shares its rows with another table."
    for column, _ in _of(catalogue, "column"):
        table, _, name = column.rpartition(".")
        owned = table in tenants or table in POINT_AT_ORGANIZATION
        if name == "organization_id" and not owned:
            yield f"Table {table} has an organization but is not owned by one."


def _row_security(catalogue: Catalogue, tenants: Tenants) -> Iterator[str]:
    policies: dict[str, list[Facts]] = {}
    for policy, facts in _of(catalogue, "policy"):
        policies.setdefault(home(f"policy {policy}"), []).append(facts)
    for table in tenants:
        organization = catalogue.get(f"column {table}.organization_id")
        if organization is None:
            yield f"Table {table} is missing or has no organization_id."
            continue
        if catalogue.get(f"table {table}", {}).get("row security") != "forced":
            yield f"Row-level security of {table} is not enabled and forced."
        if not organization.get("not null") or "default" in organization:
            yield f"The organization of {table} may be empty or is guessed."
        if policies.get(table) != [POLICY]:
            yield f"Table {table} does not have exactly the one policy it should have."


def _keys(catalogue: Catalogue, tenants: Tenants) -> Iterator[str]:
    keyed = set()
    for index, facts in _of(catalogue, "index"):
        table, columns = home(f"index {index}"), facts.get("columns")
        if table not in tenants or not isinstance(columns, list):
            continue
        if facts.get("primary"):
            keyed.add(table)
        if columns[0] != "organization_id":
            yield f"The unique key {index} is not led by the organization."
    for table in sorted(tenants.keys() - keyed):
        yield f"Table {table} has no primary key."


def _references(catalogue: Catalogue, tenants: Tenants) -> Iterator[str]:
    for constraint, facts in _of(catalogue, "constraint"):
        reference = REFERENCE.match(str(facts["definition"]))
        if reference is None:
            continue
        columns, target, theirs = reference.groups()
        if target in tenants and "organization_id" not in set(columns.split(", ")) & set(
            theirs.split(", ")
        ):
            yield f"The reference {constraint} may point into another organization."
        if "checked" in facts or "triggers" in facts:
            yield f"The reference {constraint} is not checked for every row."
    for table, tenant in tenants.items():
        for name in tenant.references:
            if f"constraint {name} on {table}" not in catalogue:
                yield f"The reference {name} of {table} is missing."


def _triggers(catalogue: Catalogue, tenants: Tenants) -> Iterator[str]:
    working: dict[str, list[str]] = {}
    for trigger, facts in _of(catalogue, "trigger"):
        if "state" not in facts:
            working.setdefault(home(f"trigger {trigger}"), []).append(str(facts["definition"]))
    for table, tenant in tenants.items():
        definitions = working.get(table, [])
        if not any(STAYS.search(text) for text in definitions):
            yield f"A row of {table} could be moved to another organization."
        if tenant.append_only and not any(APPENDS.search(text) for text in definitions):
            yield f"Rows of {table} could be changed or removed."


def _roles(catalogue: Catalogue) -> Iterator[str]:
    for role, facts in ROLES.items():
        if catalogue.get(f"role {role}") != facts:
            yield f"The role {role} may do more or less than it should."
    for membership, _ in _of(catalogue, "membership"):
        if membership != f"of {BACKUP} in pg_read_all_data":
            yield f"There is a membership {membership}."
    for thing, facts in catalogue.items():
        if facts.get("owner") in (APPLICATION, BACKUP):
            yield f"The role {facts['owner']} owns the {thing}."


def _grants(catalogue: Catalogue, tenants: Tenants) -> Iterator[str]:
    for thing, facts in catalogue.items():
        kind, _, name = thing.partition(" ")
        for grantee, rights in facts.get("grants", {}).items():
            if kind in {"column", "sequence"} or (kind == "view" and grantee == "PUBLIC"):
                yield f"{grantee} has {rights} on the {thing}."
            elif kind == "table":
                more = sorted(set(rights.split()) - _allowed(name, grantee, tenants))
                if more:
                    yield f"{grantee} has {', '.join(more)} on the {thing}."
            elif kind == "schema" and rights != "USAGE":
                yield f"{grantee} has {rights} on the {thing}."


def _allowed(table: str, grantee: str, tenants: Tenants) -> set[str]:
    """Rights that a role may at most have on a table; the backup reads as a member of a role."""
    if grantee != APPLICATION:
        return set()
    if table in READ_ONLY:
        return {"SELECT"}
    is_append_only = table in tenants and tenants[table].append_only
    return ROWS - {"UPDATE", "DELETE"} if is_append_only else ROWS


def _side_doors(catalogue: Catalogue) -> Iterator[str]:
    for thing, facts in catalogue.items():
        if thing.startswith(NEVER) or facts.get("rare"):
            yield f"The {thing} has no use here."
        elif _has_rights_of_its_owner(thing, facts):
            yield f"The {thing} runs with the rights of its owner."
        elif thing.startswith("schema ") and thing != "schema public":
            yield f"The {thing} has no use here."
        elif thing.startswith("extension ") and thing != "extension plpgsql":
            yield f"The {thing} is not one that the portal knows."


def _has_rights_of_its_owner(thing: str, facts: Facts) -> bool:
    if thing.startswith("view "):
        return "security_invoker=true" not in facts.get("options", [])
    return "function " in thing and "runs as" in facts
