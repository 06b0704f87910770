"""Made-up figures: one period of a KPI of each kind, from a source of chance with a seed."""

import random
from decimal import Decimal
from typing import Any

from kpis.domain.aggregation import monoids
from kpis.models import Kpi

Parts = tuple[str, dict[str, Any]]
SHORTEST_MS = 30_000


def parts_of_week(kpi: Kpi, level: float, cases: int, chance: random.Random) -> Parts:
    """Kind and parts of one period around a level; `cases` as the kind counts them."""
    if kpi.kind == "money":
        return "money", {"minor": {kpi.currency: round(level * 100)}}
    if kpi.kind == "count":
        return "count", {"n": round(level)}
    if kpi.kind == "mean":
        value = Decimal(str(round(chance.gauss(level, level * 0.15), 2)))
        return "mean", {"n": 1, "sum": str(value), "sumsq": str(value * value)}
    if kpi.kind == "quotient":
        share = chance.gauss(level, level * 0.04)
        return "quotient", {"num": str(round(share * cases)), "den": str(cases)}
    if kpi.kind == "rating":
        return "rating", _answers(level, cases)
    if kpi.kind == "duration":
        return "duration", _times(level, cases, chance)
    return "ratio", {"num": sum(chance.random() < level for _ in range(cases)), "den": cases}


def _answers(top: float, cases: int) -> dict[str, Any]:
    """Answers 1 to 5 of which the two best make the share."""
    best = round(top * cases)
    worst = min(1, cases - best)
    counts = {"5": best // 2, "4": best - best // 2, "3": cases - best - worst, "2": worst, "1": 0}
    return {"counts": counts, "top": ["4", "5"]}


def _times(minutes: float, cases: int, chance: random.Random) -> dict[str, Any]:
    """Times of single tasks, skewed as times are, around a mean in minutes."""
    times = [
        max(SHORTEST_MS, round(chance.lognormvariate(0, 0.4) * minutes * 60_000 / 1.083))
        for _ in range(cases)
    ]
    return monoids.to_parts("duration", monoids.of_durations(times))
