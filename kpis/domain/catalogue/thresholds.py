"""Levels, and alarms with hysteresis (method 4)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kpis.domain.catalogue.references import DIRECTIONS, worse
from kpis.domain.checks import finite
from kpis.domain.errors import (
    ContradictoryThresholds,
    NegativeCount,
    NotANumber,
    UnknownKind,
)
from kpis.domain.policy import Policy

Band = tuple[float, float]


class Level(StrEnum):
    CRITICAL = "critical"
    WARNING = "warning"
    SUSPECTED_CRITICAL = "suspected_critical"
    SUSPECTED_WARNING = "suspected_warning"
    OK = "ok"
    UNKNOWN = "unknown"


def beyond(value: float, threshold: float, direction: str, band: Band | None = None) -> bool:
    """Whether a value is worse than its threshold; equal to it is not beyond (method 4).

    All in KPI units; for "band" the threshold is a distance outside it, for "context" nothing is
    beyond. Raises UnknownKind, ContradictoryThresholds (a band without its range).
    """
    _check_direction(direction)
    if direction == "context":
        return False
    if direction != "band":
        return worse(value, threshold, direction)
    return _outside(value, band) > threshold


def _check_direction(direction: str) -> None:
    if direction not in DIRECTIONS:
        raise UnknownKind(f"“{direction}” is not a direction of better.")


def _outside(value: float, band: Band | None) -> float:
    if band is None:
        raise ContradictoryThresholds("A range is needed to say what lies outside of it.")
    return max(_minus(band[0], value), _minus(value, band[1]))


def _minus(a: float, b: float) -> float:
    # Of the decimals as written, as in the verdict: 1.1 - 1.0 is not beyond 0.1.
    return float(_written(a) - _written(b))


def _written(number: float) -> Decimal:
    return Decimal(repr(float(number)))


@dataclass(frozen=True)
class Reading:
    """One period: its value, the interval where there is one, and whether the data is measured.

    Stale, partial and too few data are not measured: they change no counter. A limit of the
    interval may be infinite; a value may not. Raises NotANumber, ContradictoryThresholds (limits
    that are not in their order).
    """

    value: float | None
    lo: float | None = None
    hi: float | None = None
    measured: bool = True

    def __post_init__(self) -> None:
        if self.value is not None:
            finite(self.value, "value of a period")
        for limit in (self.lo, self.hi):
            if limit is not None and (isinstance(limit, bool) or math.isnan(limit)):
                raise NotANumber("The limits of an interval must be numbers.")
        if self.lo is not None and self.hi is not None and self.lo > self.hi:
            raise ContradictoryThresholds("The lower limit of an interval is above the upper one.")


@dataclass(frozen=True)
class Rule:
    """One threshold with the value at which its alarm begins to clear."""

    threshold: float
    clear: float
    direction: str
    band: Band | None = None

    def is_breach(self, reading: Reading) -> bool:
        return reading.value is not None and self._beyond(reading.value)

    def is_confirmed(self, reading: Reading) -> bool:
        """The whole interval is beyond; of a band, on one side of it."""
        if reading.lo is None or reading.hi is None:
            return False
        if self.direction == "band" and self.band is not None:
            low, high = self.band
            above, below = _minus(reading.lo, high), _minus(low, reading.hi)
            return above > self.threshold or below > self.threshold
        return self._beyond(reading.lo) and self._beyond(reading.hi)

    def is_clear(self, reading: Reading) -> bool:
        """Better than the clear value; equal to it is not better."""
        if reading.value is None:
            return False
        if self.direction == "band" and self.band is not None:
            return _outside(reading.value, self.band) < self.clear
        return worse(self.clear, reading.value, self.direction)

    def _beyond(self, value: float) -> bool:
        return beyond(value, self.threshold, self.direction, self.band)


def rule(
    threshold: float,
    direction: str,
    *,
    policy: Policy,
    target: float | None = None,
    band: Band | None = None,
) -> Rule:
    """The rule of a threshold: it clears 10 % of the way to the target, or at the threshold.

    A band has no target, so there it clears at the threshold (method 4). Raises NotANumber,
    UnknownKind, NegativeCount (a distance), ContradictoryThresholds (a band without its range, a
    range that ends before it begins, a KPI that is only shown).
    """
    _check_rule(threshold, direction, target, band)
    if target is None or direction == "band":
        return Rule(threshold, threshold, direction, band)
    limit = _written(threshold)
    gap = _written(policy.clear_gap) * abs(limit - _written(target))
    return Rule(threshold, float(limit + (gap if direction == "up" else -gap)), direction, band)


def _check_rule(threshold: float, direction: str, target: float | None, band: Band | None) -> None:
    _check_direction(direction)
    finite(threshold, "threshold")
    if target is not None:
        finite(target, "target")
    if direction == "context":
        raise ContradictoryThresholds("A KPI that is only shown has no thresholds.")
    if direction != "band":
        return
    if threshold < 0:
        raise NegativeCount("The distance outside the range cannot be below zero.")
    if band is None:
        raise ContradictoryThresholds("A range is needed to say what lies outside of it.")
    if finite(band[0], "start of the range") > finite(band[1], "end of the range"):
        raise ContradictoryThresholds("The range ends before it begins.")


@dataclass(frozen=True)
class Latch:
    """State of one alarm after a period: raised or not, and the runs that may change that."""

    active: bool = False
    breaches: int = 0
    clears: int = 0


def step(latch: Latch, reading: Reading, rule: Rule, *, policy: Policy) -> Latch:
    """The alarm after one more period: raised by one confirmed or two breaches in a row, ended
    by two measured values in a row that are better than the clear value."""
    if reading.value is None or not reading.measured:
        return latch
    clears = latch.clears + 1 if rule.is_clear(reading) else 0
    breaches = latch.breaches + 1 if rule.is_breach(reading) else 0
    if latch.active:
        return Latch(clears < policy.clear_periods, breaches, clears)
    raised = rule.is_confirmed(reading) or breaches >= policy.enter_breaches
    return Latch(raised, breaches, clears)


def run(
    readings: Sequence[Reading],
    rules: Mapping[str, Rule | None],
    *,
    policy: Policy,
) -> list[Level]:
    """The level after each period, alarms included; `rules` by "warning" and "critical"."""
    latches = dict.fromkeys(rules, Latch())
    levels: list[Level] = []
    previous: Reading | None = None
    for reading in readings:
        for name, one in rules.items():
            if one is not None:
                latches[name] = step(latches[name], reading, one, policy=policy)
        standing = [Level(name) for name, latch in latches.items() if latch.active]
        levels.append(max([_judged(reading, rules, previous), *standing], key=_severity))
        if reading.measured and reading.value is not None:
            previous = reading
    return levels


@dataclass(frozen=True)
class Standing:
    """What a verdict must know of the past: the level at the end of the previous period, and how
    many measured values in a row, the current one included, were better than its clear value."""

    level: str | None
    clear_periods: int


def standing(
    readings: Sequence[Reading], rules: Mapping[str, Rule | None], *, policy: Policy
) -> Standing:
    """The alarm that stood before the newest reading, None where there was none.

    Of two alarms it is the more severe one that still stands: when the critical one has cleared,
    the warning below it stands on its own count.
    """
    standings = []
    for name in (Level.CRITICAL, Level.WARNING):
        rule = rules.get(name)
        if rule is not None and _stood(readings[:-1], rule, policy):
            standings.append(Standing(name.value, _clears(readings, rule)))
    uncleared = [rule for rule in standings if rule.clear_periods < policy.clear_periods]
    return next(iter([*uncleared, *standings]), Standing(None, 0))


def _stood(readings: Sequence[Reading], rule: Rule, policy: Policy) -> bool:
    latch = Latch()
    for reading in readings:
        latch = step(latch, reading, rule, policy=policy)
    return latch.active


def _clears(readings: Sequence[Reading], rule: Rule) -> int:
    """Measured values in a row, the newest included, that are better than the clear value."""
    count = 0
    for reading in reversed(readings):
        if reading.value is None or not reading.measured:
            continue
        if not rule.is_clear(reading):
            break
        count += 1
    return count


NONE_STANDS = Standing(None, 0)
SEVERITY = (Level.SUSPECTED_WARNING, Level.SUSPECTED_CRITICAL, Level.WARNING, Level.CRITICAL)


def level_of(
    reading: Reading,
    rules: Mapping[str, Rule | None],
    *,
    policy: Policy,
    previous: Reading | None = None,
    stood: Standing = NONE_STANDS,
) -> Level:
    """The level of one period as the verdict gives it: the first that applies (method 4).

    `previous` is the reading of the previous measured period, `stood` the alarm at its end; it
    stays until enough measured values cleared it. Nothing usable and no alarm is unknown.
    """
    level = _judged(reading, rules, previous)
    has_value = reading.measured and reading.value is not None
    if stood.level is None or (has_value and stood.clear_periods >= policy.clear_periods):
        return level
    return max(level, Level(stood.level), key=_severity)


def _severity(level: Level) -> int:
    return SEVERITY.index(level) if level in SEVERITY else -1


def _judged(reading: Reading, rules: Mapping[str, Rule | None], previous: Reading | None) -> Level:
    if reading.value is None:
        return Level.UNKNOWN
    suspected = Level.OK
    # All confirmed levels come before all suspected ones (method 4).
    for name in (Level.CRITICAL, Level.WARNING):
        rule = rules.get(name)
        if rule is None:
            continue
        breached = rule.is_breach(reading)
        again = previous is not None and previous.measured and rule.is_breach(previous)
        if rule.is_confirmed(reading) or (breached and again):
            return name
        if breached and suspected is Level.OK:
            suspected = Level(f"suspected_{name}")
    return suspected
