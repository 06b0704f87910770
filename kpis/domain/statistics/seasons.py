"""The yearly season (method 1.4): taken out against the same month last year, or said to be in.

The day of the week needs no adjustment: a chart's points are whole weeks.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from kpis.domain.checks import finite
from kpis.domain.errors import EmptySeries
from kpis.domain.policy import Policy

NOT_ADJUSTED = "seasonal, not adjusted"


@dataclass(frozen=True)
class Adjusted:
    """Monthly figures as a chart shows them, in order of time.

    Adjusted, a value is the difference to the same month last year; otherwise `note` says that
    the season is still in the values, which lowers certainty by one for a primary outcome.
    """

    months: tuple[dt.date, ...]
    values: tuple[float, ...]
    is_adjusted: bool
    note: str


def adjusted(values: Mapping[dt.date, float], *, policy: Policy) -> Adjusted:
    """Monthly values of a seasonal KPI by the first day of their month; missing months are absent.

    From 24 months on only months that also had a value a year before are kept. Raises
    EmptySeries, NotANumber.
    """
    if not values:
        raise EmptySeries("A season needs monthly figures.")
    known = {month: finite(values[month], "value of a month") for month in sorted(values)}
    if len(known) >= policy.season_months:
        compared = [month for month in known if _year_before(month) in known]
        changes = [known[month] - known[_year_before(month)] for month in compared]
        if compared:
            return Adjusted(tuple(compared), tuple(changes), True, "")
    return Adjusted(tuple(known), tuple(known.values()), False, NOT_ADJUSTED)


def _year_before(month: dt.date) -> dt.date:
    return month.replace(year=month.year - 1, day=1)
