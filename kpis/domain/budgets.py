"""Error budgets for uptime and error shares (method 4): how much may fail, how fast it is spent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpis.domain.errors import (
    ContradictoryThresholds,
    NegativeCount,
    NumeratorAboveDenominator,
)
from kpis.domain.policy import Policy

# One day: what failed and what there was, in requests or seconds; None where nothing is known.
Day = tuple[float, float] | None
LAST_THIRD = 3


@dataclass(frozen=True)
class Budget:
    """Shares of the budget of a period: spent may pass 1, left may be below 0."""

    spent: float

    @property
    def left(self) -> float:
        return 1 - self.spent


def allowed(slo: float, period: float) -> float:
    """What may fail in a period, in the unit of the period. Raises ContradictoryThresholds."""
    return (1 - _slo(slo)) * period


def burn_of(fraction: float, period_days: float, window_days: float) -> float:
    """Burn rate that spends a fraction of a period's budget within a window (SRE workbook)."""
    return fraction * period_days / window_days


def burn(days: Sequence[Day], slo: float) -> float | None:
    """Share of errors over the share allowed; None where nothing was observed.

    Raises NegativeCount, NumeratorAboveDenominator, ContradictoryThresholds (SLO not in (0, 1)).
    """
    objective, known = _slo(slo), [day for day in days if day is not None]
    for bad, total in known:
        if bad < 0 or total < 0:
            raise NegativeCount("What failed and what there was cannot be below zero.")
        if bad > total:
            raise NumeratorAboveDenominator(f"{bad:g} failed of only {total:g}.")
    observed = sum(total for _, total in known)
    if not observed:
        return None
    return sum(bad for bad, _ in known) / observed / (1 - objective)


def windows(policy: Policy) -> Mapping[int, float]:
    """Days of each window and the burn rate beyond which it raises an alarm."""
    return {
        3: burn_of(policy.budget_burn_3d, policy.budget_days, 3),
        7: burn_of(policy.budget_burn_7d, policy.budget_days, 7),
        30: burn_of(policy.budget_burn_30d, policy.budget_days, 30),
    }


def alarms(days: Sequence[Day], slo: float, *, policy: Policy) -> tuple[int, ...]:
    """The windows (in days) whose burn is too high, in the whole of it and in its last third.

    `days` are in order of time, the newest last.
    """
    return tuple(
        length
        for length, limit in windows(policy).items()
        if _above(days[-length:], slo, limit)
        and _above(days[-(length // LAST_THIRD) :], slo, limit)
    )


def _above(days: Sequence[Day], slo: float, limit: float) -> bool:
    found = burn(days, slo)
    return found is not None and found > limit


def budget(days: Sequence[Day], slo: float, *, policy: Policy) -> Budget | None:
    """What the newest days of a budget period spent of it; None where nothing was observed."""
    newest = days[-policy.budget_days :]
    found = burn(newest, slo)
    if found is None:
        return None
    return Budget(found * len(newest) / policy.budget_days)


def exhausted(days: Sequence[Day], slo: float, *, policy: Policy) -> bool:
    """Whether four weeks spent more than their own budget: no expansion then (X2)."""
    return _above(days[-policy.budget_exhausted_days :], slo, 1.0)


def _slo(slo: float) -> float:
    if not 0 < slo < 1:
        raise ContradictoryThresholds(
            f"A service level lies between 0 and 1, not at {slo:g}: nothing could ever fail, "
            "or everything."
        )
    return slo
