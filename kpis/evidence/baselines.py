"""What a baseline was: its value and its interval."""

from typing import Any

from kpis.domain.errors import MethodError
from kpis.domain.statistics.intervals import Interval, garwood, mean_level, wilson


def value_before(parts: dict[str, Any]) -> float | None:
    """The value of a baseline from its parts, None where they give none."""
    for top, bottom in (("num", "den"), ("num", "exposure"), ("events", "exposure")):
        if parts.get(bottom):
            return float(parts[top]) / float(parts[bottom])
    value = parts.get("value", parts.get("mean"))
    return None if value is None else float(value)


def span_before(parts: dict[str, Any]) -> tuple[float, float] | None:
    """The 95 % interval of a baseline, None where its parts allow none (method 2)."""
    try:
        found = _interval(parts)
    except MethodError:
        return None
    return None if found is None else (found.lo, found.hi)


def _interval(parts: dict[str, Any]) -> Interval | None:
    if parts.get("exposure"):
        return garwood(int(parts.get("num", parts.get("events", 0))), float(parts["exposure"]))
    if parts.get("den"):
        return wilson(float(parts["num"]), float(parts["den"]))
    if parts.get("sd") is not None and parts.get("n"):
        return mean_level(int(parts["n"]), float(parts["mean"]), float(parts["sd"]))
    return None
