"""From a table and the meaning of its columns to figures, with every fault named by row."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kpis.domain.imports.cells import BadCell, number, period, uses_decimal_comma
from kpis.domain.imports.mapping import KPI, LONG, NOTE, PERIOD, ColumnMapping, KpiColumn, plain
from kpis.domain.imports.table import Table
from portal.domain.calendar import Grain

# Kinds whose amounts may be below zero.
SIGNED = {"gauge", "opaque", "quotient"}


@dataclass(frozen=True)
class Figure:
    """One figure of a file, as parts of the kind it was given in."""

    slug: str
    kind: str
    grain: Grain
    day: dt.date
    parts: Mapping[str, Any]
    note: str
    row: int


@dataclass(frozen=True)
class Fault:
    """Why a row cannot be used: its line in the file, the column, a sentence."""

    row: int
    column: str
    sentence: str


@dataclass(frozen=True)
class Reading:
    """Figures, faults, and the rows that explicitly hold no figure (not measured)."""

    figures: tuple[Figure, ...]
    faults: tuple[Fault, ...]
    empty: tuple[tuple[int, str], ...]


def read(
    table: Table, mapping: ColumnMapping, kpis: Sequence[KpiColumn], *, today: dt.date
) -> Reading:
    """Every figure of the table; a row with a fault gives none, an empty cell is not a zero."""
    reader = _Reader(table, mapping, kpis, today)
    for index, cells in enumerate(table.rows):
        if any(cells):
            reader.row(table.first_row + index, cells)
    return Reading(tuple(reader.figures), tuple(reader.faults), tuple(reader.empty))


class _Reader:
    def __init__(
        self, table: Table, mapping: ColumnMapping, kpis: Sequence[KpiColumn], today: dt.date
    ) -> None:
        self.mapping, self.today = mapping, today
        self.kpis = {kpi.slug: kpi for kpi in kpis}
        self.by_name = {name: kpi for kpi in kpis for name in kpi.names}
        self.position = {name: index for index, name in enumerate(table.header)}
        self.first_week = dt.date.fromisoformat(mapping.first_week) if mapping.first_week else None
        amounts = [
            self.position[name]
            for name, says in mapping.columns.items()
            if says in LONG or says.startswith("figure:")
        ]
        self.decimal_comma = uses_decimal_comma(
            [row[i] for row in table.rows for i in amounts if i < len(row)]
        )
        self.figures: list[Figure] = []
        self.faults: list[Fault] = []
        self.empty: list[tuple[int, str]] = []
        self.seen: dict[tuple[str, Grain, dt.date], int] = {}

    def cell(self, cells: Sequence[str], column: str | None) -> str:
        index = self.position.get(column or "", -1)
        return cells[index] if 0 <= index < len(cells) else ""

    def row(self, line: int, cells: Sequence[str]) -> None:
        column = self.mapping.column(PERIOD)
        try:
            grain, day = period(self.cell(cells, column), first_week=self.first_week)
            if day > self.today:
                raise BadCell(f"{day:%d %B %Y} has not come yet.")
        except BadCell as error:
            self.faults.append(Fault(line, column or "", str(error)))
            return
        note = self.cell(cells, self.mapping.column(NOTE))
        if self.mapping.is_long:
            self._long(line, cells, grain, day, note)
            return
        for slug, parts in self.mapping.figures().items():
            self._figure(line, self.kpis[slug], parts, cells, grain, day, note)

    def _long(self, line: int, cells: Sequence[str], grain: Grain, day: dt.date, note: str) -> None:
        column = self.mapping.column(KPI)
        name = self.cell(cells, column)
        kpi = self.by_name.get(plain(name))
        if kpi is None:
            sentence = f"“{name[:60]}” is not a KPI of this deployment."
            self.faults.append(Fault(line, column or "", sentence))
            return
        parts = {
            says.removeprefix("long:"): column
            for column, says in self.mapping.columns.items()
            if says in LONG
        }
        self._figure(line, kpi, parts, cells, grain, day, note)

    def _figure(
        self,
        line: int,
        kpi: KpiColumn,
        columns: Mapping[str, str],
        cells: Sequence[str],
        grain: Grain,
        day: dt.date,
        note: str,
    ) -> None:
        amounts: dict[str, Decimal] = {}
        for part, column in columns.items():
            try:
                amount = number(self.cell(cells, column), decimal_comma=self.decimal_comma)
            except BadCell as error:
                self.faults.append(Fault(line, column, str(error)))
                return
            if amount is not None:
                amounts[part] = amount
        if not amounts:
            self.empty.append((line, kpi.slug))
            return
        cell = (kpi.slug, grain, day)
        if cell in self.seen:
            sentence = f"{kpi.name} stands twice for this period; see row {self.seen[cell]}."
            self.faults.append(Fault(line, "", sentence))
            return
        self.seen[cell] = line
        try:
            kind, parts = entered(kpi, amounts)
        except BadCell as error:
            self.faults.append(Fault(line, next(iter(columns.values())), str(error)))
            return
        self.figures.append(Figure(kpi.slug, kind, grain, day, parts, note, line))


def entered(kpi: KpiColumn, amounts: Mapping[str, Decimal]) -> tuple[str, dict[str, Any]]:
    """Kind and parts of a figure given as value, numerator and denominator.

    A value alone where the kind needs parts is kept as a foreign figure (opaque): shown and
    judged as a point, never combined. Raises BadCell where the numbers contradict the kind.
    """
    num, den, value = amounts.get("num"), amounts.get("den"), amounts.get("value")
    if (num is None) != (den is None):
        raise BadCell("Give both the numerator and the denominator, or neither.")
    if any(amount < 0 for amount in amounts.values()) and kpi.kind not in SIGNED:
        raise BadCell(f"{kpi.name} cannot be below zero.")
    if num is not None and den is not None:
        return _of_parts(kpi, num, den)
    assert value is not None
    if kpi.kind == "count":
        return "count", {"n": _whole(value, kpi.name)}
    if kpi.kind == "ratio" and value > 1:
        raise BadCell(f"{kpi.name} is a share: give 0.28 or 28%, better numerator and denominator.")
    return "opaque", {"value": str(value)}


def _of_parts(kpi: KpiColumn, num: Decimal, den: Decimal) -> tuple[str, dict[str, Any]]:
    if kpi.kind in {"ratio", "distinct", "gauge"}:
        if num > den:
            raise BadCell(f"The numerator {num:,} is above the denominator {den:,}. Swap them?")
        return "ratio", {"num": _whole(num, "numerator"), "den": _whole(den, "denominator")}
    if kpi.kind == "rate":
        return "rate", {"events": _whole(num, "number of events"), "exposure": str(den)}
    if kpi.kind == "quotient":
        return "quotient", {"num": str(num), "den": str(den)}
    if kpi.kind == "uptime":
        if num > den:
            raise BadCell("More time up than was observed. Swap them?")
        return "uptime", {"up_s": _whole(num, "seconds up"), "observed_s": _whole(den, "seconds")}
    if den == 0:
        raise BadCell("The denominator is 0, so there is no figure.")
    return "opaque", {"value": str(num / den)}


def _whole(value: Decimal, what: str) -> int:
    if value != value.to_integral_value():
        raise BadCell(f"The {what} must be a whole number, not {value}.")
    return int(value)
