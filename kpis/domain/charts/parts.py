"""What a chart is made of, and the paths that both kinds of chart draw."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kpis.domain.charts.periods import places
from kpis.domain.charts.scale import Plot, at_text, n
from kpis.domain.statistics.process_charts import ChartPoint, Segment, Signal

Bounds = tuple[float | None, float | None]
HIGH = {Signal.ABOVE_UPL, Signal.TREND_UP, Signal.TWO_IN_THREE_HIGH, Signal.SHIFT_HIGH}


@dataclass(frozen=True)
class Label:
    """A text at a place; `kind` is the last part of its CSS class, `anchor` as in SVG."""

    x: str
    y: str
    text: str
    kind: str
    anchor: str = "start"


@dataclass(frozen=True)
class Mark:
    """Points of one meaning as one path: concerning, improving or neutral."""

    kind: str
    path: str


@dataclass(frozen=True)
class Chart:
    """Everything a template needs, in the order in which it is drawn. Empty text: nothing there."""

    kind: str
    width: str
    height: str
    title: str
    description: str
    note: str = ""
    band: str = ""
    grid: str = ""
    breaks: str = ""
    limits: str = ""
    trial_limits: str = ""
    centre: str = ""
    target: str = ""
    baseline: str = ""
    line: str = ""
    points: str = ""
    marks: tuple[Mark, ...] = ()
    leaders: str = ""
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True)
class Placed:
    """A segment whose points know their place in time; points without a value are left out."""

    segment: Segment
    points: tuple[tuple[float, ChartPoint], ...]


def placed_in_time(segments: Sequence[Segment]) -> list[Placed]:
    """Segments with their points placed; the order of the segments is the order of time."""
    positions, _ = places([point.label for segment in segments for point in segment.points])
    placed, start = [], 0
    for segment in segments:
        pairs = zip(positions[start : start + len(segment.points)], segment.points, strict=True)
        placed.append(Placed(segment, tuple(pair for pair in pairs if is_number(pair[1].value))))
        start += len(segment.points)
    return placed


def is_number(value: float | None) -> bool:
    """Whether there is a value to draw: not None, not infinite, not NaN."""
    return value is not None and math.isfinite(value)


def all_points(placed: Sequence[Placed], *, special: bool) -> list[tuple[float, ChartPoint]]:
    """The points of all segments that are special causes, or those that are not."""
    return [
        pair
        for one in placed
        for pair in one.points
        if (pair[1].signal != Signal.COMMON) is special
    ]


def cut(value: float, bounds: Bounds) -> float:
    """The value, or the bound that it would cross."""
    low, high = bounds
    value = value if low is None else max(low, value)
    return value if high is None else min(high, value)


def kept(bounds: Bounds, placed: Sequence[Placed]) -> Bounds:
    """The bounds that no value crosses; a crossed one is no bound of this measure."""
    values = [point.value for one in placed for _, point in one.points]
    low, high = bounds
    return (
        low if low is not None and all(value >= low for value in values) else None,
        high if high is not None and all(value <= high for value in values) else None,
    )


def domain(
    placed: Sequence[Placed],
    extra: Iterable[float | None],
    bounds: Bounds,
) -> tuple[float, float]:
    """Lowest and highest value to be shown, with room; never below 0 where nothing is."""
    points = [point for one in placed for _, point in one.points]
    limits = [cut(one, bounds) for p in points for one in (p.lower, p.upper) if one is not None]
    centres = [one.segment.centre for one in placed]
    shown = [point.value for point in points] + limits
    shown += [one for one in (*centres, *extra) if one is not None]
    low, high = min(shown), max(shown)
    room = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
    return max(0.0, low - room) if low >= 0 else low - room, high + room


def line(placed: Placed, plot: Plot) -> str:
    """One path for the segment, broken where a period is missing."""
    path = ""
    before = -math.inf
    for at, point in placed.points:
        path += f"{'M' if at - before > 1.5 else ' '}{at_text(plot.x(at), plot.y(point.value))}"
        before = at
    return path


def dots(centres: Iterable[tuple[float, float]]) -> str:
    """Round dots as strokes of no length: one node for all of them."""
    return "".join(f"M{at_text(x, y)}h0" for x, y in centres)


def marks(
    special: Sequence[tuple[float, ChartPoint]], plot: Plot, direction: str, radius: float = 5
) -> tuple[Mark, ...]:
    """Diamonds, one path for each meaning."""
    r = n(radius)
    paths: dict[str, str] = {}
    for at, point in special:
        top = at_text(plot.x(at), plot.y(point.value) - radius)
        kind = meaning(point.signal, direction)
        paths[kind] = paths.get(kind, "") + f"M{top}l{r} {r}-{r} {r}-{r}-{r}z"
    return tuple(Mark(kind, paths[kind]) for kind in sorted(paths))


def meaning(signal: Signal, direction: str) -> str:
    """Whether a special cause is improving or concerning; neutral where nothing is judged."""
    if direction not in {"up", "down"} or signal == Signal.COMMON:
        return "neutral"
    return "improving" if (signal in HIGH) == (direction == "up") else "concerning"
