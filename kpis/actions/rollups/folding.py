"""Rollups folded by SQL: sums, extremes and shares of figures whose parts are all in columns.

The rules are those of `kpis.domain.aggregation.monoids`, and so are the results, digit for
digit. Whatever is not plain (foreign figures beside own ones, buckets, parts unknown, numbers too
long for one division) is reported back, for the monoids themselves to fold.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from kpis.actions.measurements import SHARES
from kpis.domain.aggregation import layouts, storage
from kpis.models import Grade, Measurement
from portal.tenancy.scope import current_organization_id

# From the weakest: a sum is known as well as the worst of its figures.
GRADES = [grade.value for grade in (Grade.ASSUMED, Grade.ESTIMATED, Grade.SAMPLED, Grade.MEASURED)]
# KPI, code of the grain, first and last day.
Span = tuple[int, int, Any, Any]
Place = tuple[int, int, Any]


@dataclass(frozen=True)
class Plain:
    """How plain figures of one KPI look: their shape, what stands in `more`, and their scale."""

    kpi_id: int
    shape: int
    more: str
    alone: bool
    scale: int


def plain_of(kpis: Iterable[tuple[int, str, str]]) -> list[Plain]:
    """Of the KPIs (key, kind, unit) those that SQL can fold."""
    found = []
    for kpi_id, kind, unit in kpis:
        given, alone = ("ratio", True) if kind in SHARES else (kind, False)
        shape = layouts.code_of(given, alone=alone)
        if shape != layouts.ODD:
            more = layouts.more_of(given, alone=alone)
            found.append(Plain(kpi_id, shape, more, alone, storage.scale(given, unit)))
    return found


def fold_spans(spans: Sequence[Span], plain: Sequence[Plain], *, revised: bool) -> list[Place]:
    """Write the rollups of these periods of plain KPIs; returns the periods that are not plain.

    Unless `revised`, a period with a corrected figure counts as not plain.
    """
    parts = _PARTS_OF_SPANS.format(**_read(_IN_SPAN, revised=revised))
    return _fold(parts, plain, _spans(spans))


def fold_all(
    grain: int, fiscal_start: int, plain: Sequence[Plain], *, revised: bool
) -> list[Place]:
    """As `fold_spans`, for all periods of one grain."""
    unit, every = _PERIODS[grain]
    months = (fiscal_start - 1) % every
    first = _FIRST if months == 0 else _FIRST_SHIFTED
    given = {"grain": grain, "unit": unit, "shift": f"{months} months"}
    parts = _PARTS_OF_ALL.format(first=first, **_read(_IN_ALL, revised=revised))
    return _fold(parts, plain, given)


def _read(where: str, *, revised: bool) -> dict[str, str]:
    figures, sums = (_NEWEST, _SUMS) if revised else (_FIRST_REVISIONS, _SUMS_OF_FIRST)
    return {"figures": figures.format(where=where), "sums": sums}


def has_revised(kpis: Sequence[int] | None = None) -> bool:
    """Whether figures of these KPIs, or of any, were corrected."""
    rows = Measurement.objects.filter(revision__gt=1)
    return (rows if kpis is None else rows.filter(kpi_id__in=kpis)).exists()


# What date_trunc calls a grain, and after how many months fiscal years cut it alike again.
_PERIODS = {2: ("week", 1), 3: ("month", 1), 4: ("quarter", 3), 5: ("year", 12)}


def members(spans: Sequence[Span]) -> list[tuple[Any, ...]]:
    """Newest revisions that count in these periods.

    Rows of KPI, grain, first day, unit, definition, grade, `more` as JSON text, and the numbers.
    """
    figures = _NEWEST.format(where=_IN_SPAN)
    statement = f"SELECT {_READ} FROM {_SPANS} CROSS JOIN LATERAL ({figures}) m"
    return [
        (*row[:7], dict(zip(storage.NUMBERS, row[7:], strict=True)))
        for row in _run(statement, _spans(spans))
    ]


_READ = "t.kpi_id, t.grain, t.first, " + ", ".join(
    f"m.{name}" for name in ("unit_key", "definition", "grade", "more::text", *storage.NUMBERS)
)


def _spans(spans: Sequence[Span]) -> dict[str, Any]:
    kpis, grains, firsts, lasts = map(list, zip(*spans, strict=True))
    # A week that counts in a period may begin three days before it.
    froms = [first - dt.timedelta(days=3) for first in firsts]
    return {"kpis": kpis, "grains": grains, "froms": froms, "firsts": firsts, "lasts": lasts}


def _fold(parts: str, plain: Sequence[Plain], given: Mapping[str, Any]) -> list[Place]:
    how = {
        "keys": [one.kpi_id for one in plain],
        "shapes": [one.shape for one in plain],
        "mores": [one.more for one in plain],
        "alones": [one.alone for one in plain],
        "scales": [one.scale for one in plain],
        "grades": GRADES,
    }
    return _run(_FOLD.format(parts=parts), {**given, **how})


def _run(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": current_organization_id(), **parameters})
        return list(cursor.fetchall())


# A figure counts in its own grain and in coarser ones; a week where its Thursday lies.
_ANCHOR = "CASE WHEN m.grain = 2 THEN m.day + 3 ELSE m.day END"
_SPANS = """
unnest(%(kpis)s::bigint[], %(grains)s::smallint[], %(froms)s::date[], %(firsts)s::date[],
       %(lasts)s::date[]) t(kpi_id, grain, since, first, last)
