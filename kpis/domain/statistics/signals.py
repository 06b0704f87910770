"""The rules by which a point of a chart is more than chance (method 1.3).

As in NHS England, Making Data Count (coded in NHSRplotthedots 0.2.2): always within one segment.
"""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

from kpis.domain.checks import all_finite, finite
from kpis.domain.errors import ContradictoryThresholds, EmptySeries, MethodError
from kpis.domain.policy import current

RUN = current().run_points
# Outer lower, near lower, near upper and outer upper limit of a point.
Bounds = tuple[float, float, float, float]


class Signal(StrEnum):
    COMMON = "common"
    ABOVE_UPL = "above_upl"
    BELOW_LPL = "below_lpl"
    TREND_UP = "trend_up"
    TREND_DOWN = "trend_down"
    TWO_IN_THREE_HIGH = "two_in_three_high"
    TWO_IN_THREE_LOW = "two_in_three_low"
    SHIFT_HIGH = "shift_high"
    SHIFT_LOW = "shift_low"


HIGH = frozenset({Signal.ABOVE_UPL, Signal.TREND_UP, Signal.TWO_IN_THREE_HIGH, Signal.SHIFT_HIGH})
RULES = {
    Signal.COMMON: "within the usual range",
    Signal.ABOVE_UPL: "above the upper limit",
    Signal.BELOW_LPL: "below the lower limit",
    Signal.TREND_UP: "seven or more rising in a row",
    Signal.TREND_DOWN: "seven or more falling in a row",
    Signal.TWO_IN_THREE_HIGH: "two of three close to the upper limit",
    Signal.TWO_IN_THREE_LOW: "two of three close to the lower limit",
    Signal.SHIFT_HIGH: "seven or more in a row above the average",
    Signal.SHIFT_LOW: "seven or more in a row below the average",
}


def rule_in_words(signal: Signal) -> str:
    """The rule that a point broke, always named in words."""
    return RULES[signal]


def signals_of(
    values: Sequence[float], centre: float, bounds: Sequence[Bounds]
) -> tuple[Signal, ...]:
    """The label of each point: outside, trend, two in three, shift, in this order of rank.

    `bounds` are (outer lower, near lower, near upper, outer upper) of each point. Raises
    EmptySeries, NotANumber, ContradictoryThresholds (limits that are not in this order).
    """
    if not len(values):
        raise EmptySeries("A chart needs at least one value.")
    if len(all_finite(values, "value of a period")) != len(bounds):
        raise MethodError(f"{len(bounds)} limits do not fit {len(values)} values.")
    finite(centre, "average")
    if any(not low <= near <= far <= high for low, near, far, high in bounds):
        raise ContradictoryThresholds("The limits of a chart must stand in their order.")
    trends = _runs([_sign(b - a) for a, b in pairwise(values)], RUN - 1)
    trend = [0] * len(values)
    for index, direction in enumerate(trends):
        if direction:
            trend[index] = trend[index + 1] = direction
    near = [_near(value, bound) for value, bound in zip(values, bounds, strict=True)]
    pairs = _two_in_three(near, [_sign(value - centre) for value in values])
    shifts = _runs([_sign(value - centre) for value in values], RUN)
    found = []
    for value, bound, rising, pair, shift in zip(values, bounds, trend, pairs, shifts, strict=True):
        found.append(_label(value, bound, rising, pair, shift))
    return tuple(found)


def _label(value: float, bound: Bounds, trend: int, pair: int, shift: int) -> Signal:
    if value > bound[3]:
        return Signal.ABOVE_UPL
    if value < bound[0]:
        return Signal.BELOW_LPL
    if trend:
        return Signal.TREND_UP if trend > 0 else Signal.TREND_DOWN
    if pair:
        return Signal.TWO_IN_THREE_HIGH if pair > 0 else Signal.TWO_IN_THREE_LOW
    if shift:
        return Signal.SHIFT_HIGH if shift > 0 else Signal.SHIFT_LOW
    return Signal.COMMON


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _runs(signs: Sequence[int], length: int) -> list[int]:
    """The sign at each place that is part of an unbroken run of at least `length`, else 0."""
    marked, start = [0] * len(signs), 0
    for index in range(1, len(signs) + 1):
        if index < len(signs) and signs[index] == signs[start]:
            continue
        if signs[start : start + 1] != [0] and index - start >= length:
            marked[start:index] = [signs[start]] * (index - start)
        start = index
    return marked


def _near(value: float, bound: Bounds) -> int:
    """+1 or -1 between near and outer limit (a limit itself is not beyond), else 0."""
    low, near_low, near_high, high = bound
    if near_high < value <= high:
        return 1
    return -1 if low <= value < near_low else 0


def _two_in_three(near: Sequence[int], sides: Sequence[int]) -> list[int]:
    marked = [0] * len(near)
    for start in range(len(near) - 2):
        window = range(start, start + 3)
        side = sides[start]
        if side and all(sides[at] == side for at in window):
            beyond = [at for at in window if near[at] == side]
            if len(beyond) >= 2:
                for at in beyond:
                    marked[at] = side
    return marked
