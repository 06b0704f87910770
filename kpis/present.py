"""KPI rows as a reader sees them: figures in words, state, trend. One path for page and review."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deployments.models import Deployment
from kpis import chart_data
from kpis.charts import sparkline_svg
from kpis.domain import pairs, shipped, storage, views, wording
from kpis.domain.readiness import category_of
from kpis.models import Baseline, CatalogueEntry, Kpi, KpiTarget, Rollup, Verdict
from kpis.models.queries import baselines, series, targets
from portal.models import Organization

LENGTHS = {1: 1, 2: 7, 3: 30, 4: 91, 5: 365}
STATE_OF_LEVEL = {
    "ok": "ok",
    "warning": "warning",
    "critical": "critical",
    "suspected_warning": "suspected",
    "suspected_critical": "suspected",
    "unknown": "unknown",
}


@dataclass(frozen=True)
class KpiRow:
    """One line of the table of results: everything already in words."""

    kpi: Kpi
    is_side_effect: bool
    before: str
    now: str
    cases: str
    target: str
    grade: str
    state: str
    state_words: str
    change_words: str
    watch_out: str
    trend: str
    data: str
    level: str
    pair_of: str
    doubt: str
    category: str
    layer: str
    last_day: dt.date | None
    chart: dict[str, Any] | None


def rows(
    deployment: Deployment, organization: Organization, verdict: Verdict | None, today: dt.date
) -> list[KpiRow]:
    """The KPI set in reading order: each result followed by its side effects."""
    kpis = list(Kpi.objects.filter(deployment=deployment, retired_on=None).order_by("position"))
    known_series = series(kpis, until=today)
    known_targets, known_baselines = targets(kpis, on=today), baselines(kpis)
    breaks = chart_data.breaks_of(kpis).get(deployment.pk, [])
    entries = CatalogueEntry.objects.in_bulk({kpi.catalogue_key for kpi in kpis})
    judged = verdict.record["kpi"] if verdict else {}
    doubts = doubts_of(kpis, judged)
    return [
        _row(
            kpi, main, known_series[kpi.pk], known_targets.get(kpi.pk),
            known_baselines.get(kpi.pk), entries.get(kpi.catalogue_key), judged.get(kpi.slug),
            breaks, organization, doubts.get(kpi.slug, ""),
        )
        for kpi, main in in_pairs(kpis)
    ]  # fmt: skip


def in_pairs(kpis: Sequence[Kpi]) -> list[tuple[Kpi, str]]:
    """Each KPI once, with the slug of the result below which it stands as a side effect."""
    by_name = {kpi.catalogue_key or kpi.slug: kpi for kpi in kpis}
    placed: set[int] = set()
    ordered: list[tuple[Kpi, str]] = []
    for kpi in sorted(kpis, key=lambda one: (not one.is_primary, one.position)):
        if kpi.pk in placed:
            continue
        placed.add(kpi.pk)
        ordered.append((kpi, ""))
        for name in kpi.pair_with:
            side = by_name.get(name)
            if side is not None and side.pk not in placed and not side.is_primary:
                placed.add(side.pk)
                ordered.append((side, kpi.slug))
    return ordered


def _row(
    kpi: Kpi,
    main: str,
    found: Sequence[Rollup],
    target: KpiTarget | None,
    baseline: Baseline | None,
    entry: CatalogueEntry | None,
    judged: Mapping[str, Any] | None,
    breaks: Sequence[dt.date],
    organization: Organization,
    doubt: str,
) -> KpiRow:
    last = found[-1] if found else None
    how = {"currency": kpi.currency, "locale": organization.locale}
    limit = None if target is None else target.target or target.warning
    state, words = state_of(kpi, judged, last, target)
    values = [float(row.value) for row in found if row.value is not None]
    return KpiRow(
        kpi=kpi,
        is_side_effect=bool(main),
        before=baseline_words(baseline, kpi, organization),
        now=wording.say(last.value if last else None, kpi.unit, **how),
        cases=cases_of(last, organization.locale),
        target=wording.target_words(limit, kpi.direction, kpi.unit, **how),
        grade=last.get_grade_display() if last else "",
        state=state,
        state_words=words,
        change_words=wording.CHANGE_WORDS.get(str((judged or {}).get("change")), ""),
        watch_out=str(entry.document.get("watch_out") or "") if entry else "",
        trend=sparkline_svg(
            values[-26:], target=None if limit is None else float(limit), title=kpi.name
        )
        if len(values) > 1
        else "",
        data=str(judged["data"]) if judged else "not_measured" if last is None else "measured",
        level=str(judged["level"]) if judged and state != "unknown" else "unknown",
        pair_of=main,
        doubt=doubt,
        category=category_of(kpi.role, kpi.kind, kpi.category or (entry.category if entry else "")),
        layer=entry.layer if entry else "",
        last_day=last_day(last),
        chart=chart_data.document_of(
            kpi,
            found,
            breaks,
            target=None if limit is None else float(limit),
            baseline=chart_data.value_before(baseline.parts) if baseline else None,
        ),
    )


def doubts_of(kpis: Sequence[Kpi], judged: Mapping[str, Any]) -> dict[str, str]:
    """Why the gain of an outcome is not confirmed, by slug."""
    by_name = {kpi.catalogue_key or kpi.slug: kpi for kpi in kpis}
    found = {}
    for kpi in kpis:
        if kpi.role != "outcome" or kpi.slug not in judged:
            continue
        beside = [_beside(name, by_name.get(name), judged) for name in kpi.pair_with]
        found[kpi.slug] = pairs.doubt(str(judged[kpi.slug]["change"]), beside)
    return found


def _beside(name: str, kpi: Kpi | None, judged: Mapping[str, Any]) -> pairs.SideEffect:
    if kpi is None:
        return pairs.SideEffect(name.replace("_", " ").replace("-", " "))
    known = judged.get(kpi.slug)
    if known is None:
        return pairs.SideEffect(kpi.name, "not_measured")
    return pairs.SideEffect(kpi.name, str(known["data"]), str(known["level"]))


def last_day(row: Rollup | None) -> dt.date | None:
    """The last day of the newest period on record, a month and a quarter taken as their length."""
    if row is None:
        return None
    return row.day + dt.timedelta(days=LENGTHS[row.grain] - 1)


def grouped(found: Sequence[KpiRow], view: str) -> list[tuple[str, list[KpiRow]]]:
    """The rows under the headings of a view (`kpis.domain.views`)."""
    shown = [
        views.Shown(
            row.kpi.catalogue_key or row.kpi.slug, row.category, row.layer,
            is_primary=row.kpi.is_primary, is_guardrail=row.kpi.is_guardrail,
        )
        for row in found
    ]  # fmt: skip
    dashboards = shipped.catalogue().vocabulary["dashboards"]
    return [
        (heading, [found[at] for at in rows])
        for heading, rows in views.groups(view, shown, dashboards)
    ]


def freshness(found: Sequence[KpiRow]) -> dict[str, Any]:
    """Until when figures reach, and how many KPIs have none or old ones."""
    days = [row.last_day for row in found if row.last_day is not None]
    return {
        "until": max(days, default=None),
        "missing": sum(row.data == "not_measured" for row in found),
        "stale": sum(row.data == "stale" for row in found),
    }


def cases_of(row: Rollup | None, locale: str) -> str:
    """The counts behind the newest figure, empty where there are none."""
    if row is None:
        return ""
    stored = {name: getattr(row, name) for name in (*storage.NUMBERS, "more")}
    return wording.number_of_cases(storage.kind_of(stored), storage.to_parts(stored), locale=locale)


def baseline_words(baseline: Baseline | None, kpi: Kpi, organization: Organization) -> str:
    """The value before AI, or an em dash where nobody knows it."""
    if baseline is None:
        return "—"
    value = chart_data.value_before(baseline.parts)
    if value is None:
        return "—"
    return wording.say(value, kpi.unit, currency=kpi.currency, locale=organization.locale)


def state_of(
    kpi: Kpi, judged: Mapping[str, Any] | None, last: Rollup | None, target: KpiTarget | None
) -> tuple[str, str]:
    """State and its words; what nobody measures or limits is never "ok", and neither is use."""
    if last is None:
        return "unknown", "Not measured"
    if kpi.role in {"context", "adoption"} or kpi.direction == "context" or judged is None:
        return "unknown", "For reading, not judged"
    data = str(judged["data"])
    if data not in {"measured", "partial", "stale"}:
        return "unknown", wording.DATA_WORDS[data].capitalize()
    level = str(judged["level"])
    if level == "ok" and (target is None or (target.warning is None and target.critical is None)):
        return "unknown", "No limit set"
    words = wording.LEVEL_WORDS[level]
    if data != "measured":
        words += f" ({wording.DATA_WORDS[data]})"
    return STATE_OF_LEVEL[level], words
