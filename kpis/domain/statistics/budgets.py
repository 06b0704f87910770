"""Error budgets for uptime and error shares (method 4): how much may fail, how fast it is spent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kpis.domain.checks import finite, not_negative
from kpis.domain.errors import ContradictoryThresholds, NumeratorAboveDenominator
from kpis.domain.policy import Policy

# One day: what failed and what there was, in requests or seconds; None where nothing is known.
Day = tuple[float, float] | None
LAST_THIRD = 3


@dataclass(frozen=True)
class Budget:
    """The budget of a period: `allowed` is the share of errors it permits, `spent` and `left` are
    shares of the budget. Spent may pass 1, left may be below 0."""

    spent: float
    allowed: float

    @property
    def left(self) -> float:
        return 1 - self.spent


def allowed(slo: float, period: float) -> float:
    """What may fail in a period, in the unit of the period.

    Raises ContradictoryThresholds, NotANumber, NegativeCount.
    """
    return float(1 - _written(_slo(slo))) * not_negative(period, "length of the period")


def burn_of(fraction: float, period_days: float, window_days: float) -> float:
    """Burn rate that spends a fraction of a period's budget within a window (SRE workbook).

    Raises ContradictoryThresholds (a window of no length, or longer than its period), NotANumber,
    NegativeCount.
    """
    not_negative(fraction, "fraction of a budget")
    if not 0 < finite(window_days, "window") <= finite(period_days, "period"):
        raise ContradictoryThresholds("A window has a length, and lies within its period.")
    return fraction * period_days / window_days


def burn(days: Sequence[Day], slo: float) -> float | None:
    """Share of errors over the share allowed; None where nothing was observed.

    Raises NotANumber, NegativeCount, NumeratorAboveDenominator, ContradictoryThresholds (a service
    level that is not between 0 and 1).
    """
    found = _burn(days, slo)
    return None if found is None else float(found)


def _burn(days: Sequence[Day], slo: float) -> Fraction | None:
    # Of the decimals as written: in floats 1 - 0.9 is below 0.1, and equal would be beyond.
    permitted, observed_days = 1 - _written(_slo(slo)), [day for day in days if day is not None]
    for bad, total in observed_days:
        not_negative(bad, "number of failures")
        not_negative(total, "number of cases")
        if bad > total:
            raise NumeratorAboveDenominator(f"{bad:g} failed of only {total:g}.")
    observed = sum(_written(total) for _, total in observed_days)
    if not observed:
        return None
    return sum(_written(bad) for bad, _ in observed_days) / observed / permitted


def _written(number: float) -> Fraction:
    return Fraction(str(number))


def windows(policy: Policy) -> Mapping[int, float]:
    """Days of each window and the burn rate beyond which it raises an alarm."""
    return {length: float(limit) for length, limit in _limits(policy).items()}


def _limits(policy: Policy) -> Mapping[int, Fraction]:
    fractions = {3: policy.budget_burn_3d, 7: policy.budget_burn_7d, 30: policy.budget_burn_30d}
    return {
        length: _written(fraction) * policy.budget_days / length
        for length, fraction in fractions.items()
    }


def alarms(days: Sequence[Day], slo: float, *, policy: Policy) -> tuple[int, ...]:
    """The windows (in days) whose burn is too high, in the whole of it and in its last third.

    `days` are in order of time, the newest last.
    """
    return tuple(
        length
        for length, limit in _limits(policy).items()
        if _above(days[-length:], slo, limit)
        and _above(days[-(length // LAST_THIRD) :], slo, limit)
    )


def _above(days: Sequence[Day], slo: float, limit: Fraction) -> bool:
    found = _burn(days, slo)
    return found is not None and found > limit


def budget(days: Sequence[Day], slo: float, *, policy: Policy) -> Budget | None:
    """What the newest days of a budget period spent of it; None where nothing was observed.

    A day without any total spends nothing.
    """
    newest = days[-policy.budget_days :]
    burn = _burn(newest, slo)
    if burn is None:
        return None
    observed = sum(day is not None and day[1] > 0 for day in newest)
    permitted = float(1 - _written(slo))
    return Budget(spent=float(burn * observed / policy.budget_days), allowed=permitted)


def exhausted(days: Sequence[Day], slo: float, *, policy: Policy) -> bool:
    """Whether four weeks spent more than their own budget: no expansion then (X2)."""
    return _above(days[-policy.budget_exhausted_days :], slo, Fraction(1))


def _slo(slo: float) -> float:
    if not 0 < finite(slo, "service level") < 1:
        raise ContradictoryThresholds(
            f"A service level lies between 0 and 1, not at {slo:g}: nothing could ever fail, "
            "or everything."
        )
    return slo
