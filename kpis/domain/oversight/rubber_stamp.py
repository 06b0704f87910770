"""A team against its own past: review time halved while corrections went away (capability 6).

Shown beside the signals of method 6.1 and never about a person; it decides nothing by itself.
"""

from kpis.domain.policy import Policy
from kpis.domain.statistics.intervals import Moments, Share, ratio_of_means, wilson

HALF = 0.5


def shift(
    time_now: Moments | None,
    time_before: Moments | None,
    corrected_now: Share | None,
    corrected_before: Share | None,
    *,
    policy: Policy,
    z: float,
) -> bool:
    """Whether reviews take at most half of their former time and corrections fell beyond chance.

    Silent where a figure is missing or below its floor (method 2.7).
    """
    if time_now is None or time_before is None or not corrected_now or not corrected_before:
        return False
    if min(time_now.n, time_before.n) < policy.floor_items:
        return False
    if min(corrected_now.den, corrected_before.den) < policy.floor_ratio:
        return False
    ratio = ratio_of_means(time_now, time_before, z)
    if ratio is None or ratio.value > HALF or ratio.hi >= 1:
        return False
    now = wilson(corrected_now.num, corrected_now.den, z)
    return now.hi < wilson(corrected_before.num, corrected_before.den, z).lo
