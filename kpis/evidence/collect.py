"""One deployment's evidence as a JSON-safe mapping; the digest of a verdict is taken of it."""

import datetime as dt
from typing import Any

from deployments.models import Deployment
from kpis.evidence import blocks, ledger
from kpis.evidence.kpi import entry
from kpis.evidence.readiness import Checklist, checklist, frozen
from kpis.evidence.sources import Sources, read


def collect(
    deployment: Deployment, *, as_of: dt.date, at: dt.datetime | None = None
) -> dict[str, Any]:
    """The evidence of one deployment of the bound organization in the format of method 5.8.

    With `at`, the readiness answers as they stand at that instant and what the data says to them.
    """
    sources = read(deployment, as_of=as_of)
    return evidence_of(sources, None if at is None else checklist(sources, now=at))


def evidence_of(sources: Sources, readiness: Checklist | None) -> dict[str, Any]:
    """The evidence that the sources give, with the readiness checklist where there is one."""
    evidence: dict[str, Any] = {
        "id": sources.deployment.slug,
        "as_of": sources.as_of.isoformat(),
        "deployment": _deployment(sources),
        "gates": blocks.gates(sources),
        "kpis": [entry(sources, kpi) for kpi in sources.kpis if kpi.role != "context"],
        "scope": blocks.scope(sources),
        "review": blocks.review(sources),
        "history": blocks.history(sources),
        "evidence": {"design": _design(sources)},
    }
    optional = {"reporting": blocks.reporting(sources), "value": ledger.value(sources)}
    for name, block in optional.items():
        if block is not None:
            evidence[name] = block
    if readiness is not None:
        evidence["readiness"] = frozen(readiness)
    return evidence


def _deployment(sources: Sources) -> dict[str, Any]:
    deployment, profile = sources.deployment, sources.organization.profile
    return {
        "phase": deployment.phase,
        "profile": profile if profile == "small" else None,
        "risk_class": deployment.risk_class,
        "effect_reach": deployment.effect_reach,
        "human_review": deployment.human_review,
        "days_since_start": (
            max(0, (sources.as_of - deployment.started_on).days) if deployment.started_on else None
        ),
    }


def _design(sources: Sources) -> str:
    before = any(kpi.is_primary and kpi.pk in sources.baselines for kpi in sources.kpis)
    return "before_after" if before else "after_only"
