"""Charts as SVG text: one drawing for the page and for the PDF."""

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from kpis.domain.charts import Chart, process_chart, sparkline
from kpis.domain.charts.stack import Given, stack
from kpis.domain.statistics.process_charts import Segment


def svg(chart: Chart) -> SafeString:
    """The chart drawn: presentation attributes and classes only, fit for a strict CSP."""
    return render_to_string(f"kpis/chart/{chart.kind}.svg", {"chart": chart})


def process_svg(segments: Sequence[Segment], **how: Any) -> SafeString:
    """Process behaviour chart; `how` are the keywords of kpis.domain.charts.process_chart."""
    return svg(process_chart(segments, **how))


def stack_svg(rows: Given, *, title: str, unit: str) -> SafeString:
    """Bars of named parts on one axis, as in kpis.domain.charts.stack."""
    return render_to_string("kpis/chart/stack.svg", {"chart": stack(rows, title=title, unit=unit)})


def sparkline_svg(values: Sequence[float | None], **how: Any) -> SafeString:
    """Small line for a table cell; `how` are the keywords of kpis.domain.charts.sparkline."""
    return svg(sparkline(values, **how))
