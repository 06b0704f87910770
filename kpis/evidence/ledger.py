"""The cost ledger of a quarter as the arithmetic reads it, and the value it gives a verdict."""

from decimal import Decimal
from typing import Any

from kpis.domain import policy
from kpis.domain.cost.ledger import Basis, Entry, Ledger, Return, Use, Withheld, net_value
from kpis.domain.errors import MethodError
from kpis.domain.statistics.intervals import Moments, ratio_of_means
from kpis.evidence.figures import parts_of
from kpis.evidence.sources import Sources
from kpis.models import CostEntry, LedgerBasis

CENT = Decimal("0.01")


def newest(sources: Sources) -> tuple[dict[str, CostEntry], LedgerBasis | None]:
    """The row that holds for each part of the quarter, and the basis that holds."""
    entries = {row.part: row for row in sources.costs}
    return entries, sources.bases[-1] if sources.bases else None


def ledger_of(entries: dict[str, CostEntry]) -> Ledger:
    """The entries as the arithmetic reads them."""
    return Ledger(
        {
            part: Entry(row.amount, row.hours, row.grade, row.not_applicable_because)
            for part, row in entries.items()
        }
    )


def basis_of(row: LedgerBasis | None) -> Basis | None:
    """The basis, None while a time, the rate or an accepted result is missing."""
    if row is None:
        return None
    needed = (row.hourly_rate, row.minutes_before, row.minutes_draft, row.minutes_review)
    if any(value is None for value in needed):
        return None
    try:
        return Basis(
            tasks=row.tasks,
            accepted=row.accepted,
            rate=needed[0] or Decimal(0),
            base=needed[1] or Decimal(0),
            draft=needed[2] or Decimal(0),
            review=needed[3] or Decimal(0),
            rework_share=row.rework_share or Decimal(0),
            rework=row.minutes_rework or Decimal(0),
        )
    except MethodError:
        return None


def task_time_ratio(sources: Sources) -> tuple[float, float] | None:
    """Limits of task time with AI over before, from the primary outcome if it is a time."""
    z = policy.current().z_review
    for kpi in sources.kpis:
        baseline = sources.baselines.get(kpi.pk)
        if not kpi.is_primary or kpi.direction != "down" or baseline is None:
            continue
        kind, now = parts_of(sources.quarterly.get(kpi.pk), kpi.unit)
        if kind not in {"duration", "mean"} or not now or "mean" not in baseline.parts:
            continue
        found = ratio_of_means(_moments(now), _moments(baseline.parts), z)
        if found is not None:
            return found.lo, found.hi
    return None


def _moments(parts: dict[str, Any]) -> Moments:
    deviation = parts.get("sd")
    return Moments(
        int(parts["n"]), float(parts["mean"]), None if deviation is None else float(deviation)
    )


def result(sources: Sources) -> Return | Withheld:
    """The net value of the quarter, or why it is withheld."""
    entries, row = newest(sources)
    use = Use(row.hours_used_for) if row is not None and row.hours_used_for else None
    return net_value(
        basis_of(row),
        ledger_of(entries),
        use,
        ratio=task_time_ratio(sources),
        grade=row.grade if row is not None else "measured",
    )


def value(sources: Sources) -> dict[str, float] | None:
    """The block `value` of method 5.8; None while the return is withheld or has no limits."""
    found = result(sources)
    if isinstance(found, Withheld) or found.low is None or found.high is None:
        return None
    return {
        "net_value_low": float(found.low.quantize(CENT)),
        "net_value_high": float(found.high.quantize(CENT)),
    }
