"""From a table and the meaning of its columns to figures, with every fault named by row."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter
from typing import Any

from kpis.domain.imports.clashes import Clashes, Key
from kpis.domain.imports.figures import checked, entered
from kpis.domain.imports.mapping import (
    ACROSS,
    GRADE,
    KPI,
    NOTE,
    PERIOD,
    UNIT,
    ColumnMapping,
    KpiColumn,
    plain,
)
from kpis.domain.imports.names import Left, Missing, Names, Team
from kpis.domain.imports.numbers import BadCell, number
from kpis.domain.imports.periods import counted, period
from kpis.domain.imports.questions import Home, manner
from kpis.domain.imports.table import Table
from kpis.domain.imports.words import GRADES, is_total
from portal.domain.calendar import Grain, period_of

__all__ = ["Fault", "Figure", "Reading", "entered", "read"]

# A fault list longer than this helps nobody; the count goes on.
MOST_FAULTS = 100_000
STEP = 5_000
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a file, as parts of the kind it was given in; unit "" is everybody."""

    slug: str
    kind: str
    grain: Grain
    day: dt.date
    parts: Mapping[str, Any]
    note: str
    row: int
    unit: str = ""
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be used: its line in the file, the column, a sentence."""

    row: int
    column: str
    sentence: str


@dataclass(frozen=True)
class Reading:
    """Figures, faults, and the rows that explicitly hold no figure (not measured).

    `skipped` are rows that are no data (totals, footnotes, left out by name), each with why;
    `unknown` the names that nobody knows ("kpi" or "unit", name, slug of what it may be);
    `asked` what a person should say about the file (see `questions`); `decimal` the sign that was
    taken for it, "" where nobody knows.
    """

    figures: tuple[Figure, ...]
    faults: tuple[Fault, ...]
    empty: tuple[tuple[int, str], ...]
    skipped: tuple[tuple[int, str], ...] = ()
    unknown: tuple[tuple[str, str, str], ...] = ()
    asked: tuple[str, ...] = ()
    decimal: str = "."


def read(
    table: Table,
    mapping: ColumnMapping,
    kpis: Sequence[KpiColumn],
    *,
    today: dt.date,
    units: Mapping[str, Team] | None = None,
    home: Home | None = None,
    tell: Tell | None = None,
) -> Reading:
    """Every figure of the table; a row with a fault gives none, an empty cell is not a zero.

    `units` gives the teams by their plain names; `tell` hears how many rows of how many were
    read.
    """
    reader = _Reader(table, mapping, kpis, today, units or {}, home or Home())
    for index, cells in enumerate(table.rows):
        if any(cells):
            reader.row(table.first_row + index, cells)
        if tell is not None and index % STEP == STEP - 1:
            tell(index + 1, len(table.rows))
    reader.finish()
    return Reading(
        tuple(reader.figures),
        tuple(reader.faults),
        tuple(reader.empty),
        tuple(reader.skipped),
        tuple(reader.names.unknown),
        reader.manner.asked,
        {True: ",", False: ".", None: ""}[reader.manner.decimal_comma],
    )


@dataclass
class _Amounts:
    """What was found so far for one KPI, team and period; rows of a file may share it."""

    line: int
    column: str
    note: str = ""
    grade: str = ""
    amounts: dict[str, Decimal] = field(default_factory=dict)


class _Reader:
    def __init__(
        self,
        table: Table,
        mapping: ColumnMapping,
        kpis: Sequence[KpiColumn],
        today: dt.date,
        units: Mapping[str, Team],
        home: Home,
    ) -> None:
        self.mapping, self.today, self.home = mapping, today, home
        self.kpis = {kpi.slug: kpi for kpi in kpis}
        self.names = Names(mapping, kpis, units)
        self.position = {name: index for index, name in enumerate(table.header)}
        self.manner = manner(table, mapping, kpis, home)
        self.left_out = frozenset(mapping.left_out)
        self.periods: dict[str, tuple[Grain, dt.date] | BadCell] = {}
        self.wide, self.long = mapping.figures(), mapping.long_parts()
        self.across = [name for name, says in mapping.columns.items() if says == ACROSS]
        self.at = {one: mapping.column(one) for one in (PERIOD, KPI, UNIT, NOTE, GRADE)}
        self.figures: list[Figure] = []
        self.faults: list[Fault] = []
        self.empty: list[tuple[int, str]] = []
        self.skipped: list[tuple[int, str]] = []
        self.seen: dict[Key, int] = {}
        self.clashes = Clashes(home.fiscal_start)
        self.counted: dict[tuple[str, str], int] = {}
        self.waiting: dict[Key, _Amounts] = {}

    def cell(self, cells: Sequence[str], column: str | None) -> str:
        index = self.position.get(column or "", -1)
        return cells[index] if 0 <= index < len(cells) else ""

    def fault(self, line: int, column: str | None, sentence: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(line, column or "", sentence))

    def row(self, line: int, cells: Sequence[str]) -> None:
        if line in self.left_out:
            self.skipped.append((line, "You left this row out."))
        elif self.across:
            self._across(line, cells)
        else:
            self._down(line, cells)

    def _down(self, line: int, cells: Sequence[str]) -> None:
        """A row that speaks of one period: of one KPI (long) or of several (wide)."""
        text = self.cell(cells, self.at[PERIOD])
        try:
            grain, day = self._period(text)
        except BadCell as error:
            if not self._no_data(line, cells, text):
                self.fault(line, self.at[PERIOD], str(error))
            return
        unit = self._unit(line, cells)
        if unit is None:
            return
        if self.mapping.is_long:
            found = self._kpi(line, self.cell(cells, self.at[KPI]))
            if found is not None and self._in_order(line, text, (found[0].slug, unit)):
                self._figure(line, found[0], self._parts_of(found[1]), cells, (unit, grain, day))
        elif self._in_order(line, text, ("", unit)):
            for slug, parts in self.wide.items():
                self._figure(line, self.kpis[slug], parts, cells, (unit, grain, day))

    def _parts_of(self, part: str) -> Mapping[str, str]:
        """The columns of a row whose name says which part its value is ("… numerator")."""
        if part == "value" or set(self.long) != {"value"}:
            return self.long
        return {part: self.long["value"]}

    def _period(self, text: str) -> tuple[Grain, dt.date]:
        known = self.periods.get(text)
        if known is None:
            try:
                known = period(text, habits=self.manner.habits)
                if known[1] > self.today:
                    raise BadCell(f"{known[1].day} {known[1]:%B %Y} has not come yet.")
                start = period_of(known[1], known[0], self.home.fiscal_start).start
                if start != known[1]:
                    raise BadCell(f"“{text[:40]}” is not a period of your fiscal year.")
            except BadCell as error:
                known = error
            self.periods[text] = known
        if isinstance(known, BadCell):
            raise known
        return known

    def _no_data(self, line: int, cells: Sequence[str], text: str) -> bool:
        """Whether a row without a period is a total or a remark, and so no fault."""
        if is_total(text):
            self.skipped.append((line, f"“{text[:40]}” adds up other rows."))
            return True
        columns = (
            self.long.values()
            if self.mapping.is_long
            else [name for parts in self.wide.values() for name in parts.values()]
        )
        if any(self.cell(cells, name) for name in columns):
            return False
        self.skipped.append((line, "No figure stands in this row."))
        return True

    def _in_order(self, line: int, text: str, series: tuple[str, str]) -> bool:
        """Whether counted weeks go on; where they start again, the year is missing."""
        number_ = counted(text)
        if number_ is None:
            return True
        before = self.counted.get(series)
        self.counted[series] = number_
        if before is None or number_ > before - 26:
            return True
        week = f"{self.today.year}-W{number_:02}"
        self.fault(
            line,
            self.at[PERIOD],
            f"The weeks start again at {number_} here. Write them with their year, as in {week}.",
        )
        return False

    def _unit(self, line: int, cells: Sequence[str]) -> str | None:
        """Slug of the row's team, "" for everybody; None when the row was dealt with."""
        column = self.at[UNIT]
        text = self.cell(cells, column) if column else ""
        found = self.names.unit(text)
        if isinstance(found, Left):
            self.skipped.append((line, found.why))
            return None
        if isinstance(found, Missing):
            self.fault(line, column, found.sentence)
            return None
        return found

    def _kpi(self, line: int, text: str) -> tuple[KpiColumn, str] | None:
        """KPI and part that a row names; None when the row was dealt with."""
        found = self.names.kpi(text)
        if isinstance(found, Left):
            self.skipped.append((line, found.why))
            return None
        if isinstance(found, Missing):
            self.fault(line, self.at[KPI], found.sentence)
            return None
        return found

    def _figure(
        self,
        line: int,
        kpi: KpiColumn,
        columns: Mapping[str, str],
        cells: Sequence[str],
        where: tuple[str, Grain, dt.date],
    ) -> None:
        found = _Amounts(line, next(iter(columns.values())), self.cell(cells, self.at[NOTE]))
        for part, column in columns.items():
            try:
                amount = self._amount(cells, column)
            except BadCell as error:
                self.fault(line, column, str(error))
                return
            if amount is not None:
                found.amounts[part] = amount
        grade = self.cell(cells, self.at[GRADE])
        found.grade = GRADES.get(plain(grade), "")
        if grade and not found.grade:
            self.fault(
                line,
                self.at[GRADE],
                f"“{grade[:40]}” does not say how the figure is known. Write measured, sampled, "
                "estimated or assumed.",
            )
            return
        key = (kpi.slug, *where)
        if len(columns) == 1 and not self.wide:
            self._gather(key, found)
        elif not found.amounts.keys() - {"n", "sd"}:
            self.empty.append((line, kpi.slug))
        else:
            self._add(key, found)

    def _amount(self, cells: Sequence[str], column: str) -> Decimal | None:
        text = self.cell(cells, column)
        amount = number(text, decimal_comma=self.manner.decimal_comma)
        if amount is None or column not in self.manner.hundredths or "%" in text:
            return amount
        says = self.manner.hundredths[column]
        if says is None:
            raise BadCell(
                f"“{text[:20]}” may be {text[:20]}% or a share of 1. Say how shares are written."
            )
        return amount / 100 if says else amount

    def _gather(self, key: Key, found: _Amounts) -> None:
        """Numerator and denominator that stand in rows of their own."""
        known = self.waiting.setdefault(key, found)
        if known is found:
            return
        twice = known.amounts.keys() & found.amounts.keys()
        if twice:
            name = self.kpis[key[0]].name
            sentence = f"{name} stands twice for this period; see row {known.line}."
            self.fault(found.line, found.column, sentence)
            return
        known.amounts.update(found.amounts)
        known.note = known.note or found.note

    def finish(self) -> None:
        """What was gathered from several rows becomes figures."""
        for key, found in self.waiting.items():
            if found.amounts:
                self._add(key, found)
            else:
                self.empty.append((found.line, key[0]))
        for rows in (self.figures, self.faults):
            rows.sort(key=attrgetter("row"))

    def _across(self, line: int, cells: Sequence[str]) -> None:
        """A row of one KPI with a figure per period."""
        text = self.cell(cells, self.at[KPI])
        if not any(self.cell(cells, name) for name in self.across) and not self.names.knows(text):
            self.skipped.append((line, "No figure stands in this row."))
            return
        found = self._kpi(line, text)
        unit = self._unit(line, cells) if found is not None else None
        if found is None or unit is None:
            return
        kpi, part = found
        for name in self.across:
            heading = name.rsplit(" (", 1)[0] if name.endswith(")") else name
            try:
                grain, day = self._period(heading)
            except BadCell as error:
                self.fault(line, name, str(error))
                continue
            self._figure(line, kpi, {part: name}, cells, (unit, grain, day))

    def _add(self, key: Key, found: _Amounts) -> None:
        slug, unit, grain, day = key
        kpi, line = self.kpis[slug], found.line
        if key in self.seen:
            sentence = f"{kpi.name} stands twice for this period; see row {self.seen[key]}."
            self.fault(line, found.column if self.across else "", sentence)
            return
        self.seen[key] = line
        try:
            self.clashes.refuse(kpi, key, line)
            kind, parts = entered(kpi, found.amounts)
            checked(kind, parts)
        except BadCell as error:
            self.fault(line, found.column, str(error))
            return
        self.figures.append(
            Figure(slug, kind, grain, day, parts, found.note, line, unit, found.grade)
        )
