"""Rows that are only ever added: what the newest says already is not written again."""

from collections.abc import Mapping
from typing import Any

from django.db import models


def says_already(newest: models.Model | None, values: Mapping[str, Any]) -> bool:
    """Whether the row that holds has these values; False where nothing is on record yet."""
    return newest is not None and all(
        getattr(newest, name) == value for name, value in values.items()
    )
