"""Draft, review and finished result of a deployment in minutes, from its KPIs or its ledger."""

from dataclasses import dataclass

from kpis.domain.cost.draft_to_final import Finish
from kpis.evidence.figures import parts_of
from kpis.evidence.ledger import basis_of, newest
from kpis.evidence.sources import Sources
from kpis.models import Kpi

UNIT = "minutes"
TIMES = frozenset({"duration", "mean"})


@dataclass(frozen=True)
class Found:
    """The times and where they come from: "KPIs" or "cost ledger"."""

    times: Finish
    source: str


def finish(sources: Sources) -> Found | None:
    """Times per task before and with AI; None where draft or finished result is not known."""
    return _of_kpis(sources) or _of_ledger(sources)


def _of_kpis(sources: Sources) -> Found | None:
    draft = sources.by_key("first_draft_time") or next(
        (kpi for kpi in sources.kpis if kpi.proxy_for and kpi.kind in TIMES), None
    )
    if draft is None:
        return None
    names = {draft.proxy_for}
    whole = next(
        (kpi for kpi in sources.kpis if {kpi.slug, kpi.catalogue_key} & names),
        next((kpi for kpi in sources.kpis if kpi.is_primary and kpi.kind in TIMES), None),
    )
    if whole is None:
        return None
    before, final, first = _before(sources, whole), _now(sources, whole), _now(sources, draft)
    if before is None or final is None or first is None or {draft.unit, whole.unit} != {UNIT}:
        return None
    review = sources.by_key("average_review_time")
    shown = review is not None and review.unit == UNIT
    times = Finish(
        before,
        final,
        first,
        _now(sources, review) if review and shown else None,
        _before(sources, draft),
    )
    return Found(times, "KPIs")


def measured(sources: Sources) -> dict[str, float]:
    """What the KPIs say about the times of the ledger's basis, by its field; minutes."""
    review = sources.by_key("average_review_time")
    found = _of_kpis(sources)
    known: dict[str, float | None] = {
        "minutes_before": found.times.before if found else None,
        "minutes_draft": found.times.draft if found else None,
        "minutes_review": _now(sources, review) if review and review.unit == UNIT else None,
    }
    return {name: round(value, 1) for name, value in known.items() if value is not None}


def _of_ledger(sources: Sources) -> Found | None:
    basis = basis_of(newest(sources)[1])
    if basis is None:
        return None
    times = Finish(
        float(basis.base), float(basis.ai_minutes), float(basis.draft), float(basis.review)
    )
    return Found(times, "cost ledger")


def _now(sources: Sources, kpi: Kpi) -> float | None:
    rows = sources.rows.get(kpi.pk, [])
    row = sources.quarterly.get(kpi.pk) or (rows[-1] if rows else None)
    kind, parts = parts_of(row, kpi.unit)
    return float(parts["mean"]) if kind in TIMES and parts else None


def _before(sources: Sources, kpi: Kpi) -> float | None:
    baseline = sources.baselines.get(kpi.pk)
    mean = baseline.parts.get("mean") if baseline else None
    return None if mean is None else float(mean)
