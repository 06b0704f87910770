"""Intervals of levels and of differences (method 2.1 to 2.3); z decides how wide.

Two-sided 95 % at review dates (z = 1.959964), z = 3.0 between them. For t, chi-square and beta
the same tail a = 2 * (1 - Phi(z)) is used. Everything here is a closed form or an exact quantile:
the same numbers always give the same interval.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from scipy import special

from kpis.domain.errors import EmptySeries, NegativeCount, NotANumber, NumeratorAboveDenominator

Z95 = 1.959963984540054


class Share(NamedTuple):
    """`num` of `den` cases."""

    num: int
    den: int


class Moments(NamedTuple):
    """Number of cases, their mean and standard deviation (n - 1); None where it is unknown."""

    n: int
    mean: float
    sd: float | None


@dataclass(frozen=True)
class Interval:
    """Estimate with its limits; a limit may be infinite."""

    value: float
    lo: float
    hi: float


def tail(z: float) -> float:
    """Probability outside -z..z of the normal distribution."""
    return float(2 * special.ndtr(-z))


def z_for(primaries: int, z: float = Z95) -> float:
    """Bonferroni (method 2.6): the z of 1 - a / k for k primaries, a being the tail of `z`."""
    return z if primaries <= 1 else float(-special.ndtri(tail(z) / (2 * primaries)))


def effective_n(n: float, sigma_z: float) -> float:
    """Independent cases that n cases with extra spread are worth: n / max(1, sigma_z)^2."""
    return n / max(1.0, sigma_z) ** 2


def _check_share(num: float, den: float) -> None:
    if not (math.isfinite(num) and math.isfinite(den)):
        raise NotANumber("Numerator and denominator must be finite.")
    if num < 0 or den < 0:
        raise NegativeCount("Numerator and denominator cannot be below zero.")
    if den == 0:
        raise EmptySeries("A share of nothing has no value.")
    if num > den:
        raise NumeratorAboveDenominator("The numerator is above the denominator.")


def wilson(num: float, den: float, z: float = Z95, sigma_z: float = 1.0) -> Interval:
    """Wilson interval of a proportion; `sigma_z` above 1 shrinks n (overdispersion).

    Raises NotANumber, NegativeCount, EmptySeries (den 0), NumeratorAboveDenominator.
    Source: Newcombe 1998, Statistics in Medicine 17:857.
    """
    _check_share(num, den)
    n, p, z2 = effective_n(den, sigma_z), num / den, z * z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    # Rounding must not leave a limit beside the exact end it stands for.
    lo = 0.0 if num == 0 else max(0.0, centre - half)
    return Interval(p, lo, 1.0 if num == den else min(1.0, centre + half))


def newcombe(new: Interval, old: Interval) -> Interval:
    """Difference new - old of two proportions, each given with its Wilson interval.

    Source: Newcombe 1998, Statistics in Medicine 17:873, method 10.
    """
    d = new.value - old.value
    lo = d - math.hypot(new.value - new.lo, old.hi - old.value)
    return Interval(d, lo, d + math.hypot(new.hi - new.value, old.value - old.lo))


def zero_events_upper(n: int) -> float:
    """What no event in n cases is still compatible with: one-sided 95 %, about 3 / n."""
    if n < 0:
        raise NegativeCount("The number of cases cannot be below zero.")
    if n == 0:
        raise EmptySeries("No cases exclude nothing.")
    return float(-math.expm1(math.log(0.05) / n))


def _check_rate(events: int, exposure: float) -> None:
    if not (math.isfinite(exposure) and math.isfinite(events)):
        raise NotANumber("Events and exposure must be finite.")
    if events < 0 or exposure < 0:
        raise NegativeCount("Events and exposure cannot be below zero.")
    if exposure == 0:
        raise EmptySeries("A rate needs an exposure.")


def garwood(events: int, exposure: float, z: float = Z95) -> Interval:
    """Exact interval of a rate: events per unit of exposure (chi-square quantiles / 2).

    Raises NotANumber, NegativeCount, EmptySeries (exposure 0).
    """
    _check_rate(events, exposure)
    a = tail(z)
    # chi2(q; 2k) / 2 is the gamma quantile of shape k.
    lo = 0.0 if events == 0 else float(special.gammaincinv(events, a / 2))
    hi = float(special.gammainccinv(events + 1, a / 2))
    return Interval(events / exposure, lo / exposure, hi / exposure)


def rate_ratio(
    new: int, new_exposure: float, old: int, old_exposure: float, z: float = Z95
) -> Interval | None:
    """Exact ratio of two rates, new to old; None where neither saw an event.

    Clopper-Pearson limits (l, u) of the share of new events, turned into p / (1 - p) * E0 / E1.
    Without events before, ratio and upper limit are infinite.
    """
    _check_rate(new, new_exposure)
    _check_rate(old, old_exposure)
    total, a, scale = new + old, tail(z), old_exposure / new_exposure
    if total == 0:
        return None
    lo = 0.0 if new == 0 else float(special.betaincinv(new, old + 1, a / 2))
    hi = 1.0 if old == 0 else float(special.betainccinv(new + 1, old, a / 2))
    ratio = math.inf if old == 0 else new / old * scale
    upper = math.inf if hi >= 1 else hi / (1 - hi) * scale
    return Interval(ratio, lo / (1 - lo) * scale if lo < 1 else math.inf, upper)


def t_quantile(df: float, z: float) -> float:
    """The t quantile with the tails of z."""
    return float(-special.stdtrit(df, tail(z) / 2))


def _check_moments(*sides: Moments) -> None:
    for n, mean, sd in sides:
        if not (math.isfinite(n) and math.isfinite(mean) and math.isfinite(sd or 0)):
            raise NotANumber("Number, mean and spread must be finite.")
        if n < 0 or (sd is not None and sd < 0):
            raise NegativeCount("A number of cases and a spread cannot be below zero.")


def mean_level(n: int, mean: float, sd: float | None, z: float = Z95) -> Interval | None:
    """Interval of a mean with t; None for fewer than two cases or an unknown spread."""
    _check_moments(Moments(n, mean, sd))
    if sd is None or n < 2:
        return None
    half = t_quantile(n - 1, z) * sd / math.sqrt(n)
    return Interval(mean, mean - half, mean + half)


def _welch_df(v1: float, n1: int, v0: float, n0: int) -> float:
    return (v1 + v0) ** 2 / (v1 * v1 / (n1 - 1) + v0 * v0 / (n0 - 1))


def mean_difference(new: Moments, old: Moments, z: float = Z95) -> Interval | None:
    """Difference new - old of two means (Welch); None without two cases and a spread each."""
    _check_moments(new, old)
    if new.sd is None or old.sd is None or min(new.n, old.n) < 2:
        return None
    d, v1, v0 = new.mean - old.mean, new.sd**2 / new.n, old.sd**2 / old.n
    if v1 + v0 == 0:
        return Interval(d, d, d)
    half = t_quantile(_welch_df(v1, new.n, v0, old.n), z) * math.sqrt(v1 + v0)
    return Interval(d, d - half, d + half)


def _exp(power: float) -> float:
    """e^power; beyond what a float holds a limit is infinite."""
    return math.exp(power) if power < 700 else math.inf


def ratio_of_means(new: Moments, old: Moments, z: float = Z95) -> Interval | None:
    """Ratio new / old of two means with Welch's degrees of freedom on the log scale.

    None where a side has fewer than two cases, no spread or no mean above 0.
    """
    _check_moments(new, old)
    if new.sd is None or old.sd is None or min(new.n, old.n) < 2 or min(new.mean, old.mean) <= 0:
        return None
    v1, v0 = (new.sd / new.mean) ** 2 / new.n, (old.sd / old.mean) ** 2 / old.n
    ratio, se2 = new.mean / old.mean, v1 + v0
    if se2 == 0:
        return Interval(ratio, ratio, ratio)
    factor = _exp(t_quantile(_welch_df(v1, new.n, v0, old.n), z) * math.sqrt(se2))
    return Interval(ratio, ratio / factor, ratio * factor)


def log_moments(values: Iterable[float]) -> Moments:
    """Moments of ln x of positive durations, for the ratio of typical tasks."""
    logs = []
    for value in values:
        if not math.isfinite(value) or value <= 0:
            raise NotANumber("A geometric mean needs values above zero.")
        logs.append(math.log(value))
    if not logs:
        raise EmptySeries("A mean of nothing has no value.")
    mean = math.fsum(logs) / len(logs)
    squares = math.fsum((one - mean) ** 2 for one in logs)
    return Moments(len(logs), mean, math.sqrt(squares / (len(logs) - 1)) if len(logs) > 1 else None)


def ratio_of_geometric_means(new: Moments, old: Moments, z: float = Z95) -> Interval | None:
    """Ratio new / old of the typical (skewed) task, from the moments of ln x (Welch t)."""
    found = mean_difference(new, old, z)
    if found is None:
        return None
    return Interval(_exp(found.value), _exp(found.lo), _exp(found.hi))


def difference_in_differences(
    after: Moments, before: Moments, other_after: Moments, other_before: Moments, z: float = Z95
) -> Interval | None:
    """(A1 - A0) - (B1 - B0) against units without AI; variance = sum of four s^2 / n, normal z."""
    sides = (after, before, other_after, other_before)
    _check_moments(*sides)
    variance = 0.0
    for n, _, sd in sides:
        if sd is None or n < 2:
            return None
        variance += sd * sd / n
    d = (after.mean - before.mean) - (other_after.mean - other_before.mean)
    half = z * math.sqrt(variance)
    return Interval(d, d - half, d + half)


def poisson_at_most(count: int, expected: float) -> float:
    """Probability of so many events or fewer."""
    return 1.0 if expected <= 0 else float(special.pdtr(count, expected))
