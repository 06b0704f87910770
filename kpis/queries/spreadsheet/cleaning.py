"""Before the parser sees a sheet: drop what is empty, note what is hidden, merged or uncomputed."""

import io
import re
import zipfile
from dataclasses import dataclass, field

from kpis.domain.imports.numbers import NO_RESULT
from kpis.domain.imports.table import MAX_UNPACKED, UnreadableFile

BLOCK = 4 * 1024 * 1024
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_EMPTY_CELL = re.compile(rb"<c [^<>]*/>")
_EMPTY_ROW = re.compile(rb"<row [^<>]*(?:/>|>\s*</row>)")
_UNCOMPUTED = re.compile(rb"<c ([^<>]*)><f(?:[^<>]*/>|[^<>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>")
_HIDDEN_ROW = re.compile(rb"<row [^<>]*\shidden=\"(?:1|true)\"")
_COLUMN = re.compile(rb"<col [^<>]*/>")
_MERGED = re.compile(rb"<mergeCell ref=\"([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)\"")
_REFERENCE = re.compile(rb"r=\"([A-Z]+\d+)\"")
MOST_MERGES = 20_000


@dataclass
class Seen:
    """What was noticed in one sheet: hidden rows, hidden columns (from 1), merged columns."""

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
                is_sheet = _SHEET.fullmatch(name) is not None
                found, rest = seen.setdefault(name, Seen()) if is_sheet else None, b""
                while block := member.read(BLOCK):
                    total += len(block)
                    _refuse(total, rest[-16:] + block)
                    if found is None:
                        kept.write(block)
                        continue
                    whole, rest = _whole_rows(rest + block)
                    kept.write(_cleaned(whole, found))
                if found is not None:
                    kept.write(_cleaned(rest, found))
    return out.getvalue(), seen


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
