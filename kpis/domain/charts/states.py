"""Drawings that explain the method: states of a change as intervals, an alarm with hysteresis."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from itertools import groupby

from kpis.domain.charts.parts import Chart, Label, Mark, dots
from kpis.domain.charts.scale import Plot, across, at_text, n, nice_ticks, text_width
from kpis.domain.charts.words import Format
from kpis.domain.errors import EmptySeries
from kpis.domain.statistics.change import BETTER, WORSE, Change, change_of
from kpis.domain.wording import CHANGE_WORDS

WIDTH, ROW, AXIS, RADIUS = 720.0, 30.0, 24.0, 5.0
TOP, LANE = 28.0, 20.0
Spot = tuple[float, float]


def change_chart(
    effects: Sequence[tuple[float, float]],
    *,
    mwb: float,
    margin: float,
    title: str,
    unit_format: Format,
) -> Chart:
    """One row for each effect lo..hi under the name of its state; up is better, to the right.

    Raises EmptySeries, and what change_of raises.
    """
    if not effects:
        raise EmptySeries("There is no effect to draw.")
    states = [change_of(lo, hi, mwb=mwb, margin=margin) for lo, hi in effects]
    names = [CHANGE_WORDS[state] for state in states]
    ends = [*(end for effect in effects for end in effect), -margin, mwb]
    plot = Plot(
        left=max(map(text_width, names)) + 18,
        right=WIDTH - 24,
        top=TOP,
        bottom=TOP + ROW * len(effects),
        first=min(ends),
        last=max(ends),
        low=0.0,
        high=float(len(effects)),
    )
    rows = [plot.top + ROW * (at + 0.5) for at in range(len(effects))]
    spots = [(plot.x((lo + hi) / 2), y) for (lo, hi), y in zip(effects, rows, strict=True)]
    marks = tuple(
        Mark(kind, "".join(_diamond(*spot) for spot in _of(states, spots, among)))
        for kind, among in (("concerning", WORSE), ("improving", BETTER))
    )
    description = "; ".join(
        f"{name}: {unit_format(lo)} to {unit_format(hi)}"
        for name, (lo, hi) in zip(names, effects, strict=True)
    )
    chart = Chart("process", n(WIDTH), n(plot.bottom + 2 * AXIS), title, f"{description}.")
    return replace(
        chart,
        grid=across(rows, plot, beyond=0),
        centre=_upright(0.0, plot),
        target=_upright(mwb, plot),
        baseline=_upright(-margin, plot),
        line="".join(_span(plot, y, effect) for y, effect in zip(rows, effects, strict=True)),
        points=dots(_of(states, spots, {*states} - BETTER - WORSE)),
        marks=tuple(mark for mark in marks if mark.path),
        labels=(
            *(
                Label(n(plot.left - 18), n(y + 4), name, "name", "end")
                for y, name in zip(rows, names, strict=True)
            ),
            *_named(plot, mwb, margin, unit_format),
            *_scale(plot, unit_format),
        ),
    )


def _of(states: Sequence[Change], spots: Sequence[Spot], among: Set[Change]) -> list[Spot]:
    return [spot for state, spot in zip(states, spots, strict=True) if state in among]


def _upright(value: float, plot: Plot) -> str:
    return f"M{at_text(plot.x(value), plot.top - 6)}V{n(plot.bottom)}"


def _span(plot: Plot, y: float, effect: tuple[float, float]) -> str:
    """A level line with a small foot at both ends."""
    left, right = map(plot.x, effect)
    return f"M{at_text(left, y - 5)}v10M{at_text(left, y)}H{n(right)}M{at_text(right, y - 5)}v10"


def _diamond(x: float, y: float) -> str:
    r = n(RADIUS)
    return f"M{at_text(x, y - RADIUS)}l{r} {r}-{r} {r}-{r}-{r}z"


def _named(plot: Plot, mwb: float, margin: float, unit_format: Format) -> list[Label]:
    """What the three upright lines mean, above them."""
    y = n(plot.top - 12)
    loss = f"tolerated loss {unit_format(margin)}"
    return [
        Label(n(plot.x(-margin) + 4), y, loss, "baseline", "end"),
        Label(n(plot.x(0.0)), y, "no change", "centre", "middle"),
        Label(n(plot.x(mwb) - 4), y, f"worthwhile from {unit_format(mwb)}", "target"),
    ]


def _scale(plot: Plot, unit_format: Format) -> list[Label]:
    ticks = nice_ticks(plot.first, plot.last, 6)
    labels = [
        Label(n(plot.x(tick)), n(plot.bottom + 18), unit_format(tick), "axis", "middle")
        for tick in ticks
    ]
    y = n(plot.bottom + 18 + AXIS - 4)
    return [
        *labels,
        Label(n(plot.left), y, "← worse", "axis"),
        Label(n(plot.right), y, "better →", "axis", "end"),
    ]


@dataclass(frozen=True)
class Lane:
    """One state of an alarm: its level, its name, and the last part of its CSS class."""

    level: str
    name: str
    kind: str


LANES = (
    Lane("warning", "warning", "concerning"),
    Lane("suspected_warning", "suspected", "suspected"),
    Lane("ok", "no alarm", "quiet"),
)


def alarm_chart(
    values: Sequence[float],
    levels: Sequence[str],
    *,
    warning: float,
    clear: float,
    title: str,
    unit_format: Format,
) -> Chart:
    """Values with the limit and the clear value of a warning, and the state after each period.

    Less is better. Raises EmptySeries.
    """
    if not values:
        raise EmptySeries("There is no period to draw.")
    shown = [*values, warning, clear]
    room = (max(shown) - min(shown)) * 0.12
    plot = Plot(
        left=80,
        right=WIDTH - 150,
        top=16,
        bottom=176,
        first=0.0,
        last=max(1.0, len(values) - 1.0),
        low=min(shown) - room,
        high=max(shown) + room,
    )
    chart = Chart(
        "process",
        n(WIDTH),
        n(plot.bottom + AXIS + LANE * len(LANES) + 16),
        title,
        _told(values, levels, warning, clear, unit_format),
    )
    ticks = nice_ticks(plot.low, plot.high, 3)
    spots = [(plot.x(at), plot.y(value)) for at, value in enumerate(values)]
    return replace(
        chart,
        grid=across([plot.y(tick) for tick in ticks], plot),
        target=across([plot.y(warning)], plot),
        baseline=across([plot.y(clear)], plot),
        line="M" + " ".join(at_text(*spot) for spot in spots),
        points=dots(spots),
        marks=tuple(
            Mark(lane.kind, _blocks(plot, at, [level == lane.level for level in levels]))
            for at, lane in enumerate(LANES)
        ),
        labels=_alarm_labels(plot, ticks, spots, warning, clear, unit_format),
    )


def _blocks(plot: Plot, lane: int, is_in_state: Sequence[bool]) -> str:
    """The periods in which a state held, neighbours joined, in the lane of the state."""
    y, half = plot.bottom + AXIS + LANE * lane + 8, (plot.x(1) - plot.x(0)) / 2
    path, at = "", 0
    for is_held, run in groupby(is_in_state):
        count = len(list(run))
        if is_held:
            wide = 2 * half * count - 2
            path += f"M{at_text(plot.x(at) - half + 1, y)}h{n(wide)}v{n(LANE - 6)}h-{n(wide)}z"
        at += count
    return path


def _alarm_labels(
    plot: Plot,
    ticks: Sequence[float],
    spots: Sequence[Spot],
    warning: float,
    clear: float,
    unit_format: Format,
) -> tuple[Label, ...]:
    axis = [
        Label(n(plot.left - 12), n(plot.y(tick) + 4), unit_format(tick), "axis", "end")
        for tick in ticks
    ]
    periods = [
        Label(n(x), n(plot.bottom + 18), str(at + 1), "axis", "middle")
        for at, (x, _) in enumerate(spots)
    ]
    lanes = [
        Label(n(plot.right + 34), n(plot.bottom + AXIS + LANE * at + 19), lane.name, "name")
        for at, lane in enumerate(LANES)
    ]
    x = n(plot.right + 14)
    return (
        *axis,
        *periods,
        Label(x, n(plot.y(warning) + 4), f"warns above {unit_format(warning)}", "target"),
        Label(x, n(plot.y(clear) + 4), f"clears below {unit_format(clear)}", "baseline"),
        *lanes,
    )


def _told(
    values: Sequence[float],
    levels: Sequence[str],
    warning: float,
    clear: float,
    unit_format: Format,
) -> str:
    names = {lane.level: lane.name for lane in LANES}
    periods = ", ".join(
        f"{unit_format(value)} {names[level]}" for value, level in zip(values, levels, strict=True)
    )
    return f"Warns above {unit_format(warning)}, clears below {unit_format(clear)}: {periods}."
