"""The change states (method 2.4), oriented so that positive means improvement; baseline trend."""

import math
from collections.abc import Sequence
from enum import StrEnum
from itertools import combinations
from statistics import median
from typing import NamedTuple

from kpis.domain.errors import ContradictoryThresholds, EmptySeries, NotANumber
from kpis.domain.policy import current
from kpis.domain.statistics.intervals import Interval

# (z of 95 % + z of 80 % power)^2, as printed in the method.
POWER_FACTOR = current().power_factor


class Change(StrEnum):
    BETTER_WORTHWHILE = "better_worthwhile"
    BETTER = "better"
    NOT_WORSE = "not_worse"
    WORSE_WITHIN_MARGIN = "worse_within_margin"
    WORSE = "worse"
    WORSE_BEYOND_MARGIN = "worse_beyond_margin"
    UNCLEAR = "unclear"
    NO_BASELINE = "no_baseline"
    POINT_ONLY = "point_only"
    NOT_JUDGED = "not_judged"
    DEFINITION_CHANGED = "definition_changed"
    NOT_MEASURED = "not_measured"


BETTER = frozenset({Change.BETTER_WORTHWHILE, Change.BETTER})
WORSE = frozenset({Change.WORSE, Change.WORSE_BEYOND_MARGIN})


class Effect(NamedTuple):
    """Limits of an improvement; a limit may be infinite."""

    lo: float
    hi: float


class Trend(NamedTuple):
    """Mann-Kendall S, its variance, z, and the Theil-Sen slope per period."""

    s: int
    variance: float
    z: float
    slope: float


def effect_of_difference(difference: Interval, direction: str) -> Effect:
    """Improvement in the unit of the KPI (proportions, ratings)."""
    if direction == "up":
        return Effect(difference.lo, difference.hi)
    return Effect(-difference.hi, -difference.lo)


def effect_of_ratio(ratio: Interval, direction: str) -> Effect:
    """Relative improvement: 1 - r where less is better, r - 1 where more is."""
    if direction == "up":
        return Effect(ratio.lo - 1, ratio.hi - 1)
    return Effect(1 - ratio.hi, 1 - ratio.lo)


def change_of(lo: float, hi: float, *, mwb: float | None, margin: float | None) -> Change:
    """State of an effect whose interval is lo..hi.

    `mwb` is the minimum worthwhile benefit, `margin` the largest tolerated worsening, both on the
    scale of the effect. Without them the states that need them are impossible. Raises NotANumber,
    ContradictoryThresholds (mwb <= 0, margin < 0, lo above hi).
    """
    _check(lo, hi, mwb, margin)
    if mwb is not None and lo >= mwb:
        return Change.BETTER_WORTHWHILE
    if lo > 0:
        return Change.BETTER
    if margin is not None and hi < -margin:
        return Change.WORSE_BEYOND_MARGIN
    if hi < 0:
        within = margin is not None and lo > -margin
        return Change.WORSE_WITHIN_MARGIN if within else Change.WORSE
    if margin is not None and lo > -margin:
        return Change.NOT_WORSE
    return Change.UNCLEAR


def _check(lo: float, hi: float, mwb: float | None, margin: float | None) -> None:
    if any(math.isnan(number) for number in (lo, hi, mwb or 0, margin or 0)):
        raise NotANumber("An effect, a benefit and a margin must be numbers.")
    if mwb is not None and mwb <= 0:
        raise ContradictoryThresholds("The minimum worthwhile benefit must be above zero.")
    if margin is not None and margin < 0:
        raise ContradictoryThresholds("The margin cannot be below zero.")
    if lo > hi:
        raise ContradictoryThresholds("The lower limit of an effect is above the upper one.")


def cases_needed(share: float, margin: float) -> int:
    """Cases per side that can show "not worse by `margin`" at this share with 80 % power."""
    if not (0 < share < 1) or margin <= 0:
        raise ContradictoryThresholds("A share between 0 and 1 and a margin above 0 are needed.")
    return math.ceil(POWER_FACTOR * 2 * share * (1 - share) / margin**2)


def trend_of(values: Sequence[float]) -> Trend:
    """Whether a baseline was already changing: Mann-Kendall with ties, continuity corrected.

    Values in order of time, at least two. Raises NotANumber, EmptySeries (method 2.5).
    """
    if len(values) < 2:
        raise EmptySeries("A trend needs at least two values.")
    if not all(math.isfinite(value) for value in values):
        raise NotANumber("A trend needs finite values.")
    pairs = list(combinations(enumerate(values), 2))
    s = sum((b > a) - (b < a) for (_, a), (_, b) in pairs)
    n = len(values)
    ties = [list(values).count(value) for value in set(values)]
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    z = 0.0 if s == 0 else (s - math.copysign(1, s)) / math.sqrt(variance)
    return Trend(s, variance, z, median((b - a) / (j - i) for (i, a), (j, b) in pairs))
