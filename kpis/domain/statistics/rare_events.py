"""Events too rare for a chart (method 1.4): days since the last one, and the exact range."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from kpis.domain.checks import count
from kpis.domain.errors import ContradictoryThresholds, EmptySeries
from kpis.domain.policy import Policy
from kpis.domain.statistics.intervals import Interval, garwood


def are_rare(events: Sequence[int], *, policy: Policy) -> bool:
    """Whether events of periods are too few for limits: below one per period on average.

    Raises EmptySeries, NotANumber, NegativeCount.
    """
    if not events:
        raise EmptySeries("Events need at least one period.")
    total = sum(count(one, "number of events") for one in events)
    return total < policy.rare_events * len(events)


@dataclass(frozen=True)
class RareEvents:
    """What stands in place of a chart: all events, days since the last one (None: there was
    none) and the exact range of their rate per unit of exposure."""

    events: int
    days_since: int | None
    interval: Interval


def rare_events(
    events: Sequence[int], exposure: float, *, last_on: dt.date | None, on: dt.date, z: float
) -> RareEvents:
    """Events of all periods over their common exposure, as known on a day.

    Raises ContradictoryThresholds (a last event that is missing, needless or in the future),
    EmptySeries (exposure 0), NotANumber, NegativeCount.
    """
    total = sum(count(one, "number of events") for one in events)
    if (last_on is None) != (total == 0):
        raise ContradictoryThresholds("The day of the last event and the events do not agree.")
    if last_on is not None and last_on > on:
        raise ContradictoryThresholds("The last event lies in the future.")
    since = None if last_on is None else (on - last_on).days
    return RareEvents(total, since, garwood(total, exposure, z))
