"""Survey statistics and what may be shown of them (method 6.4): counts, never means of codes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpis.domain.errors import (
    EmptySeries,
    NegativeCount,
    NumeratorAboveDenominator,
    UnknownKind,
)
from kpis.domain.intervals import Interval, Share, wilson
from kpis.domain.policy import Policy

# Below so many answers an eNPS is printed nowhere: its range spans most of the scale.
ENPS_REPORTABLE = 30


@dataclass(frozen=True)
class Distribution:
    """Answers per code in the order of the scale, and how many were invited (0: not known).

    Raises NegativeCount, NumeratorAboveDenominator (more answers than invitations).
    """

    counts: Mapping[str, int]
    invited: int = 0

    def __post_init__(self) -> None:
        if any(count < 0 for count in self.counts.values()) or self.invited < 0:
            raise NegativeCount("Numbers of answers cannot be below zero.")
        if self.invited and self.answered > self.invited:
            raise NumeratorAboveDenominator("More people answered than were invited.")

    @property
    def answered(self) -> int:
        return sum(self.counts.values())

    def shares(self) -> dict[str, float]:
        """Share of each answer. Raises EmptySeries where nobody answered."""
        if not self.answered:
            raise EmptySeries("Nobody answered.")
        return {code: count / self.answered for code, count in self.counts.items()}

    def top(self, codes: Sequence[str], z: float) -> Interval:
        """Share of the named answers with its Wilson interval (the two top boxes)."""
        for code in codes:
            if code not in self.counts:
                raise UnknownKind(f"“{code}” is not an answer of this scale.")
        return wilson(sum(self.counts[code] for code in set(codes)), self.answered, z)


@dataclass(frozen=True)
class Enps:
    """Promoters minus detractors in points (-100 to 100) with its range."""

    value: float
    lo: float
    hi: float
    reportable: bool


def enps(promoters: int, passives: int, detractors: int, z: float) -> Enps:
    """eNPS: variance ((p + d) - (p - d)^2) / n. Raises EmptySeries, NegativeCount."""
    if min(promoters, passives, detractors) < 0:
        raise NegativeCount("Numbers of answers cannot be below zero.")
    n = promoters + passives + detractors
    if n == 0:
        raise EmptySeries("Nobody answered.")
    p, d = promoters / n, detractors / n
    half = z * math.sqrt(((p + d) - (p - d) ** 2) / n)
    value = p - d
    return Enps(value * 100, (value - half) * 100, (value + half) * 100, n >= ENPS_REPORTABLE)


def allows_conclusion(participation: Share, *, policy: Policy) -> bool:
    """Whether enough of the invited answered; below, figures are printed without conclusion.

    Raises NegativeCount, NumeratorAboveDenominator.
    """
    if min(participation) < 0:
        raise NegativeCount("Numbers of answers cannot be below zero.")
    if participation.num > participation.den:
        raise NumeratorAboveDenominator("More people answered than were invited.")
    return participation.den > 0 and participation.num / participation.den >= (
        policy.survey_conclusion
    )


def threshold(*, sensitive: bool, policy: Policy) -> int:
    """From how many answers on a score, or a comment or sensitive item, may be shown."""
    return policy.comment_answers if sensitive else policy.score_answers


def suppress(sizes: Sequence[int], k: int) -> tuple[int, ...]:
    """Positions of the units to hide so that no group below k can be worked out from the rest.

    Units below k are hidden; while the hidden hold fewer than k respondents or fewer than two
    units with respondents, the next smallest is hidden too (equal sizes: the first in the order).
    Nothing below k, nothing hidden. Raises NegativeCount.
    """
    if any(size < 0 for size in sizes) or k < 1:
        raise NegativeCount("Numbers of respondents cannot be below zero.")
    hidden = {at for at, size in enumerate(sizes) if size < k}
    if not any(sizes[at] for at in hidden):
        # Units without any respondent reveal nobody.
        return tuple(sorted(hidden))
    rest = sorted((size, at) for at, size in enumerate(sizes) if at not in hidden)
    for _, at in rest:
        people = [sizes[one] for one in hidden if sizes[one]]
        if sum(people) >= k and len(people) >= 2:
            break
        hidden.add(at)
    return tuple(sorted(hidden))
