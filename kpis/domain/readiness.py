"""The readiness checklist that argues back: eight questions, each held against the data.

Questions and reasons stand in `kpis/catalogue/readiness_checklist.yaml`; what the data says about
each of them is decided here (capability 12).
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

QUESTIONS = (
    "tied_to_use_case",
    "has_baseline",
    "benefits_and_side_effects",
    "review_measured",
    "risk_controls_measured",
    "costs_complete",
    "triggers_action",
    "kept_current",
)
SHORT = {
    "tied_to_use_case": "Tied to this use case",
    "has_baseline": "Baseline known",
    "benefits_and_side_effects": "Benefits and side effects",
    "review_measured": "Human review measured",
    "risk_controls_measured": "Risk controls measured",
    "costs_complete": "Costs complete",
    "triggers_action": "Thresholds trigger action",
    "kept_current": "Kept up to date",
}
GROUPS: Mapping[str, frozenset[str]] = {
    "time": frozenset({"speed"}),
    "quality": frozenset({"quality", "model_quality"}),
    "cost": frozenset({"cost"}),
    "workload": frozenset({"review_burden", "workforce"}),
    "risk": frozenset({"risk"}),
}
CATEGORIES: Mapping[str, frozenset[str]] = {
    "speed": frozenset({"speed"}),
    "quality": frozenset({"quality", "model_quality"}),
    "cost": frozenset({"cost"}),
    "review": frozenset({"review_burden"}),
    "risk": frozenset({"risk"}),
    "workforce": frozenset({"workforce"}),
}
REVIEW = {
    "average_review_time": "review time",
    "correction_rate": "corrections",
    "reviewer_escalation_rate": "escalations",
    "reviewer_workload": "reviewer load",
}
RISK = {
    "near_misses": "near misses",
    "incident_reports": "incidents",
    "privacy_concerns": "privacy concerns",
    "scope_drift": "use outside the scope",
    "failed_approval_gates": "failed approvals",
    "reporting_confidence": "whether staff dare to report",
}
PARTS = {"kpi_set": "KPI set", "baselines": "baselines", "thresholds": "thresholds"}
# What an own KPI without a category counts as.
CATEGORY_OF_ROLE = {
    "quality": "quality",
    "review": "review_burden",
    "cost": "cost",
    "risk": "risk",
    "workforce": "workforce",
    "customer": "experience",
    "adoption": "adoption",
    "operational": "operational_health",
}


@dataclass(frozen=True)
class SetKpi:
    """What the checklist needs to know about one KPI of the set."""

    key: str
    name: str
    category: str
    is_tied: bool
    is_guarded: bool
    has_value: bool
    has_baseline: bool
    has_threshold: bool


@dataclass(frozen=True)
class SetFacts:
    """The set, the open parts of the cost ledger, and what is to be confirmed."""

    kpis: Sequence[SetKpi]
    costs_missing: Sequence[str]
    to_confirm: Sequence[str]
    days_since_review: int
    review_days: int


@dataclass(frozen=True)
class Finding:
    """What the data says to one question; `missing` names what is not there."""

    question: str
    holds: bool
    says: str
    missing: tuple[str, ...] = ()


def category_of(role: str, kind: str, category: str) -> str:
    """The category of a KPI; an own one goes by its role, an outcome in time by its kind."""
    if category:
        return category
    if role == "outcome":
        return "speed" if kind in {"duration", "mean"} else "value"
    return CATEGORY_OF_ROLE.get(role, role)


def findings(facts: SetFacts) -> tuple[Finding, ...]:
    """One finding per question, in their order; an empty set holds nothing."""
    return tuple(CHECKS[question](facts) for question in QUESTIONS)


def contradicts(answer: str | None, finding: Finding) -> bool:
    """Whether a "yes" is contradicted by the data."""
    return answer == "yes" and not finding.holds


def is_expired(
    answered_at: dt.datetime, changed_at: dt.datetime | None, now: dt.datetime, days: int
) -> bool:
    """An answer ends when the deployment changes after it, or after so many days."""
    changed = changed_at is not None and changed_at > answered_at
    return changed or now - answered_at > dt.timedelta(days=days)


def _tied(facts: SetFacts) -> Finding:
    loose = [kpi.name for kpi in facts.kpis if not kpi.is_tied]
    total = len(facts.kpis)
    if total and not loose:
        return _holds("tied_to_use_case", f"{total} of {total} name the work they should improve.")
    if not total:
        return _lacks("tied_to_use_case", "There is no KPI yet.", ())
    says = f"{len(loose)} of {total} do not name the work they should improve: {listed(loose)}."
    return _lacks("tied_to_use_case", says, loose)


def _baseline(facts: SetFacts) -> Finding:
    known = {kpi.category for kpi in facts.kpis if kpi.has_baseline}
    missing = _without(GROUPS, known)
    if not missing:
        return _holds(
            "has_baseline", "Time, quality, cost, workload and risk before AI are on record."
        )
    without = [kpi.name for kpi in facts.kpis if not kpi.has_baseline]
    says = f"Nothing is on record from before AI about {listed(missing)}"
    counted = f"; {len(without)} of {len(facts.kpis)} measures have no baseline."
    return _lacks("has_baseline", says + (counted if facts.kpis else "."), missing)


def _both_sides(facts: SetFacts) -> Finding:
    missing = _without(CATEGORIES, {kpi.category for kpi in facts.kpis})
    if not missing:
        says = "Speed, quality, cost, review, risk and workforce each have a measure."
        return _holds("benefits_and_side_effects", says)
    says = f"No measure covers {listed(missing)}."
    return _lacks("benefits_and_side_effects", says, missing)


def _review(facts: SetFacts) -> Finding:
    missing = _unmeasured(facts, REVIEW)
    if not missing:
        says = "Review time, corrections, escalations and reviewer load have a recent figure."
        return _holds("review_measured", says)
    return _lacks("review_measured", f"No recent figure for {listed(missing)}.", missing)


def _risk(facts: SetFacts) -> Finding:
    missing = _unmeasured(facts, RISK)
    if not missing:
        says = "The five risk records and whether staff dare to report have a recent figure."
        return _holds("risk_controls_measured", says)
    return _lacks("risk_controls_measured", f"No recent figure for {listed(missing)}.", missing)


def _costs(facts: SetFacts) -> Finding:
    missing = list(facts.costs_missing)
    if not missing:
        return _holds("costs_complete", "All 13 cost parts have an amount or a reason.")
    says = (
        f"{len(missing)} of 13 cost parts have neither an amount nor a reason: {listed(missing)}."
    )
    return _lacks("costs_complete", says, missing)


def _triggers(facts: SetFacts) -> Finding:
    guarded = [kpi for kpi in facts.kpis if kpi.is_guarded]
    missing = [kpi.name for kpi in guarded if not kpi.has_threshold]
    if not guarded:
        says = "No measure is marked as a guardrail or as one that must be known."
        return _lacks("triggers_action", says, ())
    if not missing:
        says = f"All {len(guarded)} guarded measures have a threshold that asks for a decision."
        return _holds("triggers_action", says)
    return _lacks("triggers_action", f"No threshold is set for {listed(missing)}.", missing)


def _current(facts: SetFacts) -> Finding:
    open_parts = [PARTS[part] for part in facts.to_confirm]
    if not facts.kpis:
        return _lacks("kept_current", "There is no KPI set to keep up to date.", ())
    if open_parts:
        says = f"The deployment changed; not confirmed since: {listed(open_parts)}."
        return _lacks("kept_current", says, open_parts)
    if facts.days_since_review > facts.review_days:
        says = f"Nobody has looked at the set for {facts.days_since_review} days."
        return _lacks("kept_current", says, ())
    return _holds("kept_current", "The set was looked at after the last change.")


CHECKS: Mapping[str, Callable[[SetFacts], Finding]] = {
    "tied_to_use_case": _tied,
    "has_baseline": _baseline,
    "benefits_and_side_effects": _both_sides,
    "review_measured": _review,
    "risk_controls_measured": _risk,
    "costs_complete": _costs,
    "triggers_action": _triggers,
    "kept_current": _current,
}


def _without(groups: Mapping[str, frozenset[str]], known: Iterable[str]) -> list[str]:
    found = set(known)
    return [name for name, categories in groups.items() if not categories & found]


def _unmeasured(facts: SetFacts, wanted: Mapping[str, str]) -> list[str]:
    known = {kpi.key for kpi in facts.kpis if kpi.has_value}
    return [words for key, words in wanted.items() if key not in known]


def _holds(question: str, says: str) -> Finding:
    return Finding(question, True, says)


def _lacks(question: str, says: str, missing: Iterable[str]) -> Finding:
    return Finding(question, False, says, tuple(missing))


def listed(names: Sequence[str]) -> str:
    """“a, b and c”."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
