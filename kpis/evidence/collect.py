"""One deployment's evidence as a JSON-safe mapping; the digest of a verdict is taken of it."""

import datetime as dt
from typing import Any

from deployments.models import Deployment
from kpis.evidence import blocks, ledger
from kpis.evidence.kpi import entry
from kpis.evidence.readiness import checklist, frozen
from kpis.evidence.sources import Sources, read


def collect(
    deployment: Deployment, *, as_of: dt.date, at: dt.datetime | None = None
) -> dict[str, Any]:
    """The evidence of one deployment of the bound organization in the format of method 5.8.

    With `at`, the readiness answers as they stand at that instant and what the data says to them.
    """
    sources = read(deployment, as_of=as_of)
    found = of(sources)
    if at is not None:
        found["readiness"] = frozen(checklist(sources, now=at))
    return found


def of(sources: Sources) -> dict[str, Any]:
    """The evidence that the sources give."""
    found: dict[str, Any] = {
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
            found[name] = block
    return found


def _deployment(sources: Sources) -> dict[str, Any]:
    one, profile = sources.deployment, sources.organization.profile
    return {
        "phase": one.phase,
        "profile": profile if profile == "small" else None,
        "risk_class": one.risk_class,
        "effect_reach": one.effect_reach,
        "human_review": one.human_review,
        "days_since_start": (
            max(0, (sources.as_of - one.started_on).days) if one.started_on else None
        ),
    }


def _design(sources: Sources) -> str:
    before = any(kpi.is_primary and kpi.pk in sources.baselines for kpi in sources.kpis)
    return "before_after" if before else "after_only"
