"""No cell of what leaves the portal is run, whatever program opens it and wherever it splits."""

import csv
import io
import re
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal.domain.spreadsheets import csv_text, guarded
from tests.architecture.sources import ROOT, code

DELIMITERS = [",", ";", "\t", "|"]
SIGNS = tuple("=+-@＝＋－＠")
PASSED_OVER = " \t\r\n\v\f\x00\u00a0\u200b\u2060\ufeff\"'"
# A number is none, nor is what no program can read as one: a number right before a quote.
NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)*([eE][+-]?[0-9]+)?\s?%?(,?\".*)?", re.DOTALL)
CORPUS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "＝1+1",
    " =1",
    "\u00a0=1",
    "\ufeff=1",
    "\t=1",
    "\r\n=1",
    "x;=HYPERLINK(1);y",
    "x\t=1",
    "x\n=1",
    "x\r=1",
    "x|=cmd",
    "x,=1",
    'x;"=1"',
    '";=1;"',
    'a";"=1',
    "x;' =1",
    "=cmd|' /C calc'!A0",
    "x; ;;-1-1",
    "-2-3;-1",
    "\u2028=1",
    "x\x85=1",
]


def cells(text, delimiter):
    """Every cell that a program may see: with quotes understood and without, line by line too."""
    readers = [
        csv.reader(io.StringIO(text, newline=""), delimiter=delimiter),
        csv.reader(text.splitlines(), delimiter=delimiter),
        csv.reader(text.splitlines(), delimiter=delimiter, quoting=csv.QUOTE_NONE),
        csv.reader(text.splitlines(), delimiter=delimiter, skipinitialspace=True),
    ]
    for reader in readers:
        for row in reader:
            yield from row


def run_by_a_spreadsheet(cell):
    bare = cell.lstrip(PASSED_OVER.replace("'", ""))
    return bare.startswith(SIGNS) and not NUMBER.fullmatch(bare)


def check(rows):
    text = csv_text(rows)
    for delimiter in DELIMITERS:
        assert [cell for cell in cells(text, delimiter) if run_by_a_spreadsheet(cell)] == []
    back = list(csv.reader(io.StringIO(text, newline="")))
    assert [[cell.replace("'", "") for cell in row] for row in back] == [
        [cell.replace("'", "") for cell in row] for row in rows
    ]


@pytest.mark.parametrize("text", CORPUS)
def test_no_cell_of_the_corpus_is_run(text):
    check([["first", text, "last"], [text, text, text]])


NASTY = st.text(
    alphabet=st.sampled_from("=+-@;,|%\t\r\n\"' xé漢😀1\u00a0\ufeff\u2028＝"), max_size=8
)
ROWS = st.lists(st.lists(NASTY, min_size=3, max_size=3), min_size=1, max_size=4)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS)
@example([["a", 'x;"', "=1"]])
@example([['"', ";=1", '"']])
def test_no_cell_is_run_and_all_text_comes_back(rows):
    check(rows)


@pytest.mark.parametrize(
    "text",
    ["", "x", "-400", "-0.2", "+3", "-1.234,56", "1e-3", "-5 %", "a-b", "3 - 4", "x; y", "a, b"],
)
def test_numbers_and_plain_text_stay_as_they_are(text):
    assert guarded(text) == text


def test_numbers_come_back_digit_for_digit():
    row = [Decimal("-400"), Decimal("-1E-7"), -4, -0.25, None]
    assert csv_text([row]) == '"-400","-0.0000001","-4","-0.25",""\r\n'


def test_there_is_no_other_writer():
    """Nobody else may write cells: a second writer would need a second guard."""
    others = [
        str(path)
        for path in code()
        if re.search(r"csv\.(writer|DictWriter)|Workbook\(|xlsxwriter", (ROOT / path).read_text())
        and str(path) != "portal/domain/spreadsheets.py"
    ]
    assert others == []
