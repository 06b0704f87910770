"""The KPI catalogue: read from its data files, checked as a whole, found by any name.

`kpis/catalogue/README.md` says what every field means; `kpis/domain/formulas.py` holds one KPI.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml

from kpis.domain.catalogue.formulas import (
    FIXED,
    FLAGS,
    CatalogueKpi,
    Flag,
    Target,
    built,
    built_kpi,
    circle,
    keys_in,
    rule_faults,
    word_faults,
)

__all__ = [
    "BadCatalogue",
    "Catalogue",
    "CatalogueKpi",
    "ChecklistQuestion",
    "Condition",
    "Flag",
    "LeadingPair",
    "Mistake",
    "Pack",
    "Target",
    "as_record",
    "build",
    "documents",
    "flags_for",
    "plain",
    "read",
    "targets_for",
]

T = TypeVar("T")
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
# Subjects by their shape: a list of entries with keys, named values, anything else.
KEYED = {
    "kinds",
    "roles",
    "conditions",
    "measuring_places",
    "windows",
    "categories",
    "layers",
    "decisions",
    "phases",
    "readiness_checklist",
    "set_rules",
    "hard_questions",
    "challenges",
    "mistakes",
    "experiment_practice",
}
NAMED = {
    "seeds",
    "units",
    "layer_aliases",
    "target_setting",
    "cadence_by_section",
    "phase_rule",
    "dashboards",
    "baseline",
    "warning_signs",
    "good_signs",
    "approach",
    "leading_pairs",
    "verdict_inputs",
    "learning_loops",
    "packs",
    "scenario_fixture",
}
LISTS = {
    "quality_matters_most_when",
    "quality_dimensions",
    "error_cost_choice",
    "cadence",
    "low_adoption_reasons",
    "usage_only_hides",
    "trade_offs",
}
# What the sentences call a word -> the subject that lists it.
LISTED = {
    "category": "categories",
    "role": "roles",
    "layer": "layers",
    "kind": "kinds",
    "unit": "units",
    "measuring place": "measuring_places",
    "window": "windows",
    "phase": "phases",
    "condition": "conditions",
    "seed": "seeds",
}


class BadCatalogue(ValueError):
    """The data files contradict themselves; a line for each fault names file, key and field."""


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


class _Loader(yaml.SafeLoader):
    """YAML in which a name stands only once in its place and is always text."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [self.construct_object(name) for name, _ in node.value]
        for name in names:
            if not isinstance(name, str) or names.count(name) > 1:
                line = node.start_mark.line + 1
                raise yaml.YAMLError(f"“{name}”, from line {line} on, stands twice or is no text")
        return super().construct_mapping(node, deep)


def read(folder: Path) -> Catalogue:
    """Read and check the data files. Raises BadCatalogue with a sentence for each fault."""
    return build(documents(folder))


def documents(folder: Path) -> dict[str, Any]:
    """What each data file holds, by its path below the folder. Raises BadCatalogue."""
    found = {}
    for path in sorted(folder.rglob("*.yaml")):
        name = path.relative_to(folder).as_posix()
        try:
            found[name] = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise BadCatalogue(f"{name}: this cannot be read ({error}).") from error
    return found


def build(files: Mapping[str, Any]) -> Catalogue:
    """The catalogue from what the files hold. Raises BadCatalogue with a sentence for each fault.

    Files first, then shapes, then words, then rules: each needs what comes before it.
    """
    _refuse(_file_faults(files))
    said = {name: files[f"{name}.yaml"][name] for name in sorted(KEYED | NAMED | LISTS)}
    of_categories = [f"kpis/{category['key']}.yaml" for category in said["categories"]]
    _refuse(_category_faults(files, of_categories))
    entries = {
        entry["key"]: (f"{file}, {entry['key']}", entry)
        for file in of_categories
        for entry in files[file]["kpis"]
    }
    wrong: list[str] = []
    kpis = [built_kpi(entry, place, wrong) for place, entry in entries.values()]
    catalogue = Catalogue(
        version=files["version.yaml"]["version"],
        kpis={kpi.key: kpi for kpi in kpis if kpi},
        conditions={one.key: one for one in _all(Condition, said, "conditions", wrong)},
        packs={one.key: one for one in _all(Pack, said, "packs", wrong)},
        checklist=_all(ChecklistQuestion, said, "readiness_checklist", wrong),
        mistakes=_all(Mistake, said, "mistakes", wrong),
        leading_pairs=_all(LeadingPair, said, "leading_pairs", wrong),
        vocabulary=said,
    )
    _refuse(wrong)
    places = {key: place for key, (place, _) in entries.items()}
    _refuse(_word_faults(catalogue, places))
    _refuse(_rule_faults(catalogue, places))
    return catalogue


