"""From rollups to the segments of a process behaviour chart, for page and review alike."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kpis.domain import wording
from kpis.domain.aggregation import storage
from kpis.domain.charts import bounds_of
from kpis.domain.statistics.process_charts import (
    Segment,
    Signal,
    Stage,
    rule_in_words,
)
from kpis.evidence.baselines import span_before, value_before
from kpis.evidence.processes import charted, segments
from kpis.models import Baseline, GrainCode, Kpi, KpiTarget, Measurement, Rollup
from kpis.presenters.drawings import process_svg
from kpis.queries.targets import limit_of, limit_on
from portal.domain.calendar import Grain, period_of
from portal.domain.spreadsheets import Cell
from portal.models import Organization

STAGES = {
    Stage.BUILDING: "Building history: limits need at least 8 periods.",
    Stage.TRIAL: "Trial limits from 8 to 11 periods, for orientation only.",
    Stage.PROVISIONAL: "Provisional limits, computed anew with each period until there are 20.",
    Stage.FROZEN: "Limits are frozen on the first 20 periods.",
}
CSV_HEAD = (
    "period starts",
    "grain",
    "revision",
    "value",
    "unit",
    "parts",
    "known as",
    "source",
    "note",
    "evidence",
    "reason",
    "recorded by",
    "recorded at",
)
# First letters with which a spreadsheet begins to calculate, their full-width forms included.
NO_PROOF = "No signal is not proof of no change."


@dataclass(frozen=True)
class ChartCard:
    """A chart with the words around it and the table behind it."""

    headline: str
    grain: str
    svg: str
    note: str
    points: list[dict[str, str]]


@dataclass(frozen=True)
class Lines:
    """What stands beside the values: target today and at each charted period (earlier periods
    keep the target they had), the value before AI and its 95 % interval."""

    target: float | None
    targets: list[float | None]
    baseline: float | None
    span: tuple[float, float] | None


def lines_of(
    rows: Sequence[Rollup], versions: Sequence[KpiTarget], baseline: Baseline | None
) -> Lines:
    """The lines of a chart; `versions` of the target are oldest first."""
    known = charted(rows)
    limits = [limit_on(versions, row.day) for row in known]
    newest = limit_of(versions[-1]) if versions else None
    return Lines(
        None if newest is None else float(newest),
        limits,
        value_before(baseline.parts) if baseline else None,
        span_before(baseline.parts) if baseline else None,
    )


def document_of(kpi: Kpi, found: Sequence[Segment], lines: Lines) -> dict[str, Any] | None:
    """The numbers of a chart as plain JSON; None where there is nothing to draw."""
    if sum(len(one.points) for one in found) < 2:
        return None
    return {
        "segments": [asdict(one) for one in found],
        "target": lines.target,
        "targets": lines.targets,
        "baseline": lines.baseline,
        "baseline_span": None if lines.span is None else list(lines.span),
        "unit": kpi.unit,
        "direction": kpi.direction,
        "currency": kpi.currency,
        "title": kpi.name,
    }


def drawn(
    kpi: Kpi, found: Sequence[Segment], lines: Lines, say: Callable[[float], str], **size: float
) -> str:
    """The chart of a KPI as SVG."""
    return process_svg(
        found,
        title=kpi.name,
        unit_format=say,
        direction=kpi.direction,
        target=lines.target,
        targets=lines.targets,
        baseline=lines.baseline,
        span=lines.span,
        bounds=bounds_of(kpi.unit),
        **size,
    )


def of_kpi(
    kpi: Kpi,
    *,
    rows: Sequence[Rollup],
    breaks: Sequence[dt.date],
    versions: Sequence[KpiTarget],
    baseline: Baseline | None,
    organization: Organization,
) -> ChartCard:
    """The chart of one KPI with its words and the table of the same figures."""
    found = segments(kpi, rows, breaks, fiscal_start=organization.fiscal_year_start)
    points = [point for one in found for point in one.points]
    if len(points) < 2:
        note = "A line is drawn from the second period on; limits need eight."
        return ChartCard("Building history", "", "", note, [])
    how = {"currency": kpi.currency, "locale": organization.locale}

    def say(value: float) -> str:
        return wording.say(value, kpi.unit, **how)

    lines = lines_of(rows, versions, baseline)
    grain = Grain[GrainCode(rows[-1].grain).name]
    table = [
        _point_row(point, say) | {"target": "—" if limit is None else say(limit)}
        for point, limit in zip(points, lines.targets, strict=True)
    ]
    return ChartCard(
        _headline(found[-1]),
        f"by {grain.value}",
        drawn(kpi, found, lines, say),
        f"{STAGES[found[-1].stage]} {NO_PROOF}",
        table[::-1],
    )


def _headline(segment: Segment) -> str:
    last = segment.points[-1]
    if segment.stage is Stage.BUILDING:
        return "Building history"
    if last.signal is Signal.COMMON:
        return "The newest figure is within the usual range"
    return f"The newest figure is more than chance: {rule_in_words(last.signal)}"


def _point_row(point: Any, say: Any) -> dict[str, str]:
    return {
        "label": point.label,
        "value": say(point.value),
        "lower": "—" if point.lower is None else say(point.lower),
        "upper": "—" if point.upper is None else say(point.upper),
        "signal": "" if point.signal is Signal.COMMON else rule_in_words(point.signal),
    }


def revision_rows(
    kpi: Kpi, rows: Sequence[Measurement], organization: Organization
) -> list[dict[str, Any]]:
    """Every revision in words, newest period first."""
    return [
        {
            "period": period_of(
                row.day, Grain[GrainCode(row.grain).name], organization.fiscal_year_start
            ).label,
            "figure": "withdrawn" if row.is_withdrawn else _figure(kpi, row, organization),
            "grade": row.get_grade_display(),
            "source": row.source,
            "recorded_at": row.recorded_at,
            "recorded_by": row.recorded_by,
            "revision": row.revision,
            "reason": row.reason,
            "note": row.note,
            "evidence": row.evidence,
        }
        for row in rows
    ]


def _figure(kpi: Kpi, row: Measurement, organization: Organization) -> str:
    stored = row.stored
    value = storage.value_of(stored, kpi.unit)
    said = wording.say(value, kpi.unit, currency=kpi.currency, locale=organization.locale)
    cases = wording.number_of_cases(
        storage.kind_of(stored), storage.to_parts(stored), locale=organization.locale
    )
    return f"{said} ({cases})" if cases else said


def csv_row(kpi: Kpi, row: Measurement) -> list[Cell]:
    """One revision as cells of a CSV."""
    stored = row.stored
    value = None if row.is_withdrawn else storage.value_of(stored, kpi.unit)
    parts = "; ".join(f"{name} {value}" for name, value in storage.to_parts(stored).items())
    number = "" if value is None else f"{value.normalize():f}"
    texts = [
        kpi.unit,
        "withdrawn" if row.is_withdrawn else parts,
        row.grade,
        row.source,
        row.note,
        row.evidence,
        row.reason,
        row.recorded_by,
    ]
    return [
        row.day.isoformat(),
        GrainCode(row.grain).label,
        str(row.revision),
        number,
        *texts,
        row.recorded_at.isoformat(timespec="seconds"),
    ]
