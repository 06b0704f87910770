"""What a cell says: a number or a period. The two halves stand in modules of their own."""

from kpis.domain.imports.numbers import EMPTY, BadCell, number, uses_decimal_comma
from kpis.domain.imports.periods import Habits, period

__all__ = ["EMPTY", "BadCell", "Habits", "number", "period", "uses_decimal_comma"]
