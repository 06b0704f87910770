"""Readers of single values: each takes a value and its place, and refuses with that place."""

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kpis.domain.intervals import Share
from kpis.domain.verdict.errors import (
    BelowZero,
    ContradictoryLimits,
    MoreThanAll,
    NotFinite,
    UnknownField,
    UnknownValue,
    WrongType,
)

Reader = Callable[[Any, str], Any]


def number(value: Any, place: str) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise NotFinite(place, f"“{value}” is not a number.")
    try:
        finite = math.isfinite(value)
    except OverflowError:
        finite = False
    if not finite:
        raise NotFinite(place, f"{value} is not a finite number.")
    return value


def amount(value: Any, place: str) -> float:
    """A finite number of zero or more."""
    found = number(value, place)
    if found < 0:
        raise BelowZero(place, f"{value} is below zero.")
    return found


def part_of_one(value: Any, place: str) -> float:
    """A share from 0 to 1."""
    found = amount(value, place)
    if found > 1:
        raise MoreThanAll(place, f"{value} is more than all; a share ends at 1.")
    return found


def count(value: Any, place: str) -> int:
    """A whole number of zero or more."""
    found = amount(value, place)
    if found != int(found):
        raise WrongType(place, f"{value} is not a whole number.")
    return int(found)


def flag(value: Any, place: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise WrongType(place, f"“{value}” is neither true nor false.")
    return value


def text(value: Any, place: str) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value:
        raise WrongType(place, f"“{value}” is not a text.")
    return value


def items(value: Any, place: str) -> list[Any]:
    """A list."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise WrongType(place, "a list is needed.")
    return list(value)


def named(value: Any, place: str) -> Mapping[str, Any]:
    """A mapping of named fields."""
    if not isinstance(value, Mapping):
        raise WrongType(place, "named fields are needed.")
    for name in value:
        if not isinstance(name, str):
            raise UnknownField(place, f"“{name}” is not the name of a field.")
    return value


def words(value: Any, place: str) -> tuple[str, ...]:
    """A list of texts."""
    return tuple(text(word, f"{place}[{index}]") for index, word in enumerate(items(value, place)))


def day(value: Any, place: str) -> dt.date:
    """A date or its ISO text."""
    if isinstance(value, dt.datetime):
        raise WrongType(place, "a date without a time is needed.")
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise WrongType(place, f"“{value}” is not a date such as 2026-11-24.") from error


def share(value: Any, place: str) -> Share:
    """{num, den} with 0 <= num <= den, whole numbers."""
    found = named(value, place)
    for name in found:
        if name not in {"num", "den"}:
            raise UnknownField(f"{place}.{name}", "there is no such field; give num and den.")
    part = Share(count(found.get("num"), f"{place}.num"), count(found.get("den"), f"{place}.den"))
    if part.num > part.den:
        raise MoreThanAll(place, f"{part.num} of {part.den} is more than all.")
    return part


def band(value: Any, place: str) -> tuple[float, float]:
    """The two ends of a range."""
    ends = items(value, place)
    if len(ends) != 2:
        raise WrongType(place, "give the two ends of the range.")
    low, high = number(ends[0], f"{place}[0]"), number(ends[1], f"{place}[1]")
    if low > high:
        raise ContradictoryLimits(place, "the range ends before it begins.")
    return low, high


def one_of(*known: str) -> Reader:
    """A reader of one word out of `known`."""

    def read(value: Any, place: str) -> str:
        if not isinstance(value, str) or value not in known:
            raise UnknownValue(place, f"“{value}” is not known; it is one of {', '.join(known)}.")
        return value

    return read


def one_or_none(*known: str) -> Reader:
    """As `one_of`; the word “none” says the same as leaving the field out."""
    read = one_of(*known, "none")
    return lambda value, place: None if read(value, place) == "none" else value


def many_of(*known: str) -> Reader:
    """A reader of a list of words out of `known`."""
    read = one_of(*known)
    return lambda value, place: tuple(
        read(word, f"{place}[{index}]") for index, word in enumerate(items(value, place))
    )


def held(value: Any, place: str) -> bool | str:
    """two_periods: true, false, or the word “warning”."""
    if value == "warning" or isinstance(value, bool):
        return value  # type: ignore[no-any-return]
    raise UnknownValue(place, f"“{value}” is not known; it is true, false or warning.")
