"""What a file would change: each figure beside what is on record for its cell."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kpis.domain.aggregation import monoids, storage
from kpis.domain.imports.clashes import quarters
from kpis.domain.imports.mapping import KpiColumn
from kpis.domain.imports.reading import Fault, Figure
from portal.domain.calendar import Grain

NEW, CORRECTED, REGRADED, UNCHANGED = "new", "corrected", "regraded", "unchanged"
# People and stocks are counted anew in each period: their share is never added up.
ALONE = {"distinct", "gauge"}
Cell = tuple[str, str, Grain, dt.date]


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest figure on record of one cell: its columns (see `storage`), note and grade."""

    columns: Mapping[str, Any]
    note: str
    grade: str


@dataclass(frozen=True)
class Change:
    """One figure of the file and what became of it; `old` is what it corrects."""

    figure: Figure
    what: str
    old: Standing | None = None


@dataclass(frozen=True)
class Comparison:
    """Every figure with what it would do, those that clash with the record as faults."""

    changes: tuple[Change, ...] = ()
    faults: tuple[Fault, ...] = ()
    counts: Mapping[str, Counter[str]] = field(default_factory=dict)

    def total(self, *what: str) -> int:
        return sum(counter[one] for counter in self.counts.values() for one in what)


def compare(
    figures: Iterable[Figure],
    standing: Mapping[Cell, Standing],
    kpis: Sequence[KpiColumn],
    *,
    grade: str = "",
    fiscal_start: int = 1,
) -> Comparison:
    """What each figure does to the record; `grade` is that of figures without their own.

    Without a grade the one on record is taken for granted. A file that says nothing in its note
    does not correct the note.
    """
    by_slug = {kpi.slug: kpi for kpi in kpis}
    record = _Record(standing, fiscal_start)
    changes, faults = [], []
    counts: dict[str, Counter[str]] = {kpi.slug: Counter() for kpi in kpis}
    for figure in figures:
        refused = record.clash(figure, by_slug[figure.slug].name)
        if refused:
            faults.append(Fault(figure.row, "", refused))
            continue
        old = standing.get((figure.slug, figure.unit, figure.grain, figure.day))
        what = _what(figure, old, by_slug[figure.slug], grade)
        counts[figure.slug][what] += 1
        changes.append(Change(figure, what, old))
    return Comparison(tuple(changes), tuple(faults), counts)


def columns_of(kind: str, parts: Mapping[str, Any], *, alone: bool) -> dict[str, Any]:
    """The parts of a figure in the one way in which equal figures are stored."""
    return storage.to_columns(
        kind, monoids.to_parts(kind, monoids.from_parts(kind, parts)), alone=alone
    )


def _what(figure: Figure, old: Standing | None, kpi: KpiColumn, grade: str) -> str:
    if old is None:
        return NEW
    columns = columns_of(figure.kind, figure.parts, alone=kpi.kind in ALONE)
    if any(columns[name] != old.columns[name] for name in storage.NUMBERS):
        return CORRECTED
    if columns["more"] != old.columns["more"] or (figure.note and figure.note != old.note):
        return CORRECTED
    given = figure.grade or grade
    return REGRADED if given and given != old.grade else UNCHANGED


class _Record:
    """What stands on record, by quarter and by cell without its team."""

    def __init__(self, standing: Mapping[Cell, Standing], fiscal_start: int) -> None:
        self.fiscal_start = fiscal_start
        self.grains: dict[tuple[str, dt.date], set[Grain]] = {}
        self.everybody: dict[tuple[str, Grain, dt.date], set[bool]] = {}
        self._quarters: dict[tuple[Grain, dt.date], list[dt.date]] = {}
        for slug, unit, grain, day in standing:
            for quarter in self.quarters(grain, day):
                self.grains.setdefault((slug, quarter), set()).add(grain)
            self.everybody.setdefault((slug, grain, day), set()).add(unit == "")

    def quarters(self, grain: Grain, day: dt.date) -> list[dt.date]:
        cached = self._quarters.get((grain, day))
        if cached is None:
            cached = self._quarters[grain, day] = quarters(grain, day, self.fiscal_start)
        return cached

    def clash(self, figure: Figure, name: str) -> str:
        """Why a figure would count the same work twice beside the record; else empty."""
        for quarter in self.quarters(figure.grain, figure.day):
            other = self.grains.get((figure.slug, quarter), set()) - {figure.grain}
            if other:
                grains = " and ".join(sorted(grain.value for grain in other))
                return (
                    f"{name} is on record by {grains} in this quarter. A figure by "
                    f"{figure.grain.value} would count the same work twice."
                )
        kinds = self.everybody.get((figure.slug, figure.grain, figure.day), set())
        if kinds - {figure.unit == ""}:
            whose = "for single teams" if figure.unit == "" else "for everybody"
            return (
                f"{name} is on record {whose} in this period. This figure would count the same "
                "work twice."
            )
        return ""