def _refuse(faults: Iterable[str]) -> None:
    if sentences := list(faults):
        raise BadCatalogue("\n".join(sentences))


def _all(cls: type[T], said: Mapping[str, Any], subject: str, faults: list[str]) -> tuple[T, ...]:
    """A subject as dataclasses. Packs stand below their key, leading pairs below `pairs`."""
    given = said[subject]
    if subject == "packs":
        pairs = [
            (key, {"key": key} | pack if isinstance(pack, dict) else pack)
            for key, pack in given.items()
        ]
    elif subject == "leading_pairs":
        pairs = [("pairs", one) for one in given.get("pairs", [])]
    else:
        pairs = [(one["key"], one) for one in given]
    found = [built(cls, one, f"{subject}.yaml, {label}", faults) for label, one in pairs]
    return tuple(one for one in found if one is not None)


def _file_faults(files: Mapping[str, Any]) -> Iterator[str]:
    """Subjects without a file, files without a subject, files of the wrong shape."""
    subjects = {"version"} | KEYED | NAMED | LISTS
    for file in sorted({f"{name}.yaml" for name in subjects} - set(files)):
        yield f"{file}: the file is missing."
    for file, holds in files.items():
        name = file.removesuffix(".yaml")
        if file.startswith("kpis/"):
            continue
        if name not in subjects:
            yield f"{file}: there is no such subject."
        elif not isinstance(holds, dict) or list(holds) != [name]:
            yield f"{file}: the file must hold {name} and nothing else."
        elif name in KEYED:
            yield from _list_faults(file, name, holds[name])
        elif type(holds[name]) is not (wanted := _shape(name)):
            words = {int: "a whole number", dict: "named values", list: "a list"}
            yield f"{file}: {name} must be {words[wanted]}."


def _shape(subject: str) -> type:
    if subject == "version":
        return int
    return dict if subject in NAMED else list


def _list_faults(file: str, name: str, given: Any) -> Iterator[str]:
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        yield f"{file}: {name} must be a list of entries."
        return
    seen: set[Any] = set()
    for one in given:
        if not isinstance(key := one.get("key"), str) or not key:
            yield f"{file}: an entry of {name} has no key."
        elif key in seen:
            yield f"{file}: the key {key} stands twice."
        else:
            seen.add(key)


def _category_faults(files: Mapping[str, Any], expected: Sequence[str]) -> Iterator[str]:
    """Files of KPIs that are missing, too many, or hold KPIs of another category; double keys."""
    given = [file for file in files if file.startswith("kpis/")]
    yield from (f"{file}: the file is missing." for file in expected if file not in given)
    owners: dict[str, str] = {}
    for file in given:
        category, holds = Path(file).stem, files[file]
        if file not in expected:
            yield f"{file}: there is no such category."
        elif not isinstance(holds, dict) or set(holds) != {"category", "kpis"}:
            yield f"{file}: the file must hold category and kpis, and nothing else."
        elif found := list(_list_faults(file, "kpis", holds["kpis"])):
            yield from found
        else:
            if holds["category"] != category:
                yield f"{file}: category says “{holds['category']}”, the name of the file does not."
            for key, said in ((one["key"], one.get("category")) for one in holds["kpis"]):
                if said is not None and said != category:
                    yield f"{file}, {key}: it has the category “{said}” and stands in this file."
                if (owner := owners.setdefault(key, file)) != file:
                    yield f"{file}: the key {key} stands twice, also in {owner}."


