"""XLSX as it is sent: sheets, merged and hidden cells, formulas, formats, and what attacks."""

import datetime as dt
import io
import json
import os
import random
import subprocess
import sys
import time
import zipfile

import pytest
from openpyxl import Workbook

from kpis.queries.spreadsheet import read_book
from tests.architecture.sources import ROOT

SHEET = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


def saved(book):
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def with_member(content, name, data):
    """The archive with one member put in the place of another, or added."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(held, "w", 8) as new:
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
        new.writestr(name, data)
    return held.getvalue()


@pytest.fixture
def book():
    """A cover, a sheet of figures with everything that people do to one, a hidden sheet."""
    book = Workbook()
    book.active.title = "Cover"
    book.active["A1"] = "Report"
    sheet = book.create_sheet("Data")
    for row in (
        ["Weekly report"],
        [],
        ["Woche", "Team", "Anteil", "Zahl", "Kosten"],
        [dt.date(2026, 11, 9), "Legal", 0.28, 1234.5, 1.234],
        [dt.datetime(2026, 11, 16, 13, 30), None, 0.284, 1e-05, 0.1 + 0.2],
        ["Total", None, "=AVERAGE(C4:C5)", True, "1.234,5"],
    ):
        sheet.append(row)
    sheet["C4"].number_format, sheet["C5"].number_format = "0%", "0.0%"
    sheet.merge_cells("A1:E1")
    sheet.merge_cells("B4:B5")
    sheet.column_dimensions["D"].hidden = True
    sheet.row_dimensions[5].hidden = True
    book.create_sheet("Secret").sheet_state = "hidden"
    return book


def test_a_sheet_is_read_as_it_is_seen(book):
    found = read_book(saved(book))
    assert (found.sheets, found.sheet) == (["Cover", "Data"], "Data")
    assert found.rows == [
        ["Weekly report"],
        [],
        ["Woche", "Team", "Anteil", "Zahl", "Kosten"],
        ["2026-11-09", "Legal", "28%", "1234.5", "1.2340"],
        ["2026-11-16 13:30:00", "Legal", "28.4%", "0.00001", "0.3"],
        ["Total", "", "#formula", "TRUE", "1.234,5"],
    ]
    assert found.remarks == [
        "1 row is hidden in the spreadsheet and read like the others.",
        "Hidden in the spreadsheet, and read like the others: column D.",
        "Hidden sheets are not read (1).",
    ]


def test_a_formula_counts_by_its_kept_result(book):
    sheet = b'<row r="1"><c r="A1" t="str"><v>week</v></c><c r="B1" t="str"><v>a</v></c></row><row r="2"><c r="A2" t="str"><v>2026-W46</v></c><c r="B2"><f>1+2</f><v>3</v></c></row>'  # noqa: E501
    content = with_member(saved(book), "xl/worksheets/sheet1.xml", SHEET % sheet)
    assert read_book(content).rows == [["week", "a"], ["2026-W46", "3"]]


@pytest.mark.parametrize(("wanted", "read"), [("Data", "Data"), ("Secret", "Data"), ("x", "Data")])
def test_the_sheet_can_be_chosen_and_a_hidden_one_cannot(book, wanted, read):
    assert read_book(saved(book), wanted).sheet == read


def test_a_million_empty_styled_rows_are_no_rows(book):
    empty = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(3, 1_000_000))
    rows = b'<row r="1"><c r="A1" t="str"><v>week</v></c><c r="B1" t="str"><v>a</v></c></row><row r="2"><c r="A2"><v>46335</v></c><c r="B2"><v>3</v></c></row>'  # noqa: E501
    content = with_member(saved(book), "xl/worksheets/sheet1.xml", SHEET % (rows + empty))
    assert read_book(content).rows == [["week", "a"], ["46335", "3"]]


def archive(**members):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", 8) as new:
        for name, data in members.items():
            new.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return held.getvalue()


ZEROS = {"xl__workbook_xml": b"0" * 90_000_000}
MANY = {"xl__workbook_xml": b"x"} | {f"xl__a{n}_xml": b"x" for n in range(1200)}
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><workbook/>'
OUTSIDE = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><workbook>&x;</workbook>'
BOMBS = {
    "nothing": (lambda good: b"", "This file is empty"),
    "blank": (lambda good: b" \r\n ", "This file is empty"),
    "cut off": (lambda good: good[: len(good) // 2], "damaged"),
    "only magic": (lambda good: b"PK\x03\x04", "damaged"),
    "ratio": (lambda good: archive(**ZEROS), "far too much data"),
    "members": (lambda good: archive(**MANY), "far too much data"),
    "laughs": (lambda good: with_member(good, "xl/workbook.xml", LAUGHS), "not what Excel writes"),
    "entity": (lambda good: with_member(good, "xl/workbook.xml", OUTSIDE), "not what Excel writes"),
    "macro": (lambda good: with_member(good, "xl/vbaProject.bin", b"x"), "holds macros"),
    "open document": (lambda good: archive(content_xml=b"x"), "not an Excel file"),
    "no sheet": (lambda good: with_member(good, "xl/worksheets/sheet2.xml", b"<x"), "cannot be"),
    "old excel": (lambda good: b"\xd0\xcf\x11\xe0" * 9, "old or password-protected"),
    "pdf": (lambda good: b"%PDF-1.7", "This is a PDF"),
    "gzip": (lambda good: b"\x1f\x8b\x08aaaa", "packed"),
}


MANY_ROWS = "more rows than the 100,000"
TOO_ODD = "too large or too odd"
ROW = b'<row r="%d"><c r="A%d"><v>1</v></c><c r="%s%d"><v>3</v></c></row>'


def sheet(rows):
    """A workbook whose sheet holds these rows, and something that does not shrink beside it."""

    def made(good):
        noise = random.Random(1).randbytes(600_000)
        return with_member(
            with_member(good, "xl/worksheets/sheet1.xml", SHEET % rows()), "xl/noise.bin", noise
        )

    return made


def part(name, data):
    noise = random.Random(1).randbytes(600_000)
    return lambda good: with_member(with_member(good, name, data()), "xl/noise.bin", noise)


# Each passes the first glance and would take seconds or a gigabyte to read whole.
BOMBS |= {
    "commas": (lambda good: b"," * 10_000_000, "columns; 200 are possible"),
    "blank lines": (lambda good: b"x" + b"\n" * 10_000_000, MANY_ROWS),
    "short lines": (lambda good: b"a\n" * 5_000_000, MANY_ROWS),
    "short rows": (lambda good: "1;2\n".encode("utf-16-le") * 1_250_000, MANY_ROWS),
    "many rows": (
        sheet(lambda: b"".join(ROW % (n, n, b"B", n) for n in range(1, 400_000))),
        MANY_ROWS,
    ),
    "a far row": (
        sheet(lambda: b"".join(ROW % (n, n, b"B", n) for n in (1, 2, 1048576))),
        MANY_ROWS,
    ),
    "far columns": (
        sheet(lambda: b"".join(ROW % (n, n, b"XFD", n) for n in range(1, 50_000))),
        "columns; 200 are possible",
    ),
    "deep": (sheet(lambda: b"<a>" * 10_000_000), TOO_ODD),
    "deep row": (sheet(lambda: b'<row r="1">' + b"<a>" * 2_000_000), TOO_ODD),
    "styles": (part("xl/styles.xml", lambda: b'<xf numFmtId="1"/>' * 3_000_000), TOO_ODD),
    "strings": (part("xl/sharedStrings.xml", lambda: b"<si><t>a</t></si>" * 3_000_000), TOO_ODD),
}
MEASURED = """
import json, resource, sys
from kpis.domain.imports.table import UnreadableFile
from kpis.queries.spreadsheet import read_book
content = open(sys.argv[1], "rb").read()
def used():
    own = resource.getrusage(resource.RUSAGE_SELF)
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (
        own.ru_utime + own.ru_stime + child.ru_utime + child.ru_stime,
        max(own.ru_maxrss, child.ru_maxrss) / 1024,
    )
