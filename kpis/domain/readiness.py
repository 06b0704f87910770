"""The readiness checklist that argues back: eight questions, each held against the data.

Questions and reasons stand in `kpis/catalogue/readiness_checklist.yaml`; what the data says about
each of them is decided here (capability 12).
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.domain.messages import N_, NN_, Message, all_of, counted, listed, number

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
    "tied_to_use_case": N_("Tied to this use case"),
    "has_baseline": N_("Baseline known"),
    "benefits_and_side_effects": N_("Benefits and side effects"),
    "review_measured": N_("Human review measured"),
    "risk_controls_measured": N_("Risk controls measured"),
    "costs_complete": N_("Costs complete"),
    "triggers_action": N_("Thresholds trigger action"),
    "kept_current": N_("Kept up to date"),
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
    "average_review_time": N_("review time"),
    "correction_rate": N_("corrections"),
    "reviewer_escalation_rate": N_("escalations"),
    "reviewer_workload": N_("reviewer load"),
}
RISK = {
    "near_misses": N_("near misses"),
    "incident_reports": N_("incidents"),
    "privacy_concerns": N_("privacy concerns"),
    "scope_drift": N_("use outside the scope"),
    "failed_approval_gates": N_("failed approvals"),
    "reporting_confidence": N_("whether staff dare to report"),
}
PARTS = {"kpi_set": N_("KPI set"), "baselines": N_("baselines"), "thresholds": N_("thresholds")}
CATEGORY_WORDS = {
    "time": N_("time"),
    "speed": N_("speed"),
    "quality": N_("quality"),
    "cost": N_("cost"),
    "review": N_("review"),
    "workload": N_("workload"),
    "workforce": N_("workforce"),
    "risk": N_("risk"),
}
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
    if not total:
        return _lacks("tied_to_use_case", Message(N_("There is no KPI yet.")), ())
    if loose:
        says = counted(LOOSE, len(loose), {"total": number(total), "names": listed(loose)})
        return _lacks("tied_to_use_case", says, loose)
    return _holds("tied_to_use_case", all_of(TIED, N_("Both name the work they improve."), total))


LOOSE = NN_(
    "{count} of {total} does not name the work it should improve: {names}.",
    "{count} of {total} do not name the work they should improve: {names}.",
)
TIED = NN_("The one KPI names the work it improves.", "All {count} name the work they improve.")


def _baseline(facts: SetFacts) -> Finding:
    based = {kpi.category for kpi in facts.kpis if kpi.has_baseline}
    missing = _without(GROUPS, based)
    if not missing:
        says = N_("Time, quality, cost, workload and risk before AI are on record.")
        return _holds("has_baseline", Message(says))
    without = [kpi.name for kpi in facts.kpis if not kpi.has_baseline]
    names = {"names": listed(map(_category_word, missing))}
    if not facts.kpis:
        says = N_("Nothing is on record from before AI about {names}.")
        return _lacks("has_baseline", Message(says, names), missing)
    total = {"total": number(len(facts.kpis))}
    return _lacks("has_baseline", counted(UNBASED, len(without), names | total), missing)


UNBASED = NN_(
    "Nothing is on record from before AI about {names}; {count} of {total} measures has no "
    "baseline.",
    "Nothing is on record from before AI about {names}; {count} of {total} measures have no "
    "baseline.",
)


def _both_sides(facts: SetFacts) -> Finding:
    missing = _without(CATEGORIES, {kpi.category for kpi in facts.kpis})
    if not missing:
        says = N_("Speed, quality, cost, review, risk and workforce each have a measure.")
        return _holds("benefits_and_side_effects", Message(says))
    names = {"names": listed(map(_category_word, missing))}
    says = Message(N_("No measure covers {names}."), names)
    return _lacks("benefits_and_side_effects", says, missing)


def _category_word(key: str) -> Message:
    return Message(CATEGORY_WORDS[key])


def _review(facts: SetFacts) -> Finding:
    missing = _unmeasured(facts, REVIEW)
    if missing:
        return _lacks("review_measured", _no_figure(missing), missing)
    says = N_("Review time, corrections, escalations and reviewer load have a recent figure.")
    return _holds("review_measured", Message(says))


def _risk(facts: SetFacts) -> Finding:
    missing = _unmeasured(facts, RISK)
    if missing:
        return _lacks("risk_controls_measured", _no_figure(missing), missing)
    says = N_("The five risk records and whether staff dare to report have a recent figure.")
    return _holds("risk_controls_measured", Message(says))


def _no_figure(names: Sequence[str]) -> Message:
    return Message(N_("No recent figure for {names}."), {"names": listed(names)})


def _costs(facts: SetFacts) -> Finding:
    missing = list(facts.costs_missing)
    if not missing:
        says = N_("All 13 cost parts have an amount or a reason.")
        return _holds("costs_complete", Message(says))
    says = counted(COSTLESS, len(missing), {"names": listed(missing)})
    return _lacks("costs_complete", says, missing)


COSTLESS = NN_(
    "{count} of 13 cost parts has neither an amount nor a reason: {names}.",
    "{count} of 13 cost parts have neither an amount nor a reason: {names}.",
)


def _triggers(facts: SetFacts) -> Finding:
    guarded = [kpi for kpi in facts.kpis if kpi.is_guarded]
    missing = [kpi.name for kpi in guarded if not kpi.has_threshold]
    if not guarded:
        says = N_("No measure is marked as a guardrail or as one that must be known.")
        return _lacks("triggers_action", Message(says), ())
    if not missing:
        return _holds("triggers_action", all_of(GUARDED, BOTH_GUARDED, len(guarded)))
    names = {"names": listed(missing)}
    return _lacks(
        "triggers_action", Message(N_("No threshold is set for {names}."), names), missing
    )


GUARDED = NN_(
    "The one guarded measure has a threshold that asks for a decision.",
    "All {count} guarded measures have a threshold that asks for a decision.",
)
BOTH_GUARDED = N_("Both guarded measures have a threshold that asks for a decision.")


def _current(facts: SetFacts) -> Finding:
    open_parts = [Message(PARTS[part]) for part in facts.to_confirm]
    if not facts.kpis:
        return _lacks("kept_current", Message(N_("There is no KPI set to keep up to date.")), ())
    if open_parts:
        says = N_("The deployment changed; not confirmed since: {names}.")
        return _lacks("kept_current", Message(says, {"names": listed(open_parts)}), open_parts)
    if facts.days_since_review > facts.review_days:
        return _lacks("kept_current", counted(UNSEEN, facts.days_since_review), ())
    return _holds("kept_current", Message(N_("The set was looked at after the last change.")))


UNSEEN = NN_(
    "Nobody has looked at the set for {count} day.",
    "Nobody has looked at the set for {count} days.",
)


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
    covered = set(known)
    return [name for name, categories in groups.items() if not categories & covered]


def _unmeasured(facts: SetFacts, wanted: Mapping[str, str]) -> list[Message]:
    measured = {kpi.key for kpi in facts.kpis if kpi.has_value}
    return [Message(words) for key, words in wanted.items() if key not in measured]


def _holds(question: str, says: Message) -> Finding:
    return Finding(question, True, says)


def _lacks(question: str, says: Message, missing: Iterable[str]) -> Finding:
    return Finding(question, False, says, tuple(missing))
