"""The process behaviour chart: limits, average, target, baseline and direct labels."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from kpis.domain.charts.parts import (
    Bounds,
    Chart,
    Label,
    Placed,
    all_points,
    cut,
    domain,
    dots,
    kept,
    line,
    marks,
    placed_in_time,
)
from kpis.domain.charts.periods import period_words, year_of
from kpis.domain.charts.scale import (
    LINE_HEIGHT,
    Plot,
    across,
    at_text,
    n,
    nice_ticks,
    spread,
    text_width,
)
from kpis.domain.charts.words import Format, describe, note
from kpis.domain.statistics.process_charts import ChartPoint, Segment, Signal, Stage

SIGNED = ("currency", "hours", "points", "index", "fte", "growth", "fraction_per")


def process_chart(
    segments: Sequence[Segment],
    *,
    title: str,
    unit_format: Format,
    direction: str,
    target: float | None = None,
    targets: Sequence[float | None] = (),
    baseline: float | None = None,
    span: tuple[float, float] | None = None,
    bounds: Bounds = (None, None),
    width: float = 720,
    height: float = 240,
) -> Chart:
    """Process behaviour chart: line, limits, average, target, baseline, special causes, labels.

    `direction` ("up", "down", else not judged) says which special causes concern; `unit_format`
    writes a value with its unit; `bounds` (see bounds_of) cut the limits for display only. A
    period missing from the labels (or a value that is no number) leaves a gap. `targets`, one per
    point, is what was aimed at then (empty: always `target`); `span` the interval of the baseline.
    """
    placed = [segment for segment in placed_in_time(segments) if segment.points]
    bounds = kept(bounds, placed)
    description = describe(placed, unit_format, target, baseline, span, bounds)
    chart = Chart("process", n(width), n(height), title, description, note(placed))
    if not placed:
        return chart
    low, high = domain(placed, (target, *targets, baseline, *(span or ())), bounds)
    ticks = nice_ticks(low, high, max(3, int(height / 50)))
    named = _named_lines(placed[-1], target, baseline, bounds, unit_format, direction)
    gutter = max((text_width(text) for _, _, text in named), default=0.0) + 18
    plot = Plot(
        left=max(60, *(text_width(unit_format(tick)) + 18 for tick in ticks)),
        right=width - min(max(140, gutter), width * 0.4),
        top=2 * LINE_HEIGHT,
        bottom=height - 24,
        first=min(segment.points[0][0] for segment in placed),
        last=max(segment.points[-1][0] for segment in placed),
        low=low,
        high=high,
    )
    side, leaders = _side_labels(named, plot)
    return replace(
        chart,
        grid=across([plot.y(tick) for tick in ticks], plot),
        breaks=_breaks(placed, plot),
        limits=_limits(placed, plot, bounds, trial=False),
        trial_limits=_limits(placed, plot, bounds, trial=True),
        centre=_centres(placed, plot),
        band=_band(span, plot),
        target=_target(placed, plot, target, _by_label(segments, targets)),
        baseline=across([] if baseline is None else [plot.y(baseline)], plot),
        line=" ".join(line(segment, plot) for segment in placed),
        points=dots(
            [(plot.x(at), plot.y(point.value)) for at, point in all_points(placed, special=False)]
        ),
        marks=marks(all_points(placed, special=True), plot, direction),
        leaders=leaders,
        labels=(*_tick_labels(ticks, plot, unit_format), *_period_labels(placed, plot), *side),
    )


def bounds_of(unit: str) -> Bounds:
    """What a value of this unit can usually be: shares 0 to 1, times and counts from 0 up."""
    if unit.startswith(SIGNED):
        return None, None
    return 0.0, 1.0 if unit == "fraction" else None


def segments_from(plain: Sequence[Mapping[str, Any]]) -> tuple[Segment, ...]:
    """Segments read back from `dataclasses.asdict`, as a frozen review document holds them."""
    return tuple(
        Segment(
            **{
                **segment,
                "stage": Stage(segment["stage"]),
                "points": tuple(
                    ChartPoint(**{**point, "signal": Signal(point["signal"])})
                    for point in segment["points"]
                ),
            }
        )
        for segment in plain
    )


def _edges(one: Placed, plot: Plot) -> list[tuple[float, float]]:
    """Left and right end of each point's step: half way to its neighbours."""
    xs = [plot.x(at) for at, _ in one.points]
    half = [(left + right) / 2 for left, right in pairwise(xs)]
    return list(zip([xs[0] - 6, *half], [*half, xs[-1] + 6], strict=True))


def _limits(
    placed: Sequence[Placed],
    plot: Plot,
    bounds: Bounds,
    *,
    trial: bool,
) -> str:
    chosen = [segment for segment in placed if (segment.segment.stage == Stage.TRIAL) is trial]
    return "".join(
        _steps(segment, plot, [_cut_or_none(getattr(p, side), bounds) for _, p in segment.points])
        for segment in chosen
        for side in ("upper", "lower")
    )


