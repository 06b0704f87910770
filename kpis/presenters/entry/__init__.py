"""The entry grid as a page: its periods, its rows with boxes, what stands on record beside them."""

from kpis.presenters.entry.periods import Tab, name_of, named, neighbours, tabs
from kpis.presenters.entry.row import Row, check
from kpis.presenters.entry.rows import grouped, rows

__all__ = [
    "Row",
    "Tab",
    "check",
    "grouped",
    "name_of",
    "named",
    "neighbours",
    "rows",
    "tabs",
]
