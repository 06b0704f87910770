"""The small line of a table cell."""

from collections.abc import Sequence
from dataclasses import replace

from kpis.domain.charts.parts import Chart, Placed, all_points, domain, dots, is_number, line, marks
from kpis.domain.charts.scale import Plot, across, n
from kpis.domain.charts.words import Format, describe_spark
from kpis.domain.statistics.process_charts import ChartPoint, Segment, Signal, Stage

NO_LIMITS = Segment(
    method="xmr", stage=Stage.BUILDING, centre=None, points=(), sigma=None, screened=False
)


def sparkline(
    values: Sequence[float | None],
    *,
    target: float | None = None,
    signals: Sequence[Signal] = (),
    title: str = "",
    unit_format: Format = "{:g}".format,
    direction: str = "",
    width: float = 132,
    height: float = 36,
) -> Chart:
    """A small line with its latest point, the target dashed and special causes marked.

    `signals` stand beside `values` (empty: none known); None among the values leaves a gap.
    """
    known = [(float(at), one) for at, one in enumerate(values) if is_number(one)]
    points = tuple(
        (at, _point(float(value or 0.0), _signal(signals, int(at)))) for at, value in known
    )
    chart = Chart("sparkline", n(width), n(height), title, describe_spark(points, unit_format))
    if not points:
        return chart
    placed = [Placed(NO_LIMITS, points)]
    low, high = domain(placed, (target, None), (None, None))
    last = max(1.0, len(values) - 1.0)
    plot = Plot(4, width - 4, 4, height - 4, 0.0, last, low, high)
    special = all_points(placed, special=True)
    newest = points[-1]
    return replace(
        chart,
        target=across([] if target is None else [plot.y(target)], plot, beyond=0),
        line=line(placed[0], plot),
        points="" if newest in special else dots([(plot.x(newest[0]), plot.y(newest[1].value))]),
        marks=marks(special, plot, direction, radius=3.5),
    )


def _signal(signals: Sequence[Signal], index: int) -> Signal:
    return signals[index] if index < len(signals) else Signal.COMMON


def _point(value: float, signal: Signal) -> ChartPoint:
    return ChartPoint(
        label="",
        value=value,
        lower=None,
        upper=None,
        near_lower=None,
        near_upper=None,
        signal=signal,
    )
