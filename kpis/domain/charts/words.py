"""A chart in words: for readers who cannot see it, and for the line above the plot."""

from collections.abc import Callable, Sequence

from kpis.domain.charts.parts import Bounds, Placed, cut
from kpis.domain.charts.periods import period_words, places, year_of
from kpis.domain.statistics.process_charts import ChartPoint, Segment, Signal, Stage, rule_in_words

Format = Callable[[float], str]


def note(placed: Sequence[Placed]) -> str:
    """The one line above the plot: how old the limits are, and the latest special cause."""
    if not placed:
        return "no figures yet"
    last = placed[-1]
    count = len(last.points)
    words = []
    if last.segment.stage == Stage.BUILDING:
        words.append(f"building history: {count} of the 8 points that limits need")
    elif last.segment.stage == Stage.TRIAL:
        words.append(f"trial limits from {count} points")
    newest = last.points[-1][1]
    if newest.signal != Signal.COMMON:
        words.append(f"latest point: {rule_in_words(newest.signal)}")
    return " · ".join(words)


def describe(
    placed: Sequence[Placed],
    unit_format: Format,
    target: float | None,
    baseline: float | None,
    span: tuple[float, float] | None,
    bounds: Bounds,
) -> str:
    """The chart in words for a reader who cannot see it."""
    points = [point for one in placed for _, point in one.points]
    if not points:
        return "No figures yet."
    _, grain = places([point.label for one in placed for point in one.segment.points])
    first, end = points[0].label, points[-1].label
    many = f"{len(points)} {grain + ' ' if grain else ''}point{'' if len(points) == 1 else 's'}"
    since = f"{period_words(first, year_of(end))} to " if len(points) > 1 else ""
    sentences = [f"{many}, {since}{period_words(end)}."]
    last, newest = placed[-1], points[-1]
    value = unit_format(newest.value)
    if last.segment.centre is None or newest.upper is None or newest.lower is None:
        sentences.append(f"Building history: no limits yet. Latest point {value}.")
    else:
        sentences += _describe_limits(points, last.segment, unit_format, bounds)
    if target is not None:
        sentences.append(f"Target {unit_format(target)}.")
    if baseline is not None:
        low_high = f", plausibly {unit_format(span[0])} to {unit_format(span[1])}" if span else ""
        sentences.append(f"Before AI {unit_format(baseline)}{low_high}.")
    return " ".join(sentences)


def _describe_limits(
    points: Sequence[ChartPoint], segment: Segment, unit_format: Format, bounds: Bounds
) -> list[str]:
    newest = points[-1]
    usual = sum(point.signal == Signal.COMMON for point in points)
    kinds = [value for value in Signal if value != Signal.COMMON]
    special = [
        f"{rule_in_words(kind)}: {count}"
        for kind in kinds
        if (count := sum(point.signal == kind for point in points))
    ]
    common = newest.signal == Signal.COMMON
    state = ", within limits" if common else f": {rule_in_words(newest.signal)}"
    trial = "trial limits" if segment.stage == Stage.TRIAL else "limits"
    low, high = (unit_format(cut(value or 0.0, bounds)) for value in (newest.lower, newest.upper))
    return [
        "; ".join([f"{usual} of {len(points)} vary as usual", *special]) + ".",
        f"Average {unit_format(segment.centre or 0.0)}, {trial} {low} to {high}.",
        f"Latest point {unit_format(newest.value)}{state}.",
    ]


def describe_spark(points: Sequence[tuple[float, ChartPoint]], unit_format: Format) -> str:
    """A sparkline in words: how many points, from where to where."""
    if not points:
        return "No figures yet."
    last = points[-1][1]
    if len(points) == 1:
        return f"One point: {unit_format(last.value)}."
    first = unit_format(points[0][1].value)
    said = f"{len(points)} points, from {first} to {unit_format(last.value)}"
    return said + ("." if last.signal == Signal.COMMON else f": {rule_in_words(last.signal)}.")
