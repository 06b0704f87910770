"""Measurement kinds as commutative monoids (method 3.1).

A state holds whole numbers and exact decimals only; merging is associative and commutative, so
that any split of facts by day and unit folds to the same state, bit for bit. Values are derived
last and never stored as inputs.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, localcontext
from enum import StrEnum
from functools import reduce
from typing import Any

from kpis.domain.aggregation import parts as checks
from kpis.domain.aggregation import sketch
from kpis.domain.aggregation.money import major
from kpis.domain.checks import count
from kpis.domain.errors import EmptySeries, MethodError, UnknownKind

State = Mapping[str, Any]
LN_SCALE = 1_000_000
# Sums are never rounded: rounded sums depend on their order.
_EXACT = Context(prec=4 * checks.DIGITS, traps=[Inexact])


class Kind(StrEnum):
    COUNT = "count"
    RATIO = "ratio"
    QUOTIENT = "quotient"
    RATE = "rate"
    MEAN = "mean"
    DURATION = "duration"
    MONEY = "money"
    RATING = "rating"
    CONFUSION = "confusion"
    UPTIME = "uptime"
    SCORE = "score"
    DISTINCT = "distinct"
    GAUGE = "gauge"
    OPAQUE = "opaque"


@dataclass(frozen=True)
class Monoid:
    """Identity, check of parts, merge and value of one kind; `combines` over time and units."""

    identity: Mapping[str, Any]
    check: Callable[[State], dict[str, Any]]
    merge: Callable[[State, State], dict[str, Any]]
    value: Callable[[State], Decimal | None]
    combines: bool = True


def _quotient(top: Any, bottom: Any) -> Decimal | None:
    if not bottom:
        return None
    with localcontext() as context:
        context.prec = 28
        return Decimal(str(top)) / Decimal(str(bottom))


def _plus(a: Any, b: Any) -> Any:
    return _EXACT.add(a, b) if isinstance(a, Decimal) or isinstance(b, Decimal) else a + b


def _add(*names: str) -> Callable[[State, State], dict[str, Any]]:
    return lambda a, b: {name: _plus(a[name], b[name]) for name in names}


def _sum_known(a: Any, b: Any) -> Any:
    """None where one of them is not known: a sum of some is not the sum of all."""
    return None if a is None or b is None else _plus(a, b)


def _merge_mean(a: State, b: State) -> dict[str, Any]:
    return _add("n", "sum")(a, b) | {"sumsq": _sum_known(a["sumsq"], b["sumsq"])}


def _merge_duration(a: State, b: State) -> dict[str, Any]:
    merged = _add("n", "sum_ms", "sum_ln", "sumsq_ln")(a, b)
    merged["sumsq"] = _sum_known(a["sumsq"], b["sumsq"])
    merged["min"] = min((x for x in (a["min"], b["min"]) if x is not None), default=None)
    merged["max"] = max((x for x in (a["max"], b["max"]) if x is not None), default=None)
    merged["buckets"] = sketch.merge(a["buckets"], b["buckets"])
    return {name: merged[name] for name in a}


def _add_counts(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _plus(a.get(key, 0), b.get(key, 0)) for key in sorted({*a, *b})}


def _money_value(state: State) -> Decimal | None:
    if len(state["minor"]) != 1:
        return None
    ((currency, amount),) = state["minor"].items()
    return major(amount, currency)


def _merge_rating(a: State, b: State) -> dict[str, Any]:
    return {
        "counts": _add_counts(a["counts"], b["counts"]),
        "invited": _sum_known(a["invited"], b["invited"]),
        "top": sorted({*a["top"], *b["top"]}),
    } | _united(a, b, "scale")


def _united(a: State, b: State, name: str) -> dict[str, Any]:
    found = sorted({*a.get(name, ()), *b.get(name, ())})
    return {name: found} if found else {}


def _rating_value(state: State) -> Decimal | None:
    """None where answers by two versions of a scale were put together."""
    if len(state.get("scale", ())) > 1:
        return None
    top = sum(count for answer, count in state["counts"].items() if answer in state["top"])
    return _quotient(top, sum(state["counts"].values()))


def _precision(state: State) -> Decimal | None:
    return _quotient(state["tp"], state["tp"] + state["fp"])


def _merge_score(a: State, b: State) -> dict[str, Any]:
    return _add("sum_ws", "sum_w")(a, b) | _united(a, b, "rubric")


def _score_value(state: State) -> Decimal | None:
    """None where grades by two versions of a rubric were put together."""
    rubrics = state.get("rubric", ())
    return _quotient(state["sum_ws"], state["sum_w"]) if len(rubrics) <= 1 else None


def _merge_distinct(a: State, b: State) -> dict[str, Any]:
    return {"members": sorted({*a["members"], *b["members"]})}


def _merge_gauge(a: State, b: State) -> dict[str, Any]:
    """Levels of the same instant add up (units), those of different instants stand side by side
    (time); a level stands as long as the longest of its parts."""
    seconds = {**a["seconds"], **b["seconds"]}
    for at in a["seconds"].keys() & b["seconds"].keys():
        seconds[at] = max(a["seconds"][at], b["seconds"][at])
    return {
        "levels": _add_counts(a["levels"], b["levels"]),
        "seconds": dict(sorted(seconds.items())),
    }


def _last_level(state: State) -> Decimal | None:
    levels: Mapping[str, Decimal] = state["levels"]
    return levels[max(levels)] if levels else None


def _merge_opaque(a: State, b: State) -> dict[str, Any]:
    return {"values": sorted([*a["values"], *b["values"]])}


def _opaque_value(state: State) -> Decimal | None:
    values = state["values"]
    return values[0] if len(values) == 1 else None


MONOIDS: Mapping[Kind, Monoid] = {
    Kind.COUNT: Monoid(
        {"n": 0},
        lambda parts: {"n": checks.whole(parts.get("n"), "count")},
        _add("n"),
        lambda state: Decimal(state["n"]),
    ),
    Kind.RATIO: Monoid(
        {"num": 0, "den": 0},
        checks.share("num", "den"),
        _add("num", "den"),
        lambda state: _quotient(state["num"], state["den"]),
    ),
    # Two sums of any unit (hours over hours, return over cost): no share, so never an interval.
    Kind.QUOTIENT: Monoid(
        {"num": Decimal(0), "den": Decimal(0)},
        checks.quotient,
        _add("num", "den"),
        lambda state: _quotient(state["num"], state["den"]),
    ),
    Kind.RATE: Monoid(
        {"events": 0, "exposure": Decimal(0)},
        checks.rate,
        _add("events", "exposure"),
        lambda state: _quotient(state["events"], state["exposure"]),
    ),
    Kind.MEAN: Monoid(
        {"n": 0, "sum": Decimal(0), "sumsq": Decimal(0)},
        checks.mean,
        _merge_mean,
        lambda state: _quotient(state["sum"], state["n"]),
    ),
    Kind.DURATION: Monoid(
        {
            "n": 0,
            "sum_ms": 0,
            "sumsq": 0,
            "sum_ln": 0,
            "sumsq_ln": 0,
            "min": None,
            "max": None,
            "buckets": {},
        },
        checks.duration,
        _merge_duration,
        lambda state: _quotient(state["sum_ms"], state["n"]),
    ),
    Kind.MONEY: Monoid(
        {"minor": {}},
        checks.money,
        lambda a, b: {"minor": _add_counts(a["minor"], b["minor"])},
        _money_value,
    ),
    Kind.RATING: Monoid(
        {"counts": {}, "invited": 0, "top": []}, checks.rating, _merge_rating, _rating_value
    ),
    Kind.CONFUSION: Monoid(
        {"tp": 0, "fp": 0, "fn": 0, "tn": 0},
        checks.confusion,
        _add("tp", "fp", "fn", "tn"),
        _precision,
    ),
    Kind.UPTIME: Monoid(
        {"up_s": 0, "observed_s": 0},
        checks.share("up_s", "observed_s"),
        _add("up_s", "observed_s"),
        lambda state: _quotient(state["up_s"], state["observed_s"]),
    ),
    Kind.SCORE: Monoid(
        {"sum_ws": Decimal(0), "sum_w": Decimal(0)}, checks.score, _merge_score, _score_value
    ),
    Kind.DISTINCT: Monoid(
        {"members": []},
        checks.distinct,
        _merge_distinct,
        lambda state: Decimal(len(state["members"])),
    ),
    Kind.GAUGE: Monoid({"levels": {}, "seconds": {}}, checks.gauge, _merge_gauge, _last_level),
    Kind.OPAQUE: Monoid(
        {"values": []}, checks.opaque, _merge_opaque, _opaque_value, combines=False
    ),
}


def monoid(kind: str) -> Monoid:
    """The monoid of a kind. Raises UnknownKind."""
    try:
        return MONOIDS[Kind(kind)]
    except ValueError as error:
        raise UnknownKind(f"“{kind}” is not a kind of measure.") from error


def from_parts(kind: str, parts: Mapping[str, Any]) -> dict[str, Any]:
    """A checked state from parts as they were entered or stored. Raises MethodError."""
    if not isinstance(parts, Mapping):
        raise MethodError("The parts of a figure must be named.")
    return monoid(kind).check(parts)


def to_parts(kind: str, state: State) -> dict[str, Any]:
    """JSON-safe parts of a state: whole numbers, and exact decimals as text."""
    monoid(kind)
    parts = checks.as_read(state) if kind == Kind.GAUGE else state
    return {name: _plain(value) for name, value in parts.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(_EXACT), "f")
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return value


def fold(kind: str, states: Iterable[State]) -> dict[str, Any]:
    """All states merged into one; the order does not matter. Raises EmptySeries for none."""
    parts = list(states)
    if not parts:
        raise EmptySeries("There is no figure to combine.")
    return reduce(monoid(kind).merge, parts, dict(monoid(kind).identity))


def value(kind: str, state: State) -> Decimal | None:
    """The value derived from a state; None where the parts give none."""
    return monoid(kind).value(state)


def combines(kind: str) -> bool:
    """Whether figures of this kind may be combined over time; if not, only list and range hold."""
    return monoid(kind).combines


def of_durations(milliseconds: Iterable[int]) -> dict[str, Any]:
    """The state of single times in whole milliseconds, as entered one by one.

    Raises NotANumber, NegativeCount.
    """
    state = dict(MONOIDS[Kind.DURATION].identity)
    for given in milliseconds:
        time = count(given, "time in milliseconds")
        ln = round(math.log(time) * LN_SCALE) if time > 0 else 0
        single = {
            "n": 1,
            "sum_ms": time,
            "sumsq": time * time,
            "sum_ln": ln,
            "sumsq_ln": ln * ln,
            "min": time,
            "max": time,
            "buckets": {sketch.key_of(time): 1},
        }
        state = _merge_duration(state, single)
    return state
