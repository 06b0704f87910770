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
    PHRASES,
    _,
    change_words,
    data_words,
    level_words,
    named,
    percent,
    plain,
    value_words,
)
from kpis.domain.verdict.phrases import figure as figure_words
from kpis.domain.verdict.phrases import share as share_words
from kpis.domain.verdict.reasons import sentence
from kpis.domain.verdict.rules_improve import I1_ROLES
from kpis.domain.verdict.schema import Figure
from kpis.domain.verdict.table import BETWEEN, FINDINGS
from kpis.domain.verdict.watch import UNCLEAR_ROLES, WATCH

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
    facts = Facts.of(read_case(case, policy), policy)
    found = next((kpi for kpi in facts.kpis if kpi.key == key), None)
    if found is None:
        return []
    given, lines = found.given, []
    if given.current is not None:
        figure = _ranged(found, given.current, value_words(found))
        lines += [_("Figure judged: {x}.").format(x=figure), *_reading(given.current, given.kind)]
    if given.baseline is not None:
        before = figure_words(value_of(given.kind, given.baseline), given)
        lines.append(_("Before AI: {x}.").format(x=_ranged(found, given.baseline, before)))
    if found.data != "measured":
        lines.append(_("Data: {x}.").format(x=data_words(found, policy)))
    if _limited(found):
        lines.append(_("Level: {x}.").format(x=_level(found)))
    if given.current is not None:
        lines.append(_("Change: {x}.").format(x=change_words(found)))
    return lines


def _reading(current: Figure, kind: str) -> Lines:
    """What a share leaves open (method 2.1, 2.2): none seen is not none, and cases may cluster."""
    if kind not in {"ratio", "rating"} or not current.den:
        return []
    said = []
    if current.num == 0:
        n, most = plain(current.den), percent(zero_events_upper(int(current.den)))
        said.append(_("None in {n} is compatible with up to {most}.").format(n=n, most=most))
    if current.sigma_z is None:
        said.append(_("Its range assumes independent cases."))
    return said


def _level(kpi: KpiFacts) -> str:
    if kpi.level == "unknown":
        return _("cannot be told")
    return PHRASES["ok"] if kpi.level == "ok" else level_words(kpi)


def _ranged(kpi: KpiFacts, figure: Figure, said: str) -> str:
    found = level_interval(kpi.given.kind, figure, kpi.z)
    if found is None:
        return said
    lo, hi = figure_words(found.lo, kpi.given), figure_words(found.hi, kpi.given)
    return _("{value}, plausibly {lo} to {hi}").format(value=said, lo=lo, hi=hi)


def _line(facts: Facts, code: str, floor: str, rule: Any) -> RuleLine:
    evaluated = not facts.is_between or code in BETWEEN
    hits = rule(facts) if evaluated else []
    asks, inputs = TABLE[code]
    said = tuple(dict.fromkeys(sorted(sentence(facts, code, hit) for hit in hits)))
    return RuleLine(code, floor, asks, bool(hits), evaluated, said, tuple(inputs(facts)))


def _kpis(
    which: Callable[[Facts], Iterable[KpiFacts]], none: str
) -> Callable[[Facts], Sequence[str]]:
    """The KPIs a rule looks at, each with data, level and change; else the sentence."""
    return lambda facts: [_kpi(kpi, facts.policy) for kpi in which(facts)] or [none]


def _kpi(kpi: KpiFacts, policy: Policy) -> str:
    said = [] if kpi.data == "measured" else [data_words(kpi, policy)]
    if kpi.value is not None and kpi.level in {"ok", "unknown"}:
        said.append(PHRASES["ok"] if kpi.level == "ok" and _limited(kpi) else _("no level"))
    elif kpi.level not in {"ok", "unknown"}:
        said.append(level_words(kpi))
    if kpi.data not in {"not_measured", "definition_changed", "not_independent", "too_few"}:
        said.append(change_words(kpi))
    return f"{_name(kpi)}: {'; '.join(dict.fromkeys(said))}."


def _limited(kpi: KpiFacts) -> bool:
    return kpi.given.warning is not None or kpi.given.critical is not None


def _name(kpi: KpiFacts) -> str:
    return kpi.given.name or named(kpi.key)


def _share(block: str, name: str) -> Callable[[Facts], Sequence[str]]:
    def read(facts: Facts) -> Sequence[str]:
        found = getattr(getattr(facts.case, block) or NO_REPORTING, name)
        what = templates.SHARE_WORDS.get(name, named(name))
        what = what[:1].upper() + what[1:]
        return [f"{what}: {share_words(*found) if found else _('nobody measures it')}."]

    return read


def _gates(facts: Facts) -> Sequence[str]:
    states = facts.case.gates
    return [
        f"{templates.GATE_NAMES[gate][:1].upper()}{templates.GATE_NAMES[gate][1:]}: "
        f"{templates.GATE_WORDS.get(state, state.replace('_', ' '))}."
        for gate, state in states.items()
    ]


