"""What a cell says as a number, or a sentence about why it says none."""

import re
from collections.abc import Iterable
from decimal import Decimal

EMPTY = {
    "",
    "-",
    "–",
    "—",
    "--",
    "n/a",
    "na",
    "n.a.",
    "null",
    "none",
    "#n/a",
    "k.a.",
    "k. a.",
    "not measured",
    "nicht gemessen",
    "no data",
    "keine angabe",
}
LARGEST = Decimal(10) ** 18
_ERRORS = {"#div/0!", "#ref!", "#value!", "#name?", "#num!", "#null!", "#spill!", "#calc!"}
_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009'’]")
# Blanks and apostrophes stand before groups of three digits, or they part two numbers.
_PARTED = re.compile(r"\d[\s\u00a0\u202f\u2009'’]+\d")
_GROUPED = re.compile(r"\d{1,3}(?:[\s\u00a0\u202f\u2009'’]\d{3})+(?!\d)")
_MONEY = re.compile(
    r"^([+-]?)(?:[$€£¥]|EUR|USD|CHF|GBP)|(?:[$€£¥]|EUR|USD|CHF|GBP)$", re.IGNORECASE
)
_NUMBER = re.compile(r"([+-]?)(\d[\d.,]*|[.,]\d+)(E[+-]?\d{1,2})?", re.ASCII | re.IGNORECASE)
_GROUPS = {
    ",": re.compile(r"\d{1,3}(,\d{2,3})*,\d{3}", re.ASCII),
    ".": re.compile(r"\d{1,3}(\.\d{3})+", re.ASCII),
}
NO_RESULT = "#formula"


class BadCell(ValueError):
    """A cell cannot be understood; the message is a sentence that says what to do."""


def number(text: str, *, decimal_comma: bool | None = False) -> Decimal | None:
    """The number in a cell, None for an empty one; an explicit 0 is a number.

    Reads thousands in groups, a per cent sign (value / 100), a currency, (12) as -12. The last of
    two kinds of separators, and a single one before other than three digits, is the decimal one
    in every file; `decimal_comma` decides the rest ("1,250"), None refuses them. Raises BadCell
    for anything else, including NaN and infinity.
    """
    raw = text.strip()
    if raw.isascii() and raw.isdigit() and len(raw) < 16:
        return Decimal(raw)
    if raw.casefold() in EMPTY:
        return None
    body, percent = _bare(raw)
    match = _NUMBER.fullmatch(body)
    if match is None or (_PARTED.search(raw) and not _GROUPED.search(raw)):
        raise BadCell(_not_a_number(raw))
    whole, _, part = _split(match[2], decimal_comma, raw).partition(".")
    value = Decimal(f"{match[1]}{whole or 0}{'.' + part if part else ''}{match[3] or ''}")
    if abs(value) >= LARGEST:
        raise BadCell(f"“{text[:40]}” is too large to be a figure.")
    return value / 100 if percent else value


def _bare(raw: str) -> tuple[str, bool]:
    """The digits with their separators and sign, and whether a per cent sign stood behind."""
    body = _BLANKS.sub("", raw).replace("−", "-")
    percent = body.endswith("%")
    body = _MONEY.sub(r"\1", body.removesuffix("%"))
    if body.startswith("(") and body.endswith(")"):
        body = f"-{_MONEY.sub('', body[1:-1])}"
    return body, percent


def _split(digits: str, decimal_comma: bool | None, raw: str) -> str:
    """The digits with a point before the fraction and no groups."""
    kinds = [sign for sign in ",." if sign in digits]
    if not kinds:
        return digits
    if len(kinds) == 2:
        decimal = max(",.", key=digits.rindex)
    elif digits.count(kinds[0]) > 1:
        decimal = "." if kinds[0] == "," else ","
    else:
        decimal = own_sign(digits, kinds[0])
        if decimal == "?":
            if decimal_comma is None:
                raise BadCell(
                    f"“{raw[:40]}” can be read in two ways. Say which sign stands before decimals."
                )
            decimal = "," if decimal_comma else "."
    group = "." if decimal == "," else ","
    whole, sign, part = digits.partition(decimal)
    if group in part or decimal in part or (group in whole and not _GROUPS[group].fullmatch(whole)):
        raise BadCell(_not_a_number(raw))
    return whole.replace(group, "") + ("." + part if sign else "")


def own_sign(digits: str, sign: str) -> str:
    """The decimal sign that a cell with one separator shows by itself, "?" when either may be."""
    before, _, after = digits.partition(sign)
    if len(after) == 3 and 1 <= len(before) <= 3 and before.strip("0"):
        return "?"
    return sign


def _not_a_number(raw: str) -> str:
    shown = raw[:40]
    if raw.casefold() in _ERRORS:
        return f"“{shown}” is an error of the spreadsheet, not a number. Mend the formula."
    if raw == NO_RESULT:
        return (
            "This formula was saved without its result. Open the file in your spreadsheet "
            "program, save it and send it again."
        )
    if re.fullmatch(r"\d{1,4}:\d{2}(:\d{2})?", raw):
        return f"“{shown}” is a time. Give it as a number in the unit of the KPI."
    return f"“{shown}” is not a number. Empty the cell if it was not measured."


def signs(cells: Iterable[str]) -> set[str]:
    """What the cells show about their decimal sign: ",", "." and "?" (could be either)."""
    shown: set[str] = set()
    for cell in cells:
        if "," not in cell and "." not in cell:
            continue
        body = _bare(cell.strip())[0].lstrip("+-")
        kinds = [sign for sign in ",." if sign in body]
        if not kinds or not re.fullmatch(r"[\d.,]+", body, re.ASCII):
            continue
        if len(kinds) == 2:
            shown.add(max(",.", key=body.rindex))
        elif body.count(kinds[0]) > 1:
            shown.add("." if kinds[0] == "," else ",")
        else:
            shown.add(own_sign(body, kinds[0]))
    return shown


def uses_decimal_comma(cells: Iterable[str]) -> bool:
    """Whether the figures of a file are written 1.234,5 or 0,28 rather than 1,234.5."""
    return "," in signs(cells)
