"""Full cost and net hours (method 6.3): hidden labour is cost, and a draft is not a result."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction

from kpis.domain.checks import count, not_negative
from kpis.domain.cost.parts import PARTS
from kpis.domain.errors import (
    ContradictoryThresholds,
    EmptySeries,
    MethodError,
    NegativeCount,
    NotANumber,
    NumeratorAboveDenominator,
    UnknownKind,
)

GRADES = ("assumed", "estimated", "sampled", "measured")
Number = Decimal | int


class Use(StrEnum):
    """What saved hours are used for; without one they are hours, never money."""

    CAPACITY = "capacity"
    OVERTIME = "overtime"
    BACKLOG = "backlog"


@dataclass(frozen=True)
class Entry:
    """One cost part of a period: money, hours, or why it does not apply.

    Raises NegativeCount, NotANumber, MethodError (neither an amount nor a reason).
    """

    amount: Decimal | None = None
    hours: Decimal | None = None
    grade: str = "measured"
    not_applicable_because: str = ""

    def __post_init__(self) -> None:
        for name, value in (("amount", self.amount), ("number of hours", self.hours)):
            _amount(value, name)
        if self.grade not in GRADES:
            raise UnknownKind(f"“{self.grade}” is not a way of knowing.")
        given = self.amount is not None or self.hours is not None
        if given == bool(self.not_applicable_because.strip()):
            raise MethodError("Give an amount or hours, or say why the part does not apply.")


def _amount(value: Number | None, name: str) -> None:
    if value is None:
        return
    not_negative(value, name)
    if isinstance(value, float):
        raise NotANumber(f"The {name} must be an exact number, not a rounded one.")


@dataclass(frozen=True, kw_only=True)
class Basis:
    """Volume and task times of a period: tasks done, results accepted, minutes per task, the rate
    per hour. `base` is the time before AI; `rework_share` the share of tasks done again.

    Raises NumeratorAboveDenominator (more accepted than done), EmptySeries (none accepted),
    NegativeCount, NotANumber.
    """

    tasks: int
    accepted: int
    rate: Decimal
    base: Decimal
    draft: Decimal
    review: Decimal
    rework_share: Decimal = Decimal(0)
    rework: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        names = {
            "tasks": "number of tasks",
            "accepted": "number of accepted results",
            "rate": "rate per hour",
            "base": "time before AI",
            "draft": "time of a draft",
            "review": "time of the review",
            "rework_share": "share of rework",
            "rework": "time of rework",
        }
        for field, name in names.items():
            _amount(getattr(self, field), name)
        count(self.tasks, names["tasks"])
        count(self.accepted, names["accepted"])
        if self.rework_share > 1:
            raise NumeratorAboveDenominator(
                "No more than all tasks can be done again.", "rework_share"
            )
        if self.accepted > self.tasks:
            raise NumeratorAboveDenominator(
                f"{self.accepted:,} results were accepted of {self.tasks:,} tasks.", "accepted"
            )
        if self.accepted == 0:
            raise EmptySeries("No result was accepted, so there is no cost per result.", "accepted")

    @property
    def ai_minutes(self) -> Decimal:
        """Minutes per task with AI: draft, review, and the rework that falls on it."""
        return self.draft + self.review + self.rework_share * self.rework


@dataclass(frozen=True)
class Ledger:
    """Entries by part; what is missing is named, never taken for nothing."""

    entries: Mapping[str, Entry]

    def __post_init__(self) -> None:
        for part in self.entries:
            if part not in PARTS:
                raise UnknownKind(f"“{part}” is not a part of the cost.")

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts that have neither an amount nor a reason, in their order."""
        return tuple(part for part in PARTS if part not in self.entries)

    @property
    def cash(self) -> Decimal:
        """Money of all parts, in the currency of the organization."""
        return sum((one.amount or Decimal(0) for one in self.entries.values()), Decimal(0))

    @property
    def labour_hours(self) -> Decimal:
        """Hours of all parts. What the minutes per task hold already is not entered here again."""
        return sum((one.hours or Decimal(0) for one in self.entries.values()), Decimal(0))

    @property
    def grade(self) -> str:
        """The weakest way of knowing among the parts that have an amount."""
        grades = [one.grade for one in self.entries.values() if not one.not_applicable_because]
        return min(grades, key=GRADES.index, default="measured")


