"""Rows below the categories of the catalogue."""

from collections.abc import Iterable
from typing import TypeVar

from kpis.domain.catalogue import shipped

Row = TypeVar("Row")


def below_categories(rows: Iterable[tuple[str, Row]]) -> list[tuple[str, list[Row]]]:
    """Rows, given with the key of their category, below its name: categories in the catalogue's
    order and then those of the organization, rows in the order in which they come."""
    vocabulary = shipped.catalogue().vocabulary["categories"]
    names = {category["key"]: category["name"] for category in vocabulary}
    groups: dict[str, list[Row]] = {}
    for key, row in rows:
        groups.setdefault(key, []).append(row)
    order = [*names, *sorted(set(groups) - set(names))]
    return [
        (names.get(key, key.replace("_", " ").capitalize()), groups[key])
        for key in order
        if key in groups
    ]
