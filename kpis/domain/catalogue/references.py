"""Reference points of a KPI (method 4): needed, aimed at, reachable, not to be passed."""

from dataclasses import dataclass

from kpis.domain.checks import finite
from kpis.domain.errors import ContradictoryThresholds, UnknownKind

DIRECTIONS = ("up", "down", "band", "context")


@dataclass(frozen=True, kw_only=True)
class References:
    """What a KPI is held against, in its unit; None where nobody agreed on it.

    `requirement` is needed, `ceiling` is the best that can be reached, the target lies between.
    For a band, warning and critical are distances outside it. `check` refuses contradictions.
    """

    direction: str
    requirement: float | None = None
    target: float | None = None
    ceiling: float | None = None
    warning: float | None = None
    critical: float | None = None
    mwb: float | None = None
    margin: float | None = None


WORDS = {
    "requirement": "requirement",
    "target": "target",
    "ceiling": "best that can be reached",
    "warning": "warning threshold",
    "critical": "critical threshold",
    "mwb": "smallest worthwhile benefit",
    "margin": "tolerated worsening",
}


def check(references: References) -> References:
    """The references, if they hold together. Raises ContradictoryThresholds, NotANumber,
    UnknownKind with a sentence."""
    if references.direction not in DIRECTIONS:
        raise UnknownKind(f"“{references.direction}” is not a direction of better.")
    for name, words in WORDS.items():
        if getattr(references, name) is not None:
            finite(getattr(references, name), words)
    for fault in contradictions(references).values():
        raise ContradictoryThresholds(fault)
    return references


def contradictions(references: References) -> dict[str, str]:
    """Sentences by the field they stand beside; empty where everything holds together."""
    faults: dict[str, str] = {}
    if references.mwb is not None and references.mwb <= 0:
        faults["mwb"] = "The smallest worthwhile benefit must be above zero."
    if references.margin is not None and references.margin < 0:
        faults["margin"] = "The tolerated worsening cannot be below zero."
    limits = (references.warning, references.critical)
    if references.direction == "context":
        if any(limit is not None for limit in limits):
            faults["warning"] = "A KPI that is only shown has no thresholds."
        return faults
    if references.direction == "band":
        return faults | _band_faults(references)
    return faults | _order_faults(references)


def _band_faults(references: References) -> dict[str, str]:
    faults = {}
    for name in ("warning", "critical"):
        distance = getattr(references, name)
        if distance is not None and distance < 0:
            faults[name] = "The distance outside the range cannot be below zero."
    near, far = references.warning, references.critical
    if not faults and near is not None and far is not None and far <= near:
        faults["critical"] = (
            f"The critical distance {far:g} must be above the warning distance {near:g}."
        )
    return faults


def _order_faults(references: References) -> dict[str, str]:
    side = "below" if references.direction == "up" else "above"

    def weaker(a: float | None, b: float | None) -> bool:
        return a is not None and b is not None and worse(a, b, references.direction)

    faults = {}
    if weaker(references.ceiling, references.target):
        faults["target"] = (
            f"The target {references.target:g} lies beyond {references.ceiling:g}, the best that "
            "can be reached."
        )
    elif weaker(references.target, references.requirement):
        faults["target"] = (
            f"The target {references.target:g} is weaker than the requirement "
            f"{references.requirement:g}."
        )
    elif weaker(references.ceiling, references.requirement):
        faults["ceiling"] = (
            f"The best that can be reached, {references.ceiling:g}, does not meet the requirement "
            f"{references.requirement:g}."
        )
    both = references.warning is not None and references.critical is not None
    if both and not weaker(references.critical, references.warning):
        faults["critical"] = (
            f"The critical threshold {references.critical:g} must be worse than the warning "
            f"threshold {references.warning:g}, that is {side} it."
        )
    return faults


def worse(a: float, b: float, direction: str) -> bool:
    """Whether a is worse than b where less ("down") or more ("up") is better."""
    return a < b if direction == "up" else a > b


def met_before(baseline: float | None, requirement: float | None, direction: str) -> str:
    """A note where the requirement was met before AI; empty otherwise."""
    if baseline is None or requirement is None or direction not in {"up", "down"}:
        return ""
    if worse(baseline, requirement, direction):
        return ""
    return "The requirement was met before AI; meeting it proves no benefit."


def progress(value: float, baseline: float | None, target: float | None) -> float | None:
    """Share of the way from the baseline to the target; None where one of them is not known.

    Raises NotANumber.
    """
    if baseline is None or target is None or baseline == target:
        return None
    for number, words in ((value, "value"), (baseline, "baseline"), (target, "target")):
        finite(number, words)
    return (value - baseline) / (target - baseline)
