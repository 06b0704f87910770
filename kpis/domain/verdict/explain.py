"""Every rule of the table with what it looked at: fired or not, and why (method 5.3)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kpis.domain import policy as policies
from kpis.domain.policy import Policy
from kpis.domain.statistics.intervals import zero_events_upper
from kpis.domain.verdict import templates
from kpis.domain.verdict.evidence import read_case
from kpis.domain.verdict.facts import NO_REPORTING, Facts
from kpis.domain.verdict.figures import level_interval, value_of
from kpis.domain.verdict.kpi_facts import KpiFacts
from kpis.domain.verdict.phrases import (
    change_words,
    data_words,
    level_words,
    named,
    percent,
    phrase,
    plain,
    value_words,
)
from kpis.domain.verdict.phrases import figure as figure_words
from kpis.domain.verdict.phrases import share as share_words
from kpis.domain.verdict.reasons import sentence
from kpis.domain.verdict.rules_improve import I1_ROLES
from kpis.domain.verdict.schema import Figure, Incident
from kpis.domain.verdict.table import BETWEEN, FINDINGS
from kpis.domain.verdict.watch import UNCLEAR_ROLES, WATCH
from portal.domain.messages import N_, Capital, Joined, Message
from portal.domain.messages import Figure as FigureWords

Lines = list[str]
WATCHED = "watch"


@dataclass(frozen=True)
class RuleLine:
    """One rule: what it asks, whether it fired, its sentences, and the inputs it looked at."""

    code: str
    floor: str
    asks: str
    fired: bool
    evaluated: bool
    sentences: tuple[str, ...]
    inputs: tuple[str, ...]


def every_rule(case: Mapping[str, Any], policy: Policy | None = None) -> list[RuleLine]:
    """All rules in the order of the table, then what is only watched. Raises a BadEvidence."""
    policy = policies.current() if policy is None else policy
    facts = Facts.of(read_case(case, policy), policy)
    rows = [*FINDINGS, *((code, WATCHED, rule) for code, rule in WATCH)]
    return [_line(facts, code, floor, rule) for code, floor, rule in rows]


def one_kpi(case: Mapping[str, Any], key: str, policy: Policy | None = None) -> Lines:
    """What the rules see of one KPI: figure, baseline, level, change, each with its range."""
    policy = policies.current() if policy is None else policy
    kpi = _of_case(case, key, policy)
    if kpi is None:
        return []
    given, lines = kpi.given, []
    if given.current is not None:
        figure = _ranged(kpi, given.current, value_words(kpi))
        lines += [
            Message(N_("Figure judged: {x}."), {"x": figure}),
            *_reading(given.current, given.kind),
        ]
    if given.baseline is not None:
        before = figure_words(value_of(given.kind, given.baseline), given)
        lines.append(Message(N_("Before AI: {x}."), {"x": _ranged(kpi, given.baseline, before)}))
    if kpi.data != "measured":
        lines.append(Message(N_("Data: {x}."), {"x": data_words(kpi, policy)}))
    if _limited(kpi):
        lines.append(Message(N_("Level: {x}."), {"x": _level(kpi)}))
    if given.current is not None:
        lines.append(Message(N_("Change: {x}."), {"x": change_words(kpi)}))
    return lines


def change_of(case: Mapping[str, Any], key: str, policy: Policy | None = None) -> str:
    """How one KPI changed, as a clause; empty where the case has no figure of it."""
    kpi = _of_case(case, key, policies.current() if policy is None else policy)
    return "" if kpi is None or kpi.given.current is None else change_words(kpi)


def _of_case(case: Mapping[str, Any], key: str, policy: Policy) -> KpiFacts | None:
    facts = Facts.of(read_case(case, policy), policy)
    return next((kpi for kpi in facts.kpis if kpi.key == key), None)


def _reading(current: Figure, kind: str) -> Lines:
    """What a share leaves open (method 2.1, 2.2): none seen is not none, and cases may cluster."""
    if kind not in {"ratio", "rating"} or not current.den:
        return []
    lines: list[str] = []
    if current.num == 0:
        n, most = plain(current.den), percent(zero_events_upper(int(current.den)))
        lines.append(
            Message(N_("None in {n} is compatible with up to {most}."), {"n": n, "most": most})
        )
    if current.sigma_z is None:
        lines.append(Message(N_("Its range assumes independent cases.")))
    return lines


def _level(kpi: KpiFacts) -> str:
    if kpi.level == "unknown":
        return Message(N_("cannot be told"))
    return phrase("ok") if kpi.level == "ok" else level_words(kpi)


def _ranged(kpi: KpiFacts, figure: Figure, value: str) -> str:
    interval = level_interval(kpi.given.kind, figure, kpi.z)
    if interval is None:
        return value
    lo, hi = figure_words(interval.lo, kpi.given), figure_words(interval.hi, kpi.given)
    return Message(N_("{value}, plausibly {lo} to {hi}"), {"value": value, "lo": lo, "hi": hi})


def _line(facts: Facts, code: str, floor: str, rule: Any) -> RuleLine:
    evaluated = not facts.is_between or code in BETWEEN
    hits = rule(facts) if evaluated else []
    asks, inputs = TABLE[code]
    lines = tuple(dict.fromkeys(sorted(sentence(facts, code, hit) for hit in hits)))
    question = Message(asks)
    return RuleLine(code, floor, question, bool(hits), evaluated, lines, tuple(inputs(facts)))


def _kpis(
    which: Callable[[Facts], Iterable[KpiFacts]], none: str
) -> Callable[[Facts], Sequence[str]]:
    """The KPIs a rule looks at, each with data, level and change; else the sentence."""
    return lambda facts: [_kpi(kpi, facts.policy) for kpi in which(facts)] or [Message(none)]


def _kpi(kpi: KpiFacts, policy: Policy) -> str:
    clauses = [] if kpi.data == "measured" else [data_words(kpi, policy)]
    if kpi.value is not None and kpi.level in {"ok", "unknown"}:
        clauses.append(
            phrase("ok") if kpi.level == "ok" and _limited(kpi) else Message(N_("no level"))
        )
    elif kpi.level not in {"ok", "unknown"}:
        clauses.append(level_words(kpi))
    if kpi.data not in {"not_measured", "definition_changed", "not_independent", "too_few"}:
        clauses.append(change_words(kpi))
    return _pair(_name(kpi), Joined("; ", dict.fromkeys(clauses)))


def _pair(name: str, value: str) -> Message:
    return Message(N_("{name}: {value}."), {"name": name, "value": value})


def _limited(kpi: KpiFacts) -> bool:
    return kpi.given.warning is not None or kpi.given.critical is not None


def _name(kpi: KpiFacts) -> str:
    return kpi.given.name or named(kpi.key)


def _share(block: str, name: str) -> Callable[[Facts], Sequence[str]]:
    def read(facts: Facts) -> Sequence[str]:
        share = getattr(getattr(facts.case, block) or NO_REPORTING, name)
        words = templates.SHARE_WORDS.get(name)
        what = Capital(Message(words)) if words else named(name)
        return [_pair(what, share_words(*share) if share else phrase("not_measured"))]

    return read


def _gates(facts: Facts) -> Sequence[str]:
    return [
        _pair(Capital(Message(templates.GATE_NAMES[gate])), _gate_state(state))
        for gate, state in facts.case.gates.items()
    ]


def _gate_state(state: str) -> str:
    words = templates.GATE_WORDS.get(state)
    return Message(words) if words else state.replace("_", " ")


def _review(facts: Facts) -> Sequence[str]:
    review = facts.review
    recorded = str(facts.case.deployment.human_review).replace("_", " ")
    seeded = str(review.seeded).replace("_", " ")
    signals = Joined("; ", [Message(templates.SIGNAL_WORDS[name]) for name in review.signals])
    return [
        Message(N_("Recorded: {x}."), {"x": recorded}),
        Message(N_("Planted errors: {x}."), {"x": seeded}),
        Message(N_("Signals: {x}."), {"x": signals or Message(N_("none"))}),
    ]


def _load(facts: Facts) -> Sequence[str]:
    review = facts.case.review
    if review.load is None:
        return [Message(N_("Nobody measures the load of reviewers."))]
    before = (
        Message(N_("unknown")) if review.load_previous is None else percent(review.load_previous)
    )
    return [
        Message(
            N_("Load of reviewers: {now}, {before} before."),
            {"now": percent(review.load), "before": before},
        )
    ]


def _incidents(serious: bool) -> Callable[[Facts], Sequence[str]]:
    def read(facts: Facts) -> Sequence[str]:
        incidents = facts.serious if serious else facts.case.incidents
        return [_incident(incident) for incident in incidents] or [
            Message(N_("No incident is on record."))
        ]

    return read


def _incident(incident: Incident) -> Message:
    words = {
        "severity": Capital(Message(templates.SEVERITY_WORDS[incident.severity])),
        "category": incident.category.replace("_", " "),
        "status": incident.status.replace("_", " "),
    }
    return Message(N_("{severity}, {category}: {status}."), words)


def _reporting(facts: Facts) -> Sequence[str]:
    reporting = facts.case.reporting
    if reporting is None:
        return [Message(N_("Uses, reports and what staff say about reporting are not known."))]
    counts = [
        (Message(N_("Uses")), reporting.uses),
        (Message(N_("Reports")), reporting.reports),
        (Message(N_("Near misses")), reporting.near_misses),
        (Message(N_("Incidents")), reporting.incidents),
        (Message(N_("Expected reports")), facts.reporting.expected),
    ]
    lines: list[str] = [
        _pair(name, Message(N_("unknown")) if n is None else plain(round(n, 1)))
        for name, n in counts
    ]
    for name in ("participation", "afraid", "audit"):
        lines += _share("reporting", name)(facts)
    return lines


def _value(facts: Facts) -> Sequence[str]:
    low, high = facts.case.value.net_value_low, facts.case.value.net_value_high
    if low is None or high is None:
        return [Message(N_("The net value is withheld until the cost ledger is complete."))]
    return [
        Message(N_("Net value between {low} and {high}."), {"low": plain(low), "high": plain(high)})
    ]


def _set(facts: Facts) -> Sequence[str]:
    scope = facts.case.scope
    changed = Message(N_("Something changed since the KPI set was confirmed."))
    held = Message(N_("Nothing changed since the KPI set was confirmed."))
    days = Message(N_("Days since then: {n}."), {"n": FigureWords(scope.days_since_kpi_review)})
    return [changed if scope.changed_since_kpi_review else held, days]


def _history(facts: Facts) -> Sequence[str]:
    history = facts.case.history
    reviews = Message(
        N_("Reviews in a row without benefit: {n}."),
        {"n": FigureWords(history.consecutive_no_benefit_reviews)},
    )
    plan = (
        Message(N_("The improvement plan is completed."))
        if history.improvement_plan_completed
        else Message(N_("No improvement plan is completed."))
    )
    return [reviews, plan]


def _law(facts: Facts) -> Sequence[str]:
    deployment = facts.case.deployment
    return [
        Message(N_("Prohibited use: {x}."), {"x": _yes_or_no(deployment.use_prohibited)}),
        Message(N_("Legal basis: {x}."), {"x": _gate_state(facts.case.gates["legal_basis"])}),
        Message(N_("Order of an authority: {x}."), {"x": _yes_or_no(deployment.authority_order)}),
    ]


def _yes_or_no(answer: bool) -> Message:
    return Message(N_("yes") if answer else N_("no"))


def _unapproved(facts: Facts) -> Sequence[str]:
    names = ", ".join(facts.case.scope.unapproved)
    return [Message(N_("Use without approval: {x}."), {"x": names or Message(N_("none known"))})]


def _both(*parts: Callable[[Facts], Sequence[str]]) -> Callable[[Facts], Sequence[str]]:
    return lambda facts: [line for part in parts for line in part(facts)]


def _role(*roles: str) -> Callable[[Facts], Iterable[KpiFacts]]:
    return lambda facts: (kpi for kpi in facts.kpis if kpi.role in roles)


_primary = _kpis(lambda facts: facts.primaries, N_("No primary outcome was chosen."))
_safety = _kpis(
    lambda facts: (kpi for kpi in facts.judged if kpi.given.safety_critical),
    N_("No KPI is marked as critical for safety."),
)
_guarded = _kpis(
    lambda facts: (kpi for kpi in facts.judged if kpi.given.guardrail or kpi.role in I1_ROLES),
    N_("No guardrail and no side effect is in the set."),
)
_critical = _kpis(
    lambda facts: (kpi for kpi in facts.judged if kpi.given.critical_measure),
    N_("No KPI is marked as one that must be known."),
)
_leading = _kpis(
    lambda facts: (kpi for kpi in facts.judged if kpi.given.leading),
    N_("No leading KPI is in the set."),
)
_cost = _kpis(_role("cost"), N_("No cost KPI is in the set."))
_customer = _kpis(_role("quality", "customer"), N_("No KPI of quality or customers is in the set."))
_staff = _kpis(_role("workforce"), N_("No KPI about staff is in the set."))
_use = _kpis(_role("adoption"), N_("No KPI of use is in the set."))
_open = _kpis(
    lambda facts: (
        kpi for kpi in facts.guarded if kpi.given.guardrail or kpi.role in UNCLEAR_ROLES
    ),
    N_("No guardrail and no side effect is in the set."),
)

TABLE: Mapping[str, tuple[str, Callable[[Facts], Sequence[str]]]] = {
    "S1_PROHIBITED": (N_("Is the use forbidden, or ordered to end?"), _law),
    "S2_REPEAT_HARM": (N_("Did the same serious harm come back after repair?"), _incidents(True)),
    "S3_FUTILE": (
        N_("Can a benefit be ruled out after two reviews and a completed plan?"),
        _both(_history, _primary, _value),
    ),
    "P1_SERIOUS_OPEN": (N_("Is a serious incident open?"), _incidents(True)),
    "P2_SAFETY_CRITICAL": (N_("Is a safety KPI beyond its critical limit?"), _safety),
    "P3_GATE": (N_("In high-risk or regulated use: is a gate missing?"), _gates),
    "P4_REVIEW_FAILED": (N_("In high-risk or regulated use: did the human review fail?"), _review),
    "R1_UNAPPROVED_EXPANSION": (N_("Is it used where nobody approved it?"), _unapproved),
    "R2_SCOPE_DRIFT": (N_("Is it used outside its purpose?"), _share("scope", "out_of_scope")),
    "R3_REVIEW_SYMBOLIC": (N_("In lower-risk use: did the human review fail?"), _review),
    "R4_REVIEW_OVERLOAD": (N_("Are reviewers above their capacity, twice in a row?"), _load),
    "R6_LOCAL_BREACH": (N_("Is a safety KPI beyond its critical limit in one unit only?"), _safety),
    "R7_UNMEASURED_UNREVIEWED": (
        N_("In high-risk or regulated use: is a safety KPI unmeasured and unchecked?"),
        _safety,
    ),
    "R8_HARM_AT_SCALE": (N_("Does harm reach people without an effective check?"), _customer),
    "I1_GUARDRAIL": (N_("Did a guardrail or a side effect get worse?"), _guarded),
    "I2_BLIND_SPOT": (N_("Does a figure that must be known not speak?"), _critical),
    "I3_NO_BASELINE": (N_("Does the primary outcome lack a baseline?"), _primary),
    "I4_NO_OUTCOME": (N_("Can the primary outcome not be judged?"), _primary),
    "I4_NO_BENEFIT": (N_("Does the primary outcome show no benefit?"), _primary),
    "I5_COST_NO_BENEFIT": (
        N_("Did costs rise without a worthwhile benefit?"),
        _both(_cost, _primary),
    ),
    "I5_NEGATIVE_VALUE": (N_("Is the net value not above zero even at best?"), _value),
    "I6_LOW_ADOPTION": (N_("Do fewer people use it than was expected?"), _use),
    "I7_UNDERREPORTING": (N_("Are there fewer reports than audits let expect?"), _reporting),
    "I7_UNDERREPORTING_SUSPECTED": (N_("Do several signs say reports are missing?"), _reporting),
    "I8_SHADOW_AI": (N_("Are unapproved tools in use?"), _share("scope", "shadow")),
    "I9_REVIEW_SUSPECT": (N_("Is there a doubt about the human review?"), _review),
    "I10_STALE_KPI_SET": (N_("Is the KPI set older than the deployment it measures?"), _set),
    "I11_EARLY_WARNING": (N_("Do two independent leading KPIs worry?"), _leading),
    "I12_WORKFORCE": (N_("Did the work get worse for staff?"), _staff),
    "I13_GATE": (N_("In lower-risk use: is a gate missing?"), _gates),
    "I14_INCIDENT_ACTION": (N_("Is work after an incident overdue?"), _incidents(False)),
    "W_EARLY": (N_("Does one leading KPI worry?"), _leading),
    "W_UNCLEAR": (N_("Is something important only suspected, or still unclear?"), _open),
    "W_SMALL_BENEFIT": (N_("Is the benefit smaller than was called worthwhile?"), _primary),
    "W_TOO_EARLY": (N_("Is it too early to see a benefit?"), _primary),
    "W_COST_UP": (N_("Did costs rise beside a worthwhile benefit?"), _both(_cost, _primary)),
    "W_REPORTING": (N_("Does one sign say that reports are missing?"), _reporting),
    "W_RECENT_SERIOUS": (N_("Was a serious incident closed a short time ago?"), _incidents(True)),
    "W_REVIEW_LOAD": (N_("Are reviewers close to their capacity?"), _load),
}
