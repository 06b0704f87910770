"""Rollups by week, month, quarter and year, folded anew where figures changed."""

from kpis.actions.rollups.cells import (
    BATCH,
    FOLDED,
    Drained,
    combined,
    drain,
    rebuild,
    recompute,
    touched,
)

__all__ = ["BATCH", "FOLDED", "Drained", "combined", "drain", "rebuild", "recompute", "touched"]
