"""Geometry of the charts: from figures to paths, labels and words. Nothing is drawn here.

All coordinates are text with at most one decimal, so that a template prints them as they are in
every locale and the same figures always give the same bytes.
"""

from kpis.domain.charts.parts import Chart, Label, Mark, meaning
from kpis.domain.charts.process import bounds_of, process_chart, segments_from
from kpis.domain.charts.spark import sparkline

__all__ = [
    "Chart",
    "Label",
    "Mark",
    "bounds_of",
    "meaning",
    "process_chart",
    "segments_from",
    "sparkline",
]
