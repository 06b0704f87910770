"""Shapes of stored figures: which of them are nothing but numbers in columns, and so add up."""

import json

from kpis.domain.aggregation import monoids, storage

# Figures of one shape say the same beside their columns; 0 is every other figure.
_SHAPES = (
    ("count", False),
    ("ratio", False),
    ("ratio", True),
    ("quotient", False),
    ("rate", False),
    ("mean", False),
    ("duration", False),
    ("uptime", False),
)
ODD = 0


def more_of(kind: str, *, alone: bool) -> str:
    """What a figure of a shape says beside its columns, as JSON text."""
    nothing = monoids.to_parts(kind, monoids.monoid(kind).identity)
    return json.dumps(storage.to_columns(kind, nothing, alone=alone)["more"])


_CODES = {(kind, alone): code for code, (kind, alone) in enumerate(_SHAPES, start=1)}
_OF_MORE = {more_of(kind, alone=alone): code for (kind, alone), code in _CODES.items()}


def shape_of(more: str) -> int:
    """The shape of a figure by the JSON text that stands beside its columns, or ODD."""
    return _OF_MORE.get(more, ODD)


def code_of(kind: str, *, alone: bool) -> int:
    """The shape that figures of a kind have, or ODD where some parts never stand in columns."""
    return _CODES.get((kind, alone), ODD)
