"""The nine conditions of expanding (X1 to X9), certainty and counter-evidence."""

from kpis.domain.change import BETTER, Change
from kpis.domain.verdict.facts import KpiFacts
from kpis.domain.verdict.rules import recent_serious
from kpis.domain.verdict.world import World

CERTAINTY = ("very_low", "low", "moderate", "high")
START = {"randomised": 4, "controlled": 3, "before_after": 2, "after_only": 1}
HOLDING = BETTER | {Change.NOT_WORSE, Change.WORSE_WITHIN_MARGIN}
TREND = 1.96


def x1(world: World) -> bool:
    measured = all(kpi.data == "measured" for kpi in world.primaries)
    return bool(
        world.primary_worthwhile and measured and world.case["history"]["previous_review_better"]
    )


def x2(world: World) -> bool:
    judged = world.judged(workforce=True)
    has_quality = any(kpi.given["guardrail"] and kpi.role == "quality" for kpi in judged)
    if not has_quality or any(kpi.given["budget_exhausted"] for kpi in judged):
        return False
    return all(
        _holds(kpi)
        for kpi in judged
        if (kpi.given["guardrail"] or kpi.given["critical_measure"]) and not world.is_exempt(kpi)
    )


def _holds(kpi: KpiFacts) -> bool:
    if kpi.data != "measured" or kpi.level != "ok":
        return False
    has_baseline = kpi.given["baseline"] is not None and kpi.change != Change.NO_BASELINE
    if kpi.given["warning"] is None and not (has_baseline and kpi.given["margin"] is not None):
        return False
    return not has_baseline or kpi.change in HOLDING


def x5(world: World) -> bool:
    return all(one["status"] == "closed" for one in world.serious) and not recent_serious(world)


def x6(world: World) -> bool:
    proposal = world.case["expansion_proposal"]
    load = proposal["reviewer_load_after"]
    return bool(proposal["gates_ready"] and load is not None and load <= 0.85)


def x7(world: World) -> bool:
    given, found = world.case["reporting"], world.reporting
    if "reporting" not in world.case["present"] or found.confirmed or found.flags:
        return False
    if {"participation", "afraid", "audit"} & set(world.too_few):
        return False
    if given["uses"] is None or given["reports"] is None:
        return False
    return bool(given["monthly_talk_signed"]) if world.is_small else True


def blockers(world: World, *, is_clean: bool, certainty: str) -> list[str]:
    """Every failed condition, whatever the decision."""
    low = world.case["value"]["net_value_low"]
    needed = "low" if world.deployment["risk_class"] == "low" else "moderate"
    held = {
        "X1": x1(world),
        "X2": x2(world),
        "X3": is_clean,
        "X4": low is not None and low > 0,
        "X5": x5(world),
        "X6": x6(world),
        "X7": x7(world),
        "X8": CERTAINTY.index(certainty) >= CERTAINTY.index(needed),
        "X9": "expansion_proposal" in world.case["present"]
        and world.case["expansion_proposal"]["own_kpi_set"],
    }
    found = [name for name, holds in held.items() if not holds]
    return [*found, "BETWEEN_REVIEWS"] if world.is_between else found


def certainty_of(world: World) -> tuple[str, list[str]]:
    """How sure the effect is, and what lowered it (method 5.4)."""
    minus = sorted(set(world.case["evidence"]["down"]) | _reasons(world))
    start = START[_design(world)] if _has_interval(world) else 1
    points = start - len(minus) + (1 if not minus and _is_strong(world) else 0)
    return CERTAINTY[min(4, max(1, points)) - 1], minus


def _design(world: World) -> str:
    design = str(world.case["evidence"]["design"])
    if world.has_experiment:
        return "randomised"
    if "experiment" in world.case["present"] and design == "randomised":
        return "before_after"
    return design


def _has_interval(world: World) -> bool:
    return bool(world.primaries) and all(
        kpi.lo is not None and kpi.data != "too_few" for kpi in world.primaries
    )


def _reasons(world: World) -> set[str]:
    found = set()
    for kpi in world.primaries:
        given, baseline = kpi.given, kpi.given["baseline"] or {}
        if kpi.change == Change.UNCLEAR and (
            given["mwb"] is None or kpi.hi is None or kpi.hi >= given["mwb"]
        ):
            found.add("imprecise")
        if given["self_reported"]:
            found.add("self_reported")
        if baseline.get("estimated"):
            found.add("estimated_baseline")
        if abs(baseline.get("trend_z") or 0) > TREND:
            found.add("baseline_trending")
        if given["coverage"] < 0.8:
            found.add("coverage_below_80pct")
    if world.blind_spots:
        found.add("critical_measure_missing")
    if world.is_shadowed:
        found.add("contaminated_by_shadow_use")
    return found


def _is_strong(world: World) -> bool:
    return bool(world.primaries) and all(_is_strongly_better(kpi) for kpi in world.primaries)


def _is_strongly_better(kpi: KpiFacts) -> bool:
    baseline, mwb = kpi.given["baseline"] or {}, kpi.given["mwb"]
    points, trend = baseline.get("points"), baseline.get("trend_z")
    if mwb is None or kpi.lo is None or points is None or trend is None:
        return False
    return bool(kpi.lo >= 2 * mwb and points >= 12 and abs(trend) <= TREND)


def counter_evidence(world: World, decision: str) -> list[str]:
    """Everything that points the other way, in the fixed order of method 5.5."""
    found = {
        "USE_IS_NOT_SUCCESS": bool(used_as_expected(world)),
        "PROXY_BETTER": not world.primary_better
        and any(kpi.given["proxy_for"] is not None and kpi.change in BETTER for kpi in world.kpis),
        "WORSE_WITHIN_MARGIN": bool(worse_within(world)),
        "FAST_BUT_SEEDS_CAUGHT": "fast" in world.review.signals and world.review.seeded == "pass",
        "BENEFIT_DESPITE_HARM": decision in {"restrict", "pause", "stop"} and world.primary_better,
        "BASELINE_ALREADY_CHANGING": any(
            abs((kpi.given["baseline"] or {}).get("trend_z") or 0) > TREND
            for kpi in world.primaries
        ),
        "INCIDENTS_NOT_INTERPRETABLE": world.reporting.confirmed,
    }
    return [code for code, holds in found.items() if holds]


def used_as_expected(world: World) -> list[KpiFacts]:
    """Adoption KPIs at or above their expected minimum, from five people on."""
    return [
        kpi
        for kpi in world.kpis
        if kpi.role == "adoption"
        and kpi.value is not None
        and kpi.given["expected_min"] is not None
        and kpi.given["current"].get("den", 5) >= 5
        and kpi.value >= kpi.given["expected_min"]
    ]


def worse_within(world: World) -> list[KpiFacts]:
    """KPIs that got worse within what is tolerated; cost and adoption aside."""
    return [
        kpi
        for kpi in world.kpis
        if kpi.role not in {"cost", "adoption"} and kpi.change == Change.WORSE_WITHIN_MARGIN
    ]