def _word_faults(catalogue: Catalogue, places: Mapping[str, str]) -> Iterator[str]:
    """Unknown words and references to KPIs that do not exist, in KPIs and vocabularies."""
    said = catalogue.vocabulary
    known: dict[str, set[str]] = {name: set(words.split()) for name, words in FIXED.items()}
    for name, subject in LISTED.items():
        keyed = subject in KEYED
        known[name] = {one["key"] for one in said[subject]} if keyed else set(said[subject])
    known["voice"] = known["seed"] | {"method", "case"}
    known["KPI"] = set(catalogue.kpis)
    known["KPI or slot"] = known["KPI"] | set(said["dashboards"]["slots"])
    for key, kpi in catalogue.kpis.items():
        found = word_faults(kpi.entry, known, ("entry",))
        yield from (f"{places[key]}: {fault}" for fault in found)
        for other in keys_in(kpi.see_also):
            if other not in known["KPI"]:
                yield f"{places[key]}: see_also names “{other}”, which does not exist."
    for subject, holds in said.items():
        pieces = holds if subject in KEYED else [holds]
        for one in pieces:
            place = f"{subject}.yaml, {one['key']}" if subject in KEYED else f"{subject}.yaml"
            yield from (f"{place}: {fault}" for fault in word_faults(one, known, (subject,)))
    for key in set(said["scenario_fixture"]["values"]) - known["KPI"]:
        yield f"scenario_fixture.yaml: values names “{key}”, which does not exist."


def _rule_faults(catalogue: Catalogue, places: Mapping[str, str]) -> Iterator[str]:
    """Rules of each KPI, of the names of all, and of what two places of the files say."""
    needs = {kind["key"]: kind["needs"] for kind in catalogue.vocabulary["kinds"]}
    for key, kpi in catalogue.kpis.items():
        yield from (f"{places[key]}: {fault}" for fault in rule_faults(kpi, needs))
        yield from (f"{places[key]}: {fault}" for fault in _agreement_faults(catalogue, kpi))
    yield from _name_faults(list(catalogue.kpis.values()), places)
    edges = {key: kpi.figure.derived_from for key, kpi in catalogue.kpis.items()}
    done: set[str] = set()
    found = next(filter(None, (circle(edges, (key,), done) for key in edges)), ())
    if found:
        yield f"{places[found[0]]}: derived_from runs in a circle: {', '.join(found)}."
    for pack in catalogue.packs.values():
        for key in set(pack.mandatory) - {*pack.kpis, *pack.complete_with}:
            yield f"packs.yaml, {pack.key}: mandatory names “{key}”, which is not in the pack."


def _agreement_faults(catalogue: Catalogue, kpi: CatalogueKpi) -> Iterator[str]:
    if (kpi.indicator == "leading") != any(p.leading == kpi.key for p in catalogue.leading_pairs):
        yield "it must be leading both here and in leading_pairs.yaml."
    if kpi.baseline_measure != (kpi.key in catalogue.vocabulary["baseline"]["measures"]):
        yield "baseline_measure and the measures in baseline.yaml disagree."
    if kpi.phases != _phases_of(kpi.key, catalogue.vocabulary["phases"]):
        yield "phases and phases.yaml disagree."


def _phases_of(key: str, phases: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The phases from the first one on that names the KPI: each keeps those before it."""
    names = [phase["key"] for phase in phases]
    for index, phase in enumerate(phases):
        if any(key in phase.get(name, ()) for name in ("primary", "adds_primary", "secondary")):
            return tuple(names[index:])
    return ()


def _name_faults(kpis: Collection[CatalogueKpi], places: Mapping[str, str]) -> Iterator[str]:
    """Names that cannot be told apart by an import, and covered names that are another's name."""
    owners: dict[str, str] = {}
    for kpi in kpis:
        for name in kpi.names:
            if not plain(name):
                yield f"{places[kpi.key]}: the name “{name}” has no letter and no digit."
            elif (owner := owners.setdefault(plain(name), kpi.key)) != kpi.key:
                yield f"{places[kpi.key]}: “{name}” names both {owner} and {kpi.key}."
    for kpi in kpis:
        for name in kpi.covers:
            if owner := owners.get(plain(name), ""):
                yield f"{places[kpi.key]}: covers says “{name}”, which is a name of {owner}."
