"""Survey statistics and what may be shown of them (method 6.4): counts, never means of codes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpis.domain.checks import count
from kpis.domain.errors import EmptySeries, NumeratorAboveDenominator, UnknownKind
from kpis.domain.policy import Policy
from kpis.domain.statistics.intervals import Interval, Share, wilson


@dataclass(frozen=True)
class Distribution:
    """Answers per code in the order of the scale, and how many were invited (0: not known).

    Raises NotANumber, NegativeCount, NumeratorAboveDenominator (more answers than invitations).
    """

    counts: Mapping[str, int]
    invited: int = 0

    def __post_init__(self) -> None:
        for code, answers in self.counts.items():
            count(answers, f"number of answers “{code}”")
        count(self.invited, "number invited")
        if self.invited and self.answered > self.invited:
            raise NumeratorAboveDenominator("More people answered than were invited.")

    @property
    def answered(self) -> int:
        return sum(self.counts.values())

    def shares(self) -> dict[str, float]:
        """Share of each answer. Raises EmptySeries where nobody answered."""
        if not self.answered:
            raise EmptySeries("Nobody answered.")
        return {code: answers / self.answered for code, answers in self.counts.items()}

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


def enps(promoters: int, passives: int, detractors: int, z: float, *, policy: Policy) -> Enps:
    """eNPS: variance ((p + d) - (p - d)^2) / n; reportable from 30 answers on.

    Raises EmptySeries, NotANumber, NegativeCount.
    """
    groups = {"promoters": promoters, "passives": passives, "detractors": detractors}
    n = sum(count(size, f"number of {name}") for name, size in groups.items())
    if n == 0:
        raise EmptySeries("Nobody answered.")
    p, d = promoters / n, detractors / n
    half = z * math.sqrt(((p + d) - (p - d) ** 2) / n)
    value = p - d
    ends = (value * 100, (value - half) * 100, (value + half) * 100)
    return Enps(*ends, reportable=n >= policy.enps_answers)


def allows_conclusion(participation: Share, *, policy: Policy) -> bool:
    """Whether enough of the invited answered; below, figures are printed without conclusion.

    Raises NotANumber, NegativeCount, NumeratorAboveDenominator.
    """
    count(participation.num, "number of answers")
    count(participation.den, "number invited")
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

    Units below k are hidden; while the hidden are fewer than two or hold fewer than k respondents
    together, the next smallest is hidden too (equal sizes: the first in the order). Nothing below
    k, nothing hidden. Where all are hidden and hold fewer than k, their sum is not shown either.
    Raises NotANumber, NegativeCount.
    """
    for size in (*sizes, k):
        count(size, "number of respondents")
    by_size = sorted(range(len(sizes)), key=lambda at: (sizes[at], at))
    hidden = [at for at in by_size if sizes[at] < k]
    for at in by_size[len(hidden) :] if hidden else ():
        if len(hidden) >= 2 and sum(sizes[one] for one in hidden) >= k:
            break
        hidden.append(at)
    return tuple(sorted(hidden))
