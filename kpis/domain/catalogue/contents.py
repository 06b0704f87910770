"""The catalogue as a whole: its KPIs and vocabularies, found by any name."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kpis.domain.catalogue.formulas import FLAGS, CatalogueKpi, Flag, Target

GENERAL = "general"  # the condition that always holds
COLUMNS = (
    "key",
    "name",
    "category",
    "role",
    "indicator",
    "direction",
    "kind",
    "unit",
    "cadence",
    "success_evidence",
    "primary_candidate",
)


@dataclass(frozen=True)
class Condition:
    """A circumstance of a deployment under which a target or a flag applies."""

    key: str
    meaning: str
    seed: str = ""
    deployment_field: str = ""


@dataclass(frozen=True)
class Pack:
    """A starting set for one kind of use; `complete_with` is what its source leaves out."""

    key: str
    seed: str
    use: str
    kpis: tuple[str, ...]
    complete_with: tuple[str, ...] = ()
    mandatory: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class ChecklistQuestion:
    """One question of the readiness checklist, and how the portal answers it by itself."""

    key: str
    question: str
    why: str
    ready_when: str
    auto_check: str
    kpis: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mistake:
    """A common mistake of a KPI set, as a check of the set."""

    key: str
    sentence: str
    check: str
    kpis: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeadingPair:
    """The first KPI warns of the second; `pair_from` is none where no source says so."""

    leading: str
    lagging: str
    pair_from: str | None


@dataclass(frozen=True)
class Catalogue:
    """All KPIs by key, in the order of the categories; every vocabulary by its name."""

    version: int
    kpis: Mapping[str, CatalogueKpi]
    conditions: Mapping[str, Condition]
    packs: Mapping[str, Pack]
    checklist: tuple[ChecklistQuestion, ...]
    mistakes: tuple[Mistake, ...]
    leading_pairs: tuple[LeadingPair, ...]
    vocabulary: Mapping[str, Any]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything the files say, whatever their layout."""
        entries = {key: kpi.entry for key, kpi in self.kpis.items()}
        said = {"version": self.version, "kpis": entries, "vocabulary": self.vocabulary}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    @cached_property
    def _names(self) -> Mapping[str, CatalogueKpi]:
        return {plain(name): kpi for kpi in self.kpis.values() for name in kpi.names}

    def by_name(self, column: str) -> CatalogueKpi | None:
        """The KPI with this key, name or alias, whatever its case and punctuation.

        Names in `covers` are not found: their figure is another one, such as the complement.
        """
        return self._names.get(plain(column))

    def search(self, text: str) -> list[CatalogueKpi]:
        """KPIs in which every word occurs: those named so before those only defined so."""
        words = _words(text).split()
        texts = [(kpi, *_searchable(kpi)) for kpi in self.kpis.values()]
        named = [kpi for kpi, names, _ in texts if all(word in names for word in words)]
        told = [kpi for kpi, _, said in texts if all(word in said for word in words)]
        return list(dict.fromkeys([*named, *told]))

    def pack(self, key: str) -> Pack:
        """The starting set with this key. Raises KeyError."""
        return self.packs[key]


def plain(name: str) -> str:
    """A name without case, blanks and punctuation, for comparison."""
    return re.sub(r"[^a-z0-9]+", "", name.casefold())


def _words(text: str) -> str:
    return text.casefold().replace("_", " ")


def _searchable(kpi: CatalogueKpi) -> tuple[str, str]:
    names = _words(" ".join((*kpi.names, *kpi.covers)))
    return names, f"{names} {_words(kpi.definition)} {_words(kpi.category)}"


def targets_for(kpi: CatalogueKpi, conditions: Iterable[str]) -> list[Target]:
    """Targets with a limit that hold under the conditions, the strictest first.

    All of them are kept, each with its condition, source and note: the strictest decides, the
    others explain. A strict target stays although what it `requires` is missing.
    """
    given = {GENERAL, *conditions}
    found = [target for target in kpi.targets if target.is_limit and target.when in given]
    return sorted(found, key=lambda target: target.looseness)


def flags_for(kpi: CatalogueKpi, conditions: Iterable[str]) -> dict[str, bool]:
    """Whether the KPI is proposed as guardrail, critical measure, safety critical."""
    given = {GENERAL, *conditions}
    flags: dict[str, Flag | None] = {name: getattr(kpi, name) for name in FLAGS}
    return {name: bool(flag and given & set(flag.when)) for name, flag in flags.items()}


def as_record(kpi: CatalogueKpi) -> dict[str, Any]:
    """The KPI as columns of the reference table, the whole entry as JSON."""
    columns = {name: getattr(kpi, name) for name in COLUMNS} | {"layer": kpi.layer or ""}
    return columns | {"document": json.loads(json.dumps(dict(kpi.entry)))}
