"""Days, weeks, months, quarters and years, in the zone and fiscal year of an organization.

Week, month, quarter and year are each made of days, never of each other. Weeks are ISO 8601.
"""

import datetime as dt
import math
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo


class BadCalendar(ValueError):
    """A fiscal start that is no month, a zone that does not exist, a day beyond the calendar."""


class Grain(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of whole days, both ends included, with the words by which people name it."""

    start: dt.date
    end: dt.date
    grain: Grain
    label: str

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def short(self) -> str:
        """The label, for a week without its year: “Week 47”, “October 2026”."""
        return self.label.split(",")[0] if self.grain is Grain.WEEK else self.label

    @property
    def in_sentence(self) -> str:
        """The short label inside a sentence: “week 47”, “October 2026”."""
        return self.short.lower() if self.grain is Grain.WEEK else self.short

    @property
    def code(self) -> str:
        """How programs and files name it: 2026-11-16, 2026-W47, 2026-11, 2026-Q4, FY2027-Q1."""
        match self.grain:
            case Grain.DAY:
                return self.start.isoformat()
            case Grain.WEEK:
                year, week, _ = self.start.isocalendar()
                return f"{year:04}-W{week:02}"
            case Grain.MONTH:
                return self.start.isoformat()[:7]
            case Grain.QUARTER:
                first, last = self.label.split()
                return f"{first}-{last}" if first.startswith("FY") else f"{last}-{first}"
        return self.label

    def __contains__(self, day: dt.date) -> bool:
        return self.start <= day <= self.end


def local_date(instant: dt.datetime, zone: str) -> dt.date:
    """The date on the wall of the zone at an instant.

    Raises BadCalendar for an instant without a zone and for a zone that does not exist.
    """
    if instant.tzinfo is None:
        raise BadCalendar("An instant needs a time zone.")
    return instant.astimezone(_zone(zone)).date()


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise BadCalendar(f"“{name}” is not a time zone such as Europe/Berlin.") from error


def period_of(day: dt.date, grain: Grain, fiscal_start: int = 1) -> Period:
    """The period of that grain that holds the day; fiscal years begin in month `fiscal_start`.

    Raises BadCalendar, also where the period would leave the years 1 to 9999.
    """
    _check_start(fiscal_start)
    if isinstance(day, dt.datetime):
        raise BadCalendar("A period holds days; an instant has a day only in a time zone.")
    try:
        return _period(day, Grain(grain), fiscal_start)
    except (ValueError, OverflowError) as error:
        raise BadCalendar(f"No {grain} of the calendar holds {day}.") from error


def _check_start(month: int) -> None:
    if isinstance(month, bool) or not isinstance(month, int) or not 1 <= month <= 12:
        raise BadCalendar("A fiscal year begins in a month from 1 to 12.")


def _period(day: dt.date, grain: Grain, fiscal_start: int) -> Period:
    if grain is Grain.DAY:
        return Period(day, day, grain, f"{day.day} {day:%B %Y}")
    if grain is Grain.WEEK:
        return _week(day)
    if grain is Grain.MONTH:
        start = day.replace(day=1)
        return Period(start, _months_later(start, 1) - _DAY, grain, f"{start:%B %Y}")
    if grain is Grain.QUARTER:
        return _quarter(day, fiscal_start)
    return _year(day, fiscal_start)


_DAY = dt.timedelta(days=1)


def _week(day: dt.date) -> Period:
    year, week, weekday = day.isocalendar()
    start = day - dt.timedelta(days=weekday - 1)
    return Period(start, start + dt.timedelta(days=6), Grain.WEEK, f"Week {week}, {year}")


def _months_later(first: dt.date, months: int) -> dt.date:
    index = first.year * 12 + first.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)


def fiscal_year(day: dt.date, fiscal_start: int) -> int:
    """The calendar year in which the fiscal year of the day ends. Raises BadCalendar."""
    _check_start(fiscal_start)
    return day.year + (1 if fiscal_start > 1 and day.month >= fiscal_start else 0)


def fiscal_quarter(day: dt.date, fiscal_start: int) -> int:
    """1 to 4, counted from the first month of the fiscal year. Raises BadCalendar."""
    _check_start(fiscal_start)
    return (day.month - fiscal_start) % 12 // 3 + 1


def _quarter(day: dt.date, fiscal_start: int) -> Period:
    into = (day.month - fiscal_start) % 12 % 3
    start = _months_later(day.replace(day=1), -into)
    quarter, year = fiscal_quarter(day, fiscal_start), fiscal_year(day, fiscal_start)
    label = f"Q{quarter} {year}" if fiscal_start == 1 else f"FY{year} Q{quarter}"
    return Period(start, _months_later(start, 3) - _DAY, Grain.QUARTER, label)


def _year(day: dt.date, fiscal_start: int) -> Period:
    into = (day.month - fiscal_start) % 12
    start = _months_later(day.replace(day=1), -into)
    year = fiscal_year(day, fiscal_start)
    label = str(year) if fiscal_start == 1 else f"FY{year}"
    return Period(start, _months_later(start, 12) - _DAY, Grain.YEAR, label)


def instants(period: Period, zone: str) -> tuple[dt.datetime, dt.datetime]:
    """Half-open [start, end) as UTC instants: real seconds, daylight saving included.

    Raises BadCalendar.
    """
    place = _zone(zone)
    start = dt.datetime.combine(period.start, dt.time.min, place)
    end = dt.datetime.combine(period.end + _DAY, dt.time.min, place)
    return start.astimezone(dt.UTC), end.astimezone(dt.UTC)


def working_days(period: Period, holidays: Collection[dt.date] = ()) -> int:
    """Days from Monday to Friday that are no holidays: the exposure of what is done at work."""
    days = (period.start + at * _DAY for at in range(period.days))
    return sum(day.weekday() < 5 and day not in holidays for day in days)


def freshness(
    period: Period, on: dt.date, cadence_days: float, *, fresh_until: float, stale_after: float
) -> str:
    """ "fresh" up to `fresh_until` cadences after the period's end, "late" up to `stale_after`,
    else "stale" (the policy says how many). Raises BadCalendar for a cadence of no length."""
    if isinstance(cadence_days, bool) or not 0 < cadence_days < math.inf:
        raise BadCalendar("A cadence is a number of days above zero.")
    age = (on - period.end).days / cadence_days
    if age <= fresh_until:
        return "fresh"
    return "late" if age <= stale_after else "stale"
