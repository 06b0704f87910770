"""What the data says to the eight readiness questions, and which answers hold against it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kpis.domain import policy
from kpis.domain.catalogue import shipped
from kpis.domain.catalogue.contents import ChecklistQuestion
from kpis.domain.cost.parts import PARTS as COST_PARTS
from kpis.domain.entering.confirmation import parts_to_confirm
from kpis.domain.readiness import (
    QUESTIONS,
    SHORT,
    Finding,
    SetFacts,
    SetKpi,
    category_of,
    contradicts,
    findings,
    is_expired,
)
from kpis.evidence.blocks import reviewed_at
from kpis.evidence.kpi import age
from kpis.evidence.sources import SET_CHANGES, Sources
from kpis.models import Kpi, ReadinessAnswer


@dataclass(frozen=True)
class Line:
    """One question with the manager's answer and what the data says to it.

    `state` is holds (yes, and the data agrees), contradicted, expired, open (no answer), or the
    answer itself: no, not_sure.
    """

    asked: ChecklistQuestion
    finding: Finding
    answer: ReadinessAnswer | None
    state: str

    @property
    def short(self) -> str:
        return SHORT[self.asked.key]


@dataclass(frozen=True)
class Checklist:
    """The eight lines in their order."""

    lines: Sequence[Line]

    @property
    def ends_at(self) -> dt.datetime | None:
        """When the first of the answers that hold ends by itself; None where none does."""
        days = dt.timedelta(days=policy.current().kpi_review_days)
        given = [
            line.answer.answered_at + days
            for line in self.lines
            if line.answer is not None and line.state != "expired"
        ]
        return min(given, default=None)

    @property
    def held(self) -> int:
        return sum(line.state == "holds" for line in self.lines)

    @property
    def contradictions(self) -> list[Line]:
        return [line for line in self.lines if line.state == "contradicted"]

    @property
    def newest(self) -> ReadinessAnswer | None:
        answers = [line.answer for line in self.lines if line.answer is not None]
        return max(answers, key=lambda one: one.answered_at, default=None)


def checklist(sources: Sources, *, now: dt.datetime) -> Checklist:
    """The checklist of one deployment; one statement beside those of the sources."""
    rows = ReadinessAnswer.objects.filter(deployment=sources.deployment).order_by("answered_at")
    answers = {row.question: row for row in rows if row.answered_at <= now}
    asked = {one.key: one for one in shipped.catalogue().checklist}
    said = {one.question: one for one in findings(facts(sources))}
    changed = changed_at(sources)
    return Checklist(
        [
            Line(
                asked[key],
                said[key],
                answers.get(key),
                _state(answers.get(key), said[key], changed, now),
            )
            for key in QUESTIONS
        ]
    )


def frozen(found: Checklist) -> dict[str, dict[str, Any]]:
    """The checklist as evidence: by question the answer, its state, what the data says."""
    return {
        line.asked.key: {
            "answer": line.answer.answer if line.answer else None,
            "state": line.state,
            "data_says": str(line.finding.says),
            "data_agrees": line.finding.holds,
        }
        for line in found.lines
    }


def changed_at(sources: Sources) -> dt.datetime | None:
    """When the newest change was recorded that asks for the set to be looked at again."""
    return max(
        (one.recorded_at for one in sources.changes if one.kind in SET_CHANGES), default=None
    )


def _state(
    answer: ReadinessAnswer | None, finding: Finding, changed: dt.datetime | None, now: dt.datetime
) -> str:
    if answer is None:
        return "open"
    if is_expired(answer.answered_at, changed, now, policy.current().kpi_review_days):
        return "expired"
    if answer.answer != "yes":
        return answer.answer
    return "contradicted" if contradicts(answer.answer, finding) else "holds"


def facts(sources: Sources) -> SetFacts:
    """The facts of the checklist from what is on record."""
    reviewed = reviewed_at(sources)
    known = {entry.part for entry in sources.costs}
    first = min(reviewed.values(), default=None)
    return SetFacts(
        kpis=[_kpi(sources, kpi) for kpi in sources.kpis if kpi.role != "context"],
        costs_missing=[words for part, words in COST_PARTS.items() if part not in known],
        to_confirm=parts_to_confirm(changed_at(sources), reviewed),
        days_since_review=max(0, (sources.as_of - first.date()).days) if first else 0,
        review_days=policy.current().kpi_review_days,
    )


def _kpi(sources: Sources, kpi: Kpi) -> SetKpi:
    rows = sources.rows.get(kpi.pk, [])
    target = sources.target_on(kpi, sources.as_of)
    return SetKpi(
        key=kpi.catalogue_key or kpi.slug,
        name=kpi.name,
        category=category_of(kpi.role, kpi.kind, kpi.category),
        is_tied=bool(kpi.serves.strip()),
        is_guarded=kpi.is_guardrail or kpi.is_critical_measure or kpi.is_safety_critical,
        has_value=bool(rows) and age(kpi, rows, sources.as_of) <= policy.current().stale_after,
        has_baseline=kpi.pk in sources.baselines,
        has_threshold=target is not None
        and any(value is not None for value in (target.warning, target.critical, target.margin)),
    )
