"""KPI rows as a reader sees them: figures in words, state, trend. One path for page and review."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString

from kpis.domain import dashboards as views
from kpis.domain import wording
from kpis.domain.aggregation import storage
from kpis.domain.catalogue import pairs, shipped
from kpis.domain.charts import meaning
from kpis.domain.entering.deviations import holds
from kpis.domain.readiness import category_of
from kpis.domain.states import state_of
from kpis.domain.statistics.process_charts import ChartPoint, Segment, Signal, Stage, rule_in_words
from kpis.evidence.baselines import value_before
from kpis.evidence.processes import segments
from kpis.evidence.sources import Sources
from kpis.models import Baseline, CatalogueEntry, Deviation, Kpi, KpiTarget, Rollup, Verdict
from kpis.presenters import charts
from kpis.presenters.drawings import sparkline_svg
from kpis.queries.targets import limit_of
from portal.models import Organization

LENGTHS = {1: 1, 2: 7, 3: 30, 4: 91, 5: 365}
SHOWN = 26  # points of the small line
# What the state says already, in other words.
SILENT = {
    wording.CHANGE_WORDS[name] for name in ("not_judged", "not_measured", "definition_changed")
}
TRUSTED = {Stage.PROVISIONAL, Stage.FROZEN}


@dataclass(frozen=True)
class Trend:
    """The small line of a KPI with its special causes; dashed: the target, else the value before
    AI. Drawn by whoever shows it."""

    kpi: Kpi
    points: Sequence[ChartPoint]
    dashed: float | None
    locale: str

    @property
    def svg(self) -> SafeString:
        kpi = self.kpi
        return sparkline_svg(
            [point.value for point in self.points],
            signals=[point.signal for point in self.points],
            target=self.dashed,
            title=kpi.name,
            direction=kpi.direction,
            unit_format=lambda value: wording.say(
                value, kpi.unit, currency=kpi.currency, locale=self.locale
            ),
        )


@dataclass(frozen=True)
class KpiRow:
    """One line of the table of results: everything already in words, but the drawing.

    `signal` is what the newest point of the chart says (kind, words), `deviation` until when a
    breach is accepted, `doubt` why a gain is not confirmed; each empty where there is none.
    """

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
    trend: Trend | None
    data: str
    level: str
    pair_of: str
    doubt: str
    signal: tuple[str, str]
    deviation: str
    category: str
    layer: str
    last_day: dt.date | None
    chart: dict[str, Any] | None

    @property
    def doubt_words(self) -> str:
        """Why the gain is not confirmed, as a sentence of its own."""
        return self.doubt[:1].upper() + self.doubt[1:]

    @property
    def notes(self) -> list[str]:
        """What stands in small letters below the state, most pressing first."""
        kind, rule = self.signal
        signal = f"{kind}: {rule}" if kind in {"improving", "concerning"} else rule
        change = "" if self.change_words in SILENT else self.change_words
        said = self.state_words.lower()
        found = [self.doubt_words, self.deviation, signal, change]
        return [note for note in found if note and note.lower() not in said]


def rows(
    known: Sources, verdict: Verdict | None, *, only: Kpi | None = None, with_charts: bool = False
) -> list[KpiRow]:
    """The KPI set in reading order: each result followed by its side effects.

    `only` leaves out all others; `with_charts` adds the numbers of the charts, as a review
    freezes them.
    """
    kpis = known.kpis
    entries = CatalogueEntry.objects.in_bulk({kpi.catalogue_key for kpi in kpis})
    judged = verdict.record["kpi"] if verdict else {}
    doubts, accepted = doubts_of(kpis, judged), deviations(kpis, known.as_of)
    return [
        _row(
            kpi,
            main,
            known,
            entries.get(kpi.catalogue_key),
            judged.get(kpi.slug),
            doubts.get(kpi.slug, ""),
            accepted.get(kpi.pk, ""),
            with_charts,
        )
        for kpi, main in in_pairs(kpis)
        if only is None or kpi.pk == only.pk
    ]


def deviations(kpis: Sequence[Kpi], day: dt.date) -> dict[int, str]:
    """ "accepted until 12 Dec 2026" for the KPIs whose breach somebody answers for on the day."""
    found = Deviation.objects.filter(
        kpi__in=[kpi.pk for kpi in kpis], starts_on__lte=day, ends_on__gte=day
    ).order_by("ends_on")
    return {
        one.kpi_id: f"accepted until {one.ends_on.day} {one.ends_on:%b %Y}"
        for one in found
        if holds(one.starts_on, one.ends_on, one.ended_early_on, day)
    }


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
    known: Sources,
    entry: CatalogueEntry | None,
    judged: Mapping[str, Any] | None,
    doubt: str,
    deviation: str,
    with_chart: bool,
) -> KpiRow:
    found, baseline = known.rows.get(kpi.pk, []), known.baselines.get(kpi.pk)
    last, target = found[-1] if found else None, known.target_on(kpi, known.as_of)
    how = {"currency": kpi.currency, "locale": known.organization.locale}
    limit = limit_of(target)
    stretches = segments(
        kpi, found, known.breaks(), fiscal_start=known.organization.fiscal_year_start
    )
    state, words = state_of(
        judged,
        role=kpi.role,
        direction=kpi.direction,
        is_measured=last is not None,
        has_limits=_has_limits(target),
        doubt=doubt,
    )
    return KpiRow(
        kpi=kpi,
        is_side_effect=bool(main),
        before=baseline_words(baseline, kpi, known.organization),
        now=wording.say(last.value if last else None, kpi.unit, **how),
        cases=cases_of(last, known.organization.locale),
        target=wording.target_words(limit, kpi.direction, kpi.unit, **how),
        grade=last.get_grade_display() if last else "",
        state=state,
        state_words=words,
        change_words=wording.CHANGE_WORDS.get(str((judged or {}).get("change")), ""),
        watch_out=str(entry.document.get("watch_out") or "") if entry else "",
        trend=_trend(kpi, stretches, limit, baseline, known.organization.locale),
        data=str(judged["data"]) if judged else "not_measured" if last is None else "measured",
        level=str(judged["level"]) if judged and last is not None else "unknown",
        pair_of=main,
        doubt=doubt,
        signal=signal_of(kpi, stretches),
        deviation=deviation if state in {"warning", "critical", "suspected"} else "",
        category=category_of(kpi.role, kpi.kind, kpi.category or (entry.category if entry else "")),
        layer=entry.layer if entry else "",
        last_day=last_day(last),
        chart=charts.document_of(
            kpi, stretches, charts.lines_of(found, known.targets.get(kpi.pk, []), baseline)
        )
        if with_chart
        else None,
    )


def _has_limits(target: KpiTarget | None) -> bool:
    return target is not None and (target.warning is not None or target.critical is not None)


def _trend(
    kpi: Kpi,
    stretches: Sequence[Segment],
    limit: Decimal | None,
    baseline: Baseline | None,
    locale: str,
) -> Trend | None:
    """None where there are no two points to draw a line through."""
    points = [point for segment in stretches for point in segment.points][-SHOWN:]
    if len(points) < 2:
        return None
    before = value_before(baseline.parts) if baseline else None
    return Trend(kpi, points, before if limit is None else float(limit), locale)


def signal_of(kpi: Kpi, stretches: Sequence[Segment]) -> tuple[str, str]:
    """What the newest point says, from 12 points on: improving, concerning or neutral, in words."""
    if not stretches or stretches[-1].stage not in TRUSTED:
        return "", ""
    signal = stretches[-1].points[-1].signal
    if signal is Signal.COMMON:
        return "", ""
    return meaning(signal, kpi.direction), rule_in_words(signal)


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
    return pairs.SideEffect(kpi.name, str(known["data"]), str(known["level"]), str(known["change"]))


def last_day(row: Rollup | None) -> dt.date | None:
    """The last day of the newest period on record, a month and a quarter taken as their length."""
    if row is None:
        return None
    return row.day + dt.timedelta(days=LENGTHS[row.grain] - 1)


def grouped(found: Sequence[KpiRow], view: str) -> list[tuple[str, list[KpiRow]]]:
    """The rows under the headings of a view (`kpis.domain.dashboards`)."""
    shown = [
        views.Shown(
            row.kpi.catalogue_key or row.kpi.slug,
            row.category,
            row.layer,
            is_primary=row.kpi.is_primary,
            is_guardrail=row.kpi.is_guardrail,
        )
        for row in found
    ]
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
    stored = row.stored
    return wording.number_of_cases(storage.kind_of(stored), storage.to_parts(stored), locale=locale)


def baseline_words(baseline: Baseline | None, kpi: Kpi, organization: Organization) -> str:
    """The value before AI, or an em dash where nobody knows it."""
    if baseline is None:
        return "—"
    value = value_before(baseline.parts)
    if value is None:
        return "—"
    return wording.say(value, kpi.unit, currency=kpi.currency, locale=organization.locale)
