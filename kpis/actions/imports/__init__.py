"""Imports of tables: read, previewed against the record, written, undone."""

from kpis.actions.imports.runs import (
    CannotImport,
    ask_again,
    ask_to_undo,
    ask_to_write,
    confirm,
    is_large,
    receive,
    refuse_faults,
    remap,
    resend,
    take_back,
    undo,
    upload,
    write,
)

__all__ = [
    "CannotImport",
    "ask_again",
    "ask_to_undo",
    "ask_to_write",
    "confirm",
    "is_large",
    "receive",
    "refuse_faults",
    "remap",
    "resend",
    "take_back",
    "undo",
    "upload",
    "write",
]
