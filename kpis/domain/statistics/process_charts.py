"""Process behaviour charts: XmR for single values, the prime chart for ratios and rates.

Rules and constants as in NHS England, Making Data Count (coded in NHSRplotthedots 0.2.2).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from enum import StrEnum
from itertools import pairwise
from typing import Any

from kpis.domain.checks import all_finite, finite
from kpis.domain.errors import (
    ContradictoryThresholds,
    EmptySeries,
    MethodError,
    NegativeCount,
    NotANumber,
    NumeratorAboveDenominator,
    UnknownKind,
)
from kpis.domain.policy import current
from kpis.domain.statistics.signals import HIGH, Bounds
from kpis.domain.statistics.signals import Signal as Signal
from kpis.domain.statistics.signals import rule_in_words as rule_in_words
from kpis.domain.statistics.signals import signals_of as signals_of

# Mean range of two normal values: mathematics, not a choice.
D2 = 1.128
_POLICY = current()
XMR_FACTOR, RANGE_FACTOR = _POLICY.xmr_factor, _POLICY.range_factor
FEWEST = _POLICY.trial_points
PROVISIONAL_FROM, FROZEN_FROM = _POLICY.provisional_points, _POLICY.frozen_points


DIRECTIONS = frozenset({"up", "down", "band", "context", "neutral"})
# Of the decimals as written: in floats the mean of equal values lies beside them, and every one
# of them would be outside its limits.
_EXACT = Context(prec=60)


class Stage(StrEnum):
    """How far limits may be trusted: below 8 points none, then trial, provisional, frozen."""

    BUILDING = "building"
    TRIAL = "trial"
    PROVISIONAL = "provisional"
    FROZEN = "frozen"


class Icon(StrEnum):
    COMMON = "common"
    IMPROVING = "improving"
    CONCERNING = "concerning"
    SPECIAL = "special"
    NONE = "none"


class Assurance(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    HIT_OR_MISS = "hit_or_miss"
    NONE = "none"


@dataclass(frozen=True)
class Limits:
    """Mean and limits of a process without denominators; `amr` is the mean moving range."""

    mean: float
    lower: float
    upper: float
    near_lower: float
    near_upper: float
    amr: float
    upper_range: float


@dataclass(frozen=True)
class PrimeLimits:
    """Centre, extra spread (sigma_z) and the limits of each point."""

    centre: float
    sigma_z: float
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    near_lower: tuple[float, ...]
    near_upper: tuple[float, ...]


@dataclass(frozen=True)
class ChartPoint:
    label: str
    value: float
    lower: float | None
    upper: float | None
    near_lower: float | None
    near_upper: float | None
    signal: Signal


@dataclass(frozen=True)
class Segment:
    """Points judged by one set of limits; `sigma` is amr / 1.128 (xmr) or sigma_z (prime)."""

    method: str
    stage: Stage
    centre: float | None
    points: tuple[ChartPoint, ...]
    sigma: float | None
    screened: bool


def stage_of(count: int) -> Stage:
    """The stage of a segment with so many points."""
    if count < FEWEST:
        return Stage.BUILDING
    if count < PROVISIONAL_FROM:
        return Stage.TRIAL
    return Stage.PROVISIONAL if count < FROZEN_FROM else Stage.FROZEN


def xmr_limits(values: Sequence[float], *, screen: bool = True) -> Limits:
    """Natural process limits: mean +- 2.66 * mean moving range.

    `screen` drops moving ranges of 3.267 * amr or more once (Nelson 1982); the mean keeps all
    values. Raises EmptySeries and NotANumber.
    """
    exact = [_decimal(value) for value in _checked(values)]
    with localcontext(_EXACT):
        mean = _mean(exact)
        ranges = [abs(b - a) for a, b in pairwise(exact)]
        amr = _mean(ranges) if ranges else Decimal(0)
        widest = _decimal(RANGE_FACTOR)
        if screen and amr > 0:
            amr = _mean([size for size in ranges if size < widest * amr])
        wide = _decimal(XMR_FACTOR) * amr
        near = wide * 2 / 3
        ends = (mean, mean - wide, mean + wide, mean - near, mean + near, amr, widest * amr)
    return Limits(*all_finite(map(float, ends), "limit of a chart"))


def _decimal(value: float) -> Decimal:
    return Decimal(repr(value))


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values)


def prime_limits(
    num: Sequence[float],
    den: Sequence[float],
    *,
    rate: bool = False,
    raw: bool = False,
    base: int | None = None,
) -> PrimeLimits:
    """Laney p' (or u' for a rate): limits for each point, widened by the spread between periods.

    c from the first `base` points (default all); sigma = max(1, sigma_z) unless `raw`.
    Raises EmptySeries, NotANumber, NegativeCount, NumeratorAboveDenominator.
    """
    tops, bottoms = _checked_parts(num, den, rate)
    first = slice(_checked_base(base, len(tops)) or len(tops))
    with localcontext(_EXACT):
        centre = float(sum(tops[first], Decimal(0)) / sum(bottoms[first], Decimal(0)))
    spread = centre if rate else centre * (1 - centre)
    if spread <= 0:
        same = (centre,) * len(tops)
        return PrimeLimits(centre, 0.0, same, same, same, same)
    sds = [math.sqrt(spread / float(size)) for size in bottoms]
    shares = map(_share, tops[first], bottoms[first])
    z = [(share - centre) / sd for share, sd in zip(shares, sds, strict=False)]
    moves = [abs(b - a) for a, b in pairwise(z)]
    sigma_z = math.fsum(moves) / len(moves) / D2 if moves else 0.0
    sigma = sigma_z if raw else max(1.0, sigma_z)

    def at(factor: float) -> tuple[float, ...]:
        return tuple(centre + factor * sd * sigma for sd in sds)

    return PrimeLimits(centre, sigma_z, at(-3), at(3), at(-2), at(2))


def xmr_chart(
    labels: Sequence[str],
    values: Sequence[float],
    *,
    base: int | None = None,
    screen: bool = True,
) -> Segment:
    """One segment of single values; limits from the first `base` points or by the stage rule."""
    values = _checked(values)
    _same_length(labels, values)
    stage = stage_of(len(values))
    base = _checked_base(base, len(values))
    if stage is Stage.BUILDING and base is None:
        return Segment("xmr", stage, None, _bare(labels, values), None, screen)
    limits = xmr_limits(values[: base or _base(stage, len(values))], screen=screen)
    bounds = [(limits.lower, limits.near_lower, limits.near_upper, limits.upper)] * len(values)
    points = _judged(labels, values, limits.mean, bounds)
    return Segment("xmr", stage, limits.mean, points, limits.amr / D2, screen)


def prime_chart(
    labels: Sequence[str],
    num: Sequence[float],
    den: Sequence[float],
    *,
    rate: bool = False,
    base: int | None = None,
    raw_sigma: bool = False,
) -> Segment:
    """One segment of ratios or rates; limits from the first `base` points or by the stage rule."""
    values = [*map(_share, *_checked_parts(num, den, rate))]
    _same_length(labels, values)
    stage = stage_of(len(values))
    base = _checked_base(base, len(values))
    if stage is Stage.BUILDING and base is None:
        return Segment("prime", stage, None, _bare(labels, values), None, False)
    limits = prime_limits(num, den, rate=rate, raw=raw_sigma, base=base or _base(stage, len(num)))
    bounds = list(
        zip(limits.lower, limits.near_lower, limits.near_upper, limits.upper, strict=True)
    )
    points = _judged(labels, values, limits.centre, bounds)
    return Segment("prime", stage, limits.centre, points, limits.sigma_z, False)


def _base(stage: Stage, count: int) -> int:
    return FROZEN_FROM if stage is Stage.FROZEN else count


def _bare(labels: Sequence[str], values: Sequence[float]) -> tuple[ChartPoint, ...]:
    return tuple(
        ChartPoint(label, value, None, None, None, None, Signal.COMMON)
        for label, value in zip(labels, values, strict=True)
    )


def _judged(
    labels: Sequence[str], values: Sequence[float], centre: float, bounds: Sequence[Bounds]
) -> tuple[ChartPoint, ...]:
    signals = signals_of(values, centre, bounds)
    return tuple(
        ChartPoint(label, value, low, high, near_low, near_high, signal)
        for label, value, (low, near_low, near_high, high), signal in zip(
            labels, values, bounds, signals, strict=True
        )
    )


def variation_icon(segment: Segment, direction: str) -> Icon:
    """What the newest point says, coloured by the direction; only "up" and "down" are judged.

    Raises UnknownKind.
    """
    _check_direction(direction)
    if segment.centre is None or not segment.points:
        return Icon.NONE
    signal = segment.points[-1].signal
    if signal is Signal.COMMON:
        return Icon.COMMON
    if direction not in {"up", "down"}:
        return Icon.SPECIAL
    return Icon.IMPROVING if (signal in HIGH) == (direction == "up") else Icon.CONCERNING


def assurance(segment: Segment, target: float | None, direction: str) -> Assurance:
    """Whether the process, left as it is, can be expected to meet the target."""
    last = segment.points[-1] if segment.points else None
    if target is None or last is None or last.lower is None or last.upper is None:
        return Assurance.NONE
    return assurance_of(last.lower, last.upper, target, direction)


def assurance_of(lower: float, upper: float, target: float, direction: str) -> Assurance:
    """As `assurance`, from limits; a target equal to a limit is hit or miss.

    Raises NotANumber, UnknownKind, ContradictoryThresholds (limits that are not in their order).
    """
    _check_direction(direction)
    if finite(lower, "lower limit") > finite(upper, "upper limit"):
        raise ContradictoryThresholds("The lower limit of a chart is above the upper one.")
    finite(target, "target")
    if direction not in {"up", "down"}:
        return Assurance.NONE
    if target > upper:
        return Assurance.FAIL if direction == "up" else Assurance.PASS
    if target < lower:
        return Assurance.PASS if direction == "up" else Assurance.FAIL
    return Assurance.HIT_OR_MISS


def _check_direction(direction: str) -> None:
    if direction not in DIRECTIONS:
        raise UnknownKind(f"“{direction}” is not a direction of better.")


def _checked(values: Sequence[Any]) -> list[float]:
    if not len(values):
        raise EmptySeries("A chart needs at least one value.")
    return all_finite(values, "value of a period")


def _same_length(labels: Sequence[str], values: Sequence[float]) -> None:
    if len(labels) != len(values):
        raise MethodError(f"{len(labels)} labels do not fit {len(values)} values.")


def _checked_base(base: int | None, count: int) -> int | None:
    if base is None:
        return None
    if isinstance(base, bool) or not isinstance(base, int):
        raise NotANumber(f"Limits come from a whole number of points, not {base!r}.")
    if not 1 <= base <= count:
        raise MethodError(f"Limits cannot come from the first {base} of {count} points.")
    return base


def _checked_parts(
    num: Sequence[Any], den: Sequence[Any], rate: bool
) -> tuple[list[Decimal], list[Decimal]]:
    tops, bottoms = (list(map(_decimal, _checked(part))) for part in (num, den))
    if len(tops) != len(bottoms):
        raise MethodError(f"{len(tops)} numerators do not fit {len(bottoms)} denominators.")
    if min(*tops, *bottoms) < 0:
        raise NegativeCount("Numerators and denominators cannot be below zero.")
    if min(bottoms) == 0:
        raise EmptySeries("A period without a denominator has no point on the chart.")
    if not rate and any(n > d for n, d in zip(tops, bottoms, strict=True)):
        raise NumeratorAboveDenominator("A numerator is above its denominator.")
    return tops, bottoms


def _share(top: Decimal, bottom: Decimal) -> float:
    return float(_EXACT.divide(top, bottom))
