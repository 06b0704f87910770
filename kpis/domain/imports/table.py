"""From the bytes of a file to rows of text, or a sentence that says why not."""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_MEMBERS = 1_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100
MAX_CELL = 100_000
EMPTY_FILE = "This file is empty. Send one with a header line and figures."
TOO_MANY_ROWS = (
    f"This file has more rows than the {MAX_ROWS:,} that are possible at once. Send it in parts."
)
# Blank rows in one run: more are left only by something that went wrong.
MOST_BLANK = 1_000_000
LONG_LINE = 1_000_000
_END_OF_LINE = re.compile("\r\n|\r|\n")
_SAMPLE = 60


class UnreadableFile(ValueError):
    """The file cannot be read as a table; the message is a sentence for its sender."""


@dataclass(frozen=True)
class Table:
    """Header and rows of text; `first_row` is the line number of the first row in the file.

    `percent` names the columns whose heading says per cent, `remarks` what was noticed on the
    way, in sentences.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first_row: int = 2
    percent: frozenset[str] = frozenset()
    remarks: tuple[str, ...] = ()


def check_archive(content: bytes) -> None:
    """Refuse a spreadsheet that unpacks to far more than it weighs. Raises UnreadableFile."""
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableFile("This spreadsheet is damaged. Save it again and retry.") from error
    unpacked = sum(member.file_size for member in members)
    if (
        len(members) > MAX_MEMBERS
        or unpacked > MAX_UNPACKED
        or unpacked > MAX_RATIO * max(1, len(content))
    ):
        raise UnreadableFile("This spreadsheet unpacks to far too much data. Export it as CSV.")
    names = {member.filename.casefold() for member in members}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise UnreadableFile("This spreadsheet holds macros. Save it as XLSX without macros.")
    if "xl/workbook.xml" not in names:
        raise UnreadableFile("This is not an Excel file (XLSX). Save it as XLSX or CSV.")


def read_csv(content: bytes) -> list[list[str]]:
    """Rows of comma, semicolon, tab or bar separated text in UTF-8, UTF-16 or Windows-1252."""
    text = _decode(content)
    if "\x00" in text:
        raise UnreadableFile("This is not a text file. Send a CSV or an XLSX spreadsheet.")
    head = text[:4000].lstrip()[:200].casefold()
    if head.startswith(("<!doctype html", "<html", "<table", "<?xml")):
        raise UnreadableFile(
            "This is a web page, whatever its name says. Open it in your spreadsheet program "
            "and save it as XLSX."
        )
    if not text or text.isspace():
        raise UnreadableFile(EMPTY_FILE)
    return _split(text, _delimiter(text))


def check_size(rows: Sequence[Sequence[str]]) -> None:
    """Raises UnreadableFile for more rows than one import takes."""
    if len(rows) > MAX_ROWS + 50:
        raise UnreadableFile(TOO_MANY_ROWS)


def _split(text: str, delimiter: str) -> list[list[str]]:
    """Rows without the blanks around their cells and without blank rows at the end.

    Ends with the first row that is too many: a hostile file costs no more than a large one.
    """
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(_lines(text, delimiter), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    blank = 0
    try:
        for row in reader:
            if len(row) > 4 * MAX_COLUMNS:
                raise UnreadableFile(too_wide(len(row)))
            cells = [cell.strip() for cell in row]
            if not any(cells):
                blank += 1
                if blank > MOST_BLANK:
                    raise UnreadableFile(TOO_MANY_ROWS)
                continue
            # Each row keeps its number in the file.
            rows.extend([] for _ in range(blank))
            rows.append(cells)
            blank = 0
            check_size(rows)
    except csv.Error as error:
        raise UnreadableFile(_csv_fault(str(error), len(rows) + blank + 1)) from error
    if rows and rows[0] and rows[0][0].casefold().startswith("sep="):
        rows[0] = []
    return rows


def _csv_fault(error: str, row: int) -> str:
    if "limit" in error:
        return f"A cell in row {row} is far too long. Shorten it."
    if "end of data" in error:
        return (
            f"From row {row} on a quotation mark is opened and never closed. "
            "Close it, or leave it out."
        )
    return f"Row {row} cannot be split into columns. Look at its quotes."


def _lines(text: str, delimiter: str) -> Iterator[str]:
    """The lines of the text one by one, their ends included; a copy of all would be large."""
    start, end = 0, len(text)
    while start < end:
        stop = _END_OF_LINE.search(text, start)
        after = stop.end() if stop else end
        if after - start > LONG_LINE and text.count(delimiter, start, after) > 4 * MAX_COLUMNS:
            raise UnreadableFile(too_wide(text.count(delimiter, start, after) + 1))
        yield text[start:after]
        start = after


def too_wide(columns: int) -> str:
    return f"This file has {columns} columns; {MAX_COLUMNS} are possible."


def _delimiter(text: str) -> str:
    """The separator under which most of the first lines have the same number of columns."""
    head = text[:50_000]
    if head[:4].casefold() == "sep=":
        return head[4:5] or ","
    best, most = ",", (0, 0)
    for delimiter in ";\t|,":
        try:
            sample = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
            widths = [len(row) for row, _ in zip(sample, range(_SAMPLE), strict=False) if any(row)]
        except csv.Error:
            continue
        counted = Counter(width for width in widths if width > 1)
        if not counted:
            continue
        width, lines = max(counted.items(), key=lambda one: (one[1], one[0]))
        # A header that is split alike speaks for a separator: 1,5;2,5 has as many commas.
        fits = (lines + (2 if widths[0] == width else 0), 0)
        if fits > most:
            best, most = delimiter, fits
    return best


def _decode(content: bytes) -> str:
    head = content[:4000]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif len(head) > 3 and head[1::2].count(0) > len(head) // 3:
        encodings = ["utf-16-le"]
    elif len(head) > 3 and head[0::2].count(0) > len(head) // 3:
        encodings = ["utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("The letters of this file cannot be read. Save it as CSV in UTF-8.")
