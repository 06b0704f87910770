"""Quantile sketch (DDSketch, alpha 0.01): exact to merge, deterministic, with a stated bound.

Source: Masson, Rim and Lee, DDSketch, PVLDB 12 (2019). |estimate - true| <= alpha * true.
"""

import math
from collections.abc import Mapping

from kpis.domain.errors import EmptySeries, MethodError, NotANumber

ALPHA = 0.01
GAMMA = (1 + ALPHA) / (1 - ALPHA)
_LN_GAMMA = math.log(GAMMA)
ZERO = "zero"


def key_of(value: float) -> str:
    """The bucket of a value: ceil(ln x / ln gamma); zero has its own. Raises NotANumber."""
    if not math.isfinite(value) or value < 0:
        raise NotANumber(f"A sketch holds finite values of zero or more, not {value}.")
    return ZERO if value == 0 else str(math.ceil(math.log(value) / _LN_GAMMA))


def merge(a: Mapping[str, int], b: Mapping[str, int]) -> dict[str, int]:
    """Counts added bucket by bucket; keys in ascending order."""
    return {key: a.get(key, 0) + b.get(key, 0) for key in sorted({*a, *b}, key=_order)}


def quantile(buckets: Mapping[str, int], q: float) -> float:
    """Estimate of the order statistic of rank floor(q * (n - 1))."""
    if not 0 <= q <= 1:
        raise MethodError(f"A quantile lies between 0 and 1, not {q}.")
    count = sum(buckets.values())
    if count == 0:
        raise EmptySeries("A sketch without values has no quantile.")
    rank, seen = math.floor(q * (count - 1)), 0
    for key in sorted(buckets, key=_order):
        seen += buckets[key]
        if seen > rank:
            return 0.0 if key == ZERO else 2 * GAMMA ** int(key) / (GAMMA + 1)
    raise AssertionError("unreachable: counts add up to more than any rank")


def _order(key: str) -> float:
    return -math.inf if key == ZERO else int(key)
