"""Reading of XLSX files into rows of text; openpyxl does the work, in read-only mode."""

import datetime as dt
import io
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from openpyxl import load_workbook

from kpis.domain.imports.table import (
    MAX_COLUMNS,
    MAX_ROWS,
    Table,
    UnreadableFile,
    check_archive,
    from_cells,
    read_csv,
)


def read_table(name: str, content: bytes) -> Table:
    """The table in a CSV or XLSX file, told apart by content. Raises UnreadableFile."""
    if not content.strip():
        raise UnreadableFile("This file is empty. Send one with a header line and figures.")
    if content.startswith(b"PK\x03\x04"):
        return from_cells(_cells(content))
    if content.startswith((b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff")):
        raise UnreadableFile("This is not a table. Send a CSV or an XLSX spreadsheet.")
    return read_csv(content)


def _cells(content: bytes) -> list[list[str]]:
    check_archive(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        rows: list[list[str]] = []
        for index, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)):
            if index > MAX_ROWS + 1:
                raise UnreadableFile(f"This sheet has more than {MAX_ROWS:,} rows.")
            rows.append([_text(cell) for cell in row])
    except (BadZipFile, KeyError, ValueError, IndexError, ParseError, OSError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile("This spreadsheet cannot be read. Save it again as XLSX.") from error
    return rows


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
