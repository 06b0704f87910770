"""Intervals of levels and of differences (method 2.1 to 2.3); z decides how wide.

Two-sided 95 % at review dates (z = 1.959964), z = 3.0 between them. For t, chi-square and beta
the same tail a = 2 * (1 - Phi(z)) is used.
"""

import math
from dataclasses import dataclass

from scipy import special

from kpis.domain.errors import EmptySeries, NegativeCount, NotANumber, NumeratorAboveDenominator

Z95 = 1.959963984540054


@dataclass(frozen=True)
class Interval:
    """Estimate with its limits; a limit may be infinite."""

    value: float
    lo: float
    hi: float


def tail(z: float) -> float:
    """Probability outside -z..z of the normal distribution."""
    return float(2 * special.ndtr(-z))


def z_for(primaries: int) -> float:
    """Bonferroni: the z of 1 - 0.05 / k for k primaries."""
    return Z95 if primaries <= 1 else float(special.ndtri(1 - 0.025 / primaries))


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

    Source: Newcombe 1998, Statistics in Medicine 17:857.
    """
    _check_share(num, den)
    n, p, z2 = den / max(1.0, sigma_z) ** 2, num / den, z * z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    lo = 0.0 if num == 0 else max(0.0, centre - half)
    return Interval(p, lo, 1.0 if num == den else min(1.0, centre + half))


def newcombe(new: Interval, old: Interval) -> Interval:
    """Difference new - old of two proportions: Newcombe 1998 method 10 on Wilson intervals."""
    d = new.value - old.value
    lo = d - math.hypot(new.value - new.lo, old.hi - old.value)
    return Interval(d, lo, d + math.hypot(new.hi - new.value, old.value - old.lo))


def garwood(events: int, exposure: float, z: float = Z95) -> Interval:
    """Exact interval of a rate: events per unit of exposure."""
    _check_rate(events, exposure)
    a = tail(z)
    lo = 0.0 if events == 0 else float(special.gammaincinv(events, a / 2))
    hi = float(special.gammainccinv(events + 1, a / 2))
    return Interval(events / exposure, lo / exposure, hi / exposure)


def _check_rate(events: int, exposure: float) -> None:
    if not math.isfinite(exposure):
        raise NotANumber("The exposure must be finite.")
    if events < 0 or exposure < 0:
        raise NegativeCount("Events and exposure cannot be below zero.")
    if exposure == 0:
        raise EmptySeries("A rate needs an exposure.")


def rate_ratio(
    new: int, new_exposure: float, old: int, old_exposure: float, z: float = Z95
) -> Interval | None:
    """Exact ratio of two rates, new to old; None where neither saw an event."""
    _check_rate(new, new_exposure)
    _check_rate(old, old_exposure)
    total, a, scale = new + old, tail(z), old_exposure / new_exposure
    if total == 0:
        return None
    lo = 0.0 if new == 0 else float(special.betaincinv(new, old + 1, a / 2))
    hi = 1.0 if old == 0 else float(special.betaincinv(new + 1, old, 1 - a / 2))
    ratio = math.inf if old == 0 else new / old * scale
    return Interval(ratio, lo / (1 - lo) * scale, math.inf if hi >= 1 else hi / (1 - hi) * scale)


def t_quantile(df: float, z: float) -> float:
    """The t quantile with the tails of z."""
    return float(-special.stdtrit(df, tail(z) / 2))


def mean_level(n: int, mean: float, sd: float | None, z: float = Z95) -> Interval | None:
    """Interval of a mean; None for fewer than two cases or an unknown spread."""
    if sd is None or n < 2:
        return None
    half = t_quantile(n - 1, z) * sd / math.sqrt(n)
    return Interval(mean, mean - half, mean + half)


def ratio_of_means(
    new: tuple[int, float, float | None], old: tuple[int, float, float | None], z: float = Z95
) -> Interval | None:
    """Ratio new / old of two means with Welch's degrees of freedom on the log scale.

    Each side is (n, mean, sd); None where a side has too few cases, no spread or no mean above 0.
    """
    (n1, m1, s1), (n0, m0, s0) = new, old
    if s1 is None or s0 is None or min(n1, n0) < 2 or min(m1, m0) <= 0:
        return None
    v1, v0 = s1 * s1 / (n1 * m1 * m1), s0 * s0 / (n0 * m0 * m0)
    ratio, se2 = m1 / m0, v1 + v0
    if se2 == 0:
        return Interval(ratio, ratio, ratio)
    df = se2 * se2 / (v1 * v1 / (n1 - 1) + v0 * v0 / (n0 - 1))
    factor = math.exp(t_quantile(df, z) * math.sqrt(se2))
    return Interval(ratio, ratio / factor, ratio * factor)


def poisson_at_most(count: int, expected: float) -> float:
    """Probability of so many events or fewer."""
    return 1.0 if expected <= 0 else float(special.pdtr(count, expected))
