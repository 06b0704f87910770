"""One KPI of the set as the verdict reads it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from kpis.domain import wording
from kpis.domain.aggregation import storage
from kpis.domain.statistics.budgets import burn
from kpis.domain.statistics.change import trend_of
from kpis.domain.statistics.process_charts import Icon, Stage, variation_icon
from kpis.evidence.alarms import standing
from kpis.evidence.figures import AS_POINT, parts_of
from kpis.evidence.processes import segments
from kpis.evidence.sources import Sources
from kpis.models import Baseline, GrainCode, Kpi, KpiTarget, Rollup
from kpis.queries.series import GRAIN_OF_CADENCE
from portal.domain.calendar import Grain, period_of

DAYS = {1: 1, 2: 7, 3: 30, 4: 91, 5: 365}
ICONS = {Icon.COMMON: "common", Icon.IMPROVING: "improving", Icon.CONCERNING: "concerning"}
TRUSTED = {Stage.PROVISIONAL, Stage.FROZEN}
LIMITS = ("warning", "critical", "mwb", "margin", "expected_min")
FEW_WEEKS = 4


def entry(sources: Sources, kpi: Kpi) -> dict[str, Any]:
    """The fields of `kpis[]` in method 5.8 for one KPI; absent means the default there."""
    rows, target = sources.rows.get(kpi.pk, []), sources.target_on(kpi, sources.as_of)
    quarter = sources.quarterly.get(kpi.pk)
    newest = quarter if quarter is not None and not quarter.cannot_combine else None
    newest = newest or (rows[-1] if rows else None)
    kind, current = parts_of(newest, kpi.unit)
    found: dict[str, Any] = _declared(kpi) | {
        "kind": kind or (kpi.kind if kpi.kind not in AS_POINT else "point"),
        "current": current,
        "two_periods": beyond_before(kpi, rows, target),
        "age_cadences": age(kpi, rows, sources.as_of),
        "coverage": coverage(sources, kpi),
    }
    if kpi.direction == "band":
        found |= _band(kpi, target)
    found |= _limits(target) | standing(sources, kpi) | _chart(sources, kpi, found)
    found |= _baseline(sources.baselines.get(kpi.pk), found["kind"])
    if newest is not None and newest.definition != kpi.definition:
        found["definition_changed"] = True
    if error_budget_spent(sources, kpi):
        found["budget_exhausted"] = True
    if kpi.is_safety_critical:
        found |= _confined(sources, kpi, target) | {"i2_open_days": _open_days(sources, kpi)}
    return found


def _declared(kpi: Kpi) -> dict[str, Any]:
    found: dict[str, Any] = {
        "key": kpi.slug,
        "name": kpi.name,
        "role": kpi.role,
        "direction": kpi.direction,
        "n_unit": kpi.n_unit,
        "primary": kpi.is_primary,
        "guardrail": kpi.is_guardrail,
        "critical_measure": kpi.is_critical_measure,
        "safety_critical": kpi.is_safety_critical,
        "leading": kpi.is_leading,
        "self_reported": kpi.is_self_reported,
        "measured_by_review": kpi.measured_by_review,
        "enterprise_only": kpi.is_enterprise_only,
    }
    if unit := wording.unit_sign(kpi.unit, kpi.currency):
        found["unit"] = unit
    if kpi.proxy_for:
        found["proxy_for"] = kpi.proxy_for
    if kpi.derived_from:
        found["derived_from"] = list(kpi.derived_from)
    return found


def _band(kpi: Kpi, target: KpiTarget | None) -> dict[str, Any]:
    """The range of a band KPI; without one it is shown for reading and judged by nothing."""
    low = kpi.band_low
    if low is None and target is not None:
        low = target.expected_min
    if low is None:
        return {"direction": "context"}
    high = 1.0 if kpi.band_high is None else float(kpi.band_high)
    return {"band": [float(low), high]}


def _limits(target: KpiTarget | None) -> dict[str, float]:
    if target is None:
        return {}
    return {name: float(value) for name in LIMITS if (value := getattr(target, name)) is not None}


def _chart(sources: Sources, kpi: Kpi, found: Mapping[str, Any]) -> dict[str, Any]:
    """Icon of the newest point and extra spread of the newest stretch of the chart."""
    stretches = segments(
        kpi,
        sources.rows.get(kpi.pk, []),
        sources.breaks(),
        fiscal_start=sources.organization.fiscal_year_start,
    )
    if not stretches:
        return {}
    said: dict[str, Any] = {}
    last = stretches[-1]
    icon = ICONS.get(variation_icon(last, kpi.direction))
    if last.stage in TRUSTED and icon:
        said["spc"] = icon
    # Shares and seconds of independent cases only; other kinds carry their own spread.
    counted = found["current"] and found["kind"] in {"ratio", "uptime"}
    if counted and last.method == "prime" and last.sigma is not None:
        said["current"] = {**found["current"], "sigma_z": round(last.sigma, 6)}
    return said


def _baseline(baseline: Baseline | None, kind: str) -> dict[str, Any]:
    if baseline is None or ("value" in baseline.parts) != (kind == "point"):
        return {}
    said: dict[str, Any] = {
        **baseline.parts,
        "points": baseline.periods,
        "estimated": baseline.grade in {"estimated", "assumed"},
    }
    values = [float(value) for value in baseline.period_values]
    if len(values) >= 2:
        said["trend_z"] = round(trend_of(values).z, 6)
    return {"baseline": said}


def beyond_before(kpi: Kpi, rows: Sequence[Rollup], target: KpiTarget | None) -> bool | str:
    """Whether the last two measured periods were beyond the same thresholds (method 4)."""
    values = [row.value for row in rows if row.value is not None][-2:]
    if target is None or len(values) < 2 or kpi.direction not in {"up", "down"}:
        return False
    sign = 1 if kpi.direction == "down" else -1

    def both(limit: Decimal | None) -> bool:
        return limit is not None and all(sign * value > sign * limit for value in values)

    def now(limit: Decimal | None) -> bool:
        return limit is not None and sign * values[-1] > sign * limit

    if both(target.critical) or (both(target.warning) and not now(target.critical)):
        return True
    return "warning" if both(target.warning) else False


def age(kpi: Kpi, rows: Sequence[Rollup], as_of: dt.date) -> float:
    """Cadences since the newest measured period ended; it counts as whole on its last day."""
    if not rows:
        return 0
    length = DAYS[GRAIN_OF_CADENCE.get(kpi.cadence, rows[-1].grain)]
    last = rows[-1].day + dt.timedelta(days=DAYS[rows[-1].grain])
    return round(max(0, (as_of - last).days) / length, 2)


def coverage(sources: Sources, kpi: Kpi) -> float:
    """Measured of the periods that ended in the quarter; what "does not apply" is not expected.

    Counted from the start of the quarter, the deployment or the KPI's first figure, whichever
    is last; 1 where no whole period has passed.
    """
    rows = sources.rows.get(kpi.pk, [])
    if not rows or rows[-1].grain >= GrainCode.QUARTER:
        return 1.0
    grain = Grain[GrainCode(rows[-1].grain).name]
    first = max(sources.quarter.start, rows[0].day, sources.deployment.started_on or rows[0].day)
    excused = {one.day for one in sources.absences.get(kpi.pk, [])}
    measured = {row.day for row in rows if row.value is not None}
    day, expected = first, []
    while True:
        period = period_of(day, grain, sources.organization.fiscal_year_start)
        if period.end > min(sources.as_of, sources.quarter.end):
            break
        if period.start >= first and period.start not in excused - measured:
            expected.append(period.start)
        day = period.end + dt.timedelta(days=1)
    return round(len(measured & set(expected)) / len(expected), 4) if expected else 1.0


def _confined(sources: Sources, kpi: Kpi, target: KpiTarget | None) -> dict[str, str]:
    """The one unit that is beyond its critical threshold while all others are measured and fine."""
    rows = sources.by_unit.get(kpi.pk, [])
    if target is None or target.critical is None or len(rows) < 2:
        return {}
    if kpi.direction not in {"up", "down"} or any(row.value is None for row in rows):
        return {}
    sign = 1 if kpi.direction == "down" else -1
    mild = target.critical if target.warning is None else target.warning
    bad = [row for row in rows if sign * row.value > sign * target.critical]  # type: ignore[operator]
    fine = [row for row in rows if sign * row.value <= sign * mild]  # type: ignore[operator]
    if len(bad) != 1 or len(fine) != len(rows) - 1:
        return {}
    names = sources.unit_names
    return {"confined_to": names.get(bad[0].unit_key, f"unit {bad[0].unit_key}")}


def _open_days(sources: Sources, kpi: Kpi) -> int:
    """For how long nobody has measured it: since the newest figure ended, or since the start."""
    rows = [row for row in sources.rows.get(kpi.pk, []) if row.value is not None]
    if rows:
        since = rows[-1].day + dt.timedelta(days=DAYS[rows[-1].grain])
    else:
        since = max(kpi.created_at.date(), sources.deployment.started_on or kpi.created_at.date())
    return max(0, (sources.as_of - since).days)


def error_budget_spent(sources: Sources, kpi: Kpi) -> bool:
    """Whether four weeks alone used more than their error budget (method 4), for uptime."""
    target = sources.target_on(kpi, sources.as_of)
    weeks = [row for row in sources.rows.get(kpi.pk, []) if row.grain == GrainCode.WEEK][
        -FEW_WEEKS:
    ]
    if kpi.kind != "uptime" or target is None or len(weeks) < FEW_WEEKS:
        return False
    if target.target is None or not 0 < target.target < 1:
        return False
    known = [row for row in weeks if storage.kind_of(row.stored) == "uptime"]
    failed = [(float((row.den or 0) - (row.num or 0)), float(row.den or 0)) for row in known]
    spent = burn(failed, float(target.target))
    return spent is not None and spent > 1
