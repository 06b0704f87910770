"""The change states (method 2.4): oriented so that positive means improvement."""

from enum import StrEnum


class Change(StrEnum):
    BETTER_WORTHWHILE = "better_worthwhile"
    BETTER = "better"
    NOT_WORSE = "not_worse"
    WORSE_WITHIN_MARGIN = "worse_within_margin"
    WORSE = "worse"
    WORSE_BEYOND_MARGIN = "worse_beyond_margin"
    UNCLEAR = "unclear"
    NO_BASELINE = "no_baseline"
    POINT_ONLY = "point_only"
    NOT_JUDGED = "not_judged"
    DEFINITION_CHANGED = "definition_changed"
    NOT_MEASURED = "not_measured"


BETTER = frozenset({Change.BETTER_WORTHWHILE, Change.BETTER})
WORSE = frozenset({Change.WORSE, Change.WORSE_BEYOND_MARGIN})


def change_of(lo: float, hi: float, *, mwb: float | None, margin: float | None) -> Change:
    """State of an effect whose interval is lo..hi.

    `mwb` is the minimum worthwhile benefit, `margin` the largest tolerated worsening, both on the
    scale of the effect. Without them the states that need them are impossible.
    """
    if mwb is not None and lo >= mwb:
        return Change.BETTER_WORTHWHILE
    if lo > 0:
        return Change.BETTER
    if margin is not None and hi < -margin:
        return Change.WORSE_BEYOND_MARGIN
    if hi < 0:
        within = margin is not None and lo > -margin
        return Change.WORSE_WITHIN_MARGIN if within else Change.WORSE
    if margin is not None and lo > -margin:
        return Change.NOT_WORSE
    return Change.UNCLEAR
