"""Recording of figures: append-only, idempotent, corrections as revisions with a reason."""

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from kpis.domain import monoids, storage
from kpis.domain.errors import MethodError
from kpis.models import Grade, Kpi, Measurement
from kpis.models import Grain as GrainCode
from portal.actions import audit, jobs
from portal.domain.calendar import Grain, period_of
from portal.models import Organization
from portal.tenancy.scope import current_organization_id

CODES = {grain: GrainCode[grain.name] for grain in Grain}
# People and stocks are counted anew in each period: their share is never added up.
SHARES = {"distinct", "gauge"}
Cell = tuple[int, int, int, dt.date]


class CannotRecord(ValueError):
    """Figures were refused; the message is a sentence and nothing was written."""


@dataclass(frozen=True)
class Fact:
    """One figure: KPI, period (grain and first day), parts of the kind it was given in."""

    kpi_id: int
    grain: Grain
    day: dt.date
    kind: str
    parts: Mapping[str, Any]
    unit_key: int = 0
    grade: str = Grade.MEASURED
    note: str = ""
    withdrawn: bool = False
    evidence: str = ""


@dataclass
class Outcome:
    """What recording did: new cells, corrected cells, cells that already said the same."""

    written: int = 0
    revised: int = 0
    unchanged: int = 0
    cells: list[Cell] = field(default_factory=list)


def record(
    *,
    facts: Sequence[Fact],
    source: str,
    by: str,
    at: dt.datetime,
    reason: str = "",
    import_id: int | None = None,
) -> Outcome:
    """Write figures of the bound organization, mark their cells dirty and wake the rollup.

    A figure equal to the newest revision changes nothing; a different one becomes a revision
    and needs a reason. Raises CannotRecord (nothing is written) for an unknown KPI, parts that
    contradict the kind, two figures or two grains for one period, or a missing reason.
    """
    with transaction.atomic():
        organization = Organization.objects.get(pk=current_organization_id())
        kpis = _lock_kpis({fact.kpi_id for fact in facts})
        rows = [_row(fact, kpis[fact.kpi_id], organization) for fact in facts]
        newest = _newest(kpis, rows)
        _refuse_mixed_grains(rows, newest, kpis, organization)
        outcome, fresh = _revise(rows, newest, reason=reason)
        for row in fresh:
            row.source, row.reason, row.import_id = source[:120], reason, import_id
            row.recorded_by, row.recorded_at = by, at
        Measurement.objects.bulk_create(fresh, batch_size=2000)
        if fresh:
            mark_dirty(cells=outcome.cells, at=at)
            _audit(fresh, kpis, source=source, by=by, at=at, reason=reason)
        return outcome


def mark_dirty(*, cells: Iterable[Cell], at: dt.datetime) -> None:
    """Put touched cells into the queue and wake the rollup, in the caller's transaction."""
    # DO UPDATE takes the row's lock: a rollup that reads before we commit cannot drop the mark.
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO kpis_dirtycell"
            " (organization_id, kpi_id, unit_key, grain, day, marked_at)"
            " VALUES (%s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (organization_id, kpi_id, unit_key, grain, day)"
            " DO UPDATE SET marked_at = EXCLUDED.marked_at",
            [(current_organization_id(), *cell, at) for cell in sorted(set(cells))],
        )
    jobs.enqueue(kind="rollup", key="all", at=at)


def _lock_kpis(keys: set[int]) -> dict[int, Kpi]:
    # The lock makes the next revision number ours until the transaction ends.
    kpis = {
        kpi.pk: kpi for kpi in Kpi.objects.filter(pk__in=keys).order_by("pk").select_for_update()
    }
    if keys - kpis.keys():
        raise CannotRecord("One of the KPIs is not in this organization's sets.")
    return kpis


def _row(fact: Fact, kpi: Kpi, organization: Organization) -> Measurement:
    if fact.kind not in given_as(kpi.kind):
        raise CannotRecord(f"{kpi.name} is a {kpi.kind}; a {fact.kind} cannot be recorded for it.")
    try:
        state = monoids.from_parts(fact.kind, fact.parts)
    except MethodError as error:
        raise CannotRecord(f"{kpi.name}, {fact.day:%d %B %Y}: {error}") from error
    period = period_of(fact.day, fact.grain, organization.fiscal_year_start)
    return Measurement(
        kpi_id=kpi.pk,
        unit_key=fact.unit_key,
        grain=CODES[fact.grain],
        day=period.start,
        definition=kpi.definition,
        is_withdrawn=fact.withdrawn,
        grade=fact.grade,
        note=fact.note,
        evidence=fact.evidence,
        content_hash=_hash(kpi, fact),
        **storage.to_columns(
            fact.kind, monoids.to_parts(fact.kind, state), alone=kpi.kind in SHARES
        ),
    )


