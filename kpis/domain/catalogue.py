"""The KPI catalogue: read from its data files, checked as a whole, searched by any name."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

DIRECTIONS = {"up", "down", "band", "context"}
INDICATORS = {"leading", "lagging", "coincident", "context"}
REQUIRED = ("key", "name", "definition", "category", "role", "indicator", "direction", "kind",
            "unit", "cadence")  # fmt: skip
FLAGS = ("guardrail", "critical_measure", "safety_critical")
REFERENCES = ("pair_with", "derived_from", "proxy_for", "part_of")


class BadCatalogue(ValueError):
    """The data files contradict themselves; the message names file, key and field."""


@dataclass(frozen=True)
class CatalogueKpi:
    """One KPI of the catalogue; `entry` is the whole entry of its data file."""

    key: str
    name: str
    category: str
    role: str
    layer: str
    indicator: str
    direction: str
    kind: str
    unit: str
    cadence: str
    success_evidence: bool
    primary_candidate: bool
    entry: Mapping[str, Any]

    @property
    def aliases(self) -> tuple[str, ...]:
        return tuple(self.entry.get("aliases") or ())


@dataclass(frozen=True)
class Catalogue:
    """All KPIs by key and every vocabulary by its name."""

    version: int
    kpis: Mapping[str, CatalogueKpi]
    vocabulary: Mapping[str, Any]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything the files say, whatever their layout."""
        said = {
            "version": self.version,
            "kpis": {key: kpi.entry for key, kpi in self.kpis.items()},
            "vocabulary": self.vocabulary,
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()

    @cached_property
    def _names(self) -> Mapping[str, CatalogueKpi]:
        return {
            plain(name): kpi
            for kpi in self.kpis.values()
            for name in (kpi.key, kpi.name, *kpi.aliases)
        }

    def by_name(self, column: str) -> CatalogueKpi | None:
        """The KPI with this key, name or alias, whatever its case and punctuation."""
        return self._names.get(plain(column))

    def search(self, text: str) -> list[CatalogueKpi]:
        """KPIs in whose names, aliases or covered names every word of the text occurs."""
        words = text.casefold().split()
        return [kpi for kpi in self.kpis.values() if all(w in _searchable(kpi) for w in words)]

    def pack(self, key: str) -> Mapping[str, Any]:
        """The pack of KPIs for one kind of use. Raises KeyError."""
        return next(iter(pack for pack in self.vocabulary["packs"] if pack["key"] == key))


def plain(name: str) -> str:
    """A name without case, blanks and punctuation, for comparison."""
    return re.sub(r"[^a-z0-9]+", "", name.casefold())


def _searchable(kpi: CatalogueKpi) -> str:
    return " ".join((kpi.key, kpi.name, *kpi.aliases, *(kpi.entry.get("covers") or ()))).casefold()


def read(folder: Path) -> Catalogue:
    """Read and check the data files. Raises BadCatalogue with a sentence that names the place."""
    vocabulary: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yaml")):
        vocabulary |= _load(path)
    version = vocabulary.pop("version", None)
    if not isinstance(version, int):
        raise BadCatalogue("version.yaml: the version must be a whole number.")
    kpis: dict[str, CatalogueKpi] = {}
    for path in sorted((folder / "kpis").glob("*.yaml")):
        for entry in _load(path)["kpis"]:
            kpi = _kpi(entry, path.name)
            if kpi.key in kpis:
                raise BadCatalogue(f"{path.name}: the key {kpi.key} stands twice.")
            kpis[kpi.key] = kpi
    catalogue = Catalogue(version, kpis, vocabulary)
    check(catalogue)
    return catalogue


def _load(path: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise BadCatalogue(f"{path.name}: this is not YAML ({error}).") from error
    if not isinstance(found, dict):
        raise BadCatalogue(f"{path.name}: the file must hold named entries.")
    return found


def _kpi(entry: Mapping[str, Any], file: str) -> CatalogueKpi:
    for name in REQUIRED:
        if not entry.get(name):
            raise BadCatalogue(f"{file}, {entry.get('key', '?')}: {name} is missing.")
    return CatalogueKpi(
        **{name: entry[name] for name in REQUIRED if name in CatalogueKpi.__annotations__},
        layer=entry.get("layer") or "",
        success_evidence=bool(entry.get("success_evidence")),
        primary_candidate=bool(entry.get("primary_candidate")),
        entry=entry,
    )


def check(catalogue: Catalogue) -> None:
    """Raises BadCatalogue for an unknown word, a dangling reference, an ambiguous name."""
    known = {
        "category": _keys(catalogue, "categories"),
        "role": _keys(catalogue, "roles"),
        "kind": _keys(catalogue, "kinds"),
        "direction": DIRECTIONS,
        "indicator": INDICATORS,
        "unit": set(catalogue.vocabulary["units"]),
    }
    conditions = _keys(catalogue, "conditions")
    needs = {kind["key"]: kind["needs"] for kind in catalogue.vocabulary["kinds"]}
    for kpi in catalogue.kpis.values():
        for field, words in known.items():
            if getattr(kpi, field) not in words:
                raise BadCatalogue(f"{kpi.key}: unknown {field} “{getattr(kpi, field)}”.")
        _check_fields(kpi, needs[kpi.kind])
        _check_conditions(kpi, conditions)
        for field in REFERENCES:
            _check_references(kpi, field, catalogue.kpis)
    _check_names(catalogue.kpis.values())


def _keys(catalogue: Catalogue, subject: str) -> set[str]:
    return {str(entry["key"]) for entry in catalogue.vocabulary[subject]}


def _check_fields(kpi: CatalogueKpi, needs: Sequence[str]) -> None:
    if kpi.entry.get("derived_from"):
        return
    for name in needs:
        if kpi.entry.get(name) is None:
            raise BadCatalogue(f"{kpi.key}: a {kpi.kind} needs {name}.")


def _check_conditions(kpi: CatalogueKpi, known: set[str]) -> None:
    for flag in FLAGS:
        for condition in (kpi.entry.get(flag) or {}).get("when", []):
            if condition not in known:
                raise BadCatalogue(f"{kpi.key}: {flag} has the unknown condition “{condition}”.")
    for target in kpi.entry.get("targets") or []:
        if any(condition not in known for condition in listed(target.get("when"))):
            raise BadCatalogue(f"{kpi.key}: a target has an unknown condition.")


def listed(value: Any) -> list[Any]:
    """A field that may hold one entry, several or none, as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _check_references(kpi: CatalogueKpi, field: str, kpis: Mapping[str, CatalogueKpi]) -> None:
    for key in listed(kpi.entry.get(field)):
        if key not in kpis:
            raise BadCatalogue(f"{kpi.key}: {field} names “{key}”, which does not exist.")
        if key == kpi.key:
            raise BadCatalogue(f"{kpi.key}: {field} names itself.")


def _check_names(kpis: Iterable[CatalogueKpi]) -> None:
    owners: dict[str, str] = {}
    for kpi in kpis:
        for name in (kpi.key, kpi.name, *kpi.aliases):
            owner = owners.setdefault(plain(name), kpi.key)
            if owner != kpi.key:
                raise BadCatalogue(f"“{name}” names both {owner} and {kpi.key}.")


def targets_for(kpi: CatalogueKpi, conditions: set[str]) -> list[Mapping[str, Any]]:
    """Default targets that hold under the conditions, the stricter one first."""
    holding = [
        target
        for target in kpi.entry.get("targets") or []
        if set(listed(target.get("when"))) <= conditions | {"general"}
        and target.get("value") is not None
    ]
    return sorted(holding, key=lambda target: target["value"], reverse=kpi.direction == "up")


def flags_for(kpi: CatalogueKpi, conditions: set[str]) -> dict[str, bool]:
    """Whether the KPI is proposed as guardrail, critical measure, safety critical."""
    given = conditions | {"general"}
    return {flag: bool(given & set((kpi.entry.get(flag) or {}).get("when", []))) for flag in FLAGS}


def as_record(kpi: CatalogueKpi) -> dict[str, Any]:
    """The KPI as columns of the reference table, the whole entry as JSON."""
    columns = {name: getattr(kpi, name) for name in CatalogueKpi.__annotations__ if name != "entry"}
    return columns | {"document": json.loads(json.dumps(kpi.entry, default=str))}
