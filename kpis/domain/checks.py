"""Numbers as the method takes them: finite, and never a yes or no in place of one."""

import math
from collections.abc import Iterable
from decimal import Decimal
from numbers import Real
from typing import Any

from kpis.domain.errors import NegativeCount, NotANumber


def finite(value: Any, what: str) -> float:
    """The value as a float. Raises NotANumber for NaN, infinity, text, yes and no."""
    if isinstance(value, bool) or not isinstance(value, Real | Decimal):
        raise NotANumber(f"The {what} must be a number, not {value!r}.")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise NotANumber(f"The {what} must be a finite number.")
    return number


def not_negative(value: Any, what: str) -> float:
    """As `finite`. Raises NegativeCount below zero too."""
    number = finite(value, what)
    if number < 0:
        raise NegativeCount(f"The {what} cannot be below zero.")
    return number


def count(value: Any, what: str) -> int:
    """A whole number of zero or more. Raises NotANumber, NegativeCount."""
    number = not_negative(value, what)
    if number != int(number):
        raise NotANumber(f"The {what} must be a whole number, not {value}.")
    return int(value)


def all_finite(values: Iterable[Any], what: str) -> list[float]:
    """Every value as `finite` gives it."""
    return [finite(value, what) for value in values]
