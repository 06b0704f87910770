"""Rollups: recompute exactly what dirty cells touch, from the parts, in bounded batches."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from kpis.actions.measurements import CODES
from kpis.domain import monoids, storage
from kpis.models import Grade, Kpi, Measurement, Rollup
from kpis.models import Grain as GrainCode
from portal.domain.calendar import Grain, period_of
from portal.models import Organization
from portal.tenancy.scope import current_organization_id

BATCH = 5000
TENTH_PLACE = Decimal("1e-10")
GRAINS = {code: grain for grain, code in CODES.items()}
FOLDED = (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)
GRADES = [grade.value for grade in (Grade.ASSUMED, Grade.ESTIMATED, Grade.SAMPLED, Grade.MEASURED)]
Period = tuple[int, Grain, dt.date]

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


def drain(*, limit: int = BATCH) -> int:
    """Take up to `limit` dirty cells of the bound organization and recompute what they touch.

    One transaction: either the cells are gone and their rollups are right, or nothing changed.
    Returns the number of cells taken; 0 means the queue is empty or held by others.
    """
    with transaction.atomic():
        organization = Organization.objects.get(pk=current_organization_id())
        taken = _take(limit)
        recompute(touched(taken, organization.fiscal_year_start), organization=organization)
        return len(taken)


def _take(limit: int) -> list[tuple[int, int, dt.date]]:
    key = current_organization_id()
    with connection.cursor() as cursor:
        # One drain at a time per organization: two would fold the same period from half the cells.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [41, key % 2_000_000_000])
        cursor.execute(_TAKE, [key, limit, key])
        return list(cursor.fetchall())


def touched(cells: Iterable[tuple[int, int, dt.date]], fiscal_start: int) -> set[Period]:
    """The (KPI, grain, first day) of every rollup that a cell belongs to."""
    return {
        (kpi_id, grain, start)
        for kpi_id, code, day in cells
        for grain, start in homes(GRAINS[GrainCode(code)], day, fiscal_start)
    }


def homes(native: Grain, day: dt.date, fiscal_start: int) -> list[tuple[Grain, dt.date]]:
    """Where a fact counts: its own grain and the coarser ones, never a finer one.

    A week counts whole in the month, quarter and year of its Thursday, as ISO 8601 places
    weeks in years; months and quarters are not split into weeks.
    """
    anchor = day + dt.timedelta(days=3) if native is Grain.WEEK else day
    order = list(FOLDED)
    coarser = order if native is Grain.DAY else order[order.index(native) :]
    if native not in {Grain.DAY, Grain.WEEK}:
        coarser = [grain for grain in coarser if grain is not Grain.WEEK]
    return [
        (grain, period_of(day if grain is native else anchor, grain, fiscal_start).start)
        for grain in coarser
    ]


def recompute(periods: set[Period], *, organization: Organization) -> None:
    """Replace the rollups of the given periods by what the newest revisions say."""
    if not periods:
        return
    facts = _facts(periods, organization.fiscal_year_start)
    wanted = {period: facts.get(period, []) for period in periods}
    _delete(periods)
    units = dict(
        Kpi.objects.filter(pk__in={kpi for kpi, _, _ in periods}).values_list("pk", "unit")
    )
    rows = [
        row
        for period, members in sorted(wanted.items())
        if members
        for row in _fold(period, members, units[period[0]])
    ]
    Rollup.objects.bulk_create(rows, batch_size=2000)


def _facts(periods: set[Period], fiscal_start: int) -> dict[Period, list[Measurement]]:
    first = min(day for _, _, day in periods) - dt.timedelta(days=7)
    last = max(day for _, _, day in periods) + dt.timedelta(days=373)
    newest = (
        Measurement.objects.filter(
            kpi_id__in={kpi for kpi, _, _ in periods}, day__gte=first, day__lte=last
        )
        .order_by("kpi_id", "unit_key", "grain", "day", "-revision")
        .distinct("kpi_id", "unit_key", "grain", "day")
    )
    found: dict[Period, list[Measurement]] = {}
    for row in newest.iterator(chunk_size=5000):
        if row.is_withdrawn:
            continue
        for grain, start in homes(GRAINS[GrainCode(row.grain)], row.day, fiscal_start):
            if (row.kpi_id, grain, start) in periods:
                found.setdefault((row.kpi_id, grain, start), []).append(row)
    return found


def _delete(periods: set[Period]) -> None:
    by_grain: dict[tuple[int, Grain], list[dt.date]] = {}
    for kpi_id, grain, day in periods:
        by_grain.setdefault((kpi_id, grain), []).append(day)
    for (kpi_id, grain), days in by_grain.items():
        Rollup.objects.filter(kpi_id=kpi_id, grain=CODES[grain], day__in=days).delete()


def _fold(period: Period, members: Sequence[Measurement], unit: str) -> list[Rollup]:
    units: dict[int, list[Measurement]] = {}
    for member in members:
        units.setdefault(member.unit_key, []).append(member)
    rows = [_rollup(period, 0, members, unit)]
    rows += [_rollup(period, key, rows_, unit) for key, rows_ in sorted(units.items()) if key]
    return rows


def _rollup(period: Period, unit_key: int, members: Sequence[Measurement], unit: str) -> Rollup:
    kpi_id, grain, day = period
    columns, value, cannot_combine = combined(
        [
            {name: getattr(member, name) for name in (*storage.NUMBERS, "more")}
            for member in members
        ],
        unit,
    )
    return Rollup(
        kpi_id=kpi_id,
        unit_key=unit_key,
        grain=CODES[grain],
        day=day,
        definition=max(member.definition for member in members),
        value=value,
        facts=len(members),
        grade=min((member.grade for member in members), key=GRADES.index),
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
