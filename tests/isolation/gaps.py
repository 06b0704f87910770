"""The ways of `seeded.py`, each on everything that it fits: what the check has to find."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from portal.tenancy import snapshot
from portal.tenancy.catalogue import home
from portal.tenancy.check import tenants
from portal.tenancy.roles import APPLICATION, BACKUP, OWNER
from tests.isolation import seeded

SIMPLE = ("bigint", "boolean", "character", "integer", "jsonb", "numeric", "smallint", "text")
# Roles belong to the whole server, on which several processes test at once.
STRANGERS = {"stranger": f"stranger_{os.getpid()}", "between": f"between_{os.getpid()}"}


@dataclass(frozen=True)
class Gap:
    """A statement that opens the database, the object to be named, and the word that a rule says.

    `subject` is None where only the comparison with the snapshot can tell.
    """

    sql: str
    thing: str
    subject: str | None


def by_way(database: str) -> dict[str, list[Gap]]:
    """Way of breaking -> its gaps on all tables, references, sequences, functions and roles."""
    catalogue = snapshot.load()
    tables = list(_tables(catalogue))
    owned = [names for names in tables if names["t"] in tenants()]
    fixed = [names for names in owned if tenants()[names["t"]].append_only]
    scopes = {
        "table": (tables, seeded.EVERY_TABLE, seeded.EVERY_TABLE_BY_SNAPSHOT),
        "tenant": (owned, seeded.TENANTS, seeded.TENANTS_BY_SNAPSHOT),
        "append-only": (fixed, seeded.APPEND_ONLY, {}),
        "sequence": (list(_sequences(catalogue)), seeded.SEQUENCES, seeded.SEQUENCES_BY_SNAPSHOT),
        "reference": (list(_references(catalogue)), seeded.REFERENCES, {}),
    }
    ways = {}
    for scope, (everything, by_rule, by_snapshot) in scopes.items():
        for way, texts in {**by_rule, **by_snapshot}.items():
            ways[f"{scope}: {way}"] = [
                _gap(*texts, names, names["t"] if way in by_rule else None)
                for names in everything
                if names.get("c", "some") or "{c}" not in texts[0]
            ]
    return ways | _of_functions() | _of_roles(database) | _once(database)


def _gap(sql: str, thing: str, names: dict[str, str], subject: str | None) -> Gap:
    every = {**names, **STRANGERS}
    return Gap(sql.format(**every), thing.format(**every), subject)


def _of_functions() -> dict[str, list[Gap]]:
    return {
        f"{function}: {way}": [
            _gap(sql, f"function {function}", {"f": function}, function if is_rule else None)
        ]
        for function in seeded.FUNCTIONS
        for way, (sql, is_rule) in seeded.ONE_FUNCTION.items()
    }


def _of_roles(database: str) -> dict[str, list[Gap]]:
    return {
        f"{role}: {way}": [_gap(*texts, {"r": role, "database": database, "large": "424242"}, "")]
        for role in (APPLICATION, BACKUP, OWNER)
        for way, texts in {**seeded.ONE_ROLE, **seeded.ROLE_GETS[role]}.items()
    }


def _once(database: str) -> dict[str, list[Gap]]:
    names = {"database": database, "large": "424242"}
    return {
        sql: [_gap(sql, thing, names, subject)]
        for subject, ways in (("", seeded.ONCE_BY_RULE), (None, seeded.ONCE_BY_SNAPSHOT))
        for sql, thing in ways.items()
    }


def _tables(catalogue: snapshot.Catalogue) -> Iterator[dict[str, str]]:
    parts: dict[str, dict[str, dict[str, object]]] = {}
    for thing, facts in catalogue.items():
        parts.setdefault(home(thing), {})[thing] = facts
    for thing in catalogue:
        if not thing.startswith("table "):
            continue
        table = thing.removeprefix("table ")
        names = {"t": table, "key": "", "p": "", "stays": "", "appends": ""}
        keyed: set[object] = set()
        for part, facts in parts[table].items():
            kind, _, rest = part.partition(" ")
            name = rest.partition(" on ")[0]
            if kind == "index" and facts.get("primary"):
                names["key"] = name
                keyed = set(facts["columns"])  # type: ignore[call-overload]
            elif kind == "policy":
                names["p"] = name
            elif kind == "trigger":
                names["stays" if name.endswith("_stays") else "appends"] = name
        names["c"] = next(_simple_columns(table, parts[table], keyed), "")
        turned = "DISABLE" if names["p"] else "ENABLE"
        names["turned"] = f"ALTER TABLE {table} {turned} ROW LEVEL SECURITY"
        yield names


def _simple_columns(
    table: str, parts: dict[str, dict[str, object]], keyed: set[object]
) -> Iterator[str]:
    """Columns that may lose NOT NULL and take '1' as a default."""
    for part, facts in parts.items():
        name = part.removeprefix(f"column {table}.")
        if name == part or name in keyed or "identity" in facts or not facts.get("not null"):
            continue
        if str(facts["type"]).startswith(SIMPLE) and name != "organization_id":
            yield name


def _sequences(catalogue: snapshot.Catalogue) -> Iterator[dict[str, str]]:
    for thing in catalogue:
        if thing.startswith("sequence "):
            name = thing.removeprefix("sequence ")
            yield {"s": name, "t": name}


def _references(catalogue: snapshot.Catalogue) -> Iterator[dict[str, str]]:
    """The references that the models declare; those to tables of no organization may be others."""
    for table, tenant in tenants().items():
        for name in tenant.references:
            definition = catalogue[f"constraint {name} on {table}"]["definition"]
            yield {"t": table, "f": name, "definition": definition}
