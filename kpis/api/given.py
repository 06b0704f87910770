"""From what a program sent to figures: each row read by itself, each fault named by field."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from kpis.actions.measurements import SHARES, Fact
from kpis.api.shapes import (
    CSV_COLUMNS,
    DECIMAL_PATTERN,
    MOST_ROWS,
    PARTS,
    ROW_TO_SEND,
    SHAPES,
)
from kpis.domain.aggregation import monoids, storage
from kpis.domain.errors import MethodError
from kpis.domain.imports import cells
from kpis.domain.imports.mapping import KpiColumn
from kpis.domain.imports.reading import entered
from kpis.models import Kpi
from portal.api import strict
from portal.api.answers import Problem
from portal.domain.calendar import Grain, period_of

# What columns and rollups hold, with room for a year of such figures added up.
TOO_LARGE = Decimal(10) ** 21
MOMENTS, COUNTS = {"n", "mean", "sd"}, {"tp", "fp", "fn", "tn"}
FAULTS_OF_A_ROW = 5
EARLIEST = dt.date(1990, 1, 1)


class BadField(ValueError):
    """One member of a row cannot be used; the message is a sentence."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


@dataclass(frozen=True)
class Sent:
    """One figure as it was sent, read."""

    row: int
    kpi: Kpi
    fact: Fact
    reason: str


@dataclass(frozen=True)
class Calendar:
    """What reading a period needs to know of the organization."""

    today: dt.date
    fiscal_year_start: int


def read_row(row: int, given: Mapping[str, Any], kpi: Kpi, calendar: Calendar) -> Sent:
    """A figure out of a row that has the declared shape. Raises BadField."""
    grain, day = read_period(given["period"], calendar)
    kind, parts = read_parts(kpi, given["parts"])
    fact = Fact(
        kpi_id=kpi.pk,
        grain=grain,
        day=day,
        kind=kind,
        parts=parts,
        grade=given.get("grade") or "measured",
        note=given.get("note", ""),
    )
    return Sent(row, kpi, fact, given.get("reason", "").strip())


