"""Whether an accepted deviation holds on a day and covers a value."""

import datetime as dt


def holds(
    starts_on: dt.date, ends_on: dt.date, ended_early_on: dt.date | None, day: dt.date
) -> bool:
    """Through the last day; the next day it is red again. An early end counts from its day on."""
    if ended_early_on is not None and day >= ended_early_on:
        return False
    return starts_on <= day <= ends_on


def covers(value: float, limit: float, direction: str) -> bool:
    """Whether a value is no worse than what was accepted."""
    return value >= limit if direction == "up" else value <= limit
