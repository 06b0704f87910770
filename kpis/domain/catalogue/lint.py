"""The eight common mistakes of a KPI set, each a check of the set with a sentence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from portal.domain.messages import N_, Message, listed

LABOUR = {
    "review_and_correction": N_("review and correction"),
    "hidden_support": N_("help among colleagues"),
    "monitoring_and_governance": N_("monitoring and governance"),
}
TRACKED = {"scope_drift": N_("use outside the scope"), "shadow_ai_share": N_("unapproved tools")}
ASKED = ("staff_feedback_score", "staff_trust_in_output", "staff_confidence")
LOAD = ("stress_workload_pressure", "reviewer_workload", "hours_reviewing_per_week")
QUALITY = frozenset({"quality", "model_quality"})
NO_GUARD = N_("No guardrail of {name} stands beside the outcome.")
GUARDS = {"quality": N_("quality"), "review": N_("review burden")}


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


def faults(kpi_set: LintSet) -> list[Fault]:
    """The mistakes the set makes, in the order of the catalogue; none for an empty set."""
    if not kpi_set.kpis:
        return []
    results = ((name, check(kpi_set)) for name, check in CHECKS.items())
    return [Fault(name, *result) for name, result in results if result]


def _about(template: str, names: Sequence[str]) -> Message:
    return Message(template, {"names": listed(names)})


def _usage(kpi_set: LintSet) -> Found:
    uses = any(kpi.role == "adoption" for kpi in kpi_set.kpis)
    if not uses or any(kpi.is_primary for kpi in kpi_set.kpis):
        return None
    return (
        Message(N_("Choose one primary outcome of the work; use stays for reading.")),
        Place.SET,
        False,
        (),
    )


def _speed(kpi_set: LintSet) -> Found:
    speed = [kpi for kpi in kpi_set.kpis if kpi.category == "speed"]
    if not speed:
        return None
    missing, add = [], []
    if not any(kpi.category in QUALITY for kpi in kpi_set.kpis):
        missing.append(Message(N_("a quality measure beside the speed")))
        add.append("error_rate")
    if all(kpi.is_proxy for kpi in speed):
        missing.append(Message(N_("the time to the finished, accepted result")))
        add.append("final_completion_time")
    return (_about(N_("Add {names}."), missing), Place.CHOOSE, False, add) if missing else None


def _labour(kpi_set: LintSet) -> Found:
    missing = [Message(words) for part, words in LABOUR.items() if part in kpi_set.costs_missing]
    if not missing:
        return None
    return (
        _about(N_("Enter {names} in the cost ledger."), missing),
        Place.LEDGER,
        not kpi_set.in_use,
        (),
    )


def _averages(kpi_set: LintSet) -> Found:
    apart = "expert_validation_coverage" in kpi_set.keys
    if not kpi_set.is_high_risk or apart or any(kpi.is_safety_critical for kpi in kpi_set.kpis):
        return None
    mend = Message(N_("Sample the risky cases on purpose and show them apart."))
    return mend, Place.CHOOSE, False, ["expert_validation_coverage"]


def _baseline(kpi_set: LintSet) -> Found:
    primaries = [kpi for kpi in kpi_set.kpis if kpi.is_primary]
    if any(kpi.has_baseline for kpi in primaries):
        return None
    if not primaries:
        return (
            Message(N_("Choose the primary outcome, and record how it was before AI.")),
            Place.SET,
            False,
            (),
        )
    return Message(N_("Record how the primary outcome was before AI.")), Place.BASELINE, False, ()


def _tracked(kpi_set: LintSet) -> Found:
    if kpi_set.is_small:
        return None
    return _measured(kpi_set, [((key,), Message(words)) for key, words in TRACKED.items()])


def _workforce(kpi_set: LintSet) -> Found:
    wanted = [(ASKED, Message(N_("what staff say"))), (LOAD, Message(N_("the load on them")))]
    return _measured(kpi_set, wanted[1:] if kpi_set.is_small else wanted)


def _measured(kpi_set: LintSet, wanted: Sequence[tuple[Sequence[str], str]]) -> Found:
    """What of the wanted has no figure; only waiting where all of it is in the set."""
    measured = {kpi.key for kpi in kpi_set.kpis if kpi.has_value}
    missing = [(keys, words) for keys, words in wanted if not measured & set(keys)]
    if not missing:
        return None
    absent = [(keys, words) for keys, words in missing if not kpi_set.keys & set(keys)]
    if absent:
        mend = _about(N_("Measure {names}."), [words for _, words in missing])
        return mend, Place.CHOOSE, False, [keys[0] for keys, _ in absent]
    mend = _about(N_("Enter the first figures about {names}."), [words for _, words in missing])
    return mend, Place.FIGURES, True, ()


def _unchanged(kpi_set: LintSet) -> Found:
    if not kpi_set.to_confirm:
        return None
    return Message(N_("Look at the set again and confirm it.")), Place.CONFIRM, False, ()


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
    missing = []
    if kpis and not any(kpi.is_primary for kpi in kpis):
        missing.append(Gap("primary", Message(N_("No primary outcome is chosen."))))
    if any(kpi.role == "outcome" for kpi in kpis):
        for role, words in GUARDS.items():
            if not any(kpi.role == role and kpi.is_guardrail for kpi in kpis):
                missing.append(Gap(role, Message(NO_GUARD, {"name": Message(words)})))
    if kpis and not any(kpi.role == "cost" for kpi in kpis):
        missing.append(Gap("cost", Message(N_("No cost is measured."))))
    return missing
