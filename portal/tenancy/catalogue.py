"""The database's own catalogue as plain facts: what stands in it, without numbers that vary.

Left out because they differ between servers without mattering: object numbers, who gave a right,
the rights of an owner over its own things, sort orders, storage, the settings of logging, and
what PostgreSQL and the extensions bring themselves, unless somebody changed its rights.
"""

import json
import re
from typing import Any

from django.db import connection, transaction

from portal.tenancy.catalogue_sql import PARTS

# `IN ('a', 'b')` on a varchar is shown as one cast of the list, and after a dump and restore as a
# cast of each value: the same expression in two spellings.
CAST_LIST = re.compile(r"\(ARRAY\[((?:'(?:[^']|'')*'::character varying(?:, )?)+)\]\)::text\[\]")
VALUE = re.compile(r"'(?:[^']|'')*'::character varying")
Facts = dict[str, Any]
Catalogue = dict[str, Facts]


def read() -> Catalogue:
    """Every object of the connected database -> its facts.

    The keys are words such as "column kpis_kpi.slug" or "policy kpi_isolation on kpis_kpi"; a
    schema is named unless it is `public`. Any role may read; nothing is written.
    """
    catalogue: Catalogue = {}
    with transaction.atomic(), connection.cursor() as cursor:
        # Definitions name the schema of everything that is not on the path.
        cursor.execute("SET LOCAL search_path TO pg_catalog, pg_temp; SET LOCAL jit TO off")
        cursor.execute(" UNION ALL ".join(PARTS))
        for thing, facts in cursor.fetchall():
            while thing in catalogue:
                thing += ", again"
            catalogue[thing] = json.loads(facts)
            if "definition" in catalogue[thing]:
                catalogue[thing]["definition"] = _spelt_alike(catalogue[thing]["definition"])
        # An enclosing transaction gets its own search path back.
        transaction.set_rollback(True)
    return catalogue


def _spelt_alike(definition: str) -> str:
    return CAST_LIST.sub(
        lambda cast: f"ARRAY[{VALUE.sub(lambda value: f'({value[0]})::text', cast[1])}]", definition
    )


def home(thing: str) -> str:
    """Name of the table that an object belongs to, of the object itself when to none."""
    kind, _, name = thing.partition(" ")
    if kind == "column":
        return name.rpartition(".")[0]
    if kind in ON_A_TABLE:
        return name.rpartition(" on ")[2]
    return name


ON_A_TABLE = {"constraint", "index", "policy", "rule", "trigger"}
