"""Every gain is read beside its side effects (capability 3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from kpis.domain.states import WORSE
from kpis.domain.statistics.change import BETTER

RED = frozenset({"warning", "critical"})
SILENT = {
    "not_measured": "is not measured",
    "stale": "is out of date",
    "partial": "is only partly measured",
    "too_few": "has too few cases to tell",
    "definition_changed": "means something else than before",
    "not_independent": "comes from the review that failed",
}


@dataclass(frozen=True)
class SideEffect:
    """A KPI beside a gain; `data`, `level` and `change` as the verdict has them, None if absent."""

    name: str
    data: str | None = None
    level: str | None = None
    change: str | None = None


def doubt(change: str, beside: Sequence[SideEffect]) -> str:
    """Why a gain is not confirmed, as a sentence; empty where there is no gain or no doubt.

    A gain counts only while every KPI named as its pair is in the set, measured and not red.
    """
    if change not in BETTER:
        return ""
    if not beside:
        return "No side effect is measured beside it."
    for side_effect in beside:
        if side_effect.data is None:
            return f"{side_effect.name} is not in the set."
        if side_effect.data != "measured":
            return f"{side_effect.name} {SILENT[side_effect.data]}."
        if side_effect.level in RED:
            return f"{side_effect.name} is beyond its {side_effect.level} limit."
        if side_effect.change in WORSE:
            return f"{side_effect.name} got worse."
    return ""
