"""From rollups to the segments of a process behaviour chart, for page and review alike."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from deployments.domain.changes import NEW_PROCESS
from deployments.models import DeploymentChange
from kpis.charts import process_svg
from kpis.domain import storage, wording
from kpis.domain.chart import bounds_of
from kpis.domain.spc import Segment, Signal, Stage, prime_chart, rule_in_words, xmr_chart
from kpis.models import Grain, Kpi, Measurement, Rollup
from kpis.models.queries import baselines, series, targets
from portal.domain.calendar import Grain as CalendarGrain
from portal.domain.calendar import period_of
from portal.models import Organization

MAX_POINTS = 104
STAGES = {
    Stage.BUILDING: "Building history: limits need at least 8 periods.",
    Stage.TRIAL: "Trial limits from 8 to 11 periods, for orientation only.",
    Stage.PROVISIONAL: "Provisional limits, computed anew with each period until there are 20.",
    Stage.FROZEN: "Limits are frozen on the first 20 periods.",
}


@dataclass(frozen=True)
class ChartCard:
    """A chart with the words around it and the table behind it."""

    headline: str
    grain: str
    svg: str
    note: str
    points: list[dict[str, str]]


def labels_of(rows: Sequence[Rollup]) -> list[str]:
    """Sortable names of periods: 2026-W40, 2026-10, 2026-Q4, 2026."""
    return [_label(row) for row in rows]


def _label(row: Rollup) -> str:
    if row.grain == Grain.WEEK:
        year, week, _ = row.day.isocalendar()
        return f"{year}-W{week:02}"
    if row.grain == Grain.MONTH:
        return f"{row.day:%Y-%m}"
    if row.grain == Grain.QUARTER:
        return f"{row.day.year}-Q{(row.day.month - 1) // 3 + 1}"
    return str(row.day.year)


def segments(kpi: Kpi, rows: Sequence[Rollup], breaks: Sequence[dt.date]) -> list[Segment]:
    """One segment between two changes of the deployment or of the KPI's definition."""
    known = [row for row in rows if row.value is not None][-MAX_POINTS:]
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


def breaks_of(kpis: Sequence[Kpi]) -> dict[int, list[dt.date]]:
    """Days on which a deployment changed so that figures before and after are not one process."""
    rows = DeploymentChange.objects.filter(
        deployment__in={kpi.deployment_id for kpi in kpis}, kind__in=NEW_PROCESS
    ).order_by("on")
    found: dict[int, list[dt.date]] = {}
    for row in rows:
        found.setdefault(row.deployment_id, []).append(row.on)
    return found


def document_of(
    kpi: Kpi,
    rows: Sequence[Rollup],
    breaks: Sequence[dt.date],
    *,
    target: float | None,
    baseline: float | None,
) -> dict[str, Any] | None:
    """The numbers of a chart as plain JSON; None where there is nothing to draw."""
    found = segments(kpi, rows, breaks)
    if sum(len(one.points) for one in found) < 2:
        return None
    return {
        "segments": [asdict(one) for one in found],
        "target": target,
        "baseline": baseline,
        "unit": kpi.unit,
        "direction": kpi.direction,
        "currency": kpi.currency,
        "title": kpi.name,
    }


def of_kpi(kpi: Kpi, organization: Organization, today: dt.date) -> ChartCard:
    """The chart of one KPI with its words and table."""
    rows = series([kpi], until=today)[kpi.pk]
    found = segments(kpi, rows, breaks_of([kpi]).get(kpi.deployment_id, []))
    points = [point for one in found for point in one.points]
    if len(points) < 2:
        note = "A line is drawn from the second period on; limits need eight."
        return ChartCard("Building history", "", "", note, [])
    how = {"currency": kpi.currency, "locale": organization.locale}

    def say(value: float) -> str:
        return wording.say(value, kpi.unit, **how)

    target = targets([kpi], on=today).get(kpi.pk)
    baseline = baselines([kpi]).get(kpi.pk)
    limit = None if target is None else target.target or target.warning
    drawn = process_svg(
        found, title=kpi.name, unit_format=say, direction=kpi.direction,
        target=None if limit is None else float(limit),
        baseline=value_before(baseline.parts) if baseline else None, bounds=bounds_of(kpi.unit),
    )  # fmt: skip
    grain = CalendarGrain[Grain(rows[-1].grain).name]
    return ChartCard(
        _headline(found[-1]),
        f"by {grain.value}",
        drawn,
        STAGES[found[-1].stage],
        [_point_row(point, say) for point in reversed(points)],
    )


def value_before(parts: dict[str, Any]) -> float | None:
    """The value of a baseline from its parts, None where they give none."""
    for top, bottom in (("num", "den"), ("num", "exposure"), ("events", "exposure")):
        if parts.get(bottom):
            return float(parts[top]) / float(parts[bottom])
    value = parts.get("value", parts.get("mean"))
    return None if value is None else float(value)


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
                row.day, CalendarGrain[Grain(row.grain).name], organization.fiscal_year_start
            ).label,
            "figure": "withdrawn" if row.is_withdrawn else _figure(kpi, row, organization),
            "grade": row.get_grade_display(),
            "source": row.source,
            "recorded_at": row.recorded_at,
            "recorded_by": row.recorded_by,
            "revision": row.revision,
            "reason": row.reason,
        }
        for row in rows
    ]


def _figure(kpi: Kpi, row: Measurement, organization: Organization) -> str:
    stored = {name: getattr(row, name) for name in (*storage.NUMBERS, "more")}
    value = storage.value_of(stored, kpi.unit)
    said = wording.say(value, kpi.unit, currency=kpi.currency, locale=organization.locale)
    cases = wording.number_of_cases(
        storage.kind_of(stored), storage.to_parts(stored), locale=organization.locale
    )
    return f"{said} ({cases})" if cases else said


def csv_row(row: Measurement) -> list[str]:
    """One revision as cells of a CSV; text that a spreadsheet would run as a formula is quoted."""
    stored = {name: getattr(row, name) for name in (*storage.NUMBERS, "more")}
    parts = "; ".join(f"{name} {value}" for name, value in storage.to_parts(stored).items())
    cells = [
        row.day.isoformat(), Grain(row.grain).label, str(row.revision),
        "withdrawn" if row.is_withdrawn else parts, row.grade, row.source, row.note,
    ]  # fmt: skip
    return [f"'{cell}" if cell[:1] in "=+-@\t\r\n" and cell else cell for cell in cells]