def given_as(kind: str) -> set[str]:
    """The kinds in which a figure of a KPI may be given; any may be a foreign figure (opaque)."""
    return {kind, "opaque", "ratio"} if kind in SHARES else {kind, "opaque"}


def _hash(kpi: Kpi, fact: Fact) -> str:
    said = [kpi.definition, fact.kind, dict(fact.parts), fact.grade, fact.note, fact.withdrawn]
    said += [fact.evidence] if fact.evidence else []
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def _newest(kpis: Iterable[int], fresh: Sequence[Measurement]) -> dict[Cell, Measurement]:
    if not fresh:
        return {}
    # Enough to see another grain in the same quarter: a year speaks of four of them.
    quarter, year = dt.timedelta(days=100), dt.timedelta(days=373)
    first, last = min(row.day for row in fresh), max(row.day for row in fresh)
    has_year = any(row.grain == GrainCode.YEAR for row in fresh)
    near = Q(day__gte=first - quarter) | Q(grain=GrainCode.YEAR, day__gte=first - year)
    rows = (
        Measurement.objects.filter(
            near, kpi_id__in=list(kpis), day__lte=last + (year if has_year else quarter)
        )
        .order_by("kpi_id", "unit_key", "grain", "day", "-revision")
        .distinct("kpi_id", "unit_key", "grain", "day")
    )
    return {cell(row): row for row in rows}


def cell(row: Measurement) -> Cell:
    """The cell a measurement speaks of, whatever its revision."""
    return row.kpi_id, row.unit_key, row.grain, row.day


def _refuse_mixed_grains(
    rows: Sequence[Measurement],
    newest: Mapping[Cell, Measurement],
    kpis: Mapping[int, Kpi],
    organization: Organization,
) -> None:
    standing = [row for row in newest.values() if not row.is_withdrawn]
    grains: dict[tuple[int, dt.date], set[int]] = {}
    for row in (*standing, *rows):
        for quarter in _quarters(row, organization.fiscal_year_start):
            grains.setdefault((row.kpi_id, quarter), set()).add(row.grain)
    for row in rows:
        for quarter in _quarters(row, organization.fiscal_year_start):
            found = grains[(row.kpi_id, quarter)]
            if len(found) == 1:
                continue
            names = " and ".join(GrainCode(code).label.lower() for code in sorted(found))
            raise CannotRecord(
                f"{kpis[row.kpi_id].name} has figures by {names} in the quarter of "
                f"{row.day:%d %B %Y}. Adding both would count the same work twice."
            )


def _quarters(row: Measurement, fiscal_start: int) -> list[dt.date]:
    """First days of the quarters in which a figure counts, a week in that of its Thursday."""
    if row.grain == GrainCode.WEEK:
        days = [row.day + dt.timedelta(days=3)]
    elif row.grain == GrainCode.YEAR:
        # The year begins with a first of the month: 95 days on is always the next quarter.
        days = [row.day + dt.timedelta(days=95 * number) for number in range(4)]
    else:
        days = [row.day]
    return [period_of(day, Grain.QUARTER, fiscal_start).start for day in days]


def _revise(
    rows: Sequence[Measurement], newest: Mapping[Cell, Measurement], *, reason: str
) -> tuple[Outcome, list[Measurement]]:
    outcome, fresh = Outcome(), []
    if len({cell(row) for row in rows}) < len(rows):
        raise CannotRecord("Two of these figures are for the same period. Give one of them.")
    for row in rows:
        known = newest.get(cell(row))
        if known is None:
            outcome.written += 1
        elif known.content_hash == row.content_hash:
            outcome.unchanged += 1
            continue
        elif not reason.strip():
            raise CannotRecord(
                f"The figure for {row.day:%d %B %Y} differs from the one on record. "
                "Say why it is corrected."
            )
        else:
            row.revision = known.revision + 1
            outcome.revised += 1
        fresh.append(row)
        outcome.cells.append(cell(row))
    return outcome, fresh


def _audit(
    rows: Sequence[Measurement],
    kpis: Mapping[int, Kpi],
    *,
    source: str,
    by: str,
    at: dt.datetime,
    reason: str,
) -> None:
    for kpi_id, count in sorted(Counter(row.kpi_id for row in rows).items()):
        days = [row.day for row in rows if row.kpi_id == kpi_id]
        audit.record(
            by=by,
            at=at,
            verb="recorded figures of",
            subject=kpis[kpi_id],
            reference=kpis[kpi_id].slug,
            after={
                "figures": str(count),
                "periods": f"{min(days):%d %B %Y} to {max(days):%d %B %Y}",
                "source": source,
            },
            reason=reason,
        )
