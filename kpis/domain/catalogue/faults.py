"""What is wrong with the data files of the catalogue, as sentences: shapes, words, rules."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kpis.domain.catalogue.contents import Catalogue, plain
from kpis.domain.catalogue.formulas import CatalogueKpi, circle, rule_faults
from kpis.domain.catalogue.vocabulary import FIXED, keys_in, word_faults

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


def file_faults(files: Mapping[str, Any]) -> Iterator[str]:
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


def _list_faults(file: str, name: str, entries: Any) -> Iterator[str]:
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        yield f"{file}: {name} must be a list of entries."
        return
    seen: set[Any] = set()
    for entry in entries:
        if not isinstance(key := entry.get("key"), str) or not key:
            yield f"{file}: an entry of {name} has no key."
        elif key in seen:
            yield f"{file}: the key {key} stands twice."
        else:
            seen.add(key)


def category_faults(files: Mapping[str, Any], expected: Sequence[str]) -> Iterator[str]:
    """Files of KPIs that are missing, too many, or hold KPIs of another category; double keys."""
    category_files = [file for file in files if file.startswith("kpis/")]
    yield from (f"{file}: the file is missing." for file in expected if file not in category_files)
    owners: dict[str, str] = {}
    for file in category_files:
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


def catalogue_word_faults(catalogue: Catalogue, places: Mapping[str, str]) -> Iterator[str]:
    """Unknown words and references to KPIs that do not exist, in KPIs and vocabularies."""
    vocabulary = catalogue.vocabulary
    allowed: dict[str, set[str]] = {name: set(words.split()) for name, words in FIXED.items()}
    for name, subject in LISTED.items():
        keyed = subject in KEYED
        allowed[name] = (
            {entry["key"] for entry in vocabulary[subject]} if keyed else set(vocabulary[subject])
        )
    allowed["voice"] = allowed["seed"] | {"method", "case"}
    allowed["KPI"] = set(catalogue.kpis)
    allowed["KPI or slot"] = allowed["KPI"] | set(vocabulary["dashboards"]["slots"])
    for key, kpi in catalogue.kpis.items():
        found = word_faults(kpi.entry, allowed, ("entry",))
        yield from (f"{places[key]}: {fault}" for fault in found)
        for other in keys_in(kpi.see_also):
            if other not in allowed["KPI"]:
                yield f"{places[key]}: see_also names “{other}”, which does not exist."
    for subject, holds in vocabulary.items():
        pieces = holds if subject in KEYED else [holds]
        for entry in pieces:
            location = f"{subject}.yaml, {entry['key']}" if subject in KEYED else f"{subject}.yaml"
            yield from (f"{location}: {fault}" for fault in word_faults(entry, allowed, (subject,)))
    for key in set(vocabulary["scenario_fixture"]["values"]) - allowed["KPI"]:
        yield f"scenario_fixture.yaml: values names “{key}”, which does not exist."


def catalogue_rule_faults(catalogue: Catalogue, places: Mapping[str, str]) -> Iterator[str]:
    """Rules of each KPI, of the names of all, and of what two places of the files say."""
    needs = {kind["key"]: kind["needs"] for kind in catalogue.vocabulary["kinds"]}
    for key, kpi in catalogue.kpis.items():
        yield from (f"{places[key]}: {fault}" for fault in rule_faults(kpi, needs))
        yield from (f"{places[key]}: {fault}" for fault in _agreement_faults(catalogue, kpi))
    yield from _name_faults(list(catalogue.kpis.values()), places)
    edges = {key: kpi.figure.derived_from for key, kpi in catalogue.kpis.items()}
    done: set[str] = set()
    cycle = next(filter(None, (circle(edges, (key,), done) for key in edges)), ())
    if cycle:
        yield f"{places[cycle[0]]}: derived_from runs in a circle: {', '.join(cycle)}."
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
