"""From what a program sent to figures: each row read by itself, each fault named by field."""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kpis.actions.measurements import SHARES, Fact
from kpis.api.figures import (
    CSV_COLUMNS,
    DECIMAL_PATTERN,
    GRADES,
    LONGEST_SLUG,
    LONGEST_TEXT,
    MOST_ROWS,
    PARTS,
    PERIOD_PATTERN,
)
from kpis.domain.aggregation import monoids, storage
from kpis.domain.errors import MethodError
from kpis.domain.imports import cells
from kpis.domain.imports.mapping import KpiColumn
from kpis.domain.imports.reading import entered
from kpis.models import Kpi
from portal.api.problems import Problem
from portal.domain.calendar import Grain, period_of

# What columns and rollups hold, with room for a year of such figures added up.
TOO_LARGE = Decimal(10) ** 21
MOMENTS, COUNTS = {"n", "mean", "sd"}, {"tp", "fp", "fn", "tn"}
FAULTS_OF_A_ROW = 5
EARLIEST = dt.date(1990, 1, 1)
_PERIOD, _DECIMAL = re.compile(PERIOD_PATTERN), re.compile(DECIMAL_PATTERN)
Fault = tuple[str, str]
Check = Callable[[str, Any], list[Fault]]


class Unusable(ValueError):
    """A row that cannot be used: its faults, each with its field."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults[0][1])
        self.faults = faults


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


def read_row(
    number: int, row: Any, calendar: Calendar, *, kpi: Kpi | None, kpis: Mapping[str, Kpi]
) -> Sent:
    """A figure out of one row, of `kpi` or of the one of `kpis` that the row names.

    Raises Unusable with every fault of its shape, or the first of its meaning.
    """
    faults = shape_faults(row, FIGURE_MEMBERS if kpi else ROW_MEMBERS)
    if faults:
        raise Unusable(faults)
    try:
        kpi = kpi or _named(row["kpi"], kpis)
        grain, day = read_period(row["period"], calendar)
        kind, parts = read_parts(kpi, row["parts"])
    except BadField as error:
        raise Unusable([(error.field, error.sentence)]) from error
    fact = Fact(
        kpi_id=kpi.pk,
        grain=grain,
        day=day,
        kind=kind,
        parts=parts,
        grade=row.get("grade") or "measured",
        note=row.get("note", ""),
    )
    return Sent(number, kpi, fact, row.get("reason", "").strip())


def _named(slug: str, kpis: Mapping[str, Kpi]) -> Kpi:
    if slug not in kpis:
        sentence = _("“%(kpi)s” is not a KPI of this deployment that takes figures.")
        raise BadField("kpi", sentence % {"kpi": slug})
    return kpis[slug]


def shape_faults(row: Any, members: Mapping[str, Check]) -> list[Fault]:
    """(field, sentence) for what in a row is not as described, the first few of them."""
    if not isinstance(row, dict):
        return [("", _("This must be an object."))]
    faults = [
        (name, _("“%(name)s” is missing.") % {"name": name})
        for name in REQUIRED
        if name in members and name not in row
    ]
    for name, value in row.items():
        check = members.get(name)
        faults += check(name, value) if check else [_not_known(name, name, members)]
    return faults[:FAULTS_OF_A_ROW]


def _not_known(field: str, name: str, members: Iterable[str]) -> Fault:
    sentence = _("“%(name)s” is not known here. Known are %(names)s.")
    return field[:60], sentence % {"name": name[:40], "names": ", ".join(members)}


def _text(name: str, value: Any, *, longest: int = LONGEST_TEXT) -> list[Fault]:
    if not isinstance(value, str):
        return [(name, _("This must be a text."))]
    if len(value) > longest:
        sentence = _("This text has %(letters)s letters; %(longest)s are possible.")
        return [(name, sentence % {"letters": len(value), "longest": longest})]
    return []


def _slug(name: str, value: Any) -> list[Fault]:
    return _text(name, value, longest=LONGEST_SLUG)


def _period(name: str, value: Any) -> list[Fault]:
    if not isinstance(value, str):
        return [(name, _("This must be a text."))]
    return [] if _PERIOD.fullmatch(value) else [_unreadable(name, value, "2026-W47")]


def _grade(name: str, value: Any) -> list[Fault]:
    if not isinstance(value, str):
        return [(name, _("This must be a text."))]
    if value in GRADES:
        return []
    sentence = _("“%(value)s” is none of %(codes)s.")
    return [(name, sentence % {"value": value[:40], "codes": ", ".join(GRADES)})]


def _parts(name: str, value: Any) -> list[Fault]:
    if not isinstance(value, dict):
        return [(name, _("This must be an object."))]
    faults = list[Fault]()
    for part, amount in value.items():
        field = f"{name}.{part}"
        if part not in PARTS:
            faults.append(_not_known(field, part, PARTS))
        elif isinstance(amount, str):
            if not _DECIMAL.fullmatch(amount):
                faults.append(_unreadable(field, amount, "0.28"))
        # bool is an int in Python only.
        elif isinstance(amount, bool) or not isinstance(amount, int | Decimal):
            faults.append((field, _("This must be a number or a text.")))
    return faults


def _unreadable(name: str, value: str, example: str) -> Fault:
    sentence = _("“%(value)s” cannot be read. Write it like %(example)s.")
    return name, sentence % {"value": value[:40], "example": example}


REQUIRED = ("kpi", "period", "parts")
FIGURE_MEMBERS: Mapping[str, Check] = {
    "period": _period,
    "parts": _parts,
    "grade": _grade,
    "note": _text,
    "reason": _text,
}
ROW_MEMBERS: Mapping[str, Check] = {"kpi": _slug, **FIGURE_MEMBERS}


def read_period(text: str, calendar: Calendar) -> tuple[Grain, dt.date]:
    """Grain and first day. Raises BadField for what is no period, to come, or long ago."""
    words = {"period": text}
    try:
        is_fiscal = text.startswith("FY")
        start = calendar.fiscal_year_start if is_fiscal else 1
        grain, day = cells.period(text, habits=cells.Habits(fiscal_start=start))
    except ValueError as error:
        if text[:4].isdigit() and 0 < int(text[:4]) < EARLIEST.year:
            raise BadField(
                "period", _("%(period)s is too long ago. Is the year right?") % words
            ) from error
        raise BadField("period", _("“%(period)s” is not in the calendar.") % words) from error
    if day > calendar.today:
        sentence = _("%(day)s has not come yet.") % {"day": f"{day:%d %B %Y}"}
        raise BadField("period", sentence)
    if day < EARLIEST:
        raise BadField("period", _("%(period)s is too long ago. Is the year right?") % words)
    if period_of(day, grain, calendar.fiscal_year_start).start != day:
        sentence = _("%(period)s is not a quarter of your fiscal year. Send its months instead.")
        raise BadField("period", sentence % words)
    return grain, day


def read_parts(kpi: Kpi, sent: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Kind and parts, in the one way in which equal figures are written. Raises BadField."""
    amounts = {name: _amount(name, value) for name, value in sent.items()}
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
        raise BadField("parts", _("This is too large to be a figure. Look at the unit."))
    return kind, exact


