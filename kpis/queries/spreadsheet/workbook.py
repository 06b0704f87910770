"""Reading of an XLSX into rows of text; openpyxl does the work, in read-only mode."""

import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from kpis.domain.imports.numbers import BadCell, number
from kpis.domain.imports.table import (
    EMPTY_FILE,
    MAX_CELL,
    MAX_COLUMNS,
    UnreadableFile,
    check_archive,
    check_size,
)
from kpis.queries.spreadsheet import Book
from kpis.queries.spreadsheet.cleaning import Seen, clean

DAMAGED = "This spreadsheet cannot be read. Save it again as XLSX."
_BROKEN = (
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    ParseError,
    OSError,
    EOFError,
    NotImplementedError,
    zlib.error,
    RecursionError,
)


def open_book(content: bytes, wanted: str) -> Book:
    """The rows of the wanted sheet, or of the first that holds a table. Raises UnreadableFile."""
    check_archive(content)
    try:
        cleaned, seen = clean(content)
        book = load_workbook(io.BytesIO(cleaned), read_only=True, data_only=True, keep_links=False)
        sheets = [one for one in book.worksheets if isinstance(one, ReadOnlyWorksheet)]
        return _read(sheets, wanted, seen)
    except UnreadableFile:
        raise
    except MemoryError as error:
        raise UnreadableFile("This spreadsheet is too large. Export the sheet as CSV.") from error
    except _BROKEN as error:
        raise UnreadableFile(DAMAGED) from error


def _read(sheets: Sequence[Any], wanted: str, seen: dict[str, Seen]) -> Book:
    visible = [one for one in sheets if one.sheet_state == "visible"]
    names = [one.title for one in visible]
    chosen = [one for one in visible if one.title == wanted] or visible
    for sheet in chosen:
        rows = _rows(sheet)
        if sum(len([cell for cell in row if cell]) > 1 for row in rows[:50]) > 1:
            noticed = seen.get(sheet._worksheet_path.lstrip("/"), Seen())
            _fill(rows, noticed)
            return Book(rows, names, sheet.title, _remarks(noticed, len(sheets) - len(visible)))
    raise UnreadableFile(EMPTY_FILE)


def _rows(sheet: Any) -> list[list[str]]:
    sheet.reset_dimensions()
    percents: dict[int, bool] = {}
    rows: list[list[str]] = []
    for row in sheet.iter_rows():
        cells = [_text(cell, percents) for cell in row[: MAX_COLUMNS + 1]]
        while cells and not cells[-1]:
            cells.pop()
        rows.append(cells)
        if len(rows) % 1000 == 0:
            check_size(rows)
    while rows and not rows[-1]:
        rows.pop()
    check_size(rows)
    return rows


def _text(cell: Any, percents: dict[int, bool]) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        style = cell._style_id
        if style not in percents:
            percents[style] = "%" in cell.number_format
        return _number(Decimal(f"{value:.15g}"), percents[style])
    if isinstance(value, dt.datetime):
        day = value.date().isoformat()
        return f"{day} {value:%H:%M:%S}" if value.time() != dt.time() else day
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value).strip()[:MAX_CELL]


def _number(value: Decimal, is_percent: bool) -> str:
    """A number as text that can be read in one way only, whatever else stands in the file."""
    if not value.is_finite():
        return "#NUM!"
    text = f"{(value * 100 if is_percent else value).normalize():f}"
    whole, point, part = text.partition(".")
    if point and len(part) == 3 and whole.strip("-0") and len(whole.lstrip("-")) <= 3:
        text += "0"
    return f"{text}%" if is_percent else text


def _fill(rows: list[list[str]], seen: Seen) -> None:
    """Words that stand once for several rows (merged cells) are written into each of them."""
    filled: dict[int, int] = {}
    for column, top, bottom in sorted(seen.merged, key=lambda one: one[1]):
        # Ranges that overlap are none that a program writes; each cell is filled once.
        if top <= filled.get(column, 0):
            continue
        filled[column] = bottom
        text = rows[top - 1][column - 1 : column] if top <= len(rows) else []
        if not text or not text[0] or _is_number(text[0]):
            continue
        for row in rows[top : min(bottom, len(rows))]:
            row += [""] * (column - len(row))
            row[column - 1] = text[0]


def _is_number(text: str) -> bool:
    try:
        return number(text) is not None
    except BadCell:
        return False


def _remarks(seen: Seen, hidden_sheets: int) -> list[str]:
    told = []
    if seen.hidden_rows:
        rows = "row is" if seen.hidden_rows == 1 else "rows are"
        told.append(
            f"{seen.hidden_rows} {rows} hidden in the spreadsheet and read like the others."
        )
    if seen.hidden_columns:
        letters = ", ".join(_letter(column) for column in sorted(seen.hidden_columns)[:8])
        told.append(f"Hidden in the spreadsheet, and read like the others: column {letters}.")
    if hidden_sheets:
        told.append(f"Hidden sheets are not read ({hidden_sheets}).")
    return told


def _letter(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