def _review(facts: Facts) -> Sequence[str]:
    found = facts.review
    lines = [
        _("Recorded: {x}.").format(x=str(facts.case.deployment.human_review).replace("_", " "))
    ]
    lines.append(_("Planted errors: {x}.").format(x=str(found.seeded).replace("_", " ")))
    signals = "; ".join(templates.SIGNAL_WORDS[one] for one in found.signals)
    return [*lines, _("Signals: {x}.").format(x=signals or _("none"))]


def _load(facts: Facts) -> Sequence[str]:
    given = facts.case.review
    if given.load is None:
        return [_("Nobody measures the load of reviewers.")]
    before = _("unknown") if given.load_previous is None else percent(given.load_previous)
    return [
        _("Load of reviewers: {now}, {before} before.").format(
            now=percent(given.load), before=before
        )
    ]


def _incidents(serious: bool) -> Callable[[Facts], Sequence[str]]:
    def read(facts: Facts) -> Sequence[str]:
        found = facts.serious if serious else facts.case.incidents
        return [
            f"{one.severity.capitalize()}, {one.category.replace('_', ' ')}: "
            f"{one.status.replace('_', ' ')}."
            for one in found
        ] or [_("No incident is on record.")]

    return read


def _reporting(facts: Facts) -> Sequence[str]:
    given = facts.case.reporting
    if given is None:
        return [_("Uses, reports and what staff say about reporting are not known.")]
    parts = [
        (_("Uses"), given.uses),
        (_("Reports"), given.reports),
        (_("Near misses"), given.near_misses),
        (_("Incidents"), given.incidents),
        (_("Expected reports"), facts.reporting.expected),
    ]
    said = [f"{name}: {_('unknown') if n is None else plain(round(n, 1))}." for name, n in parts]
    for name in ("participation", "afraid", "audit"):
        said += _share("reporting", name)(facts)
    return said


def _value(facts: Facts) -> Sequence[str]:
    low, high = facts.case.value.net_value_low, facts.case.value.net_value_high
    if low is None or high is None:
        return [_("The net value is withheld until the cost ledger is complete.")]
    return [_("Net value between {low} and {high}.").format(low=plain(low), high=plain(high))]


def _set(facts: Facts) -> Sequence[str]:
    scope = facts.case.scope
    changed = _("Something changed since the KPI set was confirmed.")
    held = _("Nothing changed since the KPI set was confirmed.")
    days = _("Days since then: {n}.").format(n=scope.days_since_kpi_review)
    return [changed if scope.changed_since_kpi_review else held, days]


def _history(facts: Facts) -> Sequence[str]:
    given = facts.case.history
    said = _("Reviews in a row without benefit: {n}.").format(
        n=given.consecutive_no_benefit_reviews
    )
    plan = (
        _("The improvement plan is completed.")
        if given.improvement_plan_completed
        else _("No improvement plan is completed.")
    )
    return [said, plan]


def _law(facts: Facts) -> Sequence[str]:
    one = facts.case.deployment
    return [
        _("Prohibited use: {x}.").format(x=_("yes") if one.use_prohibited else _("no")),
        _("Legal basis: {x}.").format(
            x=templates.GATE_WORDS.get(facts.case.gates["legal_basis"], "")
            or facts.case.gates["legal_basis"].replace("_", " ")
        ),
        _("Order of an authority: {x}.").format(x=_("yes") if one.authority_order else _("no")),
    ]


def _unapproved(facts: Facts) -> Sequence[str]:
    names = ", ".join(facts.case.scope.unapproved)
    return [_("Use without approval: {x}.").format(x=names or _("none known"))]


def _both(*parts: Callable[[Facts], Sequence[str]]) -> Callable[[Facts], Sequence[str]]:
    return lambda facts: [line for part in parts for line in part(facts)]


def _role(*roles: str) -> Callable[[Facts], Iterable[KpiFacts]]:
    return lambda facts: (kpi for kpi in facts.kpis if kpi.role in roles)


_primary = _kpis(lambda facts: facts.primaries, _("No primary outcome was chosen."))
_safety = _kpis(
    lambda facts: (kpi for kpi in facts.judged if kpi.given.safety_critical),
    _("No KPI is marked as critical for safety."),
)
_guarded = _kpis(
    lambda facts: (kpi for kpi in facts.judged if kpi.given.guardrail or kpi.role in I1_ROLES),
    _("No guardrail and no side effect is in the set."),
)
_critical = _kpis(
    lambda facts: (kpi for kpi in facts.judged if kpi.given.critical_measure),
    _("No KPI is marked as one that must be known."),
)
_leading = _kpis(
    lambda facts: (kpi for kpi in facts.judged if kpi.given.leading),
    _("No leading KPI is in the set."),
)
_cost = _kpis(_role("cost"), _("No cost KPI is in the set."))
_customer = _kpis(_role("quality", "customer"), _("No KPI of quality or customers is in the set."))
_staff = _kpis(_role("workforce"), _("No KPI about staff is in the set."))
_use = _kpis(_role("adoption"), _("No KPI of use is in the set."))
_open = _kpis(
    lambda facts: (
        kpi for kpi in facts.guarded if kpi.given.guardrail or kpi.role in UNCLEAR_ROLES
    ),
    _("No guardrail and no side effect is in the set."),
)

