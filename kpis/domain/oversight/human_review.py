"""Is the human review real (method 6.1)? Signals, planted errors, and what follows from both."""

from dataclasses import dataclass
from enum import StrEnum

from kpis.domain.errors import EmptySeries, NegativeCount
from kpis.domain.policy import Policy
from kpis.domain.statistics.intervals import Share, wilson


class Seeded(StrEnum):
    """Result of the planted errors."""

    NONE = "none"
    FAIL = "fail"
    TOO_FEW = "too_few"
    PASS = "pass"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class ReviewHealth:
    """What planted errors and signals say, and whether the review failed because of them."""

    seeded: Seeded
    signals: tuple[str, ...]
    failed: bool


def fastest_plausible_s(words: int, *, policy: Policy) -> float:
    """Seconds below which a review of so many words is implausible: twice the fastest reading."""
    if words < 0:
        raise NegativeCount("A text cannot have fewer than no words.")
    return words / policy.words_per_minute * 60


def overreliance(caught: Share) -> float:
    """Share of planted errors that were accepted although wrong. Raises EmptySeries."""
    if caught.den == 0:
        raise EmptySeries("No errors were planted.")
    return 1 - caught.num / caught.den


def seeded_result(caught: Share | None, *, policy: Policy, z: float) -> Seeded:
    """Planted errors against the required catch rate; `caught` is (caught, planted)."""
    if caught is None or caught.den == 0:
        return Seeded.NONE
    interval = wilson(caught.num, caught.den, z)
    if caught.den >= policy.seeds_to_fail and interval.hi < policy.required_catch:
        return Seeded.FAIL
    if caught.den < policy.seeds_to_pass:
        return Seeded.TOO_FEW
    return Seeded.PASS if interval.lo >= policy.required_catch else Seeded.INCONCLUSIVE


def signals(
    fast: Share | None, unedited: Share | None, bursts: Share | None, *, policy: Policy, z: float
) -> tuple[str, ...]:
    """Names of the signals whose whole interval is above their limit, from the floor on."""
    rows = (
        ("fast", fast, policy.fast_limit),
        ("unedited", unedited, policy.unedited_limit),
        ("bursts", bursts, policy.bursts_limit),
    )
    return tuple(
        name
        for name, share, limit in rows
        if share is not None
        and share.den >= policy.floor_share
        and wilson(share.num, share.den, z).lo > limit
    )


def review_health(
    *,
    recorded: str,
    fast: Share | None,
    unedited: Share | None,
    bursts: Share | None,
    caught: Share | None,
    policy: Policy,
    z: float,
) -> ReviewHealth:
    """Failed: planted errors fail, the review is recorded as symbolic, or two signals stand.

    Signals are outweighed by passed planted errors; the other two are not.
    """
    result = seeded_result(caught, policy=policy, z=z)
    found = signals(fast, unedited, bursts, policy=policy, z=z)
    many = len(found) >= policy.failing_signals and result is not Seeded.PASS
    return ReviewHealth(result, found, result is Seeded.FAIL or recorded == "symbolic" or many)
