"""One revision of one figure, as it is answered."""

from collections.abc import Mapping
from typing import Any

from kpis.api.numbers import as_text
from kpis.domain.aggregation import storage
from kpis.models import GrainCode, Kpi, Measurement, Rollup

STORED = (*storage.NUMBERS, "more")
# Columns of a revision beside its stored parts, under the names in which they are answered.
COLUMNS = {
    "period": "day",
    "grain": "grain",
    "revision": "revision",
    "grade": "grade",
    "withdrawn": "is_withdrawn",
    "note": "note",
    "reason": "reason",
    "source": "source",
    "recorded_by": "recorded_by",
    "recorded_at": "recorded_at",
}


def columns_of(row: Rollup | Measurement) -> dict[str, Any]:
    """The stored parts of a row."""
    return {name: getattr(row, name) for name in STORED}


def present(row: Measurement, kpi: Kpi) -> dict[str, Any]:
    """A revision of a figure of a KPI."""
    columns = {name: getattr(row, column) for name, column in COLUMNS.items()}
    return present_columns(columns, columns_of(row), kpi)


def present_columns(columns: dict[str, Any], stored: Mapping[str, Any], kpi: Kpi) -> dict[str, Any]:
    """The same of its columns."""
    return columns | {
        "grain": GrainCode(columns["grain"]).name.lower(),
        "kind": storage.kind_of(stored),
        "parts": as_text(storage.to_parts(stored)),
        "value": as_text(storage.value_of(stored, kpi.unit)),
    }