@dataclass(frozen=True)
class Hours:
    """Hours of a period, side by side: claimed (drafts only) and net (all labour counted)."""

    claimed: Decimal
    net: Decimal


def hours(basis: Basis, labour_hours: Decimal) -> Hours:
    """Claimed and net hours saved; either may be negative. Raises NotANumber, NegativeCount."""
    _amount(labour_hours, "number of hours")
    claimed = basis.tasks * (basis.base - basis.draft) / 60
    return Hours(claimed, basis.tasks * (basis.base - basis.ai_minutes) / 60 - labour_hours)


def cost_before(basis: Basis) -> Decimal:
    """Labour per task before AI."""
    return basis.base * basis.rate / 60


def cost_per_result(basis: Basis, ledger: Ledger) -> Decimal:
    """Task labour, other labour and cash over accepted final results."""
    return _total(basis, ledger) / basis.accepted


def cash_per_result(basis: Basis, ledger: Ledger) -> Decimal:
    """What the bills alone would make it look like."""
    return ledger.cash / basis.accepted


def _total(basis: Basis, ledger: Ledger) -> Decimal:
    task_labour = basis.tasks * basis.ai_minutes * basis.rate / 60
    return task_labour + ledger.labour_hours * basis.rate + ledger.cash


def break_even(basis: Basis, ledger: Ledger) -> Decimal | None:
    """Tasks from which on the saving per task pays for labour and cash; None if none saves."""
    saved = (basis.base - basis.ai_minutes) * basis.rate / 60
    return (ledger.labour_hours * basis.rate + ledger.cash) / saved if saved > 0 else None


@dataclass(frozen=True)
class Withheld:
    """No return is stated: parts of the cost, the baseline or a use of the hours are missing."""

    missing: tuple[str, ...] = ()
    baseline_missing: bool = False
    use_missing: bool = False


@dataclass(frozen=True)
class Return:
    """Net value of a period in money, with the limits that the task-time interval gives."""

    value: Decimal
    low: Decimal | None
    high: Decimal | None
    grade: str


def net_value(
    basis: Basis | None,
    ledger: Ledger,
    use: Use | None,
    *,
    ratio: tuple[float, float] | None = None,
    grade: str = "measured",
) -> Return | Withheld:
    """What the saved time is worth after all cost, or why that is withheld.

    `ratio` holds the limits of task time with AI over before; the upper one gives the low value.
    An infinite limit gives none. The weakest grade of basis and ledger is the grade of the result.
    Raises UnknownKind (grade), NotANumber, NegativeCount, ContradictoryThresholds (ratio).
    """
    if grade not in GRADES:
        raise UnknownKind(f"“{grade}” is not a way of knowing.")
    if ledger.missing or basis is None or use is None:
        return Withheld(ledger.missing, basis is None, use is None)
    low = high = None
    if ratio is not None:
        _check_ratio(*ratio)
        low, high = (_limit(basis, ledger, one) for one in reversed(ratio))
    weakest = min(ledger.grade, grade, key=GRADES.index)
    return Return(_value(basis, ledger, basis.ai_minutes), low, high, weakest)


def _value(basis: Basis, ledger: Ledger, ai_minutes: Decimal) -> Decimal:
    saved = basis.tasks * (basis.base - ai_minutes) * basis.rate / 60
    return saved - ledger.labour_hours * basis.rate - ledger.cash


def _check_ratio(lo: float, hi: float) -> None:
    if math.isnan(lo) or math.isnan(hi):
        raise NotANumber("The limits of a ratio must be numbers.")
    if lo < 0:
        raise NegativeCount("A ratio of times cannot be below zero.")
    if lo > hi:
        raise ContradictoryThresholds("The lower limit of the ratio is above the upper one.")


def _limit(basis: Basis, ledger: Ledger, ratio: float) -> Decimal | None:
    if math.isinf(ratio):
        return None
    return _value(basis, ledger, basis.base * _exact(ratio))


def _exact(value: float) -> Decimal:
    with localcontext() as context:
        context.prec = 28
        exact = Fraction(value)
        return Decimal(exact.numerator) / Decimal(exact.denominator)
