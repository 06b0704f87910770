"""Figures on record: checked, written append-only, corrected by revisions."""

from kpis.actions.measurements.recording import (
    CODES,
    SHARES,
    CannotRecord,
    Cell,
    Fact,
    Outcome,
    cell,
    given_as,
    mark_dirty,
    record,
)

__all__ = [
    "CODES",
    "SHARES",
    "CannotRecord",
    "Cell",
    "Fact",
    "Outcome",
    "cell",
    "given_as",
    "mark_dirty",
    "record",
]
