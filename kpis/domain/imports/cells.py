"""What a cell says: a number, a period, or a sentence about why it says neither."""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

from portal.domain.calendar import Grain

EMPTY = {"", "-", "–", "—", "n/a", "na", "null", "none", "#n/a"}
_WEEK = re.compile(r"^(\d{4})[-\s]?w(?:eek)?\s?(\d{1,2})$", re.IGNORECASE)
_COUNTED = re.compile(r"^(?:week|wk|w|kw|woche|period)?\.?\s*(\d{1,4})$", re.IGNORECASE)
_MONTH = re.compile(r"^(\d{4})[-/.](\d{1,2})$")
_QUARTER = re.compile(
    r"^(?:q([1-4])\s*[-/ ]?\s*(\d{4})|(\d{4})\s*[-/ ]?\s*q([1-4]))$", re.IGNORECASE
)
_DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%Y/%m/%d", "%d %B %Y", "%d %b %Y")


class BadCell(ValueError):
    """A cell cannot be understood; the message is a sentence."""


def number(text: str, *, decimal_comma: bool = False) -> Decimal | None:
    """The number in a cell, None for an empty one; an explicit 0 is a number.

    Accepts thousands separators, a per cent sign (value / 100) and a currency sign.
    Raises BadCell for anything else, including NaN and infinity.
    """
    raw = text.strip().replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if raw.casefold() in EMPTY:
        return None
    percent = raw.endswith("%")
    plain = raw.rstrip("%").strip("$€£").replace("’", "").replace("'", "")
    plain = plain.replace(".", "").replace(",", ".") if decimal_comma else plain.replace(",", "")
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?|[+-]?\.\d+", plain):
        raise BadCell(f"“{text[:40]}” is not a number.")
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise BadCell(f"“{text[:40]}” is not a number.") from error
    if abs(value) >= Decimal(10) ** 18:
        raise BadCell(f"“{text[:40]}” is too large to be a figure.")
    return value / 100 if percent else value


def uses_decimal_comma(cells: list[str]) -> bool:
    """Whether the figures of a file are written 1.234,5 or 0,28 rather than 1,234.5."""
    for cell in cells:
        text = cell.strip().rstrip("%")
        if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+,\d+|[+-]?\d+,(\d{1,2}|\d{4,})|[+-]?0,\d+", text):
            return True
    return False


def period(text: str, *, first_week: dt.date | None) -> tuple[Grain, dt.date]:
    """Grain and first day of the period a cell names.

    A bare number or "week 8" counts weeks from `first_week` (a day of week 1); without it
    BadCell asks for that day. Fiscal quarters are not guessed: "Q3 2026" is the calendar's.
    """
    raw = re.sub(r"\s+00:00(:00)?$", "", text.strip())
    if not raw:
        raise BadCell("The period is missing.")
    for read in (_iso_week, _month, _quarter, _date):
        found = read(raw)
        if found is not None:
            return found
    counted = _COUNTED.match(raw)
    if counted is None:
        raise BadCell(f"“{text[:40]}” is not a date, week, month or quarter.")
    if first_week is None:
        raise BadCell(f"“{text[:40]}” counts weeks: say on which day week 1 began.")
    weeks = int(counted.group(1)) - 1
    monday = first_week - dt.timedelta(days=first_week.weekday())
    try:
        return Grain.WEEK, monday + dt.timedelta(weeks=weeks)
    except OverflowError as error:
        raise BadCell(f"“{text[:40]}” is too far from week 1.") from error


def _iso_week(raw: str) -> tuple[Grain, dt.date] | None:
    match = _WEEK.match(raw)
    if match is None:
        return None
    try:
        return Grain.WEEK, dt.date.fromisocalendar(int(match.group(1)), int(match.group(2)), 1)
    except ValueError as error:
        raise BadCell(f"“{raw}” is not a week of that year.") from error


def _month(raw: str) -> tuple[Grain, dt.date] | None:
    match = _MONTH.match(raw)
    if match is None:
        return None
    try:
        return Grain.MONTH, dt.date(int(match.group(1)), int(match.group(2)), 1)
    except ValueError as error:
        raise BadCell(f"“{raw}” is not a month.") from error


def _quarter(raw: str) -> tuple[Grain, dt.date] | None:
    match = _QUARTER.match(raw)
    if match is None:
        return None
    quarter, year = int(match.group(1) or match.group(4)), int(match.group(2) or match.group(3))
    return Grain.QUARTER, dt.date(year, 3 * quarter - 2, 1)


def _date(raw: str) -> tuple[Grain, dt.date] | None:
    for style in _DATES:
        try:
            return Grain.DAY, dt.datetime.strptime(raw, style).date()
        except ValueError:
            continue
    return None
