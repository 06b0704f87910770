"""The periods of a grid: by name in its address, in words, as tabs."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from kpis.domain.entering.due import last_whole
from kpis.queries.due import Waiting
from portal.domain.calendar import Grain, Period, period_of

ORDER = (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)
MARKS = {"Q": Grain.QUARTER, "Y": Grain.YEAR}


@dataclass(frozen=True)
class Tab:
    """One grain of the set: its newest whole period, and how many figures are open in it."""

    period: Period
    open: int

    @property
    def name(self) -> str:
        return name_of(self.period)

    @property
    def label(self) -> str:
        return self.period.short


def tabs(waits: Iterable[Waiting], today: dt.date, fiscal_start: int) -> list[Tab]:
    """A tab for each grain that the set uses, the finest first."""
    found: dict[Grain, int] = {}
    for one in waits:
        found[one.due.grain] = found.get(one.due.grain, 0) + one.is_open
    return [
        Tab(last_whole(today, grain, fiscal_start), found[grain])
        for grain in ORDER
        if grain in found
    ]


def named(text: str, fiscal_start: int) -> Period | None:
    """The period of an address: 2026-W47, 2026-10, first days 2026-07-01Q and 2026-01-01Y."""
    try:
        if text[-1:] in MARKS:
            return period_of(dt.date.fromisoformat(text[:-1]), MARKS[text[-1]], fiscal_start)
        if "-W" in text:
            year, week = text.split("-W")
            return period_of(dt.date.fromisocalendar(int(year), int(week), 1), Grain.WEEK)
        return period_of(dt.date.fromisoformat(f"{text}-01"), Grain.MONTH)
    except (ValueError, OverflowError):
        return None


def name_of(period: Period) -> str:
    """The name of a period in an address; `named` reads it."""
    if period.grain in MARKS.values():
        return f"{period.start.isoformat()}{'Q' if period.grain is Grain.QUARTER else 'Y'}"
    return period.code


def neighbours(period: Period, today: dt.date, fiscal_start: int) -> tuple[Period, Period | None]:
    """The period before, and the one after where it has begun."""
    day = dt.timedelta(days=1)
    before = period_of(period.start - day, period.grain, fiscal_start)
    after = period_of(period.end + day, period.grain, fiscal_start)
    return before, after if after.start <= today else None
