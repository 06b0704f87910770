"""Why a case is refused: one class per reason, each message begins with the place."""

from kpis.domain.errors import (
    ContradictoryThresholds,
    MethodError,
    NegativeCount,
    NotANumber,
    NumeratorAboveDenominator,
    UnknownKind,
)


class BadEvidence(MethodError):
    """A case cannot be judged; `place` names where, the message is a sentence about it."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason


class NotFinite(BadEvidence, NotANumber):
    """NaN, infinity, or something that is no number."""


class BelowZero(BadEvidence, NegativeCount):
    """A count, a time, a load or a spread below zero."""


class MoreThanAll(BadEvidence, NumeratorAboveDenominator):
    """A part greater than its whole."""


class UnknownValue(BadEvidence, UnknownKind):
    """A kind, role, code or other word that the method does not know."""


class UnknownField(BadEvidence):
    """A field or block that does not exist."""


class WrongType(BadEvidence):
    """A text where a list is needed, a number where a date is needed, and the like."""


class MissingField(BadEvidence):
    """A field without which the case has no meaning."""


class DuplicateKey(BadEvidence):
    """Two KPIs, or two cases, of one name."""


class ContradictoryLimits(BadEvidence, ContradictoryThresholds):
    """Benefit, margin, thresholds, band or interval that cannot hold together."""


class Endless(BadEvidence):
    """A case that is taken from itself, or nested without end."""


class TooManyPrimaries(BadEvidence):
    """More primary outcomes than a comparison can carry."""


class UnclearExperiment(BadEvidence):
    """An experiment beside more than one primary outcome."""
