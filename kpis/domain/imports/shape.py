"""Where in a sheet the table stands: title rows, two-line headers, a row of units, odd names."""

import re
from collections.abc import Collection, Sequence

from kpis.domain.imports.numbers import EMPTY, BadCell, number
from kpis.domain.imports.periods import Habits, period
from kpis.domain.imports.table import (
    EMPTY_FILE,
    MAX_COLUMNS,
    MAX_ROWS,
    Table,
    UnreadableFile,
    too_wide,
)
from kpis.domain.imports.words import PERIOD_NAMES, plain

Rows = Sequence[Sequence[str]]
SEARCHED = 30
_UNITS = {
    "%",
    "in %",
    "percent",
    "prozent",
    "pct",
    "ms",
    "s",
    "sec",
    "seconds",
    "min",
    "minutes",
    "minuten",
    "h",
    "hours",
    "stunden",
    "days",
    "tage",
    "eur",
    "usd",
    "gbp",
    "chf",
    "€",
    "$",
    "£",
    "#",
    "n",
    "count",
    "anzahl",
    "number",
    "stk",
    "pieces",
    "fraction",
    "ratio",
    "score",
    "points",
    "week",
    "date",
    "text",
    "unit",
    "units",
    "einheit",
}
_PER_CENT = re.compile(r"%|\bper ?cent\b|\bpct\b|\bprozent\b", re.IGNORECASE)
# Any day stands for a first week: here it only matters whether a cell names a period at all.
ANY = Habits(first_week=period("2020-01-06")[1], day_first=True, fiscal_quarters=False)


def names_period(text: str, *, bare: bool = False) -> bool:
    """Whether a cell names a period; a bare number only when asked (it may be a figure)."""
    if not text or (not bare and re.fullmatch(r"[\d.,]+", text)):
        return False
    try:
        period(text, habits=ANY)
    except BadCell as error:
        return "no year" in str(error) or "may be" in str(error)
    return True


def is_number(text: str) -> bool:
    try:
        return number(text) is not None
    except BadCell:
        return False


def table_of(rows: Rows, *, header_row: int = 0, known: Collection[str] = ()) -> Table:
    """The table in rows of text; `header_row` counts from 1, 0 looks for it.

    `known` are the plain names of KPIs: they mark the header. Raises UnreadableFile.
    """
    if not any(any(row) for row in rows):
        raise UnreadableFile(EMPTY_FILE)
    at = header_row - 1 if 0 < header_row <= len(rows) else find_header(rows, known)
    header, body_at, remarks = list(rows[at]), at + 1, []
    if at and header_row == 0 and any(any(row) for row in rows[:at]):
        remarks.append(f"The header was found in row {at + 1}; what stands above is left out.")
    below = rows[body_at] if body_at < len(rows) else ()
    per_cent = {i for i, name in enumerate(header) if _PER_CENT.search(name)}
    if _continues(header, below):
        header = _joined(header, below)
        body_at += 1
        remarks.append(f"The header is made of rows {at + 1} and {at + 2}.")
    elif _is_units(below):
        per_cent |= {i for i, name in enumerate(below) if _PER_CENT.search(name)}
        body_at += 1
        remarks.append(f"Row {at + 2} was read as a row of units.")
    body = [tuple(row) for row in rows[body_at:]]
    while body and not any(body[-1]):
        body.pop()
    names = _names(header, body, remarks)
    _check(names, body)
    marked = frozenset(names[i] for i in per_cent if i < len(names))
    return Table(tuple(names), tuple(body), body_at + 1, marked, tuple(remarks))


def find_header(rows: Rows, known: Collection[str] = ()) -> int:
    """Index of the row that names the columns: most words that we know, else the first wide one."""
    filled = [i for i, row in enumerate(rows[:SEARCHED]) if any(row)]
    best, most = filled[0] if filled else next(i for i, row in enumerate(rows) if any(row)), -1.0
    for at in filled:
        points = _points(rows[at], known)
        if points > most:
            best, most = at, points
    return best


def _points(row: Sequence[str], known: Collection[str]) -> float:
    cells = [cell for cell in row if cell]
    if len(cells) < 2:
        return 0.0
    points = 0.0
    for cell in cells:
        word = plain(cell)
        if word in known or word in PERIOD_NAMES:
            points += 3
        elif names_period(cell):
            points += 1
        elif is_number(cell) or cell.casefold() in EMPTY:
            points -= 1
        elif len(cell) <= 60:
            points += 1
    return points


def _is_units(row: Sequence[str]) -> bool:
    cells = [cell.casefold().strip("[]() ") for cell in row if cell]
    return bool(cells) and all(cell in _UNITS for cell in cells)


def _continues(header: Sequence[str], below: Sequence[str]) -> bool:
    """Whether the row below the header says more about groups of its columns."""
    gaps = [i for i in range(1, len(below)) if below[i] and not (header[i : i + 1] or [""])[0]]
    cells = [cell for cell in below if cell]
    words = not any(is_number(cell) or names_period(cell, bare=True) for cell in cells)
    return bool(gaps) and len(cells) > 1 and words and not _is_units(below)


def _joined(header: Sequence[str], below: Sequence[str]) -> list[str]:
    """Both lines of a header in one; a group's name counts up to the next."""
    names, group = [], ""
    for index in range(max(len(header), len(below))):
        group = (header[index] if index < len(header) else "") or group
        lower = below[index] if index < len(below) else ""
        own = header[index] if index < len(header) else ""
        names.append(f"{group} {lower}".strip() if lower else own)
    return names


def _names(header: Sequence[str], body: Rows, remarks: list[str]) -> list[str]:
    """A name for every column that holds something, each once."""
    width = max((i + 1 for row in body[:2000] for i, cell in enumerate(row) if cell), default=0)
    named = [" ".join(name.split())[:120] for name in header]
    while len(named) > width and not named[-1]:
        named.pop()
    named += [""] * (min(width, MAX_COLUMNS + 1) - len(named))
    seen: dict[str, int] = {}
    for index, name in enumerate(named):
        name = name or f"Column {_letter(index)}"
        count = seen[name.casefold()] = seen.get(name.casefold(), 0) + 1
        if count > 1:
            remarks.append(
                f"“{name}” stands more than once in the header; the one in column "
                f"{_letter(index)} is called “{name} ({count})”."
            )
            name = f"{name} ({count})"
            seen[name.casefold()] = 1
        named[index] = name
    return named


def _letter(index: int) -> str:
    """A column as spreadsheets call it: A, B … Z, AA."""
    text, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def _check(names: Sequence[str], body: Rows) -> None:
    if len(names) > MAX_COLUMNS:
        raise UnreadableFile(too_wide(len(names)))
    if len(names) < 2:
        raise UnreadableFile(
            "Only one column was found. The file needs a column for the period and one for figures."
        )
    if not body:
        raise UnreadableFile("This file has a header line but no figures below it.")
    if len(body) > MAX_ROWS:
        raise UnreadableFile(
            f"This file has {len(body):,} rows; {MAX_ROWS:,} are possible at once. "
            "Send it in parts."
        )
