"""The dated tree of units, as plain mappings from a unit to its parent."""

from collections.abc import Mapping


def stands_below(tree: Mapping[int, int | None], unit: int | None, ancestor: int) -> bool:
    """Whether the unit is the ancestor itself or has it above, in a mapping unit -> parent."""
    seen: set[int] = set()
    while unit is not None and unit not in seen:
        if unit == ancestor:
            return True
        seen.add(unit)
        unit = tree.get(unit)
    return False


def outline(tree: Mapping[int, int | None], names: Mapping[int, str]) -> list[tuple[int, int]]:
    """Every unit of the tree with its depth, parents before children, siblings by name.

    A parent that is not in the tree itself counts as none.
    """
    below: dict[int | None, list[int]] = {}
    for unit, parent in tree.items():
        below.setdefault(parent if parent in tree else None, []).append(unit)
    found: list[tuple[int, int]] = []

    def visit(parent: int | None, depth: int) -> None:
        for unit in sorted(below.get(parent, []), key=lambda one: (names[one].casefold(), one)):
            found.append((unit, depth))
            visit(unit, depth + 1)

    visit(None, 0)
    return found
