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


def check(given: References) -> References:
    """The references, if they hold together. Raises ContradictoryThresholds, NotANumber,
    UnknownKind with a sentence."""
    if given.direction not in DIRECTIONS:
        raise UnknownKind(f"“{given.direction}” is not a direction of better.")
    for name, words in WORDS.items():
        if getattr(given, name) is not None:
            finite(getattr(given, name), words)
    for fault in contradictions(given).values():
        raise ContradictoryThresholds(fault)
    return given


def contradictions(given: References) -> dict[str, str]:
    """Sentences by the field they stand beside; empty where everything holds together."""
    found: dict[str, str] = {}
    if given.mwb is not None and given.mwb <= 0:
        found["mwb"] = "The smallest worthwhile benefit must be above zero."
    if given.margin is not None and given.margin < 0:
        found["margin"] = "The tolerated worsening cannot be below zero."
    limits = (given.warning, given.critical)
    if given.direction == "context":
        if any(limit is not None for limit in limits):
            found["warning"] = "A KPI that is only shown has no thresholds."
        return found
    if given.direction == "band":
        return found | _band_faults(given)
    return found | _order_faults(given)


def _band_faults(given: References) -> dict[str, str]:
    found = {}
    for name in ("warning", "critical"):
        distance = getattr(given, name)
        if distance is not None and distance < 0:
            found[name] = "The distance outside the range cannot be below zero."
    near, far = given.warning, given.critical
    if not found and near is not None and far is not None and far <= near:
        found["critical"] = (
            f"The critical distance {far:g} must be above the warning distance {near:g}."
        )
    return found


def _order_faults(given: References) -> dict[str, str]:
    side = "below" if given.direction == "up" else "above"

    def weaker(a: float | None, b: float | None) -> bool:
        return a is not None and b is not None and worse(a, b, given.direction)

    found = {}
    if weaker(given.ceiling, given.target):
        found["target"] = (
            f"The target {given.target:g} lies beyond {given.ceiling:g}, the best that can be "
            "reached."
        )
    elif weaker(given.target, given.requirement):
        found["target"] = (
            f"The target {given.target:g} is weaker than the requirement {given.requirement:g}."
        )
    elif weaker(given.ceiling, given.requirement):
        found["ceiling"] = (
            f"The best that can be reached, {given.ceiling:g}, does not meet the requirement "
            f"{given.requirement:g}."
        )
    both = given.warning is not None and given.critical is not None
    if both and not weaker(given.critical, given.warning):
        found["critical"] = (
            f"The critical threshold {given.critical:g} must be worse than the warning "
            f"threshold {given.warning:g}, that is {side} it."
        )
    return found


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
