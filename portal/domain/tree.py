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
