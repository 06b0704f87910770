"""A first reading of a table: what each column probably means, for a person to confirm."""

from collections.abc import Callable, Collection, Sequence
from difflib import get_close_matches

from kpis.domain.imports.mapping import (
    ACROSS,
    GRADE,
    IGNORE,
    KPI,
    NOTE,
    PERIOD,
    UNIT,
    ColumnMapping,
    KpiColumn,
)
from kpis.domain.imports.shape import names_period
from kpis.domain.imports.table import Table
from kpis.domain.imports.words import (
    GRADE_NAMES,
    GRADES,
    KPI_NAMES,
    NOTE_NAMES,
    PART_NAMES,
    PERIOD_NAMES,
    UNIT_NAMES,
    bare,
    is_whole,
    plain,
)

SAMPLED = 200
IN_PARTS = {"ratio", "quotient", "rate", "uptime", "distinct", "gauge"}
# Shorter words stand by chance inside a definition.
SHORTEST = 4


def propose(table: Table, kpis: Sequence[KpiColumn], units: Collection[str] = ()) -> ColumnMapping:
    """A meaning for each column by its name and its cells; what is not understood is ignored.

    `units` are the plain names of teams.
    """
    reader = _Proposer(table, kpis, units)
    return ColumnMapping(reader.columns())


class _Proposer:
    def __init__(self, table: Table, kpis: Sequence[KpiColumn], units: Collection[str]) -> None:
        self.table, self.kpis, self.units = table, kpis, units
        self.kpi_names = {name: kpi for kpi in kpis for name in kpi.names}
        self.says: dict[str, str] = dict.fromkeys(table.header, IGNORE)

    def columns(self) -> dict[str, str]:
        self._give(KPI, KPI_NAMES, self._is_kpi)
        across = self._periods_in_header() if self._has(KPI) else []
        if len(across) > 1:
            self.says.update(dict.fromkeys(across, ACROSS))
        else:
            self._give(PERIOD, PERIOD_NAMES, names_period)
        self._give(UNIT, set(), self._is_unit)
        self._give(UNIT, UNIT_NAMES, None)
        self._give(NOTE, NOTE_NAMES, None)
        self._give(GRADE, set(), lambda cell: plain(cell) in GRADES)
        self._give(GRADE, GRADE_NAMES, None)
        if self._has(KPI) and len(across) < 2:
            self._parts()
        elif not self._has(KPI):
            self._figures()
        return self.says

    def _has(self, meaning: str) -> bool:
        return meaning in self.says.values()

    def _free(self) -> list[str]:
        return [name for name, says in self.says.items() if says == IGNORE]

    def _give(
        self, meaning: str, names: Collection[str], fits: Callable[[str], bool] | None
    ) -> None:
        """The meaning for the first column of such a name, else for one with such cells."""
        if self._has(meaning):
            return
        for name in self._free():
            if plain(name) in names or bare(name) in names:
                self.says[name] = meaning
                return
        if fits is None:
            return
        for name in self._free():
            if bare(name) not in self.kpi_names and self._mostly(name, fits):
                self.says[name] = meaning
                return

    def _mostly(self, name: str, fits: Callable[[str], bool]) -> bool:
        index = self.table.header.index(name)
        cells = {row[index] for row in self.table.rows[:SAMPLED] if index < len(row) and row[index]}
        return bool(cells) and sum(map(fits, cells)) >= 0.6 * len(cells)

    def _is_kpi(self, cell: str) -> bool:
        return kpi_part(cell, self.kpi_names) is not None

    def _is_unit(self, cell: str) -> bool:
        return plain(cell) in self.units or is_whole(cell)

    def _periods_in_header(self) -> list[str]:
        """Columns whose heading is a period; bare numbers when nothing else could be meant."""
        free = self._free()
        names = [name for name in free if names_period(name)]
        if len(names) < 2:
            counted = [name for name in free if name.isdigit() and names_period(name, bare=True)]
            names = counted if len(counted) > 2 else names
        return names

    def _parts(self) -> None:
        for name in self._free():
            for part, words in PART_NAMES.items():
                meaning = f"long:{part}"
                if (plain(name) in words or bare(name) in words) and not self._has(meaning):
                    self.says[name] = meaning
                    break
        if not any(says in {"long:value", "long:num"} for says in self.says.values()):
            left = [name for name in self._free() if self._mostly(name, _is_figure)]
            if len(left) == 1:
                self.says[left[0]] = "long:value"

    def _figures(self) -> None:
        for name in self._free():
            found = kpi_part(name, self.kpi_names)
            if found is not None:
                meaning = f"figure:{found[0].slug}:{found[1]}"
                if not self._has(meaning):
                    self.says[name] = meaning
        self._by_definition()
        self._by_likeness()

    def _known(self) -> set[str]:
        return {says.split(":")[1] for says in self.says.values() if says.startswith("figure:")}

    def _by_definition(self) -> None:
        """Columns left over: match a KPI's own words for its numerator and denominator."""
        for kpi in self.kpis:
            if kpi.slug in self._known():
                continue
            top, slash, bottom = kpi.definition.partition("/")
            if not slash:
                continue
            for part, text in (("num", top), ("den", bottom)):
                match = next((n for n in self._free() if _stands_in(n, text)), None)
                if match is not None:
                    self.says[match] = f"figure:{kpi.slug}:{part}"

    def _by_likeness(self) -> None:
        """Columns whose name is nearly that of a KPI without a column."""
        for name in self._free():
            left = {n: kpi for n, kpi in self.kpi_names.items() if kpi.slug not in self._known()}
            near = get_close_matches(bare(name), left, n=1, cutoff=0.85)
            if near and len(bare(name)) > SHORTEST:
                self.says[name] = f"figure:{left[near[0]].slug}:value"


def _stands_in(name: str, text: str) -> bool:
    word = bare(name)
    return len(word) >= SHORTEST and word in plain(text)


def _is_figure(cell: str) -> bool:
    return any(character.isdigit() for character in cell)


def kpi_part(text: str, names: dict[str, KpiColumn]) -> tuple[KpiColumn, str] | None:
    """The KPI that a heading or the first cell of a row names, and which part of it."""
    for word in (plain(text), bare(text)):
        if word in names:
            return names[word], "value"
        for part, endings in PART_NAMES.items():
            for ending in endings:
                kpi = names.get(word.removesuffix(ending)) if word.endswith(ending) else None
                if kpi is not None and (part not in {"num", "den"} or kpi.kind in IN_PARTS):
                    return kpi, part
    return None
