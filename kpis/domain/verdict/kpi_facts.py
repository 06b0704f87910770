"""Data, level and change of each KPI (method 5.2, points 2 to 4)."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from kpis.domain.errors import NotANumber
from kpis.domain.policy import Policy
from kpis.domain.statistics.change import WORSE, Change, change_of
from kpis.domain.statistics.intervals import z_for
from kpis.domain.verdict.errors import NotFinite
from kpis.domain.verdict.figures import (
    effect,
    enough,
    is_beyond,
    level_interval,
    minus,
    times,
    value_of,
)
from kpis.domain.verdict.schema import Case, Experiment, Figure, Kpi

SEVERITY = {"critical": 4, "warning": 3, "suspected_critical": 2, "suspected_warning": 1}


class Compared(NamedTuple):
    """State of the change, and the interval of the effect where one is in use."""

    change: Change
    lo: float | None = None
    hi: float | None = None


@dataclass(frozen=True)
class KpiFacts:
    """What is derived about one KPI; lo and hi are the interval of its effect, in use or None."""

    given: Kpi
    data: str
    level: str
    change: Change
    lo: float | None
    hi: float | None
    value: float | None
    z: float
    has_baseline: bool

    @property
    def key(self) -> str:
        return self.given.key

    @property
    def role(self) -> str:
        return self.given.role

    @property
    def usable(self) -> bool:
        return self.data in {"measured", "partial"}

    @property
    def is_beyond(self) -> bool:
        return self.level in {"warning", "critical"}

    @property
    def is_worse(self) -> bool:
        return self.change in WORSE

    @property
    def is_suspected(self) -> bool:
        return self.level.startswith("suspected")


def kpi_facts(case: Case, *, review_failed: bool, policy: Policy, z: float) -> tuple[KpiFacts, ...]:
    """Data, level and change of every KPI, in the order of their keys.

    Several primaries share the error rate of the look at a review; between reviews z stays as is.
    """
    shared = z if case.look == "between" else z_for(len(case.primaries), z)
    valid = valid_experiment(case, policy)
    return tuple(
        _facts(
            kpi,
            review_failed=review_failed,
            policy=policy,
            z=z,
            z_change=shared if kpi.is_primary else z,
            experiment=valid if kpi.is_primary else None,
        )
        for kpi in case.kpis
    )


def valid_experiment(case: Case, policy: Policy) -> Experiment | None:
    """The experiment, if it has an interval and its groups were split as planned."""
    experiment = case.experiment
    if experiment is None or experiment.lo is None or experiment.hi is None:
        return None
    return experiment if experiment.srm_p is not None and experiment.srm_p >= policy.srm_p else None


def _facts(
    kpi: Kpi,
    *,
    review_failed: bool,
    policy: Policy,
    z: float,
    z_change: float,
    experiment: Experiment | None,
) -> KpiFacts:
    data = data_of(kpi, review_failed=review_failed, policy=policy)
    try:
        return _computed(kpi, data, policy, z, z_change, experiment)
    except (OverflowError, ZeroDivisionError, NotANumber) as error:
        raise NotFinite(
            f"kpis ({kpi.key})", "its numbers are too large or too small to compute with."
        ) from error


def _computed(
    kpi: Kpi, data: str, policy: Policy, z: float, z_change: float, experiment: Experiment | None
) -> KpiFacts:
    level = _latched(kpi, data, _level(kpi, data, z), policy)
    compared = _change(kpi, data, z_change, experiment, policy)
    value = None if kpi.current is None else value_of(kpi.kind, kpi.current)
    has_baseline = kpi.baseline is not None and is_baseline(kpi, kpi.baseline, policy)
    return KpiFacts(
        kpi, data, level, compared.change, compared.lo, compared.hi, value, z, has_baseline
    )


def data_of(kpi: Kpi, *, review_failed: bool, policy: Policy) -> str:
    """State of the data, the first that applies (5.2, point 2)."""
    if kpi.current is None:
        return "not_measured"
    if kpi.definition_changed:
        return "definition_changed"
    if kpi.role == "quality" and kpi.measured_by_review and review_failed:
        return "not_independent"
    if not enough(kpi, kpi.current, policy):
        return "too_few"
    if kpi.age_cadences > policy.stale_after:
        return "stale"
    return "partial" if kpi.coverage < policy.coverage_min else "measured"


def _level(kpi: Kpi, data: str, z: float) -> str:
    if kpi.current is None or (data == "definition_changed" and not kpi.thresholds_valid):
        return "unknown"
    if data == "too_few" and kpi.kind == "rating":
        return "unknown"
    level = _judged_level(kpi, kpi.current, data, z)
    only_bad = data in {"not_independent", "definition_changed"}
    return "unknown" if only_bad and level not in {"warning", "critical"} else level


def _judged_level(kpi: Kpi, current: Figure, data: str, z: float) -> str:
    value = value_of(kpi.kind, current)
    if value is None:
        return "unknown"
    if kpi.direction == "context":
        return "ok"
    interval = level_interval(kpi.kind, current, z)
    suspected = None
    # All confirmed levels come before all suspected ones (method 4).
    for name, threshold in (("critical", kpi.critical), ("warning", kpi.warning)):
        if threshold is None:
            continue
        beyond = is_beyond(kpi, value, value, threshold)
        if interval is not None and is_beyond(kpi, interval.lo, interval.hi, threshold):
            return name
        if beyond and data != "too_few" and kpi.two_periods in (True, name):
            return name
        if beyond and suspected is None:
            suspected = f"suspected_{name}"
    if suspected is not None:
        return suspected
    return "unknown" if data == "too_few" else "ok"


def _latched(kpi: Kpi, data: str, level: str, policy: Policy) -> str:
    """The alarm of an earlier period stays until enough measured values cleared it."""
    latch = kpi.latched_level
    if latch is None or (data == "measured" and kpi.clear_periods >= policy.clear_periods):
        return level
    return max(level, latch, key=lambda name: SEVERITY.get(name, 0))


def _change(
    kpi: Kpi, data: str, z: float, experiment: Experiment | None, policy: Policy
) -> Compared:
    if kpi.current is None:
        return Compared(Change.NOT_MEASURED)
    if data == "definition_changed":
        return Compared(Change.DEFINITION_CHANGED)
    if kpi.direction in {"band", "context"}:
        return Compared(Change.NOT_JUDGED)
    if experiment is not None and experiment.lo is not None and experiment.hi is not None:
        compared = _state(kpi, experiment.lo, experiment.hi)
    else:
        compared = _against_baseline(kpi, kpi.current, z, policy)
    if data == "too_few" and compared.lo is not None:
        return Compared(Change.UNCLEAR)
    if data == "not_independent" and compared.change not in WORSE:
        return Compared(Change.NOT_MEASURED)
    return compared


def _state(kpi: Kpi, lo: float, hi: float) -> Compared:
    return Compared(change_of(lo, hi, mwb=kpi.mwb, margin=kpi.margin), lo, hi)


def _against_baseline(kpi: Kpi, current: Figure, z: float, policy: Policy) -> Compared:
    baseline = kpi.baseline
    if baseline is None or not is_baseline(kpi, baseline, policy):
        return Compared(Change.NO_BASELINE)
    if kpi.kind == "point":
        return Compared(_cost_change(kpi, current, baseline, policy))
    if value_of(kpi.kind, current) is None:
        return Compared(Change.UNCLEAR)
    if kpi.kind == "rate" and current.num == baseline.num == 0:
        return Compared(Change.UNCLEAR)
    found = effect(kpi, current, baseline, z)
    return Compared(Change.POINT_ONLY) if found is None else _state(kpi, found.lo, found.hi)


def is_baseline(kpi: Kpi, baseline: Figure, policy: Policy) -> bool:
    """Enough cases or enough periods, and a value at all (method 2.5)."""
    if value_of(kpi.kind, baseline) is None:
        return False
    return enough(kpi, baseline, policy) or (baseline.points or 0) >= policy.baseline_periods


def _cost_change(kpi: Kpi, current: Figure, baseline: Figure, policy: Policy) -> Change:
    """A single figure has no interval; a cost twice above its margin is worse all the same."""
    if kpi.role != "cost" or kpi.direction != "down" or kpi.two_periods is not True:
        return Change.POINT_ONLY
    margin = policy.cost_margin if kpi.margin is None else kpi.margin
    rise = minus(current.value, baseline.value)
    return Change.WORSE if rise > times(baseline.value, margin) else Change.POINT_ONLY


def shown(limit: float | None) -> float | None:
    """An interval limit as it is published: 6 decimals, None when infinite."""
    return None if limit is None or not math.isfinite(limit) else round(limit, 6) + 0.0
