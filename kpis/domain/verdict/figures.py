"""What the parts of a figure say: value, interval, number of cases, distance to a threshold."""

from decimal import Decimal

from kpis.domain.policy import Policy
from kpis.domain.statistics.change import Effect, effect_of_difference, effect_of_ratio
from kpis.domain.statistics.intervals import (
    Interval,
    Moments,
    garwood,
    mean_level,
    newcombe,
    rate_ratio,
    ratio_of_means,
    wilson,
)
from kpis.domain.verdict.schema import Figure, Kpi

SHARES = frozenset({"ratio", "rating", "uptime"})
MEANS = frozenset({"duration", "mean"})


def value_of(kind: str, figure: Figure) -> float | None:
    """The value in KPI units, None where the parts give none (nothing in the denominator)."""
    if kind in SHARES or kind == "rate":
        return figure.num / figure.den if figure.den else None
    if kind in MEANS:
        return figure.mean if figure.n else None
    return float(figure.value)


def has_interval(kind: str, figure: Figure) -> bool:
    """Whether the kind allows an interval; seconds do so only where their spread is known."""
    return kind != "point" and not (kind == "uptime" and figure.sigma_z is None)


def level_interval(kind: str, figure: Figure, z: float) -> Interval | None:
    """Interval of a level; None where the kind or the parts allow none."""
    if not has_interval(kind, figure) or value_of(kind, figure) is None:
        return None
    if kind in SHARES:
        return wilson(figure.num, figure.den, z, figure.sigma_z or 1)
    if kind == "rate":
        return garwood(int(figure.num), figure.den, z)
    return mean_level(figure.n, figure.mean, figure.sd, z)


def effect(kpi: Kpi, current: Figure, baseline: Figure, z: float) -> Effect | None:
    """Interval of the improvement over the baseline; None where none is possible.

    Absolute for shares, relative for rates, durations and means (method 2.4).
    """
    if kpi.kind in SHARES:
        new = level_interval(kpi.kind, current, z)
        old = level_interval(kpi.kind, baseline, z)
        if new is None or old is None:
            return None
        return effect_of_difference(newcombe(new, old), kpi.direction)
    ratio = _ratio(kpi.kind, current, baseline, z)
    return None if ratio is None else effect_of_ratio(ratio, kpi.direction)


def _ratio(kind: str, current: Figure, baseline: Figure, z: float) -> Interval | None:
    if kind == "rate":
        if not current.den or not baseline.den:
            return None
        return rate_ratio(int(current.num), current.den, int(baseline.num), baseline.den, z)
    if kind in MEANS:
        return ratio_of_means(_moments(current), _moments(baseline), z)
    return None


def _moments(figure: Figure) -> Moments:
    return Moments(figure.n, figure.mean, figure.sd)


def enough(kpi: Kpi, figure: Figure, policy: Policy) -> bool:
    """Whether there are enough cases for the figure to speak (method 2.7)."""
    if kpi.kind == "point":
        return True
    if kpi.kind in MEANS:
        return figure.n >= needed_cases(kpi, policy)
    if kpi.kind == "rate" or not has_interval(kpi.kind, figure):
        return figure.den > 0
    return figure.den >= needed_cases(kpi, policy)


def needed_cases(kpi: Kpi, policy: Policy) -> int:
    """The floor of a kind that counts cases: answers, items or periods, or a denominator."""
    if kpi.kind == "rating":
        return policy.floor_rating
    if kpi.kind in MEANS:
        return policy.floor_periods if kpi.n_unit == "period" else policy.floor_items
    return policy.floor_ratio


def is_beyond(kpi: Kpi, lo: float, hi: float, threshold: float) -> bool:
    """Whether every point of lo..hi is worse than the threshold; equal is not beyond."""
    if kpi.direction == "down":
        return lo > threshold
    if kpi.direction == "up":
        return hi < threshold
    assert kpi.band is not None
    low, high = kpi.band
    return minus(lo, high) > threshold or minus(low, hi) > threshold


def minus(a: float, b: float) -> float:
    """a - b of the decimals as written, so that 1.1 - 1.0 is not beyond 0.1."""
    return float(Decimal(repr(float(a))) - Decimal(repr(float(b))))


def times(a: float, b: float) -> float:
    """a * b of the decimals as written."""
    return float(Decimal(repr(float(a))) * Decimal(repr(float(b))))
