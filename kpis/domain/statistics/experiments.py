"""A/B tests tied to outcomes (method 7): planned before, judged by the assigned unit."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from scipy import special

from kpis.domain.checks import count, finite, not_negative
from kpis.domain.errors import (
    ContradictoryThresholds,
    EmptySeries,
    MethodError,
    NegativeCount,
    NotANumber,
    UnknownKind,
)
from kpis.domain.policy import Policy, current
from kpis.domain.statistics.change import BETTER, Change
from kpis.domain.statistics.intervals import Interval, tail

UNITS = ("user", "team", "case")
HELD = BETTER | {Change.NOT_WORSE}
WEEK = 7
ALPHA = round(tail(current().z_review), 12)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is fixed before any data: question, unit, one primary outcome, sizes and dates.

    `guardrails` maps KPI keys to their margins; `n` is planned for both arms together.
    """

    question: str
    unit: str
    primary: str
    primary_role: str
    mwb: float
    n: int
    starts_on: dt.date
    ends_on: dt.date
    guardrails: dict[str, float] = field(default_factory=dict)


def check_plan(plan: Plan, *, policy: Policy) -> Plan:
    """The plan, if it can be judged. Raises MethodError with a sentence."""
    if not plan.question.strip():
        raise MethodError("Say which question the experiment answers.")
    if plan.unit not in UNITS:
        raise UnknownKind("Randomise by user, team or case: single requests carry over.")
    if not plan.primary.strip() or plan.primary in plan.guardrails:
        raise MethodError("Name one primary outcome that is none of the guardrails.")
    if plan.primary_role != "outcome":
        raise UnknownKind(
            "The primary must be an outcome of the work: use, clicks, time in the tool and "
            "accuracy of the model are none."
        )
    for one in (plan.mwb, *plan.guardrails.values()):
        finite(one, "smallest worthwhile benefit or margin")
    if plan.mwb <= 0 or any(margin < 0 for margin in plan.guardrails.values()):
        raise ContradictoryThresholds("The benefit must be above zero, no margin below it.")
    if count(plan.n, "planned number of cases") < 2:
        raise NegativeCount("An experiment needs at least one case in each arm.")
    days = (plan.ends_on - plan.starts_on).days + 1
    if days % WEEK or days < policy.experiment_weeks * WEEK:
        raise ContradictoryThresholds(
            f"Run for whole weeks, {policy.experiment_weeks} at least; these are {days} days."
        )
    return plan


def design_effect(records_per_unit: float, icc: float) -> float:
    """By how much several records of one unit inflate the number needed: 1 + (m - 1) * ICC.

    Raises NotANumber, ContradictoryThresholds.
    """
    if finite(records_per_unit, "number of records") < 1 or not 0 <= finite(icc, "ICC") <= 1:
        raise ContradictoryThresholds("At least one record per unit, and an ICC from 0 to 1.")
    return 1 + (records_per_unit - 1) * icc


def n_per_arm(before: float, after: float, *, policy: Policy, effect: float = 1.0) -> int:
    """Cases per arm to tell two shares apart (alpha .05, power .8), times a design effect.

    Raises ContradictoryThresholds, NotANumber.
    """
    finite(before, "share before")
    finite(after, "share after")
    if not 1 <= effect < math.inf:
        raise ContradictoryThresholds("A design effect is a finite number of at least 1.")
    if not (0 < before < 1 and 0 < after < 1) or before == after:
        raise ContradictoryThresholds("Two different shares between 0 and 1 are needed.")
    # Of the decimals as written: rounding up must not add a case to a whole number.
    p, q, factor = (Fraction(str(one)) for one in (before, after, policy.power_factor))
    bare = math.ceil(factor * (p * (1 - p) + q * (1 - q)) / (p - q) ** 2)
    return math.ceil(round(bare * effect, 6))


def srm_p(counts: Sequence[int], shares: Sequence[float] | None = None) -> float:
    """p of the sample ratio: chi-square of observed against planned sizes of the arms.

    Raises NotANumber, NegativeCount, EmptySeries, ContradictoryThresholds (one arm alone, or
    shares that are no split).
    """
    total = sum(count(size, "number of cases in an arm") for size in counts)
    if len(counts) < 2:
        raise ContradictoryThresholds("An experiment has two arms or more.")
    if total == 0:
        raise EmptySeries("Nobody was assigned.")
    planned = [1 / len(counts)] * len(counts) if shares is None else list(shares)
    if len(planned) != len(counts) or not all(0 < share < 1 for share in planned):
        raise ContradictoryThresholds("Each arm needs a planned share between 0 and 1.")
    if not math.isclose(math.fsum(planned), 1, abs_tol=1e-9):
        raise ContradictoryThresholds("The planned shares of the arms must add up to 1.")
    expected = [share * total for share in planned]
    chi = math.fsum((n - e) ** 2 / e for n, e in zip(counts, expected, strict=True))
    return float(special.chdtrc(len(counts) - 1, chi))


def is_void(p: float | None, *, policy: Policy) -> bool:
    """Whether the experiment does not count: its groups split as no fair draw would.

    Raises NotANumber: a p that is no number must never pass as a fair split.
    """
    if p is not None and not 0 <= finite(p, "p-value") <= 1:
        raise NotANumber("A p-value lies between 0 and 1.")
    return p is None or p < policy.srm_p


