"""Quantile sketch (DDSketch, alpha 0.01): exact to merge, deterministic, with a stated bound.

Source: Masson, Rim and Lee, DDSketch, PVLDB 12 (2019). |estimate - true| <= alpha * true.
"""

import math
from collections.abc import Mapping
from typing import Any

from kpis.domain.checks import count, finite
from kpis.domain.errors import EmptySeries, MethodError, NotANumber

# The format of what is stored: with another alpha old buckets would mean other values.
ALPHA = 0.01
GAMMA = (1 + ALPHA) / (1 - ALPHA)
_LN_GAMMA = math.log(GAMMA)
ZERO = "zero"
# Beyond these the bound cannot be kept in floating point.
SMALLEST, LARGEST = 1e-300, 1e300
_FARTHEST = math.ceil(math.log(LARGEST) / _LN_GAMMA)


def key_of(value: float) -> str:
    """The bucket of a value: ceil(ln x / ln gamma); zero has its own. Raises NotANumber."""
    number = finite(value, "value in a sketch")
    if number == 0:
        return ZERO
    if not SMALLEST <= number <= LARGEST:
        raise NotANumber(f"A sketch holds values of zero or more, up to 1e300, not {value}.")
    return str(math.ceil(math.log(number) / _LN_GAMMA))


def checked(buckets: Mapping[Any, Any]) -> dict[str, int]:
    """Buckets as they were stored, each under the one way in which its key is written.

    Raises MethodError (a key that is none), NotANumber, NegativeCount.
    """
    checked_buckets: dict[str, int] = {}
    for given, size in buckets.items():
        key = str(given)
        if key != ZERO and not _is_key(key):
            raise MethodError(f"“{key}” is not a bucket of a sketch.")
        checked_buckets[key] = count(size, "bucket count")
    return merge(checked_buckets, {})


def _is_key(text: str) -> bool:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 5):
        return False
    return str(int(text)) == text and abs(int(text)) <= _FARTHEST


def merge(a: Mapping[str, int], b: Mapping[str, int]) -> dict[str, int]:
    """Counts added bucket by bucket; keys in ascending order."""
    return {key: a.get(key, 0) + b.get(key, 0) for key in sorted({*a, *b}, key=_order)}


def quantile(buckets: Mapping[str, int], q: float) -> float:
    """Estimate of the order statistic of rank floor(q * (n - 1)).

    Raises MethodError, NotANumber, EmptySeries (no value).
    """
    if not 0 <= finite(q, "quantile") <= 1:
        raise MethodError(f"A quantile lies between 0 and 1, not {q}.")
    total = sum(buckets.values())
    if total == 0:
        raise EmptySeries("A sketch without values has no quantile.")
    rank, seen = math.floor(q * (total - 1)), 0
    for key in sorted(buckets, key=_order):
        seen += buckets[key]
        if seen > rank:
            return 0.0 if key == ZERO else 2 * GAMMA ** int(key) / (GAMMA + 1)
    raise AssertionError("unreachable: counts add up to more than any rank")


def _order(key: str) -> float:
    return -math.inf if key == ZERO else int(key)
