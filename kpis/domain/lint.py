"""The eight common mistakes of a KPI set, each a check of the set with a sentence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kpis.domain.readiness import listed

LABOUR = {
    "review_and_correction": "review and correction", "hidden_support": "help among colleagues",
    "monitoring_and_governance": "monitoring and governance",
}  # fmt: skip
TRACKED = {"scope_drift": "use outside the scope", "shadow_ai_share": "unapproved tools"}
ASKED = ("staff_feedback_score", "staff_trust_in_output", "staff_confidence")
LOAD = ("stress_workload_pressure", "reviewer_workload")
QUALITY = frozenset({"quality", "model_quality"})


@dataclass(frozen=True)
class LintKpi:
    """What the checks need to know about one KPI."""

    key: str
    name: str
    category: str
    role: str
    is_primary: bool = False
    is_proxy: bool = False
    is_safety_critical: bool = False
    has_baseline: bool = False
    has_value: bool = False


@dataclass(frozen=True)
class LintSet:
    """The set, the ledger parts still open, and how risky the use is."""

    kpis: Sequence[LintKpi]
    is_high_risk: bool = False
    costs_missing: Sequence[str] = ()
    to_confirm: Sequence[str] = ()
    keys: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", frozenset(kpi.key for kpi in self.kpis))


@dataclass(frozen=True)
class Fault:
    """A mistake that the set makes, and what would mend it."""

    mistake: str
    mend: str


def faults(found: LintSet) -> list[Fault]:
    """The mistakes the set makes, in the order of the catalogue; none for an empty set."""
    if not found.kpis:
        return []
    said = ((name, check(found)) for name, check in CHECKS.items())
    return [Fault(name, mend) for name, mend in said if mend]


def _usage(found: LintSet) -> str:
    uses = any(kpi.role == "adoption" for kpi in found.kpis)
    outcome = any(kpi.is_primary for kpi in found.kpis)
    if uses and not outcome:
        return "Choose one primary outcome of the work; use stays for reading."
    return ""


def _speed(found: LintSet) -> str:
    speed = [kpi for kpi in found.kpis if kpi.category == "speed"]
    if not speed:
        return ""
    missing = []
    if not any(kpi.category in QUALITY for kpi in found.kpis):
        missing.append("a quality measure beside the speed")
    if all(kpi.is_proxy for kpi in speed):
        missing.append("the time to the finished, accepted result")
    return f"Add {listed(missing)}." if missing else ""


def _labour(found: LintSet) -> str:
    missing = [words for part, words in LABOUR.items() if part in found.costs_missing]
    return f"Enter {listed(missing)} in the cost ledger." if missing else ""


def _averages(found: LintSet) -> str:
    apart = "expert_validation_coverage" in found.keys
    if not found.is_high_risk or apart or any(kpi.is_safety_critical for kpi in found.kpis):
        return ""
    return "Sample the risky cases on purpose and show them apart."


def _baseline(found: LintSet) -> str:
    primaries = [kpi for kpi in found.kpis if kpi.is_primary]
    if any(kpi.has_baseline for kpi in primaries):
        return ""
    return "Record how the primary outcome was before AI."


def _tracked(found: LintSet) -> str:
    known = {kpi.key for kpi in found.kpis if kpi.has_value}
    missing = [words for key, words in TRACKED.items() if key not in known]
    return f"Measure {listed(missing)}." if missing else ""


def _workforce(found: LintSet) -> str:
    known = {kpi.key for kpi in found.kpis if kpi.has_value}
    missing = [] if known & set(ASKED) else ["what staff say"]
    missing += [] if known & set(LOAD) else ["the load on them"]
    return f"Measure {listed(missing)}." if missing else ""


def _unchanged(found: LintSet) -> str:
    return "Look at the set again and confirm it." if found.to_confirm else ""


CHECKS: Mapping[str, Callable[[LintSet], str]] = {
    "usage_as_proof": _usage,
    "speed_without_quality_or_final_time": _speed,
    "labour_of_review_correction_support_monitoring_governance_ignored": _labour,
    "averages_hide_high_risk_cases": _averages,
    "no_baseline_comparison": _baseline,
    "scope_drift_and_unapproved_use_not_tracked": _tracked,
    "workforce_feedback_and_hidden_load_ignored": _workforce,
    "kpi_set_unchanged_after_deployment_changes": _unchanged,
}