def _amount(name: str, value: Any) -> Decimal:
    number = Decimal(value) if isinstance(value, str | int) else value
    # Before it is written out: a large exponent would make a text of that many digits.
    plain = abs(number.adjusted()) < 40 and _DECIMAL.fullmatch(f"{number:f}")
    if not plain:
        raise BadField(f"parts.{name}", _("This number has too many digits to be a figure."))
    return Decimal(number)


def _of_kind(kpi: Kpi, amounts: Mapping[str, Decimal]) -> tuple[str, dict[str, Any]]:
    names = amounts.keys()
    if not names:
        raise cells.BadCell(_("There is no number here. Leave out what was not measured."))
    if names == {"n"} and kpi.kind == "count":
        return "count", {"n": amounts["n"]}
    if names <= MOMENTS and kpi.kind in {"mean", "duration"}:
        return kpi.kind, _of_moments(kpi, amounts)
    if names <= COUNTS and kpi.kind == "confusion":
        return "confusion", dict(amounts)
    if names not in ({"value"}, {"num", "den"}):
        sentence = _("%(kpi)s is a %(kind)s. Send %(parts)s.")
        words = {"kpi": kpi.name, "kind": kpi.kind, "parts": wanted(kpi.kind)}
        raise cells.BadCell(sentence % words)
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
        raise cells.BadCell(_("A mean needs n, the number of cases behind it."))
    n, mean, sd = amounts["n"], amounts["mean"], amounts.get("sd")
    if n < 1 or n != n.to_integral_value() or (sd is not None and sd < 0):
        raise cells.BadCell(_("n is a whole number from 1 on, and sd is not below zero."))
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
        raise Problem(400, _("Send UTF-8; these bytes are something else.")) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header)
        for line in reader:
            if any(cell.strip() for cell in line):
                yield reader.line_num, _csv_row(header, line)
    except csv.Error as error:
        sentence = _("The CSV cannot be split into columns: %(error)s.") % {"error": error}
        raise Problem(400, sentence) from error


def _check_header(header: Sequence[str]) -> None:
    unknown = next((name for name in header if name not in CSV_COLUMNS), None)
    if unknown is not None:
        sentence = _("The column “%(name)s” is not known. Known are %(names)s.")
        words = {"name": unknown[:40], "names": ", ".join(CSV_COLUMNS)}
        raise Problem(400, sentence % words)
    if len(set(header)) < len(header):
        raise Problem(400, _("A column stands twice in the header. Name each once."))
    missing = [name for name in REQUIRED[:2] if name not in header]
    if missing:
        sentence = _("The header lacks %(names)s.") % {"names": _(" and ").join(missing)}
        raise Problem(400, sentence)


def _csv_row(header: Sequence[str], line: Sequence[str]) -> Any:
    if len(line) > len(header):
        return Unusable([("", _("This row has more cells than the header."))])
    row = {name: cell.strip() for name, cell in zip(header, line, strict=False) if cell.strip()}
    parts = {name: row.pop(name) for name in PARTS if name in row}
    return {**row, "parts": parts}


def too_many(rows: int) -> Problem:
    sentence = _("These are %(rows)s rows; %(most)s are possible. Send them in parts.")
    return Problem(413, sentence % {"rows": f"{rows:,}", "most": f"{MOST_ROWS:,}"})
