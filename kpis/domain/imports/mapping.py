"""What the columns of a file mean: proposed from their names, confirmed by a person."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpis.domain.imports.table import Table

PERIOD, KPI, NOTE, IGNORE = "period", "kpi", "note", "ignore"
PARTS = ("value", "num", "den")
LONG = tuple(f"long:{part}" for part in PARTS)
_LONG_NAMES = {
    "value": "long:value",
    "numerator": "long:num",
    "denominator": "long:den",
    "num": "long:num",
    "den": "long:den",
}
_PERIOD_NAMES = {"period", "week", "month", "date", "day", "quarter", "woche", "monat", "datum"}
_KPI_NAMES = {"kpi", "measure", "metric", "kennzahl", "indicator"}
_NOTE_NAMES = {"note", "notes", "comment", "remark", "bemerkung"}


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


@dataclass(frozen=True)
class ColumnMapping:
    """Meaning of each column: period, kpi, note, ignore, long:<part> or figure:<slug>:<part>."""

    columns: Mapping[str, str]
    first_week: str = ""

    @property
    def is_long(self) -> bool:
        return KPI in self.columns.values()

    def column(self, meaning: str) -> str | None:
        return next((name for name, says in self.columns.items() if says == meaning), None)

    def figures(self) -> dict[str, dict[str, str]]:
        """slug -> part -> column of a wide file."""
        found: dict[str, dict[str, str]] = {}
        for name, says in self.columns.items():
            if says.startswith("figure:"):
                _, slug, part = says.split(":")
                found.setdefault(slug, {})[part] = name
        return found


def plain(name: str) -> str:
    """A column name without case, blanks and punctuation, for comparison."""
    return re.sub(r"[^a-z0-9]+", "", name.casefold())


def propose(table: Table, kpis: Sequence[KpiColumn]) -> ColumnMapping:
    """A first reading of the header; what is not understood is left to the person (ignore)."""
    columns: dict[str, str] = {}
    is_long = any(plain(name) in _KPI_NAMES for name in table.header)
    for name in table.header:
        columns[name] = _meaning(name, columns, is_long, kpis)
    if not is_long and not any(says.startswith("figure:") for says in columns.values()):
        _propose_by_words(columns, kpis)
    return ColumnMapping(columns)


def _meaning(name: str, taken: Mapping[str, str], is_long: bool, kpis: Sequence[KpiColumn]) -> str:
    word = plain(name)
    if word in _PERIOD_NAMES and PERIOD not in taken.values():
        return PERIOD
    if word in _NOTE_NAMES and NOTE not in taken.values():
        return NOTE
    if is_long:
        if word in _KPI_NAMES and KPI not in taken.values():
            return KPI
        meaning = _LONG_NAMES.get(word, IGNORE)
        return IGNORE if meaning in taken.values() else meaning
    for kpi in kpis:
        if word in kpi.names:
            return f"figure:{kpi.slug}:value"
        for part in ("numerator", "denominator"):
            if word in {known + part for known in kpi.names}:
                return f"figure:{kpi.slug}:{part[:3]}"
    return IGNORE


def _propose_by_words(columns: dict[str, str], kpis: Sequence[KpiColumn]) -> None:
    """Columns left over: match a KPI's own words for its numerator and denominator."""
    left = [name for name, says in columns.items() if says == IGNORE]
    for kpi in kpis:
        top, _, bottom = kpi.definition.partition("/")
        for part, text in (("num", top), ("den", bottom)):
            match = next((name for name in left if text and plain(name) in plain(text)), None)
            if match is not None:
                columns[match] = f"figure:{kpi.slug}:{part}"
                left.remove(match)


def check(mapping: ColumnMapping, kpis: Sequence[KpiColumn]) -> None:
    """Raises BadMapping unless the columns name a period and at least one figure, each once."""
    says = [meaning for meaning in mapping.columns.values() if meaning not in {IGNORE, NOTE}]
    twice = next((meaning for meaning in says if says.count(meaning) > 1), None)
    if twice is not None:
        raise BadMapping(f"Two columns were given the same meaning ({_in_words(twice, kpis)}).")
    if PERIOD not in says:
        raise BadMapping("Choose the column that holds the week, month or date.")
    if mapping.is_long:
        if not set(says) & set(LONG):
            raise BadMapping("Choose the column that holds the value or the numerator.")
        return
    figures = mapping.figures()
    if not figures:
        raise BadMapping("Choose at least one column that holds figures of a KPI.")
    known = {kpi.slug: kpi for kpi in kpis}
    for slug, parts in figures.items():
        if slug not in known:
            raise BadMapping(f"The KPI “{slug}” is not in this deployment's set.")
        if ("num" in parts) != ("den" in parts):
            raise BadMapping(
                f"“{known[slug].name}” needs both a numerator and a denominator column."
            )


def _in_words(meaning: str, kpis: Sequence[KpiColumn]) -> str:
    names = {kpi.slug: kpi.name for kpi in kpis}
    if meaning.startswith("figure:"):
        _, slug, part = meaning.split(":")
        words = {"num": "numerator", "den": "denominator", "value": "value"}
        return f"{words.get(part, part)} of {names.get(slug, slug)}"
    return meaning.removeprefix("long:")
