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

MAX_POINTS = 104


def labels_of(rows: Sequence[Rollup]) -> list[str]:
    """Sortable names of periods: 2026-W40, 2026-10, 2026-Q4, 2026."""
    return [_label(row) for row in rows]


def _label(row: Rollup) -> str:
    if row.grain == GrainCode.WEEK:
        year, week, _ = row.day.isocalendar()
        return f"{year}-W{week:02}"
    if row.grain == GrainCode.MONTH:
        return f"{row.day:%Y-%m}"
    if row.grain == GrainCode.QUARTER:
        return f"{row.day.year}-Q{(row.day.month - 1) // 3 + 1}"
    return str(row.day.year)


def charted(rows: Sequence[Rollup]) -> list[Rollup]:
    """The rollups that a chart shows: the newest ones that have a value."""
    return [row for row in rows if row.value is not None][-MAX_POINTS:]


def segments(kpi: Kpi, rows: Sequence[Rollup], breaks: Sequence[dt.date]) -> list[Segment]:
    """One segment between two changes of the deployment or of the KPI's definition."""
    known = charted(rows)
    parts: list[list[Rollup]] = []
    for row in known:
        if not parts or _is_break(parts[-1][-1], row, breaks):
            parts.append([])
        parts[-1].append(row)
    return [_segment(part) for part in parts]


def _is_break(before: Rollup, row: Rollup, breaks: Sequence[dt.date]) -> bool:
    changed = any(before.day < day <= row.day for day in breaks)
    return changed or before.definition != row.definition


def _segment(rows: Sequence[Rollup]) -> Segment:
    labels = labels_of(rows)
    kinds = {storage.kind_of({"more": row.more}) for row in rows}
    if kinds <= {"ratio"} or kinds <= {"rate"} or kinds <= {"uptime"}:
        num = [float(row.num or 0) for row in rows]
        den = [float(row.den or 0) for row in rows]
        if all(den):
            return prime_chart(labels, num, den, rate=kinds == {"rate"})
    return xmr_chart(labels, [float(row.value or 0) for row in rows])
