"""What is due: the newest whole period of each KPI, and how old its figures are (method 3.4)."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from kpis.domain.policy import Policy
from portal.domain.calendar import Grain, Period, period_of

LENGTH = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 30.4, Grain.QUARTER: 91.3, Grain.YEAR: 365.25}
GRAIN = {
    "daily": Grain.WEEK,
    "weekly": Grain.WEEK,
    "monthly": Grain.MONTH,
    "quarterly": Grain.QUARTER,
    "yearly": Grain.YEAR,
}


class State(StrEnum):
    ENTERED = "entered"
    NOT_APPLICABLE = "not_applicable"
    DUE = "due"
    LATE = "late"
    STALE = "stale"
    NOT_YET = "not_yet"


OPEN = frozenset({State.DUE, State.LATE, State.STALE})


@dataclass(frozen=True)
class Due:
    """The newest whole period of a KPI and what is the matter with it."""

    period: Period
    grain: Grain
    state: State


def grain_of(cadence: str) -> Grain:
    """The grain in which people enter a KPI; daily figures come in whole weeks."""
    return GRAIN.get(cadence, Grain.WEEK)


def last_whole(today: dt.date, grain: Grain, fiscal_start: int) -> Period:
    """The newest period that is over."""
    running = period_of(today, grain, fiscal_start)
    return period_of(running.start - dt.timedelta(days=1), grain, fiscal_start)


def due(
    cadence: str,
    *,
    since: dt.date,
    today: dt.date,
    measured: Collection[dt.date],
    excused: Collection[dt.date],
    policy: Policy,
    fiscal_start: int = 1,
) -> Due:
    """What a KPI waits for. `measured` and `excused` hold first days of its periods.

    Late and stale count cadences since the newest figure's period ended, or since the KPI was
    chosen (`since`) where that is later: fresh up to 1.5, late up to 2, then stale.
    """
    grain = grain_of(cadence)
    period = last_whole(today, grain, fiscal_start)
    if period.start in measured:
        return Due(period, grain, State.ENTERED)
    if period.start in excused:
        return Due(period, grain, State.NOT_APPLICABLE)
    if period.end < since:
        return Due(period, grain, State.NOT_YET)
    known = [day for day in (*measured, *excused) if day < period.start]
    last = period_of(max(known), grain, fiscal_start).end if known else since
    age = (today - max(last, since)).days / LENGTH[grain]
    if age <= policy.fresh_until:
        return Due(period, grain, State.DUE)
    return Due(period, grain, State.LATE if age <= policy.stale_after else State.STALE)
