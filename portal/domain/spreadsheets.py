"""Rows that leave the portal for a spreadsheet: whatever program opens them, no cell is run.

The one writer of CSV. A program may split at another sign than the comma, and what stands behind
that sign is then a cell of its own: hence text is looked at behind every sign that may separate.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

Cell = str | int | float | Decimal | None
CONTENT_TYPE = "text/csv; charset=utf-8"
# With it, spreadsheet programs take the file for UTF-8.
BYTE_ORDER_MARK = "\ufeff"
_SEPARATORS = ";,|\t\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"
# What programs pass over before they look whether a cell is a formula.
_PASSED_OVER = "\\s\\x00-\\x1f\u00a0\u200b\u2060\ufeff\"'"
_FORMULA = "=+\\-@|%\uff1d\uff0b\uff0d\uff20"
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*(?:[eE][+-]?[0-9]+)?\s?%?")
_RUNS = re.compile(f"((?:^|[{_SEPARATORS}])[{_PASSED_OVER}]*)(?=[{_FORMULA}])")


def guarded(text: str) -> str:
    """Text with an apostrophe before whatever a spreadsheet would run; a number stays as it is."""
    return text if _NUMBER.fullmatch(text) else _RUNS.sub(r"\1'", text)


def csv_lines(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Lines of CSV, every cell in quotes, text guarded, numbers plain and None empty."""
    for row in rows:
        line = io.StringIO()
        csv.writer(line, quoting=csv.QUOTE_ALL).writerow([_written(cell) for cell in row])
        yield line.getvalue()


def csv_text(rows: Iterable[Sequence[Cell]]) -> str:
    """The whole of `csv_lines`."""
    return "".join(csv_lines(rows))


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return guarded(cell) if isinstance(cell, str) else str(cell)
