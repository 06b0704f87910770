"""Readers of single values: each takes a value and its place, and refuses with that place."""

import datetime as dt
import math
import re
import reprlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kpis.domain.statistics.intervals import Share
from kpis.domain.verdict.errors import (
    BelowZero,
    ContradictoryLimits,
    MissingField,
    MoreThanAll,
    NotFinite,
    UnknownField,
    UnknownValue,
    WrongType,
)

Reader = Callable[[Any, str], Any]
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LONGEST = 60


def brief(value: Any) -> str:
    """What was given, short enough for a sentence."""
    if isinstance(value, bool):
        return str(value).lower()
    try:
        written = value if isinstance(value, str) else reprlib.repr(value)
    except ValueError:  # a whole number of more digits than Python writes
        return "a number of thousands of digits"
    return written if len(written) <= LONGEST else f"{written[: LONGEST - 1]}…"


def number(value: Any, place: str) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise NotFinite(place, f"“{brief(value)}” is not a number.")
    try:
        finite = math.isfinite(value)
    except OverflowError:
        finite = False
    if not finite:
        raise NotFinite(place, f"{brief(value)} is not a finite number.")
    return value


def amount(value: Any, place: str) -> float:
    """A finite number of zero or more."""
    size = number(value, place)
    if size < 0:
        raise BelowZero(place, f"{brief(value)} is below zero.")
    return size


def spread(value: Any, place: str) -> float:
    """Extra spread: times the spread of chance; a million leaves nothing to compute with."""
    found = amount(value, place)
    if found > 1e6:
        raise NotFinite(place, f"{brief(value)} is too large to compute with.")
    return found


def part_of_one(value: Any, place: str) -> float:
    """A share from 0 to 1."""
    found = amount(value, place)
    if found > 1:
        raise MoreThanAll(place, f"{brief(value)} is more than all; a share ends at 1.")
    return found


def count(value: Any, place: str) -> int:
    """A whole number of zero or more, written as one: 5, not 5.0."""
    found = amount(value, place)
    if not isinstance(found, int):
        raise WrongType(place, f"{brief(value)} is not written as a whole number.")
    return found


def flag(value: Any, place: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise WrongType(place, f"“{brief(value)}” is neither true nor false.")
    return value


def text(value: Any, place: str) -> str:
    """A text that is not empty and can be written as UTF-8."""
    if not isinstance(value, str) or not value:
        raise WrongType(place, f"“{brief(value)}” is not a text.")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise WrongType(place, f"“{brief(value)!a}” holds half a character.")
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
            raise UnknownField(place, f"“{brief(name)}” is not the name of a field.")
    return value


def words(value: Any, place: str) -> tuple[str, ...]:
    """A list of texts."""
    return tuple(text(word, f"{place}[{index}]") for index, word in enumerate(items(value, place)))


def day(value: Any, place: str) -> dt.date:
    """A date or its ISO text, year-month-day."""
    if isinstance(value, dt.datetime):
        raise WrongType(place, "a date without a time is needed.")
    if isinstance(value, dt.date):
        return value
    try:
        if not isinstance(value, str) or not ISO_DAY.fullmatch(value):
            raise ValueError(value)
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise WrongType(place, f"“{brief(value)}” is not a date such as 2026-11-24.") from error


def share(value: Any, place: str) -> Share:
    """{num, den} with 0 <= num <= den, whole numbers."""
    parts = named(value, place)
    for name in parts:
        if name not in {"num", "den"}:
            raise UnknownField(f"{place}.{name}", "there is no such field; give num and den.")
    for name in ("num", "den"):
        if parts.get(name) is None:
            raise MissingField(f"{place}.{name}", "this is needed.")
    part = Share(count(parts.get("num"), f"{place}.num"), count(parts.get("den"), f"{place}.den"))
    if part.num > part.den:
        raise MoreThanAll(place, f"{brief(part.num)} of {brief(part.den)} is more than all.")
    return part


def band(value: Any, place: str) -> tuple[float, float]:
    """The two ends of a range."""
    ends = items(value, place)
    if len(ends) != 2:
        raise WrongType(place, "give the two ends of the range.")
    low, high = number(ends[0], f"{place}[0]"), number(ends[1], f"{place}[1]")
    if low >= high:
        raise ContradictoryLimits(place, "the range ends before or where it begins.")
    return low, high


def one_of(*known: str) -> Reader:
    """A reader of one word out of `known`."""

    def read(value: Any, place: str) -> str:
        if not isinstance(value, str) or value not in known:
            words = ", ".join(known)
            raise UnknownValue(place, f"“{brief(value)}” is not known; it is one of {words}.")
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
    raise UnknownValue(place, f"“{brief(value)}” is not known; it is true, false or warning.")
