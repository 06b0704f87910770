"""What only a person can say about a file: asked when, and only when, its cells leave it open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kpis.domain.imports import periods
from kpis.domain.imports.mapping import ACROSS, KPI, PERIOD, ColumnMapping, KpiColumn
from kpis.domain.imports.numbers import BadCell, number, signs
from kpis.domain.imports.periods import Habits
from kpis.domain.imports.proposing import kpi_part
from kpis.domain.imports.table import Table

# Kinds whose parts are whole numbers.
WHOLE = {"ratio", "distinct"}


@dataclass(frozen=True)
class Home:
    """What reading needs to know of the organization: the day, its calendar, its manner."""

    fiscal_start: int = 1
    zone: str = "UTC"
    locale: str = "en"


@dataclass(frozen=True)
class Manner:
    """How the ambiguous cells of one file are read, and which questions stay open."""

    habits: Habits
    decimal_comma: bool | None
    # Columns of shares whose bare numbers are hundredths; None where nobody knows.
    hundredths: dict[str, bool | None]
    asked: tuple[str, ...]


def manner(table: Table, mapping: ColumnMapping, kpis: Sequence[KpiColumn], home: Home) -> Manner:
    """How a table is to be read as mapped. `asked` names what a person should answer or check:
    first_week, dates, decimal, quarters, shares."""
    asked: list[str] = []
    cells = _period_cells(table, mapping)
    if any(periods.counted(cell) is not None for cell in cells):
        asked.append("first_week")
    habits = Habits(
        first_week=mapping.first_day(),
        day_first=_day_first(cells, mapping, asked),
        fiscal_quarters=_fiscal(cells, mapping, home, asked),
        fiscal_start=home.fiscal_start,
        zone=home.zone,
    )
    comma = _decimal_comma(table, mapping, kpis, home, asked)
    return Manner(habits, comma, _hundredths(table, mapping, kpis, comma, asked), tuple(asked))


def _column(table: Table, name: str | None) -> Iterable[str]:
    if name not in table.header:
        return ()
    index = table.header.index(name)
    return (row[index] for row in table.rows if index < len(row) and row[index])


def _period_cells(table: Table, mapping: ColumnMapping) -> set[str]:
    if mapping.is_across:
        return {name for name, says in mapping.columns.items() if says == ACROSS}
    return set(_column(table, mapping.column(PERIOD)))


def _day_first(cells: set[str], mapping: ColumnMapping, asked: list[str]) -> bool | None:
    if not any(periods.is_either(cell) for cell in cells):
        return mapping.dates != "mdy"
    shown = {periods.order_shown(cell) for cell in cells} - {None}
    if len(shown) == 1 and not mapping.dates:
        return shown.pop()
    asked.append("dates")
    return {"dmy": True, "mdy": False}.get(mapping.dates)


def _fiscal(cells: set[str], mapping: ColumnMapping, home: Home, asked: list[str]) -> bool | None:
    if home.fiscal_start == 1 or not any(periods.has_bare_quarter(cell) for cell in cells):
        return mapping.quarters == "fiscal"
    asked.append("quarters")
    return {"fiscal": True, "calendar": False}.get(mapping.quarters)


def figure_columns(mapping: ColumnMapping) -> list[str]:
    """The columns in which numbers stand."""
    return [
        name
        for name, says in mapping.columns.items()
        if says == ACROSS or says.startswith(("long:", "figure:"))
    ]


def _decimal_comma(
    table: Table,
    mapping: ColumnMapping,
    kpis: Sequence[KpiColumn],
    home: Home,
    asked: list[str],
) -> bool | None:
    shown: set[str] = set()
    for name in figure_columns(mapping):
        shown |= signs(_column(table, name))
    if shown == {"?"}:
        # People and cases come whole: 1.220 of them can only be a thousand and more.
        shown |= {"." if "," in cell else "," for cell in _parted(table, mapping, kpis)}
    if "?" not in shown:
        return "," in shown
    if mapping.decimal:
        asked.append("decimal")
        return mapping.decimal == ","
    clear = shown - {"?"}
    if len(clear) == 1:
        return "," in clear
    asked.append("decimal")
    # Both signs in one file: only a person can tell what 1,250 is. None: the house's manner.
    return None if clear else home.locale.startswith(("de", "fr", "es", "it", "nl"))


def _parted(table: Table, mapping: ColumnMapping, kpis: Sequence[KpiColumn]) -> Iterable[str]:
    """Cells such as 1.220 (not 1.000) in columns of numbers that are whole."""
    whole = {kpi.slug for kpi in kpis if kpi.kind in WHOLE}
    columns = [
        name
        for slug, parts in mapping.figures().items()
        for part, name in parts.items()
        if slug in whole and part in {"num", "den", "n"}
    ]
    cells = [cell for name in columns for cell in _column(table, name)]
    if mapping.is_long:
        cells += _whole_long(table, mapping, kpis)
    return [cell for cell in cells if signs([cell]) == {"?"} and not cell.endswith("000")]


def _whole_long(table: Table, mapping: ColumnMapping, kpis: Sequence[KpiColumn]) -> Iterable[str]:
    """The parts of rows whose KPI has whole numbers only."""
    by_name = {name: kpi for kpi in kpis for name in kpi.names}
    at = table.header.index(mapping.column(KPI) or "")
    parts = [table.header.index(n) for p, n in mapping.long_parts().items() if p in {"num", "den"}]
    kinds: dict[str, bool] = {}
    for row in table.rows:
        name = row[at] if at < len(row) else ""
        if name not in kinds:
            found = kpi_part(name, by_name)
            kinds[name] = found is not None and found[0].kind in WHOLE
        if kinds[name]:
            yield from (row[index] for index in parts if index < len(row) and row[index])


def _hundredths(
    table: Table,
    mapping: ColumnMapping,
    kpis: Sequence[KpiColumn],
    comma: bool | None,
    asked: list[str],
) -> dict[str, bool | None]:
    """For each column of shares given as values: whether 28 means 28%."""
    shares = {kpi.slug for kpi in kpis if kpi.is_share}
    by_column: dict[str, bool | None] = {}
    for slug, parts in mapping.figures().items():
        if slug in shares and "value" in parts:
            name = parts["value"]
            sizes = _bare_sizes(_column(table, name), comma)
            by_column[name] = _are_hundredths(sizes, name in table.percent)
    if None in by_column.values():
        asked.append("shares")
        answer = {"percent": True, "fraction": False}.get(mapping.shares)
        by_column = {name: answer if says is None else says for name, says in by_column.items()}
    return by_column


def _bare_sizes(cells: Iterable[str], comma: bool | None) -> list[Decimal]:
    """The numbers of a column that stand without a per cent sign, zeros left out."""
    sizes = []
    for cell in cells:
        try:
            value = None if "%" in cell else number(cell, decimal_comma=comma)
        except BadCell:
            continue
        if value:
            sizes.append(value)
    return sizes


def _are_hundredths(sizes: Sequence[Decimal], heading_says: bool) -> bool | None:
    if not sizes:
        return heading_says
    if heading_says:
        # "%" above and nothing over 1 below: 0.28 may be 28% or a quarter of one per cent.
        return None if max(sizes) <= 1 else True
    return None if min(sizes) > 1 and max(sizes) <= 100 else False
