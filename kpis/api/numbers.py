"""Numbers as exact text, as every answer gives them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any


def as_text(value: Any) -> Any:
    """Every number as exact text, within lists and objects too; zeros at the end left out."""
    if isinstance(value, dict):
        return {name: as_text(member) for name, member in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [as_text(item) for item in value]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value if value is None else str(value)
