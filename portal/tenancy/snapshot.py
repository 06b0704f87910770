"""The catalogue as the migrations make it, kept in a file, and how a database differs from it."""

import json
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

from portal.tenancy.catalogue import ON_A_TABLE, Catalogue, Facts, home

FILE = Path(__file__).with_name("snapshot.json")
COMMAND = "bin/manage isolation_snapshot"
LONGEST = 90
# Of a table, in the order of the file; whatever belongs to no table stands before and behind.
IN_ORDER = ["table", "column", "constraint", "index", "policy", "trigger", "rule"]


def load() -> Catalogue:
    """The snapshot of the tree."""
    loaded: Catalogue = json.loads(FILE.read_text(encoding="utf-8"))
    return loaded


def render(catalogue: Catalogue) -> str:
    """JSON text with an object a line, each table followed by what belongs to it."""
    lines = (
        f"{json.dumps(thing)}: {json.dumps(catalogue[thing], sort_keys=True, ensure_ascii=False)}"
        for thing in sorted(catalogue, key=_place_in_file)
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _place_in_file(thing: str) -> tuple[int, str, int, str]:
    kind = thing.partition(" ")[0]
    if kind in IN_ORDER:
        return 1, home(thing), IN_ORDER.index(kind), thing
    return (2 if kind == "sequence" else 0), "", 0, thing


def differences(expected: Catalogue, actual: Catalogue) -> Iterator[str]:
    """What is missing, changed or added, as a sentence each.

    The parts of a table that is itself missing or added are not named one by one.
    """
    for thing in sorted(expected.keys() - actual.keys(), key=_place_in_file):
        if _is_worth_naming(thing, actual):
            yield f"The {thing} is missing."
    for thing in sorted(actual.keys() - expected.keys(), key=_place_in_file):
        if _is_worth_naming(thing, expected):
            yield f"The {thing} was not made by the migrations."
    for thing in sorted(expected.keys() & actual.keys(), key=_place_in_file):
        if actual[thing] != expected[thing]:
            changes = "; ".join(_changes(expected[thing], actual[thing]))
            yield f"The {thing} is not what the migrations made: {changes}."


def _is_worth_naming(thing: str, other: Catalogue) -> bool:
    is_part = thing.partition(" ")[0] in {"column", *ON_A_TABLE}
    return not is_part or f"table {home(thing)}" in other


def _changes(expected: Facts, actual: Facts) -> Iterator[str]:
    for name in sorted(expected.keys() | actual.keys()):
        if expected.get(name) != actual.get(name):
            was, stands = _in_words(expected.get(name)), _in_words(actual.get(name))
            alike = takewhile(lambda pair: pair[0] == pair[1], zip(was, stands, strict=False))
            start = len(list(alike)) if len(was + stands) > LONGEST else 0
            yield f"{name} is {_shown(stands, start)} instead of {_shown(was, start)}"


def _in_words(value: Any) -> str:
    if isinstance(value, dict):
        value = ", ".join(f"{role}: {rights}" for role, rights in sorted(value.items()))
    return "" if value is None else str(value)


def _shown(text: str, start: int) -> str:
    """The text on one line, from shortly before the first difference on."""
    if not text:
        return "not set"
    begin = max(0, start - 20)
    part = " ".join(text[begin : begin + LONGEST].split())
    return f"«{'…' if begin else ''}{part}{'…' if len(text) > begin + LONGEST else ''}»"
