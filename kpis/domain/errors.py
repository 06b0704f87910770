"""Named errors of the method: bad input is refused, never turned into a number."""


class MethodError(ValueError):
    """Input the method refuses; the message is a sentence that says what is wrong.

    `field` names the number it speaks of, where it speaks of a single one.
    """

    def __init__(self, message: str = "", field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotANumber(MethodError):
    """NaN, infinity, or something that is no number."""


class NegativeCount(MethodError):
    """A count, a time or an exposure below zero."""


class NumeratorAboveDenominator(MethodError):
    """More of a part than there is of the whole."""


class EmptySeries(MethodError):
    """Nothing to compute from."""


class UnknownKind(MethodError):
    """A kind, role, direction or code that the method does not know."""


class ContradictoryThresholds(MethodError):
    """Reference points or thresholds that cannot hold together."""