TABLE: Mapping[str, tuple[str, Callable[[Facts], Sequence[str]]]] = {
    "S1_PROHIBITED": (_("Is the use forbidden, or ordered to end?"), _law),
    "S2_REPEAT_HARM": (_("Did the same serious harm come back after repair?"), _incidents(True)),
    "S3_FUTILE": (
        _("Can a benefit be ruled out after two reviews and a completed plan?"),
        _both(_history, _primary, _value),
    ),
    "P1_SERIOUS_OPEN": (_("Is a serious incident open?"), _incidents(True)),
    "P2_SAFETY_CRITICAL": (_("Is a safety KPI beyond its critical limit?"), _safety),
    "P3_GATE": (_("In high-risk or regulated use: is a gate missing?"), _gates),
    "P4_REVIEW_FAILED": (_("In high-risk or regulated use: did the human review fail?"), _review),
    "R1_UNAPPROVED_EXPANSION": (_("Is it used where nobody approved it?"), _unapproved),
    "R2_SCOPE_DRIFT": (_("Is it used outside its purpose?"), _share("scope", "out_of_scope")),
    "R3_REVIEW_SYMBOLIC": (_("In lower-risk use: did the human review fail?"), _review),
    "R4_REVIEW_OVERLOAD": (_("Are reviewers above their capacity, twice in a row?"), _load),
    "R6_LOCAL_BREACH": (_("Is a safety KPI beyond its critical limit in one unit only?"), _safety),
    "R7_UNMEASURED_UNREVIEWED": (
        _("In high-risk or regulated use: is a safety KPI unmeasured and unchecked?"),
        _safety,
    ),
    "R8_HARM_AT_SCALE": (_("Does harm reach people without an effective check?"), _customer),
    "I1_GUARDRAIL": (_("Did a guardrail or a side effect get worse?"), _guarded),
    "I2_BLIND_SPOT": (_("Does a figure that must be known not speak?"), _critical),
    "I3_NO_BASELINE": (_("Does the primary outcome lack a baseline?"), _primary),
    "I4_NO_OUTCOME": (_("Can the primary outcome not be judged?"), _primary),
    "I4_NO_BENEFIT": (_("Does the primary outcome show no benefit?"), _primary),
    "I5_COST_NO_BENEFIT": (
        _("Did costs rise without a worthwhile benefit?"),
        _both(_cost, _primary),
    ),
    "I5_NEGATIVE_VALUE": (_("Is the net value not above zero even at best?"), _value),
    "I6_LOW_ADOPTION": (_("Do fewer people use it than was expected?"), _use),
    "I7_UNDERREPORTING": (_("Are there fewer reports than audits let expect?"), _reporting),
    "I7_UNDERREPORTING_SUSPECTED": (_("Do several signs say reports are missing?"), _reporting),
    "I8_SHADOW_AI": (_("Are unapproved tools in use?"), _share("scope", "shadow")),
    "I9_REVIEW_SUSPECT": (_("Is there a doubt about the human review?"), _review),
    "I10_STALE_KPI_SET": (_("Is the KPI set older than the deployment it measures?"), _set),
    "I11_EARLY_WARNING": (_("Do two independent leading KPIs worry?"), _leading),
    "I12_WORKFORCE": (_("Did the work get worse for staff?"), _staff),
    "I13_GATE": (_("In lower-risk use: is a gate missing?"), _gates),
    "I14_INCIDENT_ACTION": (_("Is work after an incident overdue?"), _incidents(False)),
    "W_EARLY": (_("Does one leading KPI worry?"), _leading),
    "W_UNCLEAR": (_("Is something important only suspected, or still unclear?"), _open),
    "W_SMALL_BENEFIT": (_("Is the benefit smaller than was called worthwhile?"), _primary),
    "W_TOO_EARLY": (_("Is it too early to see a benefit?"), _primary),
    "W_COST_UP": (_("Did costs rise beside a worthwhile benefit?"), _both(_cost, _primary)),
    "W_REPORTING": (_("Does one sign say that reports are missing?"), _reporting),
    "W_RECENT_SERIOUS": (_("Was a serious incident closed a short time ago?"), _incidents(True)),
    "W_REVIEW_LOAD": (_("Are reviewers close to their capacity?"), _load),
}
