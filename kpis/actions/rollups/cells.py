"""Rollups: recompute exactly what dirty cells touch, from the parts, in bounded batches."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from kpis.actions.measurements import CODES
from kpis.actions.rollups import folding
from kpis.actions.rollups.folding import GRADES, Place, Plain, Span
from kpis.domain.aggregation import monoids, storage
from kpis.models import GrainCode, Kpi, Measurement, Rollup
from portal.actions import jobs
from portal.domain.calendar import Grain, period_of
from portal.models import Organization
from portal.tenancy.scope import current_organization_id

BATCH = 5000
TENTH_PLACE = Decimal("1e-10")
FOLDED = (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)
Kpis = Mapping[int, tuple[int, str, str]]

# MATERIALIZED: a plan that asks the inner query again would take more than one batch.
_TAKE = """
WITH taken AS MATERIALIZED (
    SELECT kpi_id, unit_key, grain, day FROM kpis_dirtycell
    WHERE organization_id = %s ORDER BY marked_at, kpi_id, day
    LIMIT %s FOR UPDATE SKIP LOCKED
)
DELETE FROM kpis_dirtycell d USING taken t
WHERE d.organization_id = %s AND d.kpi_id = t.kpi_id AND d.unit_key = t.unit_key
  AND d.grain = t.grain AND d.day = t.day