class Sums(NamedTuple):
    """One arm: sum, sum of squares, and number of assigned units."""

    total: float
    squares: float
    n: int

    @property
    def mean(self) -> float:
        return self.total / self.n

    @property
    def variance(self) -> float:
        """With n - 1. Raises ContradictoryThresholds where no data can give these sums."""
        spread = self.squares - self.total**2 / self.n
        # Equal values leave a rounding error of either sign; more than that is a wrong sum.
        if spread < -1e-9 * self.squares or self.squares < 0:
            raise ContradictoryThresholds("The sum of squares is too small for this sum.")
        return max(0.0, spread) / (self.n - 1)


class Estimate(NamedTuple):
    """An effect with its standard error and the units of both arms."""

    effect: float
    se: float
    n: int


def relative_effect(control: Sums, treatment: Sums) -> Estimate:
    """Relative difference of two means, its error by the delta method.

    Raises EmptySeries (fewer than two units in an arm, or a mean of zero), NotANumber.
    """
    for arm in (control, treatment):
        finite(arm.total, "sum of an arm")
        not_negative(arm.squares, "sum of squares of an arm")
        count(arm.n, "number of units in an arm")
    if min(control.n, treatment.n) < 2 or control.total == 0:
        raise EmptySeries("Two units per arm and a mean other than zero are needed.")
    a, b = control.mean, treatment.mean
    variance = treatment.variance / (treatment.n * a**2)
    variance += control.variance * b**2 / (control.n * a**4)
    return Estimate((b - a) / a, math.sqrt(variance), control.n + treatment.n)


def at_fixed_date(found: Estimate, z: float) -> Interval:
    """The interval at the one date that was planned. Raises NotANumber, NegativeCount."""
    _check_estimate(found)
    not_negative(z, "z")
    half = z * found.se
    return Interval(found.effect, found.effect - half, found.effect + half)


def any_time(found: Estimate, planned: int, *, alpha: float = ALPHA) -> Interval:
    """Asymptotic confidence sequence: may be looked at any time, tightest at `planned` units.

    Waudby-Smith and others 2023, as in GrowthBook. Raises ContradictoryThresholds, EmptySeries,
    NotANumber, NegativeCount.
    """
    _check_estimate(found)
    if found.n < 1:
        raise EmptySeries("No unit was assigned.")
    if count(planned, "planned number of units") < 1 or not 0 < alpha < 1:
        raise ContradictoryThresholds("A planned size above zero and an alpha in 0 to 1.")
    log = -2 * math.log(alpha)
    rho = math.sqrt((log + math.log(log + 1)) / planned)
    n, s2 = found.n, found.n * found.se**2
    inner = n * rho**2 + 1
    half = math.sqrt(s2) * math.sqrt(
        2 * inner / (n * rho) ** 2 * math.log(math.sqrt(inner) / alpha)
    )
    return Interval(found.effect, found.effect - half, found.effect + half)


def _check_estimate(found: Estimate) -> None:
    finite(found.effect, "effect")
    not_negative(found.se, "standard error")
    count(found.n, "number of units")


def mixture_rho(v_opt: float, *, alpha: float) -> float:
    """Tuning of the two-sided normal mixture for an optimum at v_opt (confseq).

    Raises ContradictoryThresholds.
    """
    if not 0 < v_opt < math.inf or not 0 < alpha < 1:
        raise ContradictoryThresholds("An optimum above zero and an alpha in 0 to 1.")
    log = math.log(1 / alpha)
    return v_opt / (2 * log + math.log(1 + 2 * log))


def mixture_bound(v: float, rho: float, *, alpha: float) -> float:
    """Boundary of the two-sided normal mixture at intrinsic time v (Howard and others 2021).

    Raises ContradictoryThresholds.
    """
    if not 0 <= v < math.inf or not 0 < rho < math.inf or not 0 < alpha < 1:
        raise ContradictoryThresholds("A time of zero or more, rho above zero, alpha in 0 to 1.")
    return math.sqrt((v + rho) * (math.log((v + rho) / rho) + 2 * math.log(1 / alpha)))


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values in the given order; for the export of several tests only.

    Raises NotANumber.
    """
    if any(not 0 <= finite(p, "p-value") <= 1 for p in p_values):
        raise NotANumber("A p-value lies between 0 and 1.")
    order = sorted(range(len(p_values)), key=lambda at: p_values[at])
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, at in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[at]))
        adjusted[at] = highest
    return adjusted


@dataclass(frozen=True)
class Decision:
    """Adopt or not, with the reasons against it; `void` experiments count as absent."""

    adopt: bool
    void: bool
    reasons: tuple[str, ...]


def decide(
    primary: Change, guardrails: dict[str, Change], p: float | None, *, policy: Policy
) -> Decision:
    """Adopt iff the primary is better, every guardrail held, and the arms split as planned."""
    if is_void(p, policy=policy):
        return Decision(False, True, ("The groups were not split as planned, or nobody checked.",))
    reasons = []
    if primary not in BETTER:
        reasons.append(f"The primary outcome is {_words(primary)}.")
    for name, change in sorted(guardrails.items()):
        if change not in HELD:
            reasons.append(f"{name} is {_words(change)}.")
    return Decision(not reasons, False, tuple(reasons))


def _words(change: Change) -> str:
    return change.value.replace("_", " ")
