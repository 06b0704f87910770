"""What the columns of a file mean: confirmed by a person, proposed by `proposing`."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kpis.domain.imports.words import plain

__all__ = ["BadMapping", "ColumnMapping", "KpiColumn", "check", "plain"]

PERIOD, KPI, NOTE, IGNORE = "period", "kpi", "note", "ignore"
UNIT, GRADE, ACROSS = "unit", "grade", "across"
PARTS = ("value", "num", "den", "n", "sd")
LONG = tuple(f"long:{part}" for part in PARTS)
PART_WORDS = {
    "value": "value",
    "num": "numerator",
    "den": "denominator",
    "n": "number of cases",
    "sd": "spread",
}
MANY = {IGNORE, ACROSS}


class BadMapping(ValueError):
    """The columns as mapped cannot give figures; the message is a sentence."""


@dataclass(frozen=True)
class KpiColumn:
    """What the importer knows of a KPI of the set."""

    slug: str
    name: str
    kind: str
    names: frozenset[str]
    definition: str = ""
    unit: str = ""
    currency: str = ""

    @property
    def is_share(self) -> bool:
        people_or_stock = self.kind in {"distinct", "gauge"}
        return self.kind == "ratio" or (people_or_stock and self.unit.startswith("fraction"))


@dataclass(frozen=True)
class ColumnMapping:
    """How a file is read: the meaning of each column, and what can be read in two ways.

    Meanings: period, kpi, unit, note, grade, ignore, long:<part>, figure:<slug>:<part>, and
    across for a column whose heading is a period. `header_row` 0 and `sheet` "" are found;
    `dates` is dmy or mdy, `decimal` , or ., `quarters` calendar or fiscal, `shares` percent or
    fraction, each "" while nobody said. `names` gives "kpi:<name>" and
    "unit:<name>" of the file their slug or "ignore"; `left_out` are rows that this file leaves out.
    """

    columns: Mapping[str, str]
    first_week: str = ""
    sheet: str = ""
    header_row: int = 0
    dates: str = ""
    decimal: str = ""
    quarters: str = ""
    shares: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[int, ...] = ()

    @property
    def is_long(self) -> bool:
        return KPI in self.columns.values() and not self.is_across

    @property
    def is_across(self) -> bool:
        """Whether the periods stand in the header and a KPI in each row."""
        return ACROSS in self.columns.values()

    def column(self, meaning: str) -> str | None:
        return next((name for name, says in self.columns.items() if says == meaning), None)

    def figures(self) -> dict[str, dict[str, str]]:
        """slug -> part -> column of a wide file."""
        columns: dict[str, dict[str, str]] = {}
        for name, says in self.columns.items():
            if says.startswith("figure:"):
                _, slug, part = says.split(":")
                columns.setdefault(slug, {})[part] = name
        return columns

    def long_parts(self) -> dict[str, str]:
        """part -> column of a long file."""
        return {says[5:]: name for name, says in self.columns.items() if says in LONG}

    def first_day(self) -> dt.date | None:
        return dt.date.fromisoformat(self.first_week) if self.first_week else None

    def as_json(self) -> dict[str, Any]:
        """What differs from the defaults, for keeping."""
        differing: dict[str, Any] = {"columns": dict(self.columns), "first_week": self.first_week}
        for name in ("sheet", "header_row", "dates", "decimal", "quarters", "shares"):
            if value := getattr(self, name):
                differing[name] = value
        if self.names:
            differing["names"] = dict(self.names)
        if self.left_out:
            differing["left_out"] = list(self.left_out)
        return differing


def from_json(stored: Mapping[str, Any]) -> ColumnMapping:
    """The mapping as `as_json` wrote it; unknown members are ignored."""
    return ColumnMapping(
        columns=dict(stored.get("columns") or {}),
        first_week=str(stored.get("first_week") or ""),
        sheet=str(stored.get("sheet") or ""),
        header_row=int(stored.get("header_row") or 0),
        dates=str(stored.get("dates") or ""),
        decimal=str(stored.get("decimal") or ""),
        quarters=str(stored.get("quarters") or ""),
        shares=str(stored.get("shares") or ""),
        names=dict(stored.get("names") or {}),
        left_out=tuple(int(row) for row in stored.get("left_out") or ()),
    )


def check(mapping: ColumnMapping, kpis: Sequence[KpiColumn]) -> None:
    """Raises BadMapping unless the columns name a period and at least one figure, each once."""
    says = [meaning for meaning in mapping.columns.values() if meaning not in MANY]
    twice = next((meaning for meaning in says if says.count(meaning) > 1), None)
    if twice is not None:
        raise BadMapping(f"Two columns were given the same meaning ({_in_words(twice, kpis)}).")
    if mapping.is_across:
        _check_across(mapping, says)
    elif PERIOD not in says:
        raise BadMapping("Choose the column that holds the week, month or date.")
    elif mapping.is_long:
        _check_long(mapping)
    else:
        _check_wide(mapping, kpis)


def _check_across(mapping: ColumnMapping, says: Sequence[str]) -> None:
    if KPI not in says:
        raise BadMapping("Choose the column that holds the names of the KPIs.")
    other = next((one for one in says if one == PERIOD or one in LONG or ":" in one), None)
    if other is not None:
        raise BadMapping(
            "Columns whose heading is a period hold the figures already. Leave out the column "
            f"“{mapping.column(other)}”."
        )


def _check_long(mapping: ColumnMapping) -> None:
    parts = mapping.long_parts()
    if not parts.keys() & {"value", "num", "den"}:
        raise BadMapping("Choose the column that holds the value or the numerator.")
    if ("num" in parts) != ("den" in parts):
        raise BadMapping("Choose both a column for the numerator and one for the denominator.")
    wide = next((name for name, says in mapping.columns.items() if says.startswith("figure:")), "")
    if wide:
        raise BadMapping(
            f"The KPI is named in each row, so “{wide}” cannot belong to one KPI. "
            "Choose “Value” or another part for it."
        )


def _check_wide(mapping: ColumnMapping, kpis: Sequence[KpiColumn]) -> None:
    figures = mapping.figures()
    if not figures:
        raise BadMapping("Choose at least one column that holds figures of a KPI.")
    by_slug = {kpi.slug: kpi for kpi in kpis}
    for slug, parts in figures.items():
        if slug not in by_slug:
            raise BadMapping(f"The KPI “{slug}” is not in this deployment's set.")
        if ("num" in parts) != ("den" in parts):
            raise BadMapping(
                f"“{by_slug[slug].name}” needs both a numerator and a denominator column."
            )
        if not parts.keys() & {"value", "num"}:
            raise BadMapping(f"Choose the column that holds the value of “{by_slug[slug].name}”.")


def _in_words(meaning: str, kpis: Sequence[KpiColumn]) -> str:
    names = {kpi.slug: kpi.name for kpi in kpis}
    if meaning.startswith("figure:"):
        _, slug, part = meaning.split(":")
        return f"{PART_WORDS.get(part, part)} of {names.get(slug, slug)}"
    part = meaning.removeprefix("long:")
    return PART_WORDS.get(part, {"unit": "team", "kpi": "name of the KPI"}.get(part, part))
