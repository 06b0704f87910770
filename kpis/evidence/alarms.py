"""Alarms that stand from earlier periods, with hysteresis (method 4)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kpis.domain import policy as policies
from kpis.domain.catalogue.thresholds import Reading, Rule, rule
from kpis.domain.catalogue.thresholds import standing as standing_of
from kpis.domain.verdict.evidence import read_figure
from kpis.domain.verdict.figures import MEANS, level_interval
from kpis.domain.verdict.schema import Figure
from kpis.evidence.figures import AS_POINT, parts_of
from kpis.evidence.sources import Sources
from kpis.models import Kpi, KpiTarget, Rollup

# Longer ago than this no alarm is looked for: the newest two years of weeks.
PERIODS = 104
Rules = dict[str, Rule | None]


def standing(sources: Sources, kpi: Kpi) -> dict[str, Any]:
    """`latched_level` and `clear_periods` of method 5.8, absent where no alarm stands.

    Thresholds are those that hold today: a threshold that was moved moves its alarms with it.
    """
    target, rows = sources.target_on(kpi, sources.as_of), sources.rows.get(kpi.pk, [])
    rules = _rules(kpi, target)
    if not any(rules.values()) or len(rows) < 2:
        return {}
    readings = _readings(kpi, rows[-PERIODS:], rules)
    found = standing_of(readings, rules, policy=policies.current())
    if found.level is None:
        return {}
    return {"latched_level": found.level, "clear_periods": found.clear_periods}


def _rules(kpi: Kpi, target: KpiTarget | None) -> Rules:
    if target is None or kpi.direction not in {"up", "down"}:
        return {}
    aim = None if target.target is None else float(target.target)
    policy = policies.current()
    return {
        name: None
        if limit is None
        else rule(float(limit), kpi.direction, target=aim, policy=policy)
        for name, limit in (("warning", target.warning), ("critical", target.critical))
    }


def _readings(kpi: Kpi, rows: Sequence[Rollup], rules: Rules) -> list[Reading]:
    z = policies.current().z_review
    return [_reading(kpi, row, rules, z) for row in rows]


def _reading(kpi: Kpi, row: Rollup, rules: Rules, z: float) -> Reading:
    kind, parts = parts_of(row, kpi.unit)
    value = None if row.value is None else float(row.value)
    if parts is None or kind in AS_POINT or row.definition != kpi.definition:
        return Reading(value if row.definition == kpi.definition else None)
    figure = read_figure(parts, kind, kpi.slug)
    found = None if figure is None else level_interval(kind, figure, z)
    if figure is None or found is None:
        return Reading(value)
    reading = Reading(value, found.lo, found.hi)
    # Too few cases to compare: a breach counts only where the interval confirms it (method 2.7).
    if _cases(kind, figure) >= _floor(kind) or kpi.n_unit == "period":
        return reading
    confirmed = any(one is not None and one.is_confirmed(reading) for one in rules.values())
    return reading if confirmed else replace(reading, measured=False)


def _cases(kind: str, figure: Figure) -> float:
    return figure.n if kind in MEANS else figure.den


def _floor(kind: str) -> int:
    policy = policies.current()
    if kind in MEANS:
        return policy.floor_items
    return {"ratio": policy.floor_ratio, "rating": policy.floor_rating}.get(kind, 0)
