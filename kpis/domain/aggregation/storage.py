"""Where the parts of a figure are kept: additive parts in columns, the rest in `more`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kpis.domain.aggregation import monoids

# kind -> part -> column; parts that are not named here stand in `more` under their own name.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "count": {"n": "num"},
    "ratio": {"num": "num", "den": "den"},
    "quotient": {"num": "num", "den": "den"},
    "rate": {"events": "num", "exposure": "den"},
    "mean": {"n": "den", "sum": "num", "sumsq": "squares"},
    "duration": {"n": "den", "sum_ms": "num", "sumsq": "squares", "min": "low", "max": "high"},
    "uptime": {"up_s": "num", "observed_s": "den"},
}
NAMES = {"kind", "alone"}
NUMBERS = ("num", "den", "squares", "low", "high")


def to_columns(kind: str, parts: Mapping[str, Any], *, alone: bool = False) -> dict[str, Any]:
    """Column values for the parts of one figure; `more` names the kind it was entered as.

    `alone` marks a share of people or of a stock: it holds for its own period, never added up.
    """
    columns = COLUMNS.get(kind, {})
    row: dict[str, Any] = dict.fromkeys(NUMBERS)
    more: dict[str, Any] = {"kind": kind, "alone": True} if alone else {"kind": kind}
    for part, value in parts.items():
        if part in columns:
            row[columns[part]] = None if value is None else Decimal(str(value))
        else:
            more[part] = value
    row["more"] = more
    return row


def kind_of(row: Mapping[str, Any]) -> str:
    """The kind a stored figure was entered as."""
    return str(row["more"]["kind"])


def is_alone(row: Mapping[str, Any]) -> bool:
    """Whether a stored figure may not be added to those of other periods."""
    return bool(row["more"].get("alone"))


def to_parts(row: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a stored figure, whole numbers as int, as `monoids` reads them."""
    kind = kind_of(row)
    parts: dict[str, Any] = {key: value for key, value in row["more"].items() if key not in NAMES}
    for part, column in COLUMNS.get(kind, {}).items():
        value = row[column]
        if value is not None:
            parts[part] = (
                int(value) if value == value.to_integral_value() else str(value.normalize())
            )
    return parts


MILLISECONDS = {
    "milliseconds": 1,
    "seconds": 1_000,
    "minutes": 60_000,
    "hours": 3_600_000,
    "days": 86_400_000,
}


def scale(kind: str, unit: str) -> int:
    """By what a stored value is divided for display: times are kept in milliseconds."""
    return MILLISECONDS.get(unit, 60_000) if kind == "duration" else 1


def value_of(row: Mapping[str, Any], unit: str) -> Decimal | None:
    """The value of one stored figure in the unit of its KPI."""
    kind = kind_of(row)
    value = monoids.value(kind, monoids.from_parts(kind, to_parts(row)))
    return None if value is None else value / scale(kind, unit)
