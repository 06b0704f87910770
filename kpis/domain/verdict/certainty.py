"""How sure the effect statement is (method 5.4): start by design, down for named reasons."""

from kpis.domain.statistics.change import Change
from kpis.domain.verdict.facts import Facts
from kpis.domain.verdict.kpi_facts import KpiFacts

CERTAINTY = ("very_low", "low", "moderate", "high")


def certainty_of(facts: Facts) -> tuple[str, list[str]]:
    """The certainty, and the reasons that lowered it by code point, each counted once."""
    minus = sorted(set(facts.case.design.down) | _reasons(facts))
    points = _start(facts) - len(minus) + int(not minus and _is_strong(facts))
    return CERTAINTY[min(len(CERTAINTY), max(1, points)) - 1], minus


def _start(facts: Facts) -> int:
    if not facts.primaries or any(kpi.lo is None for kpi in facts.primaries):
        return 1
    policy = facts.policy
    return {
        "randomised": policy.start_randomised,
        "controlled": policy.start_controlled,
        "before_after": policy.start_before_after,
        "after_only": policy.start_after_only,
    }[_design(facts)]


def _design(facts: Facts) -> str:
    design = facts.case.design.design
    if facts.has_experiment:
        return "randomised"
    if facts.case.experiment is not None and design == "randomised":
        return "before_after"
    return design


def _reasons(facts: Facts) -> set[str]:
    found: set[str] = set()
    for kpi in facts.primaries:
        found |= _reasons_of(facts, kpi)
    if facts.blind_spots:
        found.add("critical_measure_missing")
    if facts.is_shadowed:
        found.add("contaminated_by_shadow_use")
    return found


def _reasons_of(facts: Facts, kpi: KpiFacts) -> set[str]:
    given, baseline = kpi.given, kpi.given.baseline
    held = {
        "imprecise": _is_imprecise(kpi),
        "self_reported": given.self_reported,
        "estimated_baseline": baseline is not None and baseline.estimated,
        "baseline_trending": is_trending(facts, kpi),
        "coverage_below_80pct": given.coverage < facts.policy.coverage_min,
    }
    return {name for name, holds in held.items() if holds}


def _is_imprecise(kpi: KpiFacts) -> bool:
    """Unclear, and a worthwhile benefit is not excluded (or nobody said what is worthwhile)."""
    mwb = kpi.given.mwb
    return kpi.change is Change.UNCLEAR and (mwb is None or kpi.hi is None or kpi.hi >= mwb)


def is_trending(facts: Facts, kpi: KpiFacts) -> bool:
    """Whether the baseline of a primary was already changing."""
    baseline = kpi.given.baseline
    return (
        baseline is not None
        and baseline.trend_z is not None
        and abs(baseline.trend_z) > facts.policy.trend_z
    )


def _is_strong(facts: Facts) -> bool:
    return bool(facts.primaries) and all(_is_strong_one(facts, kpi) for kpi in facts.primaries)


def _is_strong_one(facts: Facts, kpi: KpiFacts) -> bool:
    baseline, mwb, policy = kpi.given.baseline, kpi.given.mwb, facts.policy
    if mwb is None or kpi.lo is None or baseline is None:
        return False
    if baseline.points is None or baseline.trend_z is None:
        return False
    return (
        kpi.lo >= policy.strong_factor * mwb
        and baseline.points >= policy.strong_points
        and abs(baseline.trend_z) <= policy.trend_z
    )
