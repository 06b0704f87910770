"""The eight common mistakes of a KPI set, each a check of the set with a sentence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from kpis.domain.readiness import listed

LABOUR = {
    "review_and_correction": "review and correction",
    "hidden_support": "help among colleagues",
    "monitoring_and_governance": "monitoring and governance",
}
TRACKED = {"scope_drift": "use outside the scope", "shadow_ai_share": "unapproved tools"}
ASKED = ("staff_feedback_score", "staff_trust_in_output", "staff_confidence")
LOAD = ("stress_workload_pressure", "reviewer_workload", "hours_reviewing_per_week")
QUALITY = frozenset({"quality", "model_quality"})
GUARDS = {"quality": "quality", "review": "review burden"}


class Place(StrEnum):
    """Where a mistake is mended."""

    CHOOSE = "choose"
    SET = "set"
    FIGURES = "figures"
    LEDGER = "ledger"
    BASELINE = "baseline"
    CONFIRM = "confirm"


@dataclass(frozen=True)
class LintKpi:
    """What the checks need to know about one KPI."""

    key: str
    name: str
    category: str
    role: str
    is_primary: bool = False
    is_proxy: bool = False
    is_guardrail: bool = False
    is_safety_critical: bool = False
    has_baseline: bool = False
    has_value: bool = False


@dataclass(frozen=True)
class LintSet:
    """The set, the ledger parts still open, and how risky the use is.

    `in_use`: people work with it, so figures and costs can be expected. `is_small`: ten people or
    fewer, where a signed monthly talk stands in for surveys and trackers.
    """

    kpis: Sequence[LintKpi]
    is_high_risk: bool = False
    costs_missing: Sequence[str] = ()
    to_confirm: Sequence[str] = ()
    in_use: bool = True
    is_small: bool = False
    keys: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", frozenset(kpi.key for kpi in self.kpis))


@dataclass(frozen=True)
class Fault:
    """A mistake that the set makes, what would mend it, and where.

    `waits`: the set is right and only its first figures are missing. `add` names the KPIs of the
    catalogue that would mend it.
    """

    mistake: str
    mend: str
    place: Place
    waits: bool = False
    add: Sequence[str] = ()


Found = tuple[str, Place, bool, Sequence[str]] | None


def faults(found: LintSet) -> list[Fault]:
    """The mistakes the set makes, in the order of the catalogue; none for an empty set."""
    if not found.kpis:
        return []
    said = ((name, check(found)) for name, check in CHECKS.items())
    return [Fault(name, *one) for name, one in said if one]


def _usage(found: LintSet) -> Found:
    uses = any(kpi.role == "adoption" for kpi in found.kpis)
    if not uses or any(kpi.is_primary for kpi in found.kpis):
        return None
    return "Choose one primary outcome of the work; use stays for reading.", Place.SET, False, ()


def _speed(found: LintSet) -> Found:
    speed = [kpi for kpi in found.kpis if kpi.category == "speed"]
    if not speed:
        return None
    missing, add = [], []
    if not any(kpi.category in QUALITY for kpi in found.kpis):
        missing.append("a quality measure beside the speed")
        add.append("error_rate")
    if all(kpi.is_proxy for kpi in speed):
        missing.append("the time to the finished, accepted result")
        add.append("final_completion_time")
    return (f"Add {listed(missing)}.", Place.CHOOSE, False, add) if missing else None


def _labour(found: LintSet) -> Found:
    missing = [words for part, words in LABOUR.items() if part in found.costs_missing]
    if not missing:
        return None
    return f"Enter {listed(missing)} in the cost ledger.", Place.LEDGER, not found.in_use, ()


def _averages(found: LintSet) -> Found:
    apart = "expert_validation_coverage" in found.keys
    if not found.is_high_risk or apart or any(kpi.is_safety_critical for kpi in found.kpis):
        return None
    said = "Sample the risky cases on purpose and show them apart."
    return said, Place.CHOOSE, False, ["expert_validation_coverage"]


def _baseline(found: LintSet) -> Found:
    primaries = [kpi for kpi in found.kpis if kpi.is_primary]
    if any(kpi.has_baseline for kpi in primaries):
        return None
    if not primaries:
        return "Choose the primary outcome, and record how it was before AI.", Place.SET, False, ()
    return "Record how the primary outcome was before AI.", Place.BASELINE, False, ()


def _tracked(found: LintSet) -> Found:
    if found.is_small:
        return None
    return _measured(found, [((key,), words) for key, words in TRACKED.items()])


def _workforce(found: LintSet) -> Found:
    wanted = [(ASKED, "what staff say"), (LOAD, "the load on them")]
    return _measured(found, wanted[1:] if found.is_small else wanted)


def _measured(found: LintSet, wanted: Sequence[tuple[Sequence[str], str]]) -> Found:
    """What of the wanted has no figure; only waiting where all of it is in the set."""
    known = {kpi.key for kpi in found.kpis if kpi.has_value}
    missing = [(keys, words) for keys, words in wanted if not known & set(keys)]
    if not missing:
        return None
    absent = [(keys, words) for keys, words in missing if not found.keys & set(keys)]
    if absent:
        mend = f"Measure {listed([words for _, words in missing])}."
        return mend, Place.CHOOSE, False, [keys[0] for keys, _ in absent]
    said = f"Enter the first figures about {listed([words for _, words in missing])}."
    return said, Place.FIGURES, True, ()


def _unchanged(found: LintSet) -> Found:
    if not found.to_confirm:
        return None
    return "Look at the set again and confirm it.", Place.CONFIRM, False, ()


CHECKS: Mapping[str, Callable[[LintSet], Found]] = {
    "usage_as_proof": _usage,
    "speed_without_quality_or_final_time": _speed,
    "labour_of_review_correction_support_monitoring_governance_ignored": _labour,
    "averages_hide_high_risk_cases": _averages,
    "no_baseline_comparison": _baseline,
    "scope_drift_and_unapproved_use_not_tracked": _tracked,
    "workforce_feedback_and_hidden_load_ignored": _workforce,
    "kpi_set_unchanged_after_deployment_changes": _unchanged,
}


@dataclass(frozen=True)
class Gap:
    """What a set must have by the checks at registration (method 4) and has not."""

    key: str
    sentence: str


def gaps(kpis: Sequence[LintKpi]) -> list[Gap]:
    """Primary outcome, one guardrail each of quality and review burden, cost; none if empty."""
    found = []
    if kpis and not any(kpi.is_primary for kpi in kpis):
        found.append(Gap("primary", "No primary outcome is chosen."))
    if any(kpi.role == "outcome" for kpi in kpis):
        for role, words in GUARDS.items():
            if not any(kpi.role == role and kpi.is_guardrail for kpi in kpis):
                found.append(Gap(role, f"No guardrail of {words} stands beside the outcome."))
    if kpis and not any(kpi.role == "cost" for kpi in kpis):
        found.append(Gap("cost", "No cost is measured."))
    return found
