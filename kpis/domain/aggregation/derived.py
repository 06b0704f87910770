"""What can be read from a state besides its value (method 3.1): derived last, never stored."""

import math
from decimal import Decimal
from enum import StrEnum

from kpis.domain.aggregation import sketch
from kpis.domain.aggregation.monoids import LN_SCALE, Kind, State
from kpis.domain.errors import EmptySeries, UnknownKind
from kpis.domain.statistics.intervals import Moments


class Fold(StrEnum):
    """How the levels of a stock are read over time; over units they add up."""

    LAST = "last"
    MIN = "min"
    MAX = "max"
    TIME_WEIGHTED = "time_weighted"


def moments(kind: str, state: State) -> Moments | None:
    """Cases, mean and standard deviation (n - 1) of a mean or a duration (in milliseconds).

    None for no cases; no deviation where the squares are not known or there is one case. Raises
    UnknownKind for kinds that have none.
    """
    if kind not in {Kind.MEAN, Kind.DURATION}:
        raise UnknownKind(f"A {kind} has no mean of single cases.")
    total = Decimal(state["sum_ms"] if kind == Kind.DURATION else state["sum"])
    return _moments(state["n"], total, state["sumsq"], 1)


def log_moments(state: State) -> Moments | None:
    """Moments of ln x of a duration, for the ratio of typical tasks.

    None where not every time was entered singly, or one was zero: it has no logarithm.
    """
    if not state["n"] or not _is_single(state) or sketch.ZERO in state["buckets"]:
        return None
    return _moments(state["n"], Decimal(state["sum_ln"]), state["sumsq_ln"], LN_SCALE)


def _moments(n: int, total: Decimal, squares: Decimal | int | None, scale: int) -> Moments | None:
    if not n:
        return None
    mean = float(total / n / scale)
    if squares is None or n < 2:
        return Moments(n, mean, None)
    spread = max(Decimal(0), n * Decimal(squares) - total * total) / (n * (n - 1))
    return Moments(n, mean, float(spread.sqrt() / scale))


def typical(state: State) -> float | None:
    """The geometric mean of a duration in milliseconds; None as for `log_moments`."""
    found = log_moments(state)
    return None if found is None else math.exp(found.mean)


def quantile(state: State, q: float) -> float | None:
    """A quantile of a duration in milliseconds, within one hundredth of the true one.

    None where some times came as sums alone. Raises MethodError (q outside 0 to 1).
    """
    return sketch.quantile(state["buckets"], q) if state["n"] and _is_single(state) else None


def _is_single(state: State) -> bool:
    return bool(sum(state["buckets"].values()) == state["n"])


def recall(state: State) -> float | None:
    """Found of all that was there to find; None where there was nothing."""
    return _part(state["tp"], state["tp"] + state["fn"])


def precision(state: State) -> float | None:
    """Right of all that was marked; None where nothing was."""
    return _part(state["tp"], state["tp"] + state["fp"])


def f1(state: State) -> float | None:
    """Harmonic mean of precision and recall; None where there was nothing to find or mark."""
    return _part(2 * state["tp"], 2 * state["tp"] + state["fp"] + state["fn"])


def _part(top: int, bottom: int) -> float | None:
    return top / bottom if bottom else None


def level(state: State, fold: str) -> Decimal | None:
    """The level of a stock; None where nobody read it, or for how long each level stood.

    Raises UnknownKind.
    """
    if fold not in set(Fold):
        raise UnknownKind(f"“{fold}” is not a way to read levels over time.")
    levels: dict[str, Decimal] = state["levels"]
    seconds: dict[str, int] = state["seconds"]
    if not levels:
        return None
    if fold == Fold.LAST:
        return levels[max(levels)]
    if fold != Fold.TIME_WEIGHTED:
        return min(levels.values()) if fold == Fold.MIN else max(levels.values())
    if seconds.keys() != levels.keys() or not sum(seconds.values()):
        return None
    weighted = sum((levels[at] * seconds[at] for at in levels), Decimal(0))
    return weighted / sum(seconds.values())


def spread(state: State) -> tuple[Decimal, Decimal]:
    """Smallest and largest of foreign figures, which cannot be combined. Raises EmptySeries."""
    if not state["values"]:
        raise EmptySeries("There is no foreign figure.")
    return min(state["values"]), max(state["values"])