def _cut_or_none(value: float | None, bounds: Bounds) -> float | None:
    """A limit beyond what the measure can reach is not drawn."""
    return value if value is not None and cut(value, bounds) == value else None


def _steps(one: Placed, plot: Plot, values: Sequence[float | None]) -> str:
    path, height, end = "", "", 0.0
    for (left, right), value in zip(_edges(one, plot), values, strict=True):
        if value is None:
            path, height = path + (f"H{n(end)}" if height else ""), ""
        elif (now := n(plot.y(value))) != height:
            path += f"H{n(left)}V{now}" if height else f"M{n(left)} {now}"
            height = now
        end = right
    return path + (f"H{n(end)}" if height else "")


def _centres(placed: Sequence[Placed], plot: Plot) -> str:
    return "".join(
        _steps(one, plot, [one.segment.centre] * len(one.points))
        for one in placed
        if one.segment.centre is not None
    )


def _by_label(
    segments: Sequence[Segment], targets: Sequence[float | None]
) -> dict[str, float | None]:
    labels = [point.label for one in segments for point in one.points]
    return dict(zip(labels, targets, strict=True)) if targets else {}


def _target(
    placed: Sequence[Placed],
    plot: Plot,
    target: float | None,
    by_label: Mapping[str, float | None],
) -> str:
    """One level line; in steps where earlier periods had another target or none."""
    if set(by_label.values()) <= {target}:
        return across([] if target is None else [plot.y(target)], plot)
    return "".join(
        _steps(one, plot, [by_label[point.label] for _, point in one.points]) for one in placed
    )


def _band(span: tuple[float, float] | None, plot: Plot) -> str:
    """The interval of the value before AI as a band over the whole plot."""
    if span is None:
        return ""
    low, high = plot.y(span[0]), plot.y(span[1])
    left, right = n(plot.left - 6), n(plot.right + 6)
    return f"M{left} {n(high)}H{right}V{n(low)}H{left}z"


def _breaks(placed: Sequence[Placed], plot: Plot) -> str:
    middles = [
        (plot.x(earlier.points[-1][0]) + plot.x(later.points[0][0])) / 2
        for earlier, later in pairwise(placed)
    ]
    return "".join(f"M{at_text(x, plot.top - 8)}V{n(plot.bottom)}" for x in middles)


def _named_lines(
    last: Placed,
    target: float | None,
    baseline: float | None,
    bounds: Bounds,
    unit_format: Format,
    direction: str,
) -> list[tuple[float, str, str]]:
    """Value, kind and text of each direct label at the right edge."""
    newest = last.points[-1][1]
    sign = {"up": "≥ ", "down": "≤ "}.get(direction, "")
    lines = [
        (_cut_or_none(newest.upper, bounds), "limit", "upper limit "),
        (_cut_or_none(newest.lower, bounds), "limit", "lower limit "),
        (last.segment.centre, "centre", "average "),
        (target, "target", f"target {sign}"),
        (baseline, "baseline", "before AI "),
        (newest.value, "latest", ""),
    ]
    return [
        (value, kind, words + unit_format(value))
        for value, kind, words in lines
        if value is not None
    ]


def _side_labels(
    named: Sequence[tuple[float, str, str]], plot: Plot
) -> tuple[tuple[Label, ...], str]:
    """Labels beside the lines they name, moved apart; a moved one is led back by a thin line."""
    ordered = sorted(named, key=lambda label: -label[0])
    heights = [plot.y(value) for value, _, _ in ordered]
    places = spread(heights, LINE_HEIGHT, plot.top - 8, plot.bottom)
    x = plot.right + 14
    labels = tuple(
        Label(n(x), n(shifted + 4), text, kind)
        for shifted, (_, kind, text) in zip(places, ordered, strict=True)
    )
    leaders = "".join(
        f"M{at_text(plot.right + 6, height)}L{at_text(x - 2, shifted)}"
        for height, shifted in zip(heights, places, strict=True)
        if abs(height - shifted) > 2
    )
    return labels, leaders


def _tick_labels(ticks: Sequence[float], plot: Plot, unit_format: Format) -> list[Label]:
    return [
        Label(n(plot.left - 12), n(plot.y(tick) + 4), unit_format(tick), "axis", "end")
        for tick in ticks
    ]


def _period_labels(placed: Sequence[Placed], plot: Plot) -> list[Label]:
    """The latest period and every so many before it, the year where it is new."""
    pairs = [(at, point.label) for one in placed for at, point in one.points]
    room = max(1, int((plot.right - plot.left) / 84))
    stride = max(1, -(-(len(pairs) - 1) // room))
    labels, year = [], ""
    for at, text in reversed(pairs[::-1][::stride]):
        words = period_words(text, year)
        labels.append(Label(n(plot.x(at)), n(plot.bottom + 18), words, "axis", "middle"))
        year = year_of(text)
    return labels
