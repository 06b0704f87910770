"""The rows of a grid, read in a handful of statements however many there are."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from deployments.models import Deployment
from kpis.domain.aggregation import storage
from kpis.domain.catalogue import shipped
from kpis.domain.entering import inputs
from kpis.domain.entering.due import State, grain_of
from kpis.domain.entering.inputs import Manner
from kpis.domain.readiness import category_of
from kpis.models import Absence, Grade, GrainCode, Kpi, Measurement, Rollup
from kpis.presenters.categories import below_categories
from kpis.presenters.entry.figures import before, in_words, say, usual
from kpis.presenters.entry.row import Record, Row, check
from kpis.queries.changes import breaks_of
from kpis.queries.due import Waiting
from kpis.queries.series import series
from portal.domain.calendar import Period
from portal.models import Membership, Organization

STATES = {State.DUE: "due", State.LATE: "late", State.STALE: "late"}


def rows(
    place: Deployment,
    period: Period,
    drafts: Mapping[str, Mapping[str, str]],
    organization: Organization,
    today: dt.date,
    waits: Sequence[Waiting],
) -> list[Row]:
    """The rows of one period, drafts before figures on record; statements do not grow with them."""
    states = {one.kpi.pk: one.due for one in waits}
    wanted = [one.kpi for one in waits if grain_of(one.kpi.cadence) is period.grain]
    known, excused = _records(wanted, period, organization), _excused(wanted, period)
    found, breaks = series(wanted, until=today), breaks_of(wanted).get(place.pk, [])
    made = []
    for kpi in wanted:
        row = _row(kpi, period, known.get(kpi.pk), organization.locale)
        row.before, row.before_when = before(kpi, found[kpi.pk], period, organization)
        row.usual = usual(kpi, found[kpi.pk], breaks, organization)
        if row.record is None:
            row.elsewhere = _elsewhere(kpi, found[kpi.pk], period, organization)
        if states[kpi.pk].period == period:
            row.state = STATES.get(states[kpi.pk].state, "")
        row.typed |= {"absent": excused.get(kpi.pk, "")} | dict(drafts.get(kpi.slug, {}))
        row.seen = row.typed.pop("seen", "") or row.mark
        check(row, organization)
        if row.missing:
            # The rest was not typed yet: that is an error only once the sheet is handed in.
            row.errors = {}
        made.append(row)
    return made


def _row(kpi: Kpi, period: Period, record: Record | None, locale: str) -> Row:
    manner, entry = manner_of(kpi), shipped.catalogue().kpis.get(kpi.catalogue_key)
    texts = dict(record.texts) if record is not None else {}
    return Row(
        kpi,
        inputs.inputs(kpi.kind, kpi.unit, manner),
        manner,
        {"grade": Grade.MEASURED.value} | texts,
        period.end,
        locale,
        record=record,
        category=category_of(kpi.role, kpi.kind, kpi.category),
        watch_out=str(entry.entry.get("watch_out") or "") if entry else "",
    )


def manner_of(kpi: Kpi) -> Manner:
    """How a figure of the KPI is given: from the catalogue, else from its own definition."""
    entry = shipped.catalogue().kpis.get(kpi.catalogue_key)
    if entry is None:
        pair = kpi.definition_text.split(" / ")
        return Manner(pair[0], pair[1]) if len(pair) == 2 else Manner()
    figure = entry.figure
    said: dict[str, Any] = {"top": figure.numerator, "bottom": figure.denominator}
    if figure.scale:
        said["scale"], said["steps"] = figure.scale, steps_of(figure.scale)
        said["share_of"] = tuple(str(one) for one in figure.share_of)
    return Manner(**said, is_percentile=figure.quantile is not None, rubric=figure.rubric)


def steps_of(scale: str) -> tuple[str, ...]:
    """The answers of a scale by name: 1_to_5 has five, yes_no two."""
    low, between, high = scale.partition("_to_")
    if between:
        return tuple(str(step) for step in range(int(low), int(high) + 1))
    return tuple(scale.split("_"))


def grouped(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Rows below their categories, leading before lagging."""
    ordered = sorted(rows, key=lambda row: (not row.kpi.is_leading, row.kpi.position))
    return below_categories((row.category, row) for row in ordered)


def _records(kpis: Sequence[Kpi], period: Period, organization: Organization) -> dict[int, Record]:
    known, names = {kpi.pk: kpi for kpi in kpis}, Membership.objects.names()
    newest = (
        Measurement.objects.filter(
            kpi_id__in=list(known),
            unit_key=0,
            grain=GrainCode.of(period.grain),
            day=period.start,
        )
        .order_by("kpi_id", "-revision")
        .distinct("kpi_id")
    )
    found: dict[int, Record] = {}
    for row in newest:
        by = names.get(row.recorded_by) or row.recorded_by
        if row.is_withdrawn:
            found[row.kpi_id] = Record({}, "", by, row.recorded_at)
            continue
        stored = row.stored
        kpi, kind = known[row.kpi_id], storage.kind_of(stored)
        parts = storage.to_parts(stored)
        texts = inputs.typed(kpi.kind, kpi.unit, parts, kind, organization.locale)
        beside = {"grade": row.grade, "note": row.note, "evidence": row.evidence}
        says = say(kpi, kind, parts, organization)
        found[row.kpi_id] = Record(texts | beside, says, by, row.recorded_at)
    return found


def _elsewhere(
    kpi: Kpi, found: Sequence[Rollup], period: Period, organization: Organization
) -> str:
    """The value of a period that is added up from teams or days: the grid must not repeat it."""
    code = GrainCode.of(period.grain)
    for row in found:
        if row.day == period.start and row.grain == code and row.value is not None:
            return in_words(kpi, row.value, organization)
    return ""


def _excused(kpis: Sequence[Kpi], period: Period) -> dict[int, str]:
    rows = Absence.objects.filter(
        kpi__in=[kpi.pk for kpi in kpis], grain=GrainCode.of(period.grain), day=period.start
    ).order_by("recorded_at")
    return {row.kpi_id: row.reason for row in rows}
