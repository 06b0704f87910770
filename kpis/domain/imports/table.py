"""From the bytes of a file to a header and rows of text, or a sentence that says why not."""

import csv
import io
import zipfile
from dataclasses import dataclass

MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_MEMBERS = 1_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100


class UnreadableFile(ValueError):
    """The file cannot be read as a table; the message is a sentence for its sender."""


@dataclass(frozen=True)
class Table:
    """Header and rows of text; `first_row` is the line number of the first row in the file."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first_row: int = 2


def check_archive(content: bytes) -> None:
    """Refuse a spreadsheet that unpacks to far more than it weighs. Raises UnreadableFile."""
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise UnreadableFile("This spreadsheet is damaged. Save it again and retry.") from error
    unpacked = sum(member.file_size for member in members)
    if (
        len(members) > MAX_MEMBERS
        or unpacked > MAX_UNPACKED
        or unpacked > MAX_RATIO * max(1, len(content))
    ):
        raise UnreadableFile("This spreadsheet unpacks to far too much data. Export it as CSV.")


def read_csv(content: bytes) -> Table:
    """Comma, semicolon, tab or bar separated text in UTF-8, UTF-16 or Windows-1252."""
    text = _decode(content)
    if "\x00" in text:
        raise UnreadableFile("This is not a text file. Send a CSV or an XLSX spreadsheet.")
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise UnreadableFile("This file is empty. Send one with a header line and figures.")
    delimiter = max(",;\t|", key=lines[0].count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UnreadableFile(f"The file could not be split into columns: {error}.") from error
    return from_cells(rows)


def from_cells(cells: list[list[str]]) -> Table:
    """A table from rows of text: the first row that is not blank is the header."""
    start = next((i for i, row in enumerate(cells) if any(cell.strip() for cell in row)), None)
    if start is None:
        raise UnreadableFile("This file is empty. Send one with a header line and figures.")
    header = tuple(cell.strip() for cell in cells[start])
    while header and not header[-1]:
        header = header[:-1]
    _check_header(header)
    body = [tuple(cell.strip() for cell in row) for row in cells[start + 1 :]]
    while body and not any(body[-1]):
        body.pop()
    if not body:
        raise UnreadableFile("This file has a header line but no figures below it.")
    if len(body) > MAX_ROWS:
        raise UnreadableFile(
            f"This file has {len(body):,} rows; {MAX_ROWS:,} are possible at once."
        )
    return Table(header, tuple(body), start + 2)


def _check_header(header: tuple[str, ...]) -> None:
    if len(header) > MAX_COLUMNS:
        raise UnreadableFile(f"This file has {len(header)} columns; {MAX_COLUMNS} are possible.")
    if len(header) < 2:
        raise UnreadableFile(
            "Only one column was found. The file needs a column for the period and one for figures."
        )
    named = [name.casefold() for name in header if name]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise UnreadableFile(f"The column “{twice[0]}” stands twice in the header. Rename one.")


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("The letters of this file cannot be read. Save it as CSV in UTF-8.")