RETURNING d.kpi_id, d.grain, d.day
"""
_DELETE = """
DELETE FROM kpis_rollup r
USING unnest(%s::bigint[], %s::smallint[], %s::date[]) t(kpi_id, grain, day)
WHERE r.organization_id = %s AND r.kpi_id = t.kpi_id AND r.grain = t.grain AND r.day = t.day
"""


@dataclass(frozen=True)
class Drained:
    """How many cells were taken, and the keys of the deployments whose figures they are.

    No cells: the queue is empty or held by others.
    """

    cells: int
    deployments: frozenset[int]


def drain(*, limit: int = BATCH) -> Drained:
    """Take up to `limit` dirty cells of the bound organization and recompute what they touch.

    One transaction: either the cells are gone and their rollups are right, or nothing changed.
    """
    with transaction.atomic():
        organization = Organization.objects.get(pk=current_organization_id())
        taken = _take(limit)
        recompute(touched(taken, organization.fiscal_year_start))
        kpis = Kpi.objects.filter(pk__in={kpi_id for kpi_id, _, _ in taken})
        return Drained(len(taken), frozenset(kpis.values_list("deployment_id", flat=True)))


def _take(limit: int) -> list[tuple[int, int, dt.date]]:
    key = current_organization_id()
    _one_at_a_time()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [key, limit, key])
        return list(cursor.fetchall())


def _one_at_a_time() -> None:
    # Per organization: two drains would fold the same period from half the cells each.
    with connection.cursor() as cursor:
        lock = [41, current_organization_id() % 2_000_000_000]
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", lock)
        # Compiling pays for no statement that touches what it needs and nothing else.
        cursor.execute("SET LOCAL jit = off")


def touched(cells: Iterable[tuple[int, int, dt.date]], fiscal_start: int) -> set[Span]:
    """The (KPI, grain, first and last day) of every rollup that a cell belongs to."""
    homes_of = {
        (code, day): homes(GrainCode(code).grain, day, fiscal_start)
        for code, day in {(code, day) for _, code, day in cells}
    }
    return {(kpi_id, *home) for kpi_id, code, day in cells for home in homes_of[code, day]}


def homes(native: Grain, day: dt.date, fiscal_start: int) -> list[tuple[int, dt.date, dt.date]]:
    """Where a fact counts: its own grain and the coarser ones, never a finer one.

    A week counts whole in the month, quarter and year of its Thursday, as ISO 8601 places
    weeks in years; months and quarters are not split into weeks.
    """
    anchor = day + dt.timedelta(days=3) if native is Grain.WEEK else day
    found = [
        (CODES[grain], period_of(anchor, grain, fiscal_start))
        for grain in FOLDED
        if CODES[grain] >= CODES[native]
    ]
    return [(code, period.start, period.end) for code, period in found]


def recompute(spans: Iterable[Span]) -> None:
    """Replace the rollups of the given periods by what the newest revisions say."""
    wanted = sorted(spans)
    if not wanted:
        return
    kpis = _kpis(pk__in={span[0] for span in wanted})
    plain = {one.kpi_id: one for one in folding.plain_of(kpis.values())}
    _delete(wanted)
    left = [span for span in wanted if span[0] in plain]
    for revised in (True,) if folding.has_revised(list(plain)) else (False, True):
        if left:
            left = _not_plain(left, folding.fold_spans(left, list(plain.values()), revised=revised))
    _fold_each([*left, *(span for span in wanted if span[0] not in plain)], kpis)


def rebuild(*, at: dt.datetime) -> int:
    """Fold all figures of the bound organization anew and wake its verdicts.

    The rows are those that stand there already, unless something went wrong; marks that wait
    stay. One transaction; returns the number of rollups.
    """
    with transaction.atomic():
        start = Organization.objects.get(pk=current_organization_id()).fiscal_year_start
        _one_at_a_time()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '256MB'")
        Rollup.objects.all().delete()
        kpis = _kpis()
        plain = folding.plain_of(kpis.values())
        for grain in FOLDED:
            recompute(_rebuild_plain(grain, plain, start))
        others = Measurement.objects.exclude(kpi_id__in=[one.kpi_id for one in plain])
        cells = others.values_list("kpi_id", "grain", "day").distinct()
        _fold_each(sorted(touched(cells, start)), kpis)
        jobs.enqueue(kind="verdict", key="all", at=at)
        return Rollup.objects.count()


def _rebuild_plain(grain: Grain, plain: Sequence[Plain], fiscal_start: int) -> list[Span]:
    """Write all rollups of a grain that SQL can fold; returns the periods it cannot."""
    revised = folding.has_revised()
    odd = folding.fold_all(CODES[grain], fiscal_start, plain, revised=revised)
    ends = {day: period_of(day, grain, fiscal_start).end for _, _, day in odd}
    return [(*place, ends[place[2]]) for place in odd]


def _not_plain(spans: Sequence[Span], places: Iterable[Place]) -> list[Span]:
    """The spans at these places, from which what SQL wrote is taken away again."""
    odd = set(places)
    found = [span for span in spans if span[:3] in odd]
    _delete(found)
    return found


def _kpis(**filters: Any) -> dict[int, tuple[int, str, str]]:
    rows = Kpi.objects.filter(**filters).values_list("pk", "kind", "unit")
    return {row[0]: row for row in rows}


def _delete(spans: Sequence[Span]) -> None:
    if not spans:
        return
    kpis, grains, firsts, _ = map(list, zip(*spans, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_DELETE, [kpis, grains, firsts, current_organization_id()])


def _fold_each(spans: Sequence[Span], kpis: Kpis) -> None:
    """Fold by the monoids themselves what SQL cannot."""
    for at in range(0, len(spans), BATCH):
        found: dict[Place, dict[int, list[dict[str, Any]]]] = {}
        for *place, unit_key, definition, grade, more, numbers in folding.members(
            spans[at : at + BATCH]
        ):
            row = {"definition": definition, "grade": grade, "more": json.loads(more), **numbers}
            units = found.setdefault((place[0], place[1], place[2]), {})
            units.setdefault(unit_key, []).append(row)
        Rollup.objects.bulk_create(
            (row for place, units in found.items() for row in _rollups(place, units, kpis)),
            batch_size=2000,
        )


def _rollups(
    place: Place, units: Mapping[int, Sequence[dict[str, Any]]], kpis: Kpis
) -> Iterable[Rollup]:
    unit = kpis[place[0]][2]
    yield _rollup(place, 0, [row for rows in units.values() for row in rows], unit)
    for key, rows in sorted(units.items()):
        if key:
            yield _rollup(place, key, rows, unit)


def _rollup(place: Place, unit_key: int, rows: Sequence[dict[str, Any]], unit: str) -> Rollup:
    kpi_id, grain, day = place
    columns, value, cannot_combine = combined(rows, unit)
    return Rollup(
        kpi_id=kpi_id,
        unit_key=unit_key,
        grain=grain,
        day=day,
        definition=max(row["definition"] for row in rows),
        value=value,
        facts=len(rows),
        grade=min((row["grade"] for row in rows), key=GRADES.index),
        cannot_combine=cannot_combine,
        **columns,
    )


def combined(
    rows: Sequence[Mapping[str, Any]], unit: str
) -> tuple[dict[str, Any], Decimal | None, bool]:
    """Columns, value and "cannot be combined" of stored figures folded from their parts."""
    kinds = {storage.kind_of(row) for row in rows}
    if len(kinds) != 1:
        return storage.to_columns("opaque", {}), None, True
    (kind,) = kinds
    folded = monoids.fold(kind, [monoids.from_parts(kind, storage.to_parts(row)) for row in rows])
    alone = any(storage.is_alone(row) for row in rows)
    cannot_combine = len(rows) > 1 and (alone or not monoids.combines(kind))
    value = None if cannot_combine else monoids.value(kind, folded)
    amount = None if value is None else (value / storage.scale(kind, unit)).quantize(TENTH_PLACE)
    columns = storage.to_columns(kind, monoids.to_parts(kind, folded), alone=alone)
    return columns, amount, cannot_combine
