"""What would count the same work twice: two grains in one quarter, everybody beside teams."""

import datetime as dt

from kpis.domain.imports.mapping import KpiColumn
from kpis.domain.imports.numbers import BadCell
from portal.domain.calendar import Grain, period_of

# KPI, team ("" is everybody), grain, first day.
Key = tuple[str, str, Grain, dt.date]


def quarters(grain: Grain, day: dt.date, fiscal_start: int) -> list[dt.date]:
    """First days of the quarters in which a figure counts, a week in that of its Thursday."""
    days = [day]
    if grain is Grain.WEEK:
        days = [day + dt.timedelta(days=3)]
    elif grain is Grain.YEAR:
        # The year begins with a first of the month: 95 days on is always the next quarter.
        days = [day + dt.timedelta(days=95 * number) for number in range(4)]
    return [period_of(one, Grain.QUARTER, fiscal_start).start for one in days]


class Clashes:
    """The figures of one file, compared with one another as they come."""

    def __init__(self, fiscal_start: int) -> None:
        self.fiscal_start = fiscal_start
        self.grains: dict[tuple[str, dt.date], tuple[Grain, int]] = {}
        self.whole: dict[tuple[str, Grain, dt.date], tuple[bool, int]] = {}
        self.quarters: dict[tuple[Grain, dt.date], list[dt.date]] = {}

    def refuse(self, kpi: KpiColumn, key: Key, line: int) -> None:
        """Raises BadCell where this figure and an earlier row count the same work twice."""
        _, unit, grain, day = key
        for quarter in self._quarters(grain, day):
            other, at = self.grains.setdefault((kpi.slug, quarter), (grain, line))
            if other is not grain:
                raise BadCell(
                    f"{kpi.name} has figures by {other.value} (row {at}) and by {grain.value} in "
                    "one quarter. Keep one of them, or the same work counts twice."
                )
        everybody, at = self.whole.setdefault((kpi.slug, grain, day), (unit == "", line))
        if everybody != (unit == ""):
            raise BadCell(
                f"{kpi.name} has a figure for everybody and figures of teams for this period "
                f"(see row {at}). Leave out one of them, or the same work counts twice."
            )

    def _quarters(self, grain: Grain, day: dt.date) -> list[dt.date]:
        cached = self.quarters.get((grain, day))
        if cached is None:
            cached = self.quarters[grain, day] = quarters(grain, day, self.fiscal_start)
        return cached
