"""Many rows at once past row-level security, which refuses COPY into its tables.

Rows are given to SQL as a relation, a few as JSON, many by COPY into a table of the transaction's
own; the statements that check and write them are the same for both.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from portal.tenancy.scope import current_organization_id

# From here on a table of its own costs less than reading JSON.
COPIED_FROM = 500
STAGE = "given_figure"
Window = tuple[int, int, dt.date, dt.date]


class Figure(NamedTuple):
    """A checked figure, as the columns of a measurement; `more` is JSON text."""

    kpi_id: int
    unit_key: int
    grain: int
    day: dt.date
    is_withdrawn: bool
    grade: str
    note: str
    evidence: str
    content_hash: str
    shape: int
    num: Decimal | None
    den: Decimal | None
    squares: Decimal | None
    low: Decimal | None
    high: Decimal | None
    more: str


TYPES = {
    "number": "integer",
    "kpi_id": "bigint",
    "unit_key": "bigint",
    "grain": "smallint",
    "day": "date",
    "is_withdrawn": "boolean",
    "grade": "text",
    "note": "text",
    "evidence": "text",
    "content_hash": "text",
    "shape": "smallint",
    "num": "numeric",
    "den": "numeric",
    "squares": "numeric",
    "low": "numeric",
    "high": "numeric",
    "more": "jsonb",
}
_COLUMNS = ", ".join(f"{name} {kind}" for name, kind in TYPES.items())
_TAKEN = ", ".join(f"g.{name}" for name in Figure._fields)


@dataclass(frozen=True)
class Given:
    """Figures that SQL can read as the relation `g`."""

    relation: str
    text: str = ""

    def known(self) -> dict[int, tuple[int, bool]]:
        """Number of a figure -> newest revision at its place, and whether it says the same."""
        rows = _run(_KNOWN.format(given=self.relation), given=self.text)
        return {number: (revision, same) for number, revision, same in rows}

    def write(self, revisions: Mapping[int, int], **said: Any) -> None:
        """Record the figures and mark their cells; those whose revision here is 0 are left out,
        and a figure that is not named here begins with revision 1.

        `said` are source, reason, import_id, recorded_by and at of all of them.
        """
        numbers = {"numbers": list(revisions), "revisions": list(revisions.values())}
        _run(_WRITE.format(given=self.relation), given=self.text, **numbers, **said)


@contextmanager
def given(figures: Sequence[Figure]) -> Iterator[Given]:
    """The figures as a relation, numbered from 0; gone at the end of the block."""
    if len(figures) < COPIED_FROM:
        yield _as_json(figures)
        return
    with connection.cursor() as cursor:
        # Seen by nobody else, and gone with the transaction whatever happens in it.
        cursor.execute(f"CREATE TEMPORARY TABLE {STAGE} ({_COLUMNS}) ON COMMIT DROP")
        with cursor.copy(f"COPY {STAGE} FROM STDIN") as copy:
            for number, figure in enumerate(figures):
                copy.write_row((number, *figure))
        yield Given(f"pg_temp.{STAGE} g")
        cursor.execute(f"DROP TABLE pg_temp.{STAGE}")


def _as_json(figures: Iterable[Figure]) -> Given:
    rows = [
        {**figure._asdict(), "number": number, "more": json.loads(figure.more)}
        for number, figure in enumerate(figures)
    ]
    text = json.dumps(rows, default=str)
    return Given(f"jsonb_to_recordset(%(given)s::jsonb) g({_COLUMNS})", text)


def other_grains(windows: Sequence[Window]) -> list[tuple[int, int, dt.date]]:
    """(KPI, grain, day) of every standing figure that has another grain than that of a window.

    A year is found from 273 days before the window on: it may still run in its first quarter.
    """
    kpis, grains, firsts, lasts = map(list, zip(*windows, strict=True))
    years = [first - dt.timedelta(days=273) for first in firsts]
    return _run(_OTHERS, kpis=kpis, grains=grains, firsts=firsts, years=years, lasts=lasts)


def mark(cells: Iterable[tuple[int, int, int, dt.date]], *, at: dt.datetime) -> None:
    """Put cells into the queue of the rollups; one statement, however many they are.

    All writers mark in one order, so that two of them wait for, and never upon, each other.
    """
    marked = sorted(set(cells))
    if marked:
        kpis, units, grains, days = map(list, zip(*marked, strict=True))
        _run(_MARK_CELLS, kpis=kpis, units=units, grains=grains, days=days, at=at)


def _run(statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": current_organization_id(), **parameters})
        return list(cursor.fetchall()) if cursor.description else []


_KNOWN = """
SELECT g.number, m.revision, m.content_hash = g.content_hash
FROM {given} CROSS JOIN LATERAL (
    SELECT revision, content_hash FROM kpis_measurement m
    WHERE m.organization_id = %(organization)s AND m.kpi_id = g.kpi_id
      AND m.unit_key = g.unit_key AND m.grain = g.grain AND m.day = g.day
    ORDER BY m.revision DESC LIMIT 1
) m
"""

_MARK = """
INSERT INTO kpis_dirtycell (organization_id, marked_at, kpi_id, unit_key, grain, day)
SELECT %(organization)s, %(at)s::timestamptz, c.kpi_id, c.unit_key, c.grain, c.day
"""
# DO UPDATE takes the row's lock: a rollup that reads before we commit cannot drop the mark.
_MARKED = """
ON CONFLICT (organization_id, kpi_id, unit_key, grain, day)
DO UPDATE SET marked_at = EXCLUDED.marked_at
"""
_MARK_CELLS = f"""
{_MARK}
FROM unnest(%(kpis)s::bigint[], %(units)s::bigint[], %(grains)s::smallint[], %(days)s::date[])
       c(kpi_id, unit_key, grain, day)
{_MARKED}
"""

# No ON CONFLICT: the lock on the KPIs rules one out, and a figure must never get lost in silence.
_WRITE = f"""
WITH written AS (
INSERT INTO kpis_measurement (organization_id, revision, definition, {", ".join(Figure._fields)},
                              source, reason, import_id, recorded_by, recorded_at)
SELECT k.organization_id, coalesce(r.revision, 1), k.definition, {_TAKEN},
       %(source)s, %(reason)s, %(import_id)s::bigint, %(recorded_by)s, %(at)s::timestamptz
FROM {{given}}
JOIN kpis_kpi k ON k.organization_id = %(organization)s AND k.id = g.kpi_id
LEFT JOIN unnest(%(numbers)s::integer[], %(revisions)s::integer[]) r(number, revision)
       ON r.number = g.number
WHERE coalesce(r.revision, 1) > 0
RETURNING kpi_id, unit_key, grain, day)
{_MARK} FROM written c ORDER BY c.kpi_id, c.unit_key, c.grain, c.day {_MARKED}
"""

# The newest revision comes first in the order of the primary key, backwards: see `folding`.
_OTHERS = """
SELECT DISTINCT m.kpi_id, m.grain, m.day
FROM unnest(%(kpis)s::bigint[], %(grains)s::smallint[], %(firsts)s::date[], %(years)s::date[],
            %(lasts)s::date[]) w(kpi_id, grain, first, year, last)
JOIN unnest('{1,2,3,4,5}'::smallint[]) o(grain) ON o.grain <> w.grain
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (f.unit_key, f.day) f.kpi_id, f.grain, f.day, f.is_withdrawn
    FROM kpis_measurement f
    WHERE f.organization_id = %(organization)s AND f.kpi_id = w.kpi_id AND f.grain = o.grain
      AND f.day BETWEEN CASE WHEN o.grain = 5 THEN w.year ELSE w.first END AND w.last
    ORDER BY f.unit_key DESC, f.day DESC, f.revision DESC
) m WHERE NOT m.is_withdrawn
"""
