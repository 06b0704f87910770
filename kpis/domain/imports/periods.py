"""What a cell says as a period: a day, week, month, quarter or year, in the forms people write."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from kpis.domain.imports.numbers import BadCell
from portal.domain.calendar import BadCalendar, Grain, fiscal_year, local_date, period_of

EARLIEST, LATEST = 1990, 2100
# The first letters of the months in English, German, French, Spanish, Italian and Dutch.
_MONTHS = (
    ("jan", "jän", "ene", "gen"),
    ("feb", "fév", "fev"),
    ("mar", "mär", "mrz", "maa", "mrt"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mag", "mei"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aoû", "aou", "ago"),
    ("sep", "set"),
    ("oct", "okt", "ott"),
    ("nov",),
    ("dec", "dez", "déc", "dic"),
)
_PREFIXES = sorted(
    ((prefix, number) for number, names in enumerate(_MONTHS, 1) for prefix in names),
    key=lambda one: -len(one[0]),
)
_WEEK_WORD = r"(?:calendar week|kalenderwoche|week|woche|semaine|kw|cw|wk|w)"
_YEAR_WEEK = re.compile(rf"(\d{{4}})[-\s/.]*{_WEEK_WORD}\.?[-\s]*(\d{{1,2}})(?:-1)?")
_WEEK_YEAR = re.compile(rf"{_WEEK_WORD}\.?\s*(\d{{1,2}})[\s,/.-]+(?:of\s+)?(\d{{4}}|'?\d{{2}})")
_COUNTED = re.compile(rf"(?:{_WEEK_WORD}|period)?\.?[\s#-]*(\d{{1,3}})")
_WEEK_OF = re.compile(
    r"(?:week (?:of|commencing|beginning|starting|ending)|w/[ceb]|wc|woche (?:vom|ab))\.?:?\s+(.+)"
)
_QUARTER = re.compile(
    r"(?:q|quarter |quartal )([1-4])[\s,/.-]*(fy|gj)?\s*('?\d{2,4}(?:/\d{2,4})?)"
    r"|([1-4])\.\s*(?:quarter|quartal)\s*()(\d{4})"
)
_YEAR_QUARTER = re.compile(
    r"(fy|gj)?\s*('?\d{2,4}(?:/\d{2,4})?)[\s,/.-]*(?:q|quarter |quartal )([1-4])"
)
_YEAR = re.compile(r"(fy|gj)\s*('?\d{2,4}(?:/\d{2,4})?)|(?:year |jahr )?((?:19|20)\d{2})")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?")
_TIME = re.compile(r"[t\s]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(z|[+-]\d{2}:?\d{2})?$")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})[/.-](\d{4})")
_WORDED = re.compile(
    r"(?:(\d{1,2})(?:\.|st|nd|rd|th)?[\s-]+)?([^\W\d_]{3,})\.?(?:[\s,/-]+('?\d{4}|'?\d{2}))?"
)
_WORDED_US = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)[a-zé]*\.?,?\s+(?=\d)")
_SERIAL = re.compile(r"[3-6]\d{4}(?:\.0*)?")
_RANGE = re.compile(r"(.*\d.*?)\s*(?:\s-\s|–|—|\bto\b|\bbis\b)\s*(.*\d.*)")
_SERIAL_ZERO = dt.date(1899, 12, 30)


@dataclass(frozen=True)
class Habits:
    """How a file writes periods where they can be read in two ways; None where nobody said.

    `first_week` is a day of week 1 where weeks are counted; `fiscal_quarters` tells whose
    quarter "Q3 2026" is where the fiscal year begins in another month than January.
    """

    first_week: dt.date | None = None
    day_first: bool | None = True
    fiscal_quarters: bool | None = False
    fiscal_start: int = 1
    zone: str = "UTC"


Found = tuple[Grain, dt.date]


def period(
    text: str, *, first_week: dt.date | None = None, habits: Habits | None = None
) -> tuple[Grain, dt.date]:
    """Grain and first day of the period a cell names.

    A bare number or "week 8" counts weeks from `first_week`; what can be read in two ways asks
    for the habit of the file. Raises BadCell with a sentence for what names no period.
    """
    reading_habits = habits or Habits(first_week=first_week)
    raw = " ".join(text.replace("\u00a0", " ").split()).casefold().strip(" :")
    if not raw:
        raise BadCell("The period is missing.")
    try:
        found = next((found for read in _FORMS if (found := read(raw, reading_habits))), None)
    except BadCell as error:
        # The forms are read without case; people see what they wrote.
        raise BadCell(str(error).replace(f"“{raw[:40]}", f"“{text.strip()[:40]}")) from error
    if found is None:
        raise BadCell(
            f"“{text.strip()[:40]}” is not a date, week, month or quarter. Write it as 2026-11-16 "
            "or 2026-W47."
        )
    if not EARLIEST <= found[1].year <= LATEST:
        raise BadCell(f"“{text.strip()[:40]}” is far from today. Is the year right?")
    return found


def _year_of(text: str) -> int:
    """2026 for "2026", "26", "'26" and the second year of "2025/26"."""
    last = text.strip("'").split("/")[-1]
    return int(last) if len(last) == 4 else 2000 + int(last)


def _iso_week(raw: str, _: Habits) -> Found | None:
    match = _YEAR_WEEK.fullmatch(raw)
    year, week = (match[1], match[2]) if match else ("", "")
    if match is None:
        match = _WEEK_YEAR.fullmatch(raw)
        if match is None:
            return None
        week, year = match[1], match[2]
    try:
        return Grain.WEEK, dt.date.fromisocalendar(_year_of(year), int(week), 1)
    except ValueError as error:
        raise BadCell(f"“{raw}” is not a week of that year.") from error


def _week_of(raw: str, habits: Habits) -> Found | None:
    match = _WEEK_OF.fullmatch(raw)
    if match is None:
        return None
    grain, day = period(match[1], habits=habits)
    if grain is not Grain.DAY:
        raise BadCell(f"“{raw[:40]}” does not name a day of the week.")
    return Grain.WEEK, day - dt.timedelta(days=day.weekday())


def _quarter(raw: str, habits: Habits) -> Found | None:
    if re.fullmatch(r"(?:q|quarter |quartal )[1-4]", raw):
        raise BadCell(f"“{raw}” has no year. Write it as Q1 2026.")
    match = _QUARTER.fullmatch(raw)
    if match is not None:
        quarter, fiscal, year = match[1] or match[4], match[2] or match[5], match[3] or match[6]
    else:
        match = _YEAR_QUARTER.fullmatch(raw)
        if match is None:
            return None
        fiscal, year, quarter = match[1], match[2], match[3]
    is_fiscal = habits.fiscal_quarters or bool(fiscal) or "/" in year
    if habits.fiscal_start == 1 or not is_fiscal:
        if habits.fiscal_start > 1 and habits.fiscal_quarters is None:
            raise BadCell(
                f"“{raw}” may be a quarter of the calendar or of your fiscal year. Say which."
            )
        return Grain.QUARTER, _aligned(dt.date(_year_of(year), 3 * int(quarter) - 2, 1), habits)
    months = habits.fiscal_start - 1 + 3 * (int(quarter) - 1)
    return Grain.QUARTER, dt.date(_year_of(year) - 1 + months // 12, months % 12 + 1, 1)


def _aligned(day: dt.date, habits: Habits) -> dt.date:
    if period_of(day, Grain.QUARTER, habits.fiscal_start).start != day:
        raise BadCell("A quarter of the calendar is not one of your fiscal year. Give its months.")
    return day


def _year(raw: str, habits: Habits) -> Found | None:
    match = _YEAR.fullmatch(raw)
    if match is None:
        return None
    year, start = _year_of(match[2] or match[3]), habits.fiscal_start
    if match[1] is None and start > 1 and not habits.fiscal_quarters:
        raise BadCell(f"“{raw}” may be a calendar year. Write FY{year}, or give its months.")
    first = dt.date(year if start == 1 else year - 1, start, 1)
    assert fiscal_year(first, start) == year
    return Grain.YEAR, first


def _iso(raw: str, habits: Habits) -> Found | None:
    moment = _TIME.search(raw)
    plain = raw[: moment.start()] if moment else raw
    match = _ISO.fullmatch(plain)
    if match is None:
        if moment is None:
            return None
        found = _dotted(plain, habits) or _slashed(plain, habits)
        return found if found and found[0] is Grain.DAY else None
    year, month, day = int(match[1]), int(match[2]), match[3]
    if day is None:
        return Grain.MONTH, _date(year, month, 1, raw)
    found_day = _date(year, month, int(day), raw)
    if moment is not None and moment[1]:
        return Grain.DAY, _local(raw, habits, found_day)
    return Grain.DAY, found_day


def _local(raw: str, habits: Habits, day: dt.date) -> dt.date:
    """The date on the wall of the organization at an instant with its zone."""
    try:
        instant = dt.datetime.fromisoformat(raw.upper().replace(" ", "T", 1).replace(" ", ""))
        return local_date(instant, habits.zone)
    except (ValueError, BadCalendar, OverflowError):
        return day


def _date(year: int, month: int, day: int, raw: str) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise BadCell(f"“{raw}” is not in the calendar.") from error


def _dotted(raw: str, _: Habits) -> Found | None:
    match = _DOTTED.fullmatch(raw)
    if match is None:
        return None
    return Grain.DAY, _date(_year_of(match[3]), int(match[2]), int(match[1]), raw)


def _slashed(raw: str, habits: Habits) -> Found | None:
    match = _SLASHED.fullmatch(raw)
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[2]), _year_of(match[3])
    day_first = habits.day_first
    if day_first is None and first == second:
        day_first = True
    if first > 12 or (day_first is None and second > 12):
        day_first = first > 12
    if day_first is None:
        raise BadCell(
            f"“{raw}” can be read in two ways. Say whether the day or the month stands first."
        )
    day, month = (first, second) if day_first else (second, first)
    return Grain.DAY, _date(year, month, day, raw)


def _month_year(raw: str, _: Habits) -> Found | None:
    match = _MONTH_YEAR.fullmatch(raw)
    if match is None:
        return None
    return Grain.MONTH, _date(int(match[2]), int(match[1]), 1, raw)


def _month_number(word: str) -> int | None:
    return next((number for prefix, number in _PREFIXES if word.startswith(prefix)), None)


def _worded(raw: str, _: Habits) -> Found | None:
    american = _WORDED_US.fullmatch(raw)
    if american is not None:
        number = _month_number(american[1])
        if number is None:
            return None
        return Grain.DAY, _date(int(american[3]), number, int(american[2]), raw)
    match = _WORDED.fullmatch(raw)
    month = _month_number(match[2]) if match else None
    if match is None or month is None:
        return None
    if match[3] is None:
        raise BadCell(f"“{raw}” has no year. Write it as {_example(match[1], month)}.")
    day = match[1]
    found = _date(_year_of(match[3]), month, int(day or 1), raw)
    return (Grain.DAY if day else Grain.MONTH), found


def _example(day: str | None, month: int) -> str:
    return f"2026-{month:02}-{int(day):02}" if day else f"2026-{month:02}"


def _serial(raw: str, _: Habits) -> Found | None:
    """The number by which spreadsheets keep a date."""
    if not _SERIAL.fullmatch(raw):
        return None
    return Grain.DAY, _SERIAL_ZERO + dt.timedelta(days=int(float(raw)))


def _weekday(raw: str, habits: Habits) -> Found | None:
    plain = _WEEKDAY.sub("", raw, count=1)
    return period(plain, habits=habits) if plain != raw else None


def _range(raw: str, habits: Habits) -> Found | None:
    """From one day to another, when they are the ends of one week, month, quarter or year."""
    match = _RANGE.fullmatch(raw)
    if match is None:
        return None
    last = period(match[2], habits=habits)[1]
    start = match[1].strip().rstrip(".")
    if re.fullmatch(r"\d{1,2}\.\d{1,2}", start):
        start = f"{start}.{last.year}"
    first = period(start, habits=habits)[1]
    for grain in (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR):
        whole = period_of(first, grain, habits.fiscal_start)
        if (whole.start, whole.end) == (first, last):
            return grain, first
    raise BadCell(f"“{raw[:40]}” is not one whole week, month, quarter or year.")


def _counted(raw: str, habits: Habits) -> Found | None:
    number = counted(raw)
    if number is None:
        return None
    if habits.first_week is None:
        raise BadCell(f"“{raw}” counts weeks: say on which day week 1 began.")
    if number == 0:
        raise BadCell("Week 0 does not exist: the first week is week 1.")
    monday = habits.first_week - dt.timedelta(days=habits.first_week.weekday())
    try:
        return Grain.WEEK, monday + dt.timedelta(weeks=number - 1)
    except OverflowError as error:
        raise BadCell(f"“{raw}” is too far from week 1.") from error


def counted(text: str) -> int | None:
    """The number of a week without its year, as in "8", "week 8" or "KW 47"."""
    match = _COUNTED.fullmatch(" ".join(text.split()).casefold())
    return int(match[1]) if match else None


_FORMS: tuple[Callable[[str, Habits], Found | None], ...] = (
    _iso_week,
    _quarter,
    _year,
    _iso,
    _dotted,
    _slashed,
    _month_year,
    _serial,
    _counted,
    _week_of,
    _range,
    _worded,
    _weekday,
)


def is_either(text: str) -> bool:
    """Whether a date such as 11/3/26 can be read with the day or with the month first."""
    match = _SLASHED.fullmatch(text.strip())
    return bool(match and int(match[1]) <= 12 and int(match[2]) <= 12 and match[1] != match[2])


def order_shown(text: str) -> bool | None:
    """True where the day stands first for certain, False the month, None for neither."""
    match = _SLASHED.fullmatch(text.strip())
    if match is None or max(int(match[1]), int(match[2])) <= 12:
        return None
    return int(match[1]) > 12


def has_bare_quarter(text: str) -> bool:
    """Whether "Q3 2026" leaves open whether it is the calendar's or the fiscal year's."""
    raw = " ".join(text.split()).casefold()
    first, second = _QUARTER.fullmatch(raw), _YEAR_QUARTER.fullmatch(raw)
    if first is not None:
        return not (first[2] or "/" in (first[3] or first[6]))
    return second is not None and not (second[1] or "/" in second[2])
