"""Measurement kinds as commutative monoids (method 3.1).

A state holds whole numbers and exact decimals only; merging is associative and commutative, so
that any split of facts by day and unit folds to the same state, bit for bit. Values are derived
last and never stored as inputs.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext
from enum import StrEnum
from functools import reduce
from typing import Any

from kpis.domain import sketch
from kpis.domain.errors import (
    EmptySeries,
    MethodError,
    NegativeCount,
    NotANumber,
    NumeratorAboveDenominator,
    UnknownKind,
)

State = Mapping[str, Any]
LN_SCALE = 1_000_000


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


def whole(value: Any, what: str) -> int:
    """A count of zero or more. Raises NotANumber or NegativeCount."""
    number = exact(value, what)
    if number != number.to_integral_value():
        raise NotANumber(f"The {what} must be a whole number, not {value}.")
    if number < 0:
        raise NegativeCount(f"The {what} cannot be below zero.")
    return int(number)


def exact(value: Any, what: str) -> Decimal:
    """An exact decimal from a number or its text. Raises NotANumber for NaN and infinity."""
    if value is None or isinstance(value, bool):
        raise NotANumber(f"The {what} is missing.")
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise NotANumber(f"The {what} “{value}” is not a number.") from error
    if not number.is_finite():
        raise NotANumber(f"The {what} is not a finite number.")
    return number


def _positive(value: Any, what: str) -> Decimal:
    number = exact(value, what)
    if number < 0:
        raise NegativeCount(f"The {what} cannot be below zero.")
    return number


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


def _add(*names: str) -> Callable[[State, State], dict[str, Any]]:
    return lambda a, b: {name: a[name] + b[name] for name in names}


def _check_share(top: str, bottom: str) -> Callable[[State], dict[str, Any]]:
    def check(parts: State) -> dict[str, Any]:
        num, den = whole(parts.get(top), "numerator"), whole(parts.get(bottom), "denominator")
        if num > den:
            raise NumeratorAboveDenominator(
                f"The numerator {num:,} is above the denominator {den:,}."
            )
        return {top: num, bottom: den}

    return check


def _check_rate(parts: State) -> dict[str, Any]:
    return {
        "events": whole(parts.get("events"), "number of events"),
        "exposure": _positive(parts.get("exposure"), "exposure"),
    }


def _check_mean(parts: State) -> dict[str, Any]:
    n = whole(parts.get("n"), "number of cases")
    total = exact(parts.get("sum"), "sum")
    squares = _positive(parts.get("sumsq", 0), "sum of squares")
    return {"n": n, "sum": total, "sumsq": squares}


def _check_duration(parts: State) -> dict[str, Any]:
    buckets = {
        str(key): whole(count, "bucket count")
        for key, count in dict(parts.get("buckets") or {}).items()
    }
    n = whole(parts.get("n"), "number of cases")
    low, high = parts.get("min"), parts.get("max")
    return {
        "n": n,
        "sum_ms": whole(parts.get("sum_ms"), "sum of times"),
        "sumsq": whole(parts.get("sumsq", 0), "sum of squares"),
        "sum_ln": int(exact(parts.get("sum_ln", 0), "sum of logarithms")),
        "sumsq_ln": int(exact(parts.get("sumsq_ln", 0), "sum of squared logarithms")),
        "min": None if low is None else whole(low, "shortest time"),
        "max": None if high is None else whole(high, "longest time"),
        "buckets": sketch.merge(buckets, {}),
    }


def _merge_duration(a: State, b: State) -> dict[str, Any]:
    merged = _add("n", "sum_ms", "sumsq", "sum_ln", "sumsq_ln")(a, b)
    merged["min"] = min((x for x in (a["min"], b["min"]) if x is not None), default=None)
    merged["max"] = max((x for x in (a["max"], b["max"]) if x is not None), default=None)
    merged["buckets"] = sketch.merge(a["buckets"], b["buckets"])
    return merged


def _add_counts(a: Mapping[str, int], b: Mapping[str, int]) -> dict[str, int]:
    return {key: a.get(key, 0) + b.get(key, 0) for key in sorted({*a, *b})}


def _check_money(parts: State) -> dict[str, Any]:
    amounts = {
        str(code): int(exact(amount, f"amount in {code}"))
        for code, amount in dict(parts.get("minor") or {}).items()
    }
    return {"minor": dict(sorted(amounts.items()))}


def _money_value(state: State) -> Decimal | None:
    amounts = list(state["minor"].values())
    return Decimal(amounts[0]) / 100 if len(amounts) == 1 else None


def _check_rating(parts: State) -> dict[str, Any]:
    counts = {
        str(answer): whole(count, f"number of answers “{answer}”")
        for answer, count in dict(parts.get("counts") or {}).items()
    }
    invited = whole(parts.get("invited", 0), "number invited")
    top = sorted({str(answer) for answer in parts.get("top", [])})
    return {"counts": dict(sorted(counts.items())), "invited": invited, "top": top}


def _merge_rating(a: State, b: State) -> dict[str, Any]:
    return {
        "counts": dict(sorted(_add_counts(a["counts"], b["counts"]).items())),
        "invited": a["invited"] + b["invited"],
        "top": sorted({*a["top"], *b["top"]}),
    }


def _rating_value(state: State) -> Decimal | None:
    top = sum(count for answer, count in state["counts"].items() if answer in state["top"])
    return _quotient(top, sum(state["counts"].values()))


def _check_confusion(parts: State) -> dict[str, Any]:
    return {name: whole(parts.get(name), name) for name in ("tp", "fp", "fn", "tn")}


def _precision(state: State) -> Decimal | None:
    return _quotient(state["tp"], state["tp"] + state["fp"])


def _check_score(parts: State) -> dict[str, Any]:
    return {
        "sum_ws": exact(parts.get("sum_ws"), "weighted sum"),
        "sum_w": _positive(parts.get("sum_w"), "sum of weights"),
        "rubric": [str(name) for name in parts.get("rubric", [])],
    }


def _merge_score(a: State, b: State) -> dict[str, Any]:
    merged = _add("sum_ws", "sum_w")(a, b)
    merged["rubric"] = sorted({*a["rubric"], *b["rubric"]})
    return merged


def _score_value(state: State) -> Decimal | None:
    return _quotient(state["sum_ws"], state["sum_w"]) if len(state["rubric"]) <= 1 else None


def _check_distinct(parts: State) -> dict[str, Any]:
    return {"members": sorted({str(member) for member in parts.get("members", [])})}


def _merge_distinct(a: State, b: State) -> dict[str, Any]:
    return {"members": sorted({*a["members"], *b["members"]})}


def _check_quotient(parts: State) -> dict[str, Any]:
    den = _positive(parts.get("den"), "denominator")
    return {"num": exact(parts.get("num"), "numerator"), "den": den}


def _check_gauge(parts: State) -> dict[str, Any]:
    return {"at": str(parts.get("at") or ""), "value": exact(parts.get("value"), "value")}


def _later(a: State, b: State) -> dict[str, Any]:
    return dict(max(a, b, key=lambda state: (state["at"], state["value"] or Decimal(0))))


def _check_opaque(parts: State) -> dict[str, Any]:
    given = parts.get("values")
    values = [parts.get("value")] if given is None else list(given)
    return {"values": sorted(exact(value, "value") for value in values)}


def _merge_opaque(a: State, b: State) -> dict[str, Any]:
    return {"values": sorted([*a["values"], *b["values"]])}


def _opaque_value(state: State) -> Decimal | None:
    values = state["values"]
    return values[0] if len(values) == 1 else None


MONOIDS: Mapping[Kind, Monoid] = {
    Kind.COUNT: Monoid(
        {"n": 0},
        lambda parts: {"n": whole(parts.get("n"), "count")},
        _add("n"),
        lambda state: Decimal(state["n"]),
    ),
    Kind.RATIO: Monoid(
        {"num": 0, "den": 0},
        _check_share("num", "den"),
        _add("num", "den"),
        lambda state: _quotient(state["num"], state["den"]),
    ),
    # Two sums of any unit (hours over hours, return over cost): no share, so never an interval.
    Kind.QUOTIENT: Monoid(
        {"num": Decimal(0), "den": Decimal(0)},
        _check_quotient,
        _add("num", "den"),
        lambda state: _quotient(state["num"], state["den"]),
    ),
    Kind.RATE: Monoid(
        {"events": 0, "exposure": Decimal(0)},
        _check_rate,
        _add("events", "exposure"),
        lambda state: _quotient(state["events"], state["exposure"]),
    ),
    Kind.MEAN: Monoid(
        {"n": 0, "sum": Decimal(0), "sumsq": Decimal(0)},
        _check_mean,
        _add("n", "sum", "sumsq"),
        lambda state: _quotient(state["sum"], state["n"]),
    ),
    Kind.DURATION: Monoid(
        {
            "n": 0, "sum_ms": 0, "sumsq": 0, "sum_ln": 0, "sumsq_ln": 0,
            "min": None, "max": None, "buckets": {},
        },
        _check_duration,
        _merge_duration,
        lambda state: _quotient(state["sum_ms"], state["n"]),
    ),
    Kind.MONEY: Monoid(
        {"minor": {}},
        _check_money,
        lambda a, b: {"minor": dict(sorted(_add_counts(a["minor"], b["minor"]).items()))},
        _money_value,
    ),
    Kind.RATING: Monoid(
        {"counts": {}, "invited": 0, "top": []}, _check_rating, _merge_rating, _rating_value
    ),
    Kind.CONFUSION: Monoid(
        {"tp": 0, "fp": 0, "fn": 0, "tn": 0},
        _check_confusion,
        _add("tp", "fp", "fn", "tn"),
        _precision,
    ),
    Kind.UPTIME: Monoid(
        {"up_s": 0, "observed_s": 0},
        _check_share("up_s", "observed_s"),
        _add("up_s", "observed_s"),
        lambda state: _quotient(state["up_s"], state["observed_s"]),
    ),
    Kind.SCORE: Monoid(
        {"sum_ws": Decimal(0), "sum_w": Decimal(0), "rubric": []},
        _check_score,
        _merge_score,
        _score_value,
    ),
    Kind.DISTINCT: Monoid(
        {"members": []},
        _check_distinct,
        _merge_distinct,
        lambda state: Decimal(len(state["members"])),
    ),
    Kind.GAUGE: Monoid(
        {"at": "", "value": None}, _check_gauge, _later, lambda state: state["value"]
    ),
    Kind.OPAQUE: Monoid(
        {"values": []}, _check_opaque, _merge_opaque, _opaque_value, combines=False
    ),
}  # fmt: skip


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
    return {name: _plain(value) for name, value in state.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def fold(kind: str, states: Iterable[State]) -> dict[str, Any]:
    """All states merged into one; the order does not matter. Raises EmptySeries for none."""
    found = list(states)
    if not found:
        raise EmptySeries("There is no figure to combine.")
    return reduce(monoid(kind).merge, found, dict(monoid(kind).identity))


def value(kind: str, state: State) -> Decimal | None:
    """The value derived from a state; None where the parts give none."""
    return monoid(kind).value(state)


def combines(kind: str) -> bool:
    """Whether figures of this kind may be combined over time; if not, only list and range hold."""
    return monoid(kind).combines


def of_durations(milliseconds: Iterable[int]) -> dict[str, Any]:
    """The state of single times in milliseconds, as entered one by one."""
    state = dict(MONOIDS[Kind.DURATION].identity)
    for time in milliseconds:
        ln = round(math.log(time) * LN_SCALE) if time > 0 else 0
        one = {
            "n": 1, "sum_ms": time, "sumsq": time * time, "sum_ln": ln, "sumsq_ln": ln * ln,
            "min": time, "max": time, "buckets": {sketch.key_of(time): 1},
        }  # fmt: skip
        state = _merge_duration(state, one)
    return state
