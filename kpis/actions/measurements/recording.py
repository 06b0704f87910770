"""Recording of figures: append-only, idempotent, corrections as revisions with a reason."""

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import transaction

from kpis.actions.measurements import staging
from kpis.actions.measurements.staging import Figure
from kpis.domain.aggregation import layouts, monoids, storage
from kpis.domain.errors import MethodError
from kpis.models import Grade, GrainCode, Kpi, Measurement
from portal.actions import audit, jobs
from portal.domain.calendar import Grain, period_of
from portal.models import Organization
from portal.tenancy.scope import current_organization_id

CODES = {grain: GrainCode.of(grain) for grain in Grain}
# People and stocks are counted anew in each period: their share is never added up.
SHARES = {"distinct", "gauge"}
Cell = tuple[int, int, int, dt.date]


class CannotRecord(ValueError):
    """Figures were refused; the message is a sentence and nothing was written.

    `kpi_id` is the key of the KPI that it speaks of, None where it speaks of none in particular.
    """

    def __init__(self, message: str, kpi_id: int | None = None) -> None:
        super().__init__(message)
        self.kpi_id = kpi_id


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
    if not facts:
        return Outcome()
    with transaction.atomic():
        organization = Organization.objects.get(pk=current_organization_id())
        kpis = _lock_kpis({fact.kpi_id for fact in facts})
        figures = [_figure(fact, kpis[fact.kpi_id], organization) for fact in facts]
        _refuse_mixed_grains(figures, kpis, organization.fiscal_year_start)
        with staging.given(figures) as given:
            outcome, revisions = _revise(figures, given.known(), reason=reason)
            if outcome.cells:
                given.write(
                    revisions,
                    source=source[:120],
                    reason=reason,
                    import_id=import_id,
                    recorded_by=by,
                    at=at,
                )
        if outcome.cells:
            jobs.enqueue(kind="rollup", key="all", at=at)
            _audit(outcome.cells, kpis, source=source, by=by, at=at, reason=reason)
        return outcome


def mark_dirty(*, cells: Iterable[Cell], at: dt.datetime) -> None:
    """Put touched cells into the queue and wake the rollup, in the caller's transaction."""
    staging.mark(cells, at=at)
    jobs.enqueue(kind="rollup", key="all", at=at)


def _lock_kpis(keys: set[int]) -> dict[int, Kpi]:
    # The lock makes the next revision number ours until the transaction ends.
    kpis = {
        kpi.pk: kpi for kpi in Kpi.objects.filter(pk__in=keys).order_by("pk").select_for_update()
    }
    if keys - kpis.keys():
        raise CannotRecord("One of the KPIs is not in this organization's sets.")
    return kpis


def _figure(fact: Fact, kpi: Kpi, organization: Organization) -> Figure:
    if fact.kind not in given_as(kpi.kind):
        raise CannotRecord(
            f"{kpi.name} is a {kpi.kind}; a {fact.kind} cannot be recorded for it.", kpi.pk
        )
    try:
        state = monoids.from_parts(fact.kind, fact.parts)
    except MethodError as error:
        raise CannotRecord(f"{kpi.name}, {fact.day:%d %B %Y}: {error}", kpi.pk) from error
    grain, day = _place(fact.grain, fact.day, organization.fiscal_year_start)
    columns, others = _layout(fact.kind)
    alone = kpi.kind in SHARES
    if others:
        more = _more(fact.kind, alone, **monoids.to_parts(fact.kind, state))
    else:
        more = _kind_only(fact.kind, alone)
    num, den, squares, low, high = (state[part] if part else None for part in columns)
    return Figure(
        fact.kpi_id,
        fact.unit_key,
        grain,
        day,
        fact.withdrawn,
        fact.grade,
        fact.note,
        fact.evidence,
        _hash(kpi, fact),
        layouts.shape_of(more),
        num,
        den,
        squares,
        low,
        high,
        more,
    )


def _more(kind: str, alone: bool, **parts: Any) -> str:
    return json.dumps(storage.to_columns(kind, parts, alone=alone)["more"])


_kind_only = lru_cache(_more)


# A file of 100,000 figures speaks of a few kinds and a few hundred days.
@lru_cache
def _layout(kind: str) -> tuple[tuple[str | None, ...], bool]:
    """The part that stands in each column of numbers, and whether there are other parts."""
    columns = storage.COLUMNS.get(kind, {})
    parts = {column: part for part, column in columns.items()}
    others = monoids.monoid(kind).identity.keys() - columns.keys()
    return tuple(parts.get(name) for name in storage.NUMBERS), bool(others)


@lru_cache(maxsize=20_000)
def _place(grain: Grain, day: dt.date, fiscal_start: int) -> tuple[int, dt.date]:
    return CODES[grain], period_of(day, grain, fiscal_start).start


def given_as(kind: str) -> set[str]:
    """The kinds in which a figure of a KPI may be given; any may be a foreign figure (opaque)."""
    return {kind, "opaque", "ratio"} if kind in SHARES else {kind, "opaque"}


