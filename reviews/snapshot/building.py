"""The document of a review: everything its pages and its PDF say, frozen as plain JSON."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deployments.domain.vocabulary import LABELS, Phase, RiskClass
from kpis.domain import wording
from kpis.evidence import readiness
from kpis.evidence.finish import finish
from kpis.evidence.sources import Sources
from kpis.models import Verdict
from kpis.presenters import ledger, results
from portal.domain.messages import listed
from portal.models import Organization
from portal.tenancy.scope import current_organization_id
from reviews.domain import headline
from reviews.models import Edition, Review
from reviews.snapshot.document import FORMAT, plain

ORDER = ("stop", "pause", "restrict", "improve", "expand", "continue")


@dataclass(frozen=True)
class Part:
    """What a review says of one deployment, and the policy by which it was judged."""

    document: dict[str, Any]
    policy: str


def build(
    review: Review,
    judged: Sequence[Part],
    *,
    as_of: dt.date,
    at: dt.datetime,
    previous: Edition | None,
) -> dict[str, Any]:
    """The document of a review as of a day from the parts of its deployments, worst first."""
    organization = Organization.objects.get(pk=current_organization_id())
    parts = [part.document for part in judged]
    parts.sort(key=lambda part: (_urgency(part["decision"]), part["name"]))
    document = {
        "format": FORMAT,
        "organization": {
            "name": organization.name,
            "currency": organization.currency,
            "locale": organization.locale,
            "time_zone": organization.time_zone,
        },
        "period": {
            "label": review.label,
            "start": review.starts_on.isoformat(),
            "end": review.ends_on.isoformat(),
        },
        "edition": previous.number + 1 if previous else 1,
        "supersedes": previous.digest if previous else None,
        "restated": restated(previous.document, parts) if previous else [],
        "frozen_at": at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "as_of": as_of.isoformat(),
        "policy": judged[0].policy if judged else "none",
        "headline": headline.sentences(parts),
        "summary": headline.summary(parts),
        "figures": headline.figures(parts),
        "deployments": parts,
        "cannot_tell": [sentence for part in parts for sentence in _gaps(part)],
        "sources": _sources(parts),
        "incidents_note": "Incidents and staff feedback are not part of it yet.",
    }
    # Through plain JSON, as the database will give it back: editions are compared by it.
    return plain(document)


def same_evidence(document: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two documents differ in nothing but when and as which edition they were frozen."""
    passing = {"edition", "supersedes", "restated", "frozen_at", "as_of"}
    return {key: value for key, value in document.items() if key not in passing} == {
        key: value for key, value in other.items() if key not in passing
    }


def _urgency(decision: str | None) -> int:
    return ORDER.index(decision) if decision in ORDER else 3


def part(sources: Sources, checklist: readiness.Checklist, verdict: Verdict) -> Part:
    """What the document says of one deployment."""
    deployment, record = sources.deployment, verdict.record
    rows = results.rows(sources, verdict, with_charts=True)
    reasons = [*record.get("because", []), *record.get("watch_sentences", [])]
    times = finish(sources)
    document = {
        "reference": deployment.slug,
        "name": deployment.name,
        "unit": deployment.unit.name if deployment.unit else "",
        "owner": deployment.owner_name,
        "phase": LABELS[Phase(deployment.phase)],
        "risk_class": LABELS[RiskClass(deployment.risk_class)],
        "model_version": deployment.model_version,
        "decision": verdict.decision if rows else None,
        "because": headline.because(record, rows),
        "reasons": reasons,
        "counter_evidence": list(record.get("counter_sentences", [])),
        "would_change_if": list(record.get("would_change_if", [])),
        "certainty": str(record.get("certainty", "very_low")),
        "readiness": _readiness(checklist) if rows else None,
        "cost": _cost(ledger.page(sources)) if rows else None,
        "times": times.times.finding() if times else "",
        "kpis": [_kpi(row) for row in rows],
    }
    return Part(document, verdict.policy)


def _readiness(checklist: readiness.Checklist) -> dict[str, Any]:
    return {
        "done": checklist.held,
        "of": len(checklist.lines),
        "lines": [
            {
                "question": line.asked.question,
                "answer": line.answer.get_answer_display() if line.answer else "not answered",
                "state": line.state,
                "says": str(line.finding.says),
            }
            for line in checklist.lines
        ],
    }


def _cost(page: ledger.Page) -> dict[str, Any]:
    """What the ledger says; the return stands in it only when nothing is missing."""
    labels = {
        "net": "hours net",
        "claimed": "hours claimed by drafts",
        "now": "per accepted result",
        "before": "per result before AI",
    }
    figures = [
        {"value": page.figures[name], "label": label}
        for name, label in labels.items()
        if page.figures.get(name)
    ]
    if page.value:
        figures.append({"value": page.value, "label": "net value"})
    return {
        "headline": page.headline,
        "known": page.known,
        "figures": figures,
        "withheld": list(page.withheld),
        "weakest": page.weakest,
    }


def _kpi(row: results.KpiRow) -> dict[str, Any]:
    kpi = row.kpi
    return {
        "key": kpi.slug,
        "name": kpi.name,
        "category": kpi.role,
        "role": kpi.role,
        "watch_out": row.watch_out,
        "value": row.now,
        "n": row.cases,
        "baseline": row.before,
        "target": row.target,
        "grade": row.grade.lower() or None,
        "data": row.data,
        "level": row.level,
        "level_text": row.state_words,
        "state": row.state,
        "notes": row.notes,
        "change_text": row.change_words,
        "pair_of": row.pair_of or None,
        "chart": row.chart,
    }


def _gaps(part: Mapping[str, Any]) -> list[str]:
    """What nobody knows of a deployment, in one sentence; none where nothing is missing."""
    missing = [kpi["name"] for kpi in part["kpis"] if kpi["data"] == "not_measured"]
    without = [kpi for kpi in part["kpis"] if kpi["baseline"] == "—" and kpi["role"] != "context"]
    lines = (part["readiness"] or {"lines": []})["lines"]
    against = sum(line["state"] == "contradicted" for line in lines)
    found = []
    if missing:
        found.append(f"nobody measures {listed(missing)}")
    if without and part["kpis"]:
        found.append(
            f"{len(without)} of {len(part['kpis'])} measures have no figure from before AI"
        )
    if against:
        noun = "answer disagrees" if against == 1 else "answers disagree"
        found.append(f"{against} readiness {noun} with the data")
    return [f"{part['name']}: {'; '.join(found)}."] if found else []


def _sources(parts: Sequence[Mapping[str, Any]]) -> list[str]:
    grades = sorted({kpi["grade"] for part in parts for kpi in part["kpis"] if kpi["grade"]})
    sentences = [f"Figures in this review are {', '.join(grades)}."] if grades else []
    return [
        *sentences,
        f"“{wording.NOT_MEASURED.capitalize()}” means that nobody entered a figure.",
    ]


def restated(old: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Every figure that was printed differently in the edition before, with both values."""
    was = {
        (part["reference"], kpi["key"]): kpi["value"]
        for part in old["deployments"]
        for kpi in part["kpis"]
    }
    label = str(old["period"]["label"])
    return [
        {
            "kpi": f"{part['name']}: {kpi['name']}",
            "period": label,
            "old": was[part["reference"], kpi["key"]],
            "new": kpi["value"],
        }
        for part in parts
        for kpi in part["kpis"]
        if was.get((part["reference"], kpi["key"]), kpi["value"]) != kpi["value"]
    ]