def shape_faults(given: Any, shape: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(field, sentence) for what in a row is not as declared, the first few of them."""
    return list(islice(strict.faults(given, shape, SHAPES), FAULTS_OF_A_ROW))


def read_period(text: str, calendar: Calendar) -> tuple[Grain, dt.date]:
    """Grain and first day. Raises BadField for what is no period, to come, or long ago."""
    try:
        grain, day = cells.period(text, first_week=None)
    except ValueError as error:
        if text[:4].isdigit() and 0 < int(text[:4]) < EARLIEST.year:
            raise BadField("period", f"{text} is too long ago. Is the year right?") from error
        raise BadField("period", f"“{text}” is not in the calendar.") from error
    if day > calendar.today:
        raise BadField("period", f"{day:%d %B %Y} has not come yet.")
    if day < EARLIEST:
        raise BadField("period", f"{text} is too long ago. Is the year right?")
    if period_of(day, grain, calendar.fiscal_year_start).start != day:
        sentence = f"{text} is not a quarter of your fiscal year. Send its months instead."
        raise BadField("period", sentence)
    return grain, day


def read_parts(kpi: Kpi, given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Kind and parts, in the one way in which equal figures are written. Raises BadField."""
    amounts = {name: _amount(name, value) for name, value in given.items()}
    try:
        kind, parts = _of_kind(kpi, amounts)
        state = monoids.from_parts(kind, parts)
        value = monoids.value(kind, state)
    except (cells.BadCell, MethodError) as error:
        raise BadField("parts", str(error)) from error
    exact = monoids.to_parts(kind, state)
    columns = storage.to_columns(kind, exact, alone=kpi.kind in SHARES)
    sizes = [columns[name] or Decimal(0) for name in storage.NUMBERS]
    if any(abs(size) >= TOO_LARGE for size in (*sizes, (value or 0) * 1_000_000)):
        raise BadField("parts", "This is too large to be a figure. Look at the unit.")
    return kind, exact


def _amount(name: str, value: Any) -> Decimal:
    number = Decimal(value) if isinstance(value, str | int) else value
    # Before it is written out: a large exponent would make a text of that many digits.
    plain = abs(number.adjusted()) < 40 and re.fullmatch(DECIMAL_PATTERN, f"{number:f}")
    if not plain:
        raise BadField(f"parts.{name}", "This number has too many digits to be a figure.")
    return Decimal(number)


def _of_kind(kpi: Kpi, amounts: Mapping[str, Decimal]) -> tuple[str, dict[str, Any]]:
    names = amounts.keys()
    if not names:
        raise cells.BadCell("There is no number here. Leave out what was not measured.")
    if names == {"n"} and kpi.kind == "count":
        return "count", {"n": amounts["n"]}
    if names <= MOMENTS and kpi.kind in {"mean", "duration"}:
        return kpi.kind, _of_moments(kpi, amounts)
    if names <= COUNTS and kpi.kind == "confusion":
        return "confusion", dict(amounts)
    if names not in ({"value"}, {"num", "den"}):
        raise cells.BadCell(f"{kpi.name} is a {kpi.kind}. Send {wanted(kpi.kind)}.")
    column = KpiColumn(kpi.slug, kpi.name, kpi.kind, frozenset())
    return entered(column, amounts)


def wanted(kind: str) -> str:
    """The parts in which a figure of a kind is best sent."""
    if kind in {"mean", "duration"}:
        return "n, mean and, where known, sd"
    if kind == "confusion":
        return "tp, fp, fn and tn"
    return "num and den" if kind in {"ratio", "rate", "uptime", *SHARES} else "value"


def _of_moments(kpi: Kpi, amounts: Mapping[str, Decimal]) -> dict[str, Any]:
    if not {"n", "mean"} <= amounts.keys():
        raise cells.BadCell("A mean needs n, the number of cases behind it.")
    n, mean, sd = amounts["n"], amounts["mean"], amounts.get("sd")
    if n < 1 or n != n.to_integral_value() or (sd is not None and sd < 0):
        raise cells.BadCell("n is a whole number from 1 on, and sd is not below zero.")
    scale = storage.scale(kpi.kind, kpi.unit)
    mean *= scale
    squares = Decimal(0) if sd is None else (n - 1) * (sd * scale) ** 2 + n * mean**2
    if kpi.kind == "mean":
        return {"n": int(n), "sum": n * mean, "sumsq": squares}
    return {"n": int(n), "sum_ms": round(n * mean), "sumsq": round(squares)}


def csv_rows(content: bytes) -> Iterator[tuple[int, Any]]:
    """(line, row as JSON would say it) of a CSV with our header. Raises Problem."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(400, "Send UTF-8; these bytes are something else.") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header)
        for cells_ in reader:
            if any(cell.strip() for cell in cells_):
                yield reader.line_num, _csv_row(header, cells_)
    except csv.Error as error:
        raise Problem(400, f"The CSV cannot be split into columns: {error}.") from error


def _check_header(header: Sequence[str]) -> None:
    unknown = next((name for name in header if name not in CSV_COLUMNS), None)
    if unknown is not None:
        known = ", ".join(CSV_COLUMNS)
        raise Problem(400, f"The column “{unknown[:40]}” is not known. Known are {known}.")
    if len(set(header)) < len(header):
        raise Problem(400, "A column stands twice in the header. Name each once.")
    missing = [name for name in ROW_TO_SEND["required"][:2] if name not in header]
    if missing:
        raise Problem(400, f"The header lacks {' and '.join(missing)}.")


def _csv_row(header: Sequence[str], cells_: Sequence[str]) -> Any:
    if len(cells_) > len(header):
        return BadField("", "This row has more cells than the header.")
    said = {name: cell.strip() for name, cell in zip(header, cells_, strict=False) if cell.strip()}
    parts = {name: said.pop(name) for name in PARTS if name in said}
    return {**said, "parts": parts}


def too_many(rows: int) -> Problem:
    return Problem(413, f"These are {rows:,} rows; {MOST_ROWS:,} are possible. Send them in parts.")