_say = json.JSONEncoder(sort_keys=True, default=str).encode


def _hash(kpi: Kpi, fact: Fact) -> str:
    said = [kpi.definition, fact.kind, dict(fact.parts), fact.grade, fact.note, fact.withdrawn]
    said += [fact.evidence] if fact.evidence else []
    return hashlib.sha256(_say(said).encode()).hexdigest()


def cell(row: Measurement) -> Cell:
    """The cell a measurement speaks of, whatever its revision."""
    return row.kpi_id, row.unit_key, row.grain, row.day


def _refuse_mixed_grains(
    figures: Sequence[Figure], kpis: Mapping[int, Kpi], fiscal_start: int
) -> None:
    spoken: dict[tuple[int, int], list[dt.date]] = {}
    for figure in figures:
        spoken.setdefault((figure.kpi_id, figure.grain), []).append(figure.day)
    others = staging.other_grains(_windows(spoken))
    if not others and len({kpi_id for kpi_id, _ in spoken}) == len(spoken):
        return
    grains: dict[tuple[int, dt.date], set[int]] = {}
    places = {(kpi_id, grain, day) for (kpi_id, grain), days in spoken.items() for day in days}
    for kpi_id, grain, day in places.union(others):
        for quarter in _quarters(grain, day, fiscal_start):
            grains.setdefault((kpi_id, quarter), set()).add(grain)
    mixed = {place: found for place, found in grains.items() if len(found) > 1}
    for figure in figures if mixed else ():
        for quarter in _quarters(figure.grain, figure.day, fiscal_start):
            found = mixed.get((figure.kpi_id, quarter))
            if found is None:
                continue
            names = " and ".join(GrainCode(code).label.lower() for code in sorted(found))
            raise CannotRecord(
                f"{kpis[figure.kpi_id].name} has figures by {names} in the quarter of "
                f"{figure.day:%d %B %Y}. Adding both would count the same work twice.",
                figure.kpi_id,
            )


def _windows(spoken: Mapping[tuple[int, int], Sequence[dt.date]]) -> list[staging.Window]:
    """Where a figure of another grain could count in a quarter of those spoken of."""
    quarter, year = dt.timedelta(days=100), dt.timedelta(days=373)
    return [
        (
            kpi_id,
            grain,
            min(found) - quarter,
            max(found) + (year if grain == GrainCode.YEAR else quarter),
        )
        for (kpi_id, grain), found in spoken.items()
    ]


@lru_cache(maxsize=20_000)
def _quarters(grain: int, day: dt.date, fiscal_start: int) -> tuple[dt.date, ...]:
    """First days of the quarters in which a figure counts, a week in that of its Thursday."""
    days = [day]
    if grain == GrainCode.WEEK:
        days = [day + dt.timedelta(days=3)]
    elif grain == GrainCode.YEAR:
        # The year begins with a first of the month: 95 days on is always the next quarter.
        days = [day + dt.timedelta(days=95 * number) for number in range(4)]
    return tuple(_place(Grain.QUARTER, one, fiscal_start)[1] for one in days)


def _revise(
    figures: Sequence[Figure], known: Mapping[int, tuple[int, bool]], *, reason: str
) -> tuple[Outcome, dict[int, int]]:
    """The outcome, and the revision of every figure whose place is taken, 0 = says the same."""
    cells = [figure[:4] for figure in figures]
    if len(set(cells)) < len(cells):
        twice = next(cell for cell, count in Counter(cells).items() if count > 1)
        raise CannotRecord(
            "Two of these figures are for the same period. Give one of them.", twice[0]
        )
    outcome, revisions = Outcome(written=len(figures) - len(known)), dict[int, int]()
    for number, (revision, same) in sorted(known.items()):
        if not same and not reason.strip():
            raise CannotRecord(
                f"The figure for {figures[number].day:%d %B %Y} differs from the one on record. "
                "Say why it is corrected.",
                figures[number].kpi_id,
            )
        revisions[number] = 0 if same else revision + 1
    outcome.unchanged = sum(1 for revision in revisions.values() if revision == 0)
    outcome.revised = len(revisions) - outcome.unchanged
    outcome.cells = (
        [one for at, one in enumerate(cells) if revisions.get(at, 1)] if revisions else cells
    )
    return outcome, revisions


def _audit(
    cells: Iterable[Cell],
    kpis: Mapping[int, Kpi],
    *,
    source: str,
    by: str,
    at: dt.datetime,
    reason: str,
) -> None:
    days: dict[int, list[dt.date]] = {}
    for kpi_id, _, _, day in cells:
        days.setdefault(kpi_id, []).append(day)
    for kpi_id, found in sorted(days.items()):
        audit.record(
            by=by,
            at=at,
            verb="recorded figures of",
            subject=kpis[kpi_id],
            reference=kpis[kpi_id].slug,
            after={
                "figures": str(len(found)),
                "periods": f"{min(found):%d %B %Y} to {max(found):%d %B %Y}",
                "source": source,
            },
            reason=reason,
        )
