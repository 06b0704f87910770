"""Which KPI and which team a cell names, or a sentence that helps to say so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from kpis.domain.imports.mapping import IGNORE, ColumnMapping, KpiColumn
from kpis.domain.imports.proposing import kpi_part
from kpis.domain.imports.words import is_total, is_whole, plain


@dataclass(frozen=True)
class Team:
    """A team by its short name; the slug is empty where several have the same name."""

    slug: str
    name: str


@dataclass(frozen=True)
class Left:
    """A row that is left out on purpose, with why."""

    why: str


@dataclass(frozen=True)
class Missing:
    """A name that nobody knows; the sentence says what to do."""

    sentence: str


class Names:
    """The names in the cells of one file; `unknown` collects those that a person should explain."""

    def __init__(
        self, mapping: ColumnMapping, kpis: Sequence[KpiColumn], units: Mapping[str, Team]
    ) -> None:
        # A person answers for a name as written; it counts however the next file writes it.
        self.said = {
            f"{kind}:{plain(text)}": slug
            for kind, _, text in (key.partition(":") for key in mapping.names)
            for slug in (mapping.names[f"{kind}:{text}"],)
        }
        self.kpis = {kpi.slug: kpi for kpi in kpis}
        self.by_name = {name: kpi for kpi in kpis for name in kpi.names}
        self.units = units
        self.unknown: list[tuple[str, str, str]] = []
        self._kpis: dict[str, tuple[KpiColumn, str] | Left | Missing] = {}
        self._units: dict[str, str | Left | Missing] = {}

    def knows(self, text: str) -> bool:
        """Whether a cell names a KPI, or a person said what it names."""
        return f"kpi:{plain(text)}" in self.said or kpi_part(text, self.by_name) is not None

    def kpi(self, text: str) -> tuple[KpiColumn, str] | Left | Missing:
        """KPI and part ("value", "num" …) that a cell names."""
        if text not in self._kpis:
            self._kpis[text] = self._kpi(text)
        return self._kpis[text]

    def unit(self, text: str) -> str | Left | Missing:
        """Slug of the team that a cell names, "" for everybody."""
        if text not in self._units:
            self._units[text] = self._unit(text)
        return self._units[text]

    def _kpi(self, text: str) -> tuple[KpiColumn, str] | Left | Missing:
        word = plain(text)
        slug = self.said.get(f"kpi:{word}")
        if slug == IGNORE:
            return Left(f"You left out “{text[:60]}”.")
        if slug in self.kpis:
            return self.kpis[slug], "value"
        known = kpi_part(text, self.by_name)
        if known is not None:
            return known
        if is_total(text):
            return Left(f"“{text[:40]}” adds up other rows.")
        if not word:
            return Missing("The name of the KPI is missing.")
        near = _near(word, self.by_name)
        self.unknown.append(("kpi", text, near.slug if near else ""))
        hint = _hint(near.name if near else "")
        return Missing(f"“{text[:60]}” is not a KPI of this deployment. {hint}")

    def _unit(self, text: str) -> str | Left | Missing:
        word = plain(text)
        if not word:
            return ""
        known = self.units.get(word)
        slug = self.said.get(f"unit:{word}") or (known.slug if known else None)
        if slug == IGNORE:
            return Left(f"You left out the team “{text[:60]}”.")
        if slug is None and is_whole(text):
            return ""
        if slug:
            return slug
        near = _near(word, self.units)
        self.unknown.append(("unit", text, near.slug if near else ""))
        if slug == "":
            return Missing(f"Several teams are called “{text[:60]}”. Say which is meant.")
        return Missing(f"“{text[:60]}” is not a team here. {_hint(near.name if near else '')}")


Named = TypeVar("Named", KpiColumn, Team)


def _near(word: str, names: Mapping[str, Named]) -> Named | None:
    """What is called nearly so."""
    near = get_close_matches(word, names, n=1, cutoff=0.75)
    return names[near[0]] if near else None


def _hint(name: str) -> str:
    if not name:
        return "Say what it is, or correct the name."
    return f"Do you mean “{name}”? Say so, or correct the name."
