"""What a change of the deployment leaves to be confirmed (method 4; capability 11)."""

import datetime as dt
from collections.abc import Mapping

PARTS = ("kpi_set", "baselines", "thresholds")


def parts_to_confirm(
    changed_at: dt.datetime | None, confirmed: Mapping[str, dt.datetime | None]
) -> tuple[str, ...]:
    """The parts that nobody looked at since the newest change that matters; in a fixed order."""
    if changed_at is None:
        return ()
    known = {part: confirmed.get(part) for part in PARTS}
    return tuple(part for part in PARTS if known[part] is None or known[part] < changed_at)  # type: ignore[operator]


def changed_since(
    changed_at: dt.datetime | None, confirmed: Mapping[str, dt.datetime | None]
) -> bool:
    """Whether anything is to be confirmed; a set that does not exist yet is not out of date."""
    return bool(confirmed) and bool(parts_to_confirm(changed_at, confirmed))
