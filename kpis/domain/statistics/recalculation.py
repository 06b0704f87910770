"""When limits may be computed anew (method 1.4): four conditions, and a person who signs.

Limits never roll over the newest points. A change of the process (start of the deployment, model,
scope, way of working) opens a new segment by itself and asks nobody.
"""

from dataclasses import dataclass

from kpis.domain.checks import count
from kpis.domain.policy import Policy


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A new segment from the points since a change that nobody recorded as one."""

    has_signal: bool
    cause: str
    is_lasting: bool
    points_since: int
    signed_by: str


def refusals(proposal: Proposal, *, policy: Policy) -> tuple[str, ...]:
    """Why the limits stay as they are, as sentences; empty where they may be computed anew.

    Raises NotANumber, NegativeCount.
    """
    since = count(proposal.points_since, "number of points since the change")
    conditions = (
        (proposal.has_signal, "No signal shows that the process changed."),
        (proposal.cause.strip(), "The cause of the change is not known."),
        (proposal.is_lasting, "The change is not expected to last."),
        (
            since >= policy.trial_points,
            f"Only {since} points came since; limits need {policy.trial_points}.",
        ),
        (proposal.signed_by.strip(), "Nobody signed the new limits."),
    )
    return tuple(sentence for holds, sentence in conditions if not holds)
