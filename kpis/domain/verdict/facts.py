"""Derived states (method 5.2): the review, then data, level and change of each KPI."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kpis.domain.change import Change, change_of
from kpis.domain.intervals import (
    Z95,
    Interval,
    garwood,
    mean_level,
    newcombe,
    poisson_at_most,
    rate_ratio,
    ratio_of_means,
    wilson,
    z_for,
)
from kpis.domain.verdict.evidence import is_primary

Kpi = Mapping[str, Any]
SEVERITY = {"critical": 4, "warning": 3, "suspected_critical": 2, "suspected_warning": 1}
ITEMS, PERIODS, SHARES, PEOPLE, BASELINE_POINTS = 20, 5, 30, 10, 8
REQUIRED_CATCH = 0.80


@dataclass(frozen=True)
class KpiFacts:
    """What is derived about one KPI; lo and hi are the interval of its effect, in use or None."""

    given: Kpi
    data: str
    level: str
    change: str
    lo: float | None
    hi: float | None
    value: float | None

    @property
    def key(self) -> str:
        return str(self.given["key"])

    @property
    def role(self) -> str:
        return str(self.given["role"])

    @property
    def usable(self) -> bool:
        return self.data in {"measured", "partial"}

    @property
    def is_beyond(self) -> bool:
        return self.level in {"warning", "critical"}


@dataclass(frozen=True)
class ReviewFacts:
    """Result of the planted errors, signals, whether the review failed, its working value."""

    seeded: str
    signals: tuple[str, ...]
    failed: bool
    effective: bool


@dataclass(frozen=True)
class ReportingFacts:
    expected: float | None
    probability: float | None
    flags: tuple[str, ...]
    confirmed: bool


def review_facts(case: Mapping[str, Any], z: float) -> ReviewFacts:
    """Is the human review real (6.1)?"""
    review, deployment = case["review"], case["deployment"]
    signals = tuple(
        name
        for name, field, limit in (
            ("fast", "implausibly_fast", 0.10),
            ("unedited", "unedited_approved", 0.98),
            ("bursts", "bursts", 0.10),
        )
        if review[field] and review[field]["den"] >= SHARES and _lower(review[field], z) > limit
    )
    seeded = _seeded(review["seeded"], z)
    recorded = deployment["human_review"]
    failed = seeded == "fail" or recorded == "symbolic" or (len(signals) >= 2 and seeded != "pass")
    working = "symbolic" if failed else recorded
    exempt = working == "not_required" and deployment["effect_reach"] == "internal_draft"
    return ReviewFacts(seeded, signals, failed, working == "effective" or exempt)


def _seeded(found: Mapping[str, int] | None, z: float) -> str:
    if found is None or found["den"] == 0:
        return "none"
    interval = wilson(found["num"], found["den"], z)
    if interval.hi < REQUIRED_CATCH and found["den"] >= 10:
        return "fail"
    if found["den"] < 20:
        return "too_few"
    return "pass" if interval.lo >= REQUIRED_CATCH else "inconclusive"


def _lower(found: Mapping[str, int], z: float) -> float:
    return wilson(found["num"], found["den"], z).lo


def reporting_facts(case: Mapping[str, Any], z: float) -> ReportingFacts:
    """Are silence and safety the same (6.2)?"""
    given = case["reporting"]
    flags = []
    for name, field in (("low_participation", "participation"), ("afraid", "afraid")):
        found = given[field]
        if found is None or found["den"] < PEOPLE:
            continue
        interval = wilson(found["num"], found["den"], z)
        if interval.hi < 0.5 if name == "low_participation" else interval.lo > 0.2:
            flags.append(name)
    if (given["incidents"] or 0) >= 1 and given["near_misses"] == 0:
        flags.append("no_near_misses")
    expected = probability = None
    if given["uses"] is not None and given["audit"] and given["audit"]["den"] >= SHARES:
        expected = given["uses"] * _lower(given["audit"], z) * 0.04
        if given["reports"] is not None:
            probability = poisson_at_most(given["reports"], expected)
    confirmed = probability is not None and probability < 0.01
    return ReportingFacts(expected, probability, tuple(flags), confirmed)


def value_of(kind: str, parts: Mapping[str, Any]) -> float | None:
    """The value of a figure from its parts, None where they give none."""
    if kind in {"ratio", "rating"}:
        return parts["num"] / parts["den"] if parts["den"] else None
    if kind == "uptime":
        return parts["up_s"] / parts["observed_s"] if parts["observed_s"] else None
    if kind == "rate":
        return parts["num"] / parts["exposure"] if parts["exposure"] else None
    return float(parts["value"] if kind == "point" else parts["mean"])


def level_interval(kind: str, parts: Mapping[str, Any], z: float) -> Interval | None:
    """Interval of a level; None where the kind or the parts allow none."""
    if kind in {"ratio", "rating"}:
        return (
            wilson(parts["num"], parts["den"], z, parts["sigma_z"] or 1) if parts["den"] else None
        )
    if kind == "uptime":
        if parts["sigma_z"] is None or not parts["observed_s"]:
            return None
        return wilson(parts["up_s"], parts["observed_s"], z, parts["sigma_z"])
    if kind == "rate":
        return garwood(parts["num"], parts["exposure"], z) if parts["exposure"] else None
    if kind in {"duration", "mean"}:
        return mean_level(parts["n"], parts["mean"], parts["sd"], z)
    return None


def enough(kpi: Kpi, parts: Mapping[str, Any]) -> bool:
    """Whether there are enough cases for the figure to speak (2.7)."""
    kind = kpi["kind"]
    if kind == "ratio":
        return bool(parts["den"] >= SHARES)
    if kind == "rating":
        return bool(parts["den"] >= PEOPLE)
    if kind in {"duration", "mean"}:
        return bool(parts["n"] >= (PERIODS if kpi["n_unit"] == "period" else ITEMS))
    if kind == "rate":
        return bool(parts["exposure"] > 0)
    return kind == "point" or bool(parts["observed_s"] > 0)


def kpi_facts(case: Mapping[str, Any], review: ReviewFacts, z: float) -> list[KpiFacts]:
    """Data, level and change of every KPI, in the order of their keys."""
    primaries = sum(is_primary(kpi) for kpi in case["kpis"])
    z_primary = z if case["look"] == "between" else z_for(primaries)
    found = []
    for kpi in case["kpis"]:
        data = _data(kpi, review)
        level = _latched(kpi, data, _level(kpi, data, z))
        experiment = case["experiment"] if is_primary(kpi) and has_experiment(case) else None
        own_z = z_primary if is_primary(kpi) else z
        change, lo, hi = _change(kpi, data, own_z, experiment)
        value = None if kpi["current"] is None else value_of(kpi["kind"], kpi["current"])
        found.append(KpiFacts(kpi, data, level, str(change), lo, hi, value))
    return found


def has_experiment(case: Mapping[str, Any]) -> bool:
    """Whether an experiment with a sound sample ratio speaks for the primary."""
    given = case["experiment"]
    if "experiment" not in case["present"] or given["lo"] is None or given["hi"] is None:
        return False
    return given["srm_p"] is not None and given["srm_p"] >= 0.001


def _data(kpi: Kpi, review: ReviewFacts) -> str:
    if kpi["current"] is None:
        return "not_measured"
    if kpi["definition_changed"]:
        return "definition_changed"
    if kpi["role"] == "quality" and kpi["measured_by_review"] and review.failed:
        return "not_independent"
    if not enough(kpi, kpi["current"]):
        return "too_few"
    if kpi["age_cadences"] > 2:
        return "stale"
    return "partial" if kpi["coverage"] < 0.8 else "measured"


def _level(kpi: Kpi, data: str, z: float) -> str:
    if data == "not_measured":
        return "unknown"
    if data == "definition_changed" and not kpi["thresholds_valid"]:
        return "unknown"
    if data == "too_few" and kpi["kind"] == "rating":
        return "unknown"
    level = _judged_level(kpi, data, z)
    only_bad = data in {"not_independent", "definition_changed"}
    return "unknown" if only_bad and level not in {"warning", "critical"} else level


def _judged_level(kpi: Kpi, data: str, z: float) -> str:
    value = value_of(kpi["kind"], kpi["current"])
    if kpi["direction"] == "context":
        return "ok"
    if value is None:
        return "unknown"
    interval = level_interval(kpi["kind"], kpi["current"], z)
    two = False if data == "too_few" else kpi["two_periods"]
    suspected = "ok"
    for name in ("critical", "warning"):
        threshold = kpi[name]
        if threshold is None:
            continue
        is_beyond = _beyond(kpi, value, value, threshold)
        held = two is True or (two == "warning" and name == "warning")
        if (is_beyond and held) or (
            interval is not None and _beyond(kpi, interval.lo, interval.hi, threshold)
        ):
            return name
        if is_beyond and suspected == "ok":
            suspected = f"suspected_{name}"
    return "unknown" if data == "too_few" and suspected == "ok" else suspected


def _beyond(kpi: Kpi, lo: float, hi: float, threshold: float) -> bool:
    """Whether every point of lo..hi is worse than the threshold (equal is not beyond)."""
    if kpi["direction"] == "down":
        return lo > threshold
    if kpi["direction"] == "up":
        return hi < threshold
    low, high = kpi["band"]
    return bool(lo - high > threshold or low - hi > threshold)


def _latched(kpi: Kpi, data: str, level: str) -> str:
    latch = kpi["latched_level"]
    if latch is None or (data == "measured" and kpi["clear_periods"] >= 2):
        return level
    return max(level, str(latch), key=lambda name: SEVERITY.get(name, 0))


Effect = tuple[Change, float | None, float | None]


def _change(kpi: Kpi, data: str, z: float, experiment: Mapping[str, Any] | None) -> Effect:
    if data == "not_measured":
        return Change.NOT_MEASURED, None, None
    if data == "definition_changed":
        return Change.DEFINITION_CHANGED, None, None
    if kpi["direction"] in {"band", "context"}:
        return Change.NOT_JUDGED, None, None
    limits = {"mwb": kpi["mwb"], "margin": kpi["margin"]}
    if experiment is not None:
        lo, hi = experiment["lo"], experiment["hi"]
        effect: Effect = (change_of(lo, hi, **limits), lo, hi)
    else:
        effect = _compared(kpi, z)
    if data == "too_few" and effect[1] is not None:
        return Change.UNCLEAR, None, None
    if data == "not_independent" and effect[0] not in {Change.WORSE, Change.WORSE_BEYOND_MARGIN}:
        return Change.NOT_MEASURED, None, None
    return effect


def _compared(kpi: Kpi, z: float) -> Effect:
    baseline, current = kpi["baseline"], kpi["current"]
    if baseline is None or not (
        enough(kpi, baseline) or (baseline.get("points") or 0) >= BASELINE_POINTS
    ):
        return Change.NO_BASELINE, None, None
    if kpi["kind"] == "point":
        return _cost_point(kpi), None, None
    if kpi["kind"] == "rate":
        return _rate_change(kpi, z)
    effect = _effect(kpi, current, baseline, z)
    if effect is None:
        return Change.POINT_ONLY, None, None
    lo, hi = effect
    return change_of(lo, hi, mwb=kpi["mwb"], margin=kpi["margin"]), lo, hi


def _cost_point(kpi: Kpi) -> Change:
    if kpi["role"] != "cost" or kpi["direction"] != "down" or kpi["two_periods"] is not True:
        return Change.POINT_ONLY
    margin = 0.20 if kpi["margin"] is None else kpi["margin"]
    is_worse = kpi["current"]["value"] > kpi["baseline"]["value"] * (1 + margin)
    return Change.WORSE if is_worse else Change.POINT_ONLY


def _effect(
    kpi: Kpi, current: Mapping[str, Any], baseline: Mapping[str, Any], z: float
) -> tuple[float, float] | None:
    if kpi["kind"] in {"ratio", "rating", "uptime"}:
        new = level_interval(kpi["kind"], current, z)
        old = level_interval(kpi["kind"], baseline, z)
        if new is None or old is None:
            return None
        d = newcombe(new, old)
        return (d.lo, d.hi) if kpi["direction"] == "up" else (-d.hi, -d.lo)
    ratio = ratio_of_means(
        (current["n"], current["mean"], current["sd"]),
        (baseline["n"], baseline["mean"], baseline["sd"]),
        z,
    )
    return None if ratio is None else _relative(kpi, ratio)


def _relative(kpi: Kpi, ratio: Interval) -> tuple[float, float]:
    if kpi["direction"] == "up":
        return ratio.lo - 1, ratio.hi - 1
    return 1 - ratio.hi, 1 - ratio.lo


def _rate_change(kpi: Kpi, z: float) -> Effect:
    current, baseline = kpi["current"], kpi["baseline"]
    if not current["exposure"] or not baseline["exposure"]:
        return Change.POINT_ONLY, None, None
    ratio = rate_ratio(
        current["num"], current["exposure"], baseline["num"], baseline["exposure"], z
    )
    if ratio is None:
        return Change.UNCLEAR, None, None
    lo, hi = _relative(kpi, ratio)
    return change_of(lo, hi, mwb=kpi["mwb"], margin=kpi["margin"]), lo, hi


def shown(limit: float | None) -> float | None:
    """An interval limit as it is published: 6 decimals, none when infinite."""
    return None if limit is None or not math.isfinite(limit) else round(limit, 6) + 0.0


def z_of(case: Mapping[str, Any]) -> float:
    """How wide intervals are at this look."""
    return 3.0 if case["look"] == "between" else Z95
