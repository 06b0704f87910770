"""Before the parser sees a sheet: drop what is empty, note what is hidden, merged or uncomputed."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO

from kpis.domain.imports.numbers import NO_RESULT
from kpis.domain.imports.table import (
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_UNPACKED,
    TOO_MANY_ROWS,
    UnreadableFile,
    too_wide,
)

BLOCK = 4 * 1024 * 1024
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_EMPTY_CELL = re.compile(rb"<c [^<>]*/>")
_EMPTY_ROW = re.compile(rb"<row [^<>]*(?:/>|>\s*</row>)")
_UNCOMPUTED = re.compile(rb"<c ([^<>]*)><f(?:[^<>]*/>|[^<>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>")
_HIDDEN_ROW = re.compile(rb"<row [^<>]*\shidden=\"(?:1|true)\"")
_COLUMN = re.compile(rb"<col [^<>]*/>")
_MERGED = re.compile(rb"<mergeCell ref=\"([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)\"")
_REFERENCE = re.compile(rb"r=\"([A-Z]+\d+)\"")
_FAR_CELL = re.compile(rb"<c (?:[^<>]*\s)?r=\"[A-Z]{3}\d")
_ROW, _STRING = b"<row ", b"<si"
MOST_MERGES = 20_000
# Beyond these a file is no table of figures, and reading it would take time and memory.
LONGEST_ROW = 8 * 1024 * 1024
MOST_TAGS_IN_A_ROW = 100_000
MOST_FAR_CELLS = 1_000
MOST_STRINGS = 400_000
LARGEST_PART = 4 * 1024 * 1024
TOO_LARGE = "This spreadsheet is too large or too odd to be read. Export the sheet as CSV."


@dataclass
class Seen:
    """What was noticed in one sheet: hidden rows, hidden columns (from 1), merged columns."""

    rows: int = 0
    far_cells: int = 0
    hidden_rows: int = 0
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int]] = field(default_factory=list)


def clean(content: bytes) -> tuple[bytes, dict[str, Seen]]:
    """The same archive, unpacked and without empty cells; what was seen by member name.

    Bytes are counted as they come out, whatever the archive declares. Raises UnreadableFile.
    """
    seen: dict[str, Seen] = {}
    total = 0
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in dict.fromkeys(source.namelist()):
            if not name.casefold().endswith((".xml", ".rels")):
                continue
            with source.open(name) as member, target.open(name, "w") as kept:
                if _SHEET.fullmatch(name):
                    parts = _sheet(_blocks(member, total), seen.setdefault(name, Seen()))
                else:
                    parts = _other(_blocks(member, total), name)
                for part in parts:
                    kept.write(part)
                total += member.tell()
    return out.getvalue(), seen


def _blocks(member: IO[bytes], total: int) -> Iterator[bytes]:
    """What a member unpacks to, refused once it is too much or no plain XML."""
    tail = b""
    while block := member.read(BLOCK):
        total += len(block)
        _refuse(total, tail + block)
        tail = block[-16:]
        yield block


def _sheet(blocks: Iterable[bytes], seen: Seen) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        whole, rest = _whole_rows(rest + block)
        if len(rest) > LONGEST_ROW:
            raise UnreadableFile(TOO_LARGE)
        yield _bounded(_cleaned(whole, seen), seen)
    yield _bounded(_cleaned(rest, seen), seen)


def _other(blocks: Iterable[bytes], name: str) -> Iterator[bytes]:
    """Texts shared by the cells may be many; styles and the like are small."""
    size = strings = 0
    for block in blocks:
        size += len(block)
        strings += block.count(_STRING)
        is_texts = "sharedstrings" in name.casefold()
        if strings > MOST_STRINGS or (size > LARGEST_PART and not is_texts):
            raise UnreadableFile(TOO_LARGE)
        yield block


def _bounded(rows: bytes, seen: Seen) -> bytes:
    """The same rows. Raises UnreadableFile for too many, too wide ones and too much in one."""
    pieces = rows.split(_ROW)
    seen.rows += len(pieces) - 1
    if seen.rows > MAX_ROWS + 50:
        raise UnreadableFile(TOO_MANY_ROWS)
    if any(piece.count(b"<") > MOST_TAGS_IN_A_ROW for piece in pieces):
        raise UnreadableFile(TOO_LARGE)
    seen.far_cells += len(_FAR_CELL.findall(rows))
    if seen.far_cells > MOST_FAR_CELLS:
        raise UnreadableFile(too_wide(4 * MAX_COLUMNS))
    return rows


def _refuse(total: int, block: bytes) -> None:
    if total > MAX_UNPACKED:
        raise UnreadableFile("This spreadsheet unpacks to far too much data. Export it as CSV.")
    if (
        b"<!DOCTYPE" in block
        or b"<!ENTITY" in block
        or block.startswith((b"\xff\xfe", b"\xfe\xff"))
    ):
        raise UnreadableFile("This spreadsheet is not what Excel writes. Save it again as XLSX.")


def _whole_rows(block: bytes) -> tuple[bytes, bytes]:
    """What can be read already, and the last row, which may go on in the next block."""
    last = block.rfind(b"<row ")
    return (block[:last], block[last:]) if last > 0 else (b"", block)


def _cleaned(block: bytes, seen: Seen) -> bytes:
    seen.hidden_rows += len(_HIDDEN_ROW.findall(block))
    for column in _COLUMN.findall(block):
        if re.search(rb"hidden=\"(?:1|true)\"", column):
            first, last = (re.search(rb"%s=\"(\d+)\"" % end, column) for end in (b"min", b"max"))
            if first and last:
                seen.hidden_columns |= set(range(int(first[1]), min(int(last[1]), 500) + 1))
    for start, top, end, bottom in _MERGED.findall(block):
        if start == end and len(seen.merged) < MOST_MERGES:
            seen.merged.append((_index(start), int(top), int(bottom)))
    return _EMPTY_ROW.sub(b"", _UNCOMPUTED.sub(_say_so, _EMPTY_CELL.sub(b"", block)))


def _say_so(match: re.Match[bytes]) -> bytes:
    place = _REFERENCE.search(match[1])
    at = b' r="%s"' % place[1] if place else b""
    return b'<c%s t="str"><v>%s</v></c>' % (at, NO_RESULT.encode())


def _index(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
