"""Reading of CSV and XLSX files into rows of text.

An XLSX is read by a process of its own with little memory and time: what a hostile file does, it
does to that process alone (`__main__`).
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from kpis.domain.imports.table import EMPTY_FILE, UnreadableFile, check_archive, read_csv

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 60
_KNOWN = {
    b"%PDF": "This is a PDF. Send the table behind it as CSV or XLSX.",
    b"\xd0\xcf\x11\xe0": (
        "This is an old or password-protected Excel file. Save it as XLSX without a password."
    ),
    b"\x89PNG": "This is a picture. Send the table behind it as CSV or XLSX.",
    b"\xff\xd8\xff": "This is a picture. Send the table behind it as CSV or XLSX.",
    b"\x1f\x8b": "This file is packed. Unpack it and send the CSV or XLSX inside.",
    b"Rar!": "This file is packed. Unpack it and send the CSV or XLSX inside.",
    b"7z\xbc\xaf": "This file is packed. Unpack it and send the CSV or XLSX inside.",
}


@dataclass(frozen=True)
class Book:
    """Rows of one sheet as text, with the names of all sheets that can be seen (none for CSV)."""

    rows: list[list[str]]
    sheets: list[str]
    sheet: str
    remarks: list[str]


def is_spreadsheet(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


def look_at(content: bytes) -> None:
    """Refuse at a glance what cannot be a table. Raises UnreadableFile."""
    if not content.strip():
        raise UnreadableFile(EMPTY_FILE)
    for magic, sentence in _KNOWN.items():
        if content.startswith(magic):
            raise UnreadableFile(sentence)
    if is_spreadsheet(content):
        check_archive(content)


def read_book(content: bytes, sheet: str = "") -> Book:
    """The rows of a CSV or of a sheet of an XLSX file, told apart by content.

    Without a name, or with one that is not there, the first sheet that holds a table is read.
    Raises UnreadableFile.
    """
    look_at(content)
    if not is_spreadsheet(content):
        return Book(read_csv(content), [], "", [])
    try:
        child = subprocess.run(
            [sys.executable, "-m", "kpis.queries.spreadsheet", sheet],
            input=content,
            capture_output=True,
            cwd=ROOT,
            timeout=2 * SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile("This spreadsheet takes too long to read. Export CSV.") from error
    if child.returncode != 0:
        raise UnreadableFile(
            "This spreadsheet is too large or too odd to be read. Export the sheet as CSV."
        )
    told = json.loads(child.stdout)
    if "refused" in told:
        raise UnreadableFile(told["refused"])
    return Book(**told)
