"""Rollups as the segments of a process behaviour chart."""

import datetime as dt
from collections.abc import Sequence

from kpis.domain.aggregation import storage
from kpis.domain.statistics.process_charts import (
    Segment,
    prime_chart,
    xmr_chart,
)
from kpis.models import GrainCode, Kpi, Rollup
from portal.domain.calendar import Grain, period_of

MAX_POINTS = 104


def labels_of(rows: Sequence[Rollup], fiscal_start: int) -> list[str]:
    """The names of their periods, as tables say them."""
    return [
        period_of(row.day, Grain[GrainCode(row.grain).name], fiscal_start).label for row in rows
    ]


def charted(rows: Sequence[Rollup]) -> list[Rollup]:
    """The rollups that a chart shows: the newest ones that have a value."""
    return [row for row in rows if row.value is not None][-MAX_POINTS:]


def segments(
    kpi: Kpi, rows: Sequence[Rollup], breaks: Sequence[dt.date], *, fiscal_start: int
) -> list[Segment]:
    """One segment between two changes of the deployment or of the KPI's definition."""
    stretches: list[list[Rollup]] = []
    for row in charted(rows):
        if not stretches or _is_break(stretches[-1][-1], row, breaks):
            stretches.append([])
        stretches[-1].append(row)
    return [_segment(stretch, fiscal_start) for stretch in stretches]


def _is_break(before: Rollup, row: Rollup, breaks: Sequence[dt.date]) -> bool:
    changed = any(before.day < day <= row.day for day in breaks)
    return changed or before.definition != row.definition


def _segment(rows: Sequence[Rollup], fiscal_start: int) -> Segment:
    labels = labels_of(rows, fiscal_start)
    kinds = {storage.kind_of({"more": row.more}) for row in rows}
    if kinds <= {"ratio"} or kinds <= {"rate"} or kinds <= {"uptime"}:
        num = [float(row.num or 0) for row in rows]
        den = [float(row.den or 0) for row in rows]
        if all(den):
            return prime_chart(labels, num, den, rate=kinds == {"rate"})
    return xmr_chart(labels, [float(row.value or 0) for row in rows])
