"""Parts of a figure, checked: what a state of each kind is made of (method 3.1)."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from kpis.domain.aggregation import sketch
from kpis.domain.aggregation.money import code_of
from kpis.domain.errors import (
    ContradictoryThresholds,
    EmptySeries,
    MethodError,
    NegativeCount,
    NotANumber,
    NumeratorAboveDenominator,
)

Parts = Mapping[str, Any]
Checked = dict[str, Any]
# Sums of squares of spread-out decimals may be rounded in their last digits.
_ROUNDING = Decimal("1e-9")
# Digits before and after the point; within them any number of figures adds up without rounding.
DIGITS = 60


def exact(value: Any, what: str) -> Decimal:
    """An exact decimal from a number or its text. Raises NotANumber for NaN and infinity."""
    if value is None or (isinstance(value, str) and not value.strip()):
        raise NotANumber(f"The {what} is missing.")
    if isinstance(value, bool):
        raise NotANumber(f"The {what} must be a number, not {value}.")
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise NotANumber(f"The {what} “{value}” is not a number.") from error
    if not number.is_finite():
        raise NotANumber(f"The {what} is not a finite number.")
    if number and (number.adjusted() > DIGITS or _last_place(number) < -DIGITS):
        raise NotANumber(f"The {what} has too many digits to be a figure.")
    return number


def _last_place(number: Decimal) -> int:
    return int(number.as_tuple().exponent)


def whole(value: Any, what: str) -> int:
    """A count of zero or more. Raises NotANumber or NegativeCount."""
    number = _integer(value, what)
    if number < 0:
        raise NegativeCount(f"The {what} cannot be below zero.")
    return number


def _integer(value: Any, what: str) -> int:
    # Most parts are counts and need no second look.
    if type(value) is int and abs(value) < 10**18:
        return value
    number = exact(value, what)
    if number != number.to_integral_value():
        raise NotANumber(f"The {what} must be a whole number, not {value}.")
    return int(number)


def positive(value: Any, what: str) -> Decimal:
    """An exact decimal of zero or more."""
    number = exact(value, what)
    if number < 0:
        raise NegativeCount(f"The {what} cannot be below zero.")
    return number


def names(value: Any, what: str) -> list[str]:
    """Different names in their order. Raises MethodError for anything but a list of names."""
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        raise MethodError(f"The {what} must be a list.")
    entries = list(value)
    if any(one is None or isinstance(one, bool | float) for one in entries):
        raise MethodError(f"The {what} must be names.")
    return sorted({str(one) for one in entries})


def _named(value: Any, what: str) -> Mapping[Any, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise MethodError(f"The {what} must each have a name.")
    return value


def share(top: str, bottom: str) -> Callable[[Parts], Checked]:
    """Whole numbers of which the first is part of the second."""

    def check(parts: Parts) -> Checked:
        num, den = whole(parts.get(top), "numerator"), whole(parts.get(bottom), "denominator")
        if num > den:
            raise NumeratorAboveDenominator(
                f"The numerator {num:,} is above the denominator {den:,}."
            )
        return {top: num, bottom: den}

    return check


def quotient(parts: Parts) -> Checked:
    den = positive(parts.get("den"), "denominator")
    return {"num": exact(parts.get("num"), "numerator"), "den": den}


def rate(parts: Parts) -> Checked:
    return {
        "events": whole(parts.get("events"), "number of events"),
        "exposure": positive(parts.get("exposure"), "exposure"),
    }


def mean(parts: Parts) -> Checked:
    """`sumsq` is None where nobody knows it: then the mean has no spread."""
    n, total = whole(parts.get("n"), "number of cases"), exact(parts.get("sum"), "sum")
    # Stored parts have six places: each of n figures may have lost half of the last one.
    squares = _squares(parts, n, total, room=(n + 2 * abs(total)) * n / 1_000_000)
    return {"n": n, "sum": total, "sumsq": squares}


def _squares(parts: Parts, n: int, total: Decimal, room: Decimal) -> Decimal | None:
    if n == 0 and total != 0:
        raise EmptySeries("A sum needs the number of its cases.")
    given = parts.get("sumsq")
    squares = None if given is None else positive(given, "sum of squares")
    # Nobody's squares are zero unless the values are: it stands for "not known".
    if squares is None or (squares == 0 and total != 0):
        return Decimal(0) if n == 0 else None
    if n * squares * (1 + _ROUNDING) + room < total * total:
        raise ContradictoryThresholds("The sum of squares is too small for this sum.")
    return squares


def duration(parts: Parts) -> Checked:
    """Times in whole milliseconds; sums of ln x are whole millionths, and their squares."""
    n, total = whole(parts.get("n"), "number of cases"), whole(parts.get("sum_ms"), "sum of times")
    # Each case may have been rounded to a millisecond.
    squares = _squares(parts, n, Decimal(total), room=Decimal(n) * n)
    low, high = (
        None if parts.get(name) is None else whole(parts[name], what)
        for name, what in (("min", "shortest time"), ("max", "longest time"))
    )
    if low is not None and high is not None and low > high:
        raise ContradictoryThresholds("The shortest time is longer than the longest.")
    buckets = sketch.checked(_named(parts.get("buckets"), "buckets"))
    if sum(buckets.values()) > n:
        raise NumeratorAboveDenominator("The buckets hold more times than there are cases.")
    return {
        "n": n,
        "sum_ms": total,
        "sumsq": None if squares is None else _integer(squares, "sum of squares"),
        "sum_ln": _integer(parts.get("sum_ln", 0), "sum of logarithms"),
        "sumsq_ln": whole(parts.get("sumsq_ln", 0), "sum of squared logarithms"),
        "min": low,
        "max": high,
        "buckets": buckets,
    }


def money(parts: Parts) -> Checked:
    amounts = {
        code_of(str(code)): _integer(amount, f"amount in {code}")
        for code, amount in _named(parts.get("minor"), "amounts").items()
    }
    return {"minor": dict(sorted(amounts.items()))}


def rating(parts: Parts) -> Checked:
    """`invited` is None where nobody knows it; `scale` names the version of the scale."""
    counts = {
        str(answer): whole(count, f"number of answers “{answer}”")
        for answer, count in _named(parts.get("counts"), "answers").items()
    }
    given, answered = parts.get("invited"), sum(counts.values())
    invited = None if given is None else whole(given, "number invited")
    # Nobody answers without being asked: zero stands for "not known".
    if answered and invited == 0:
        invited = None
    if invited is not None and invited < answered:
        raise NumeratorAboveDenominator("More people answered than were invited.")
    found: Checked = {"counts": dict(sorted(counts.items())), "invited": invited}
    found["top"] = names(parts.get("top") or [], "top answers")
    return found | versions(parts, "scale")


def versions(parts: Parts, name: str) -> Checked:
    """The versions under a name, if any were given; one may stand for itself."""
    given = parts.get(name)
    found = names([given] if isinstance(given, str) else given or [], f"versions of the {name}")
    return {name: found} if found else {}


def confusion(parts: Parts) -> Checked:
    words = {"tp": "rightly found", "fp": "wrongly found", "fn": "missed", "tn": "rightly left"}
    return {name: whole(parts.get(name), f"number {word}") for name, word in words.items()}


def score(parts: Parts) -> Checked:
    """Weighted sum, sum of weights, and the version of the rubric; without a name it is a version
    of its own, so that it compares with none that has one."""
    return {
        "sum_ws": exact(parts.get("sum_ws"), "weighted sum"),
        "sum_w": positive(parts.get("sum_w"), "sum of weights"),
    } | (versions(parts, "rubric") or {"rubric": [""]})


def distinct(parts: Parts) -> Checked:
    return {"members": names(parts.get("members", []), "members")}


def gauge(parts: Parts) -> Checked:
    """Levels by the instant at which they were read, and the seconds for which each stood.

    One reading may be given as `value`, `at` and, where it is known, `seconds`.
    """
    levels, seconds = parts.get("levels"), parts.get("seconds")
    if levels is None:
        at = parts.get("at")
        levels = {at: parts.get("value")}
        seconds = {} if seconds is None else {at: seconds}
    read = {instant(at): exact(value, "value") for at, value in _named(levels, "levels").items()}
    stood = {
        instant(at): whole(length, "number of seconds")
        for at, length in _named(seconds, "seconds").items()
    }
    if stood.keys() - read.keys():
        raise MethodError("Seconds stand beside a level that nobody read.")
    return {"levels": dict(sorted(read.items())), "seconds": dict(sorted(stood.items()))}


def as_read(state: Parts) -> Parts:
    """The state of a single reading as it is given; several stay as they are."""
    if len(state["levels"]) != 1:
        return state
    ((at, value),) = state["levels"].items()
    seconds = state["seconds"].get(at)
    return {"value": value, "at": at} | ({} if seconds is None else {"seconds": seconds})


def instant(given: Any) -> str:
    """A day or an instant in the one way in which equal ones are written. Raises MethodError."""
    text = given.isoformat() if isinstance(given, dt.date) else str(given or "").strip()
    for read in (_day, _moment):
        try:
            return read(text)
        except ValueError:
            continue
    raise MethodError(f"“{text}” is not the day of a level, nor an instant with its time zone.")


def _day(text: str) -> str:
    return dt.date.fromisoformat(text).isoformat()


def _moment(text: str) -> str:
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(dt.UTC).isoformat()


def opaque(parts: Parts) -> Checked:
    given = parts.get("values")
    values = [parts.get("value")] if given is None else list(given)
    return {"values": sorted(exact(value, "value") for value in values)}
