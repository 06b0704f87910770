"""The verdict: one case in, one record out. Same facts, same policy, same bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kpis.domain import policy as policies
from kpis.domain.errors import MethodError
from kpis.domain.policy import Policy
from kpis.domain.verdict.certainty import certainty_of
from kpis.domain.verdict.counter import counter_evidence
from kpis.domain.verdict.digest import digest
from kpis.domain.verdict.errors import BadEvidence, NotFinite
from kpis.domain.verdict.evidence import read_case
from kpis.domain.verdict.expansion import blockers
from kpis.domain.verdict.facts import Facts
from kpis.domain.verdict.hits import Hit
from kpis.domain.verdict.kpi_facts import shown
from kpis.domain.verdict.reasons import sentences
from kpis.domain.verdict.table import BETWEEN, FINDINGS, FLOOR_OF, SEVERITY
from kpis.domain.verdict.watch import WATCH
from portal.domain.messages import Message

# Raised whenever the same facts and policy may give another record.
RULES = "rules 3"
SILENT = frozenset({"not_measured", "definition_changed", "not_independent", "too_few"})


def judge(case: Mapping[str, Any], policy: Policy | None = None) -> dict[str, Any]:
    """The record of method 5.8 for one case, under the shipped policy unless another is given.

    Raises a BadEvidence (a MethodError) whose message begins with the place. Pure.
    """
    policy = policies.current() if policy is None else policy
    try:
        return _record(case, policy)
    except BadEvidence:
        raise
    except (ArithmeticError, MethodError) as error:
        raise NotFinite(
            "case", "its numbers are too large or too small to compute with."
        ) from error


def spoken(case: Mapping[str, Any], policy: Policy | None = None) -> dict[str, list[Message]]:
    """The sentences of the record of a case, as messages for a reader of any language.

    Raises a BadEvidence as `judge` does.
    """
    policy = policies.current() if policy is None else policy
    return _Judgement.of(Facts.of(read_case(case, policy), policy)).sentences()


@dataclass(frozen=True)
class _Judgement:
    """What the rules make of the facts, before it is written down."""

    facts: Facts
    findings: Mapping[str, list[Hit]]
    watch: Mapping[str, list[Hit]]
    counter: Mapping[str, list[Hit]]
    decision: str
    blockers: list[str]
    certainty: str
    certainty_minus: list[str]
    not_measured: list[str]

    @classmethod
    def of(cls, facts: Facts) -> "_Judgement":
        findings, watch = _fired(facts), _watched(facts)
        certainty, minus = certainty_of(facts)
        blocked = blockers(facts, is_clean=not findings and not watch, certainty=certainty)
        decision = _decision(facts, findings, blocked)
        counter = counter_evidence(facts, decision)
        silent = _not_measured(facts)
        return cls(facts, findings, watch, counter, decision, blocked, certainty, minus, silent)

    def sentences(self) -> dict[str, list[Message]]:
        return sentences(
            self.facts,
            self.decision,
            findings=self.findings,
            watch=self.watch,
            counter=self.counter,
            not_measured=self.not_measured,
            blockers=self.blockers,
        )


def _record(case: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
    facts = Facts.of(read_case(case, policy), policy)
    judgement = _Judgement.of(facts)
    return {
        "id": facts.case.id,
        "decision": judgement.decision,
        "findings": list(judgement.findings),
        "watch": list(judgement.watch),
        "counter_evidence": list(judgement.counter),
        "expansion_blocked": judgement.decision != "expand",
        "expansion_blockers": judgement.blockers,
        "certainty": judgement.certainty,
        "certainty_minus": judgement.certainty_minus,
        "kpi": {kpi.key: _kpi(kpi) for kpi in facts.kpis},
        "not_measured": judgement.not_measured,
        "too_few": list(facts.too_few),
        "review": {
            "seeded": str(facts.review.seeded),
            "signals": list(facts.review.signals),
        },
        "reporting": _reporting(facts),
        "assumed": list(facts.case.assumed),
        # The record holds English alone, whoever reads it.
        **{name: [str(line) for line in lines] for name, lines in judgement.sentences().items()},
        "policy": policy.version,
        "rules": RULES,
        "digest": digest(case),
    }


def _fired(facts: Facts) -> dict[str, list[Hit]]:
    return {
        code: hits
        for code, _, rule in FINDINGS
        if (not facts.is_between or code in BETWEEN) and (hits := rule(facts))
    }


def _watched(facts: Facts) -> dict[str, list[Hit]]:
    if facts.is_between:
        return {}
    return {code: hits for code, rule in WATCH if (hits := rule(facts))}


def _decision(facts: Facts, findings: Mapping[str, list[Hit]], blocked: list[str]) -> str:
    floor = max((FLOOR_OF[code] for code in findings), key=SEVERITY.index, default="continue")
    if facts.is_between:
        last = facts.case.history.last_decision
        return max(floor, "continue" if last == "expand" else last, key=SEVERITY.index)
    return "expand" if not findings and not blocked else floor


def _kpi(kpi: Any) -> dict[str, Any]:
    return {
        "data": kpi.data,
        "level": kpi.level,
        "change": str(kpi.change),
        "lo": shown(kpi.lo),
        "hi": shown(kpi.hi),
    }


def _not_measured(facts: Facts) -> list[str]:
    """KPIs that cannot testify, and the experiment where it is void; by code point."""
    silent = [kpi.key for kpi in facts.kpis if kpi.data in SILENT]
    if facts.case.experiment is not None and not facts.has_experiment:
        silent.append("experiment")
    return sorted(set(silent))


def _reporting(facts: Facts) -> dict[str, Any]:
    reporting = facts.reporting
    return {
        "expected_reports_at_4pct_yield": _rounded(reporting.expected, 3),
        "prob_of_observed_or_fewer": _rounded(reporting.probability, 4),
        "flags": list(reporting.flags),
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