before = used()
try:
    sentence = f"read {len(read_book(content).rows)} rows"
except UnreadableFile as refused:
    sentence = str(refused)
after = used()
print(json.dumps([sentence, after[0] - before[0], after[1] - before[1]]))
"""


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_attacks_or_is_no_table_is_refused_in_words_and_in_time(book, bomb, tmp_path):
    """Seconds of the processor and megabytes beyond its own, reader process included."""
    make, sentence = BOMBS[bomb]
    file = tmp_path / "bomb"
    file.write_bytes(make(saved(book)))
    hidden = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(file)],
        cwd=ROOT,
        env=hidden,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    said, seconds, memory = json.loads(done.stdout)
    assert sentence in said
    assert seconds < 1.5
    assert memory < 100


def test_overlapping_merged_ranges_are_filled_once(book):
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="str"><v>x</v></c>' % (n, n)
        + b'<c r="B%d" t="str"><v>y</v></c></row>' % n
        for n in (1, 2, 2000)
    )
    merges = b"<mergeCells>" + b'<mergeCell ref="A1:A2000"/>' * 20_000 + b"</mergeCells>"
    whole = (SHEET % rows).replace(b"</sheetData>", b"</sheetData>" + merges)
    start = time.process_time()
    found = read_book(with_member(saved(book), "xl/worksheets/sheet1.xml", whole))
    assert (len(found.rows), {row[0] for row in found.rows}) == (2000, {"x"})
    assert time.process_time() - start < 1
