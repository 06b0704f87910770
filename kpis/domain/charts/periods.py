"""Periods by their labels: where they stand in time and how a reader calls them.

Understood are the words of portal.domain.calendar ("Week 40, 2026", "October 2026", "Q4 2026",
"FY2027 Q1", "5 October 2026", "2026") and ISO 8601 (2026-W40, 2026-10, 2026-Q4, 2026-10-05).
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
GRAINS = {"W": "weekly", "Q": "quarterly", "M": "monthly", "Y": "yearly"}
NAME = r"(?P<name>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
YEAR = r"(?P<year>(?:FY)?\d{4})"
SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"{YEAR}-?W(?P<week>\d\d)",
        rf"Week (?P<week>\d+), {YEAR}",
        rf"{YEAR}-(?P<month>\d\d)",
        rf"{NAME} {YEAR}",
        rf"{YEAR}[- ]?Q(?P<quarter>[1-4])",
        rf"Q(?P<quarter>[1-4]) {YEAR}",
        rf"{YEAR}-(?P<month>\d\d)-(?P<day>\d\d)",
        rf"(?P<day>\d+) {NAME} {YEAR}",
        YEAR,
    )
)


@dataclass(frozen=True)
class Named:
    """A period read from its label: family (W, M, Q, D, Y), running number, short name, year."""

    family: str
    number: int
    short: str
    year: str


def read(label: str) -> Named | None:
    """The period of a label, None where it is not understood."""
    for shape in SHAPES:
        if found := shape.fullmatch(label):
            try:
                return _named(found.groupdict())
            except ValueError:
                return None
    return None


def _named(parts: dict[str, str | None]) -> Named:
    year = parts["year"] or ""
    number = int(year[-4:])
    if week := parts.get("week"):
        monday = dt.date.fromisocalendar(number, int(week), 1)
        return Named("W", monday.toordinal() // 7, f"W{int(week)}", year)
    if quarter := parts.get("quarter"):
        return Named("Q", number * 4 + int(quarter), f"Q{quarter}", year)
    name = parts.get("name")
    month = MONTHS.index(name) + 1 if name else int(parts.get("month") or 0)
    if day := parts.get("day"):
        date = dt.date(number, month, int(day))
        return Named("D", date.toordinal(), f"{date.day} {MONTHS[month - 1]}", year)
    if month:
        first = dt.date(number, month, 1)
        return Named("M", number * 12 + month, MONTHS[first.month - 1], year)
    return Named("Y", number, year, year)


def places(labels: Sequence[str]) -> tuple[list[float], str]:
    """Places in time in steps of one period, and the word for the period ("" if unknown)."""
    periods = [period for period in map(read, labels) if period is not None]
    steps = [later.number - earlier.number for earlier, later in pairwise(periods)]
    families = {period.family for period in periods}
    if len(periods) != len(labels) or len(families) != 1 or any(step <= 0 for step in steps):
        return [float(index) for index in range(len(labels))], ""
    family = families.pop()
    step = min(steps, default=1) if family == "D" else 1
    positions = [(period.number - periods[0].number) / step for period in periods]
    if family == "D":
        return positions, {1: "daily", 7: "weekly"}.get(step, "monthly" if 28 <= step <= 31 else "")
    return positions, GRAINS[family]


def period_words(label: str, year: str = "") -> str:
    """ "W40", "Oct" or "5 Oct", followed by the year unless it is the one given."""
    period = read(label)
    if period is None:
        return label
    return period.short if period.year in {year, period.short} else f"{period.short} {period.year}"


def year_of(label: str) -> str:
    """The year in the label as it is written there; empty where it is not understood."""
    period = read(label)
    return period.year if period else ""