"""
_IN_SPAN = f"""
m.organization_id = %(organization)s AND m.kpi_id = t.kpi_id AND m.grain <= t.grain
AND m.day BETWEEN t.since AND t.last AND {_ANCHOR} BETWEEN t.first AND t.last
"""
_FIRST = f"date_trunc(%(unit)s, {_ANCHOR}::timestamp)::date"
_FIRST_SHIFTED = f"""
(date_trunc(%(unit)s, {_ANCHOR}::timestamp - %(shift)s::interval) + %(shift)s::interval)::date
"""
# Looking for no newer revision is quicker; where there is one, the period is told apart (bit 0).
_IN_ALL = "m.organization_id = %(organization)s AND m.grain <= %(grain)s"
# In the order of the primary key, backwards, the newest revision comes first, however old the
# statistics of the planner are; a look from each figure for a newer one depends on them.
_NEWEST = """
SELECT * FROM (
    SELECT DISTINCT ON (m.kpi_id, m.unit_key, m.grain, m.day) m.*
    FROM kpis_measurement m WHERE {where}
    ORDER BY m.kpi_id DESC, m.unit_key DESC, m.grain DESC, m.day DESC, m.revision DESC
) m WHERE NOT m.is_withdrawn
"""
# Quicker where no figure was corrected; where one was, its period is told apart by bit 0.
_FIRST_REVISIONS = """
SELECT m.* FROM kpis_measurement m WHERE {where} AND (m.revision > 1 OR NOT m.is_withdrawn)
"""

# The shapes that occur are gathered as bits.
_SUMS = """
count(*) AS facts, sum(m.num) AS num, sum(m.den) AS den, sum(m.squares) AS squares,
count(m.squares) AS squared, min(m.low) AS low, max(m.high) AS high,
max(m.definition) AS definition, bit_or(1 << m.shape) AS shapes,
min(CASE m.grade WHEN 'measured' THEN 4 WHEN 'sampled' THEN 3 WHEN 'estimated' THEN 2 ELSE 1 END)
    AS grade
"""
_SUMS_OF_FIRST = _SUMS.replace(
    "1 << m.shape", "CASE WHEN m.revision > 1 THEN 1 ELSE 1 << m.shape END"
)
_PARTS_OF_SPANS = f"""
SELECT t.kpi_id, t.grain, t.first, p.* FROM {_SPANS} CROSS JOIN LATERAL (
    SELECT m.unit_key, {{sums}} FROM ({{figures}}) m GROUP BY m.unit_key
) p
"""
_PARTS_OF_ALL = """
SELECT m.kpi_id, %(grain)s::smallint AS grain, {first} AS first, m.unit_key, {sums}
FROM ({figures}) m GROUP BY m.kpi_id, m.unit_key, {first}
"""

# `value` is rounded half to even at ten places, as decimal arithmetic does: with a numerator of
# at most sixteen digits its 28 digits cannot round another way than the exact quotient.
_FOLD = """
WITH k AS (
    SELECT * FROM unnest(%(keys)s::bigint[], %(shapes)s::smallint[], %(mores)s::jsonb[],
                         %(alones)s::boolean[], %(scales)s::numeric[])
        k(kpi_id, shape, more, alone, scale)
),
parts AS MATERIALIZED ({parts}),
by_unit AS (SELECT EXISTS (SELECT 1 FROM parts WHERE unit_key <> 0) AS found),
folded AS (
    SELECT * FROM parts WHERE unit_key <> 0 OR NOT (SELECT found FROM by_unit)
    UNION ALL
    SELECT kpi_id, grain, first, 0, sum(facts), sum(num), sum(den), sum(squares), sum(squared),
           min(low), max(high), max(definition), bit_or(shapes), min(grade)
    FROM parts WHERE (SELECT found FROM by_unit) GROUP BY kpi_id, grain, first
),
written AS (
    INSERT INTO kpis_rollup (organization_id, kpi_id, unit_key, grain, day, definition, num, den,
                             squares, low, high, more, value, facts, grade, cannot_combine)
    SELECT %(organization)s, f.kpi_id, f.unit_key, f.grain, f.first, f.definition, f.num, f.den,
           CASE WHEN f.squared = f.facts THEN f.squares END, f.low, f.high,
           CASE WHEN f.shapes = 1 << k.shape AND (
               f.den = 0 OR abs(f.num) < 10000000000 OR
               abs(f.num) < 10000000000000000 AND f.num = trunc(f.num)
                 AND (f.den IS NULL OR f.den = trunc(f.den))
           ) THEN k.more END,
           CASE WHEN k.alone AND f.facts > 1 OR f.den = 0 THEN NULL WHEN f.den IS NULL THEN f.num
                ELSE sign(f.num) * 0.0000000001 * (q.whole + CASE
                    WHEN 2 * q.rest > f.den * k.scale THEN 1
                    WHEN 2 * q.rest = f.den * k.scale THEN mod(q.whole, 2) ELSE 0 END)
           END,
           f.facts, (%(grades)s::text[])[f.grade], k.alone AND f.facts > 1
    FROM folded f JOIN k ON k.kpi_id = f.kpi_id
    CROSS JOIN LATERAL (
        SELECT div(abs(f.num) * 10000000000, nullif(f.den, 0) * k.scale) AS whole,
               mod(abs(f.num) * 10000000000, nullif(f.den, 0) * k.scale) AS rest
    ) q
    RETURNING kpi_id, grain, day, more
)
SELECT DISTINCT kpi_id, grain, day FROM written WHERE more IS NULL
"""
