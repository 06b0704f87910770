"""The KPI catalogue: read from its data files, checked as a whole, put together.

`kpis/catalogue/README.md` says what every field means.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml

from kpis.domain.catalogue.contents import (
    Catalogue,
    ChecklistQuestion,
    Condition,
    LeadingPair,
    Mistake,
    Pack,
)
from kpis.domain.catalogue.faults import (
    KEYED,
    LISTS,
    NAMED,
    catalogue_rule_faults,
    catalogue_word_faults,
    category_faults,
    file_faults,
)
from kpis.domain.catalogue.formulas import built, built_kpi

T = TypeVar("T")


class BadCatalogue(ValueError):
    """The data files contradict themselves; a line for each fault names file, key and field."""


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
    contents = {}
    for path in sorted(folder.rglob("*.yaml")):
        name = path.relative_to(folder).as_posix()
        try:
            contents[name] = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise BadCatalogue(f"{name}: this cannot be read ({error}).") from error
    return contents


def build(files: Mapping[str, Any]) -> Catalogue:
    """The catalogue from what the files hold. Raises BadCatalogue with a sentence for each fault.

    Files first, then shapes, then words, then rules: each needs what comes before it.
    """
    _refuse(file_faults(files))
    vocabulary = {name: files[f"{name}.yaml"][name] for name in sorted(KEYED | NAMED | LISTS)}
    of_categories = [f"kpis/{category['key']}.yaml" for category in vocabulary["categories"]]
    _refuse(category_faults(files, of_categories))
    entries = {
        entry["key"]: (f"{file}, {entry['key']}", entry)
        for file in of_categories
        for entry in files[file]["kpis"]
    }
    wrong: list[str] = []
    kpis = [built_kpi(entry, location, wrong) for location, entry in entries.values()]
    catalogue = Catalogue(
        version=files["version.yaml"]["version"],
        kpis={kpi.key: kpi for kpi in kpis if kpi},
        conditions={one.key: one for one in _all(Condition, vocabulary, "conditions", wrong)},
        packs={one.key: one for one in _all(Pack, vocabulary, "packs", wrong)},
        checklist=_all(ChecklistQuestion, vocabulary, "readiness_checklist", wrong),
        mistakes=_all(Mistake, vocabulary, "mistakes", wrong),
        leading_pairs=_all(LeadingPair, vocabulary, "leading_pairs", wrong),
        vocabulary=vocabulary,
    )
    _refuse(wrong)
    places = {key: location for key, (location, _) in entries.items()}
    _refuse(catalogue_word_faults(catalogue, places))
    _refuse(catalogue_rule_faults(catalogue, places))
    return catalogue


def _refuse(faults: Iterable[str]) -> None:
    if sentences := list(faults):
        raise BadCatalogue("\n".join(sentences))


def _all(cls: type[T], said: Mapping[str, Any], subject: str, faults: list[str]) -> tuple[T, ...]:
    """A subject as dataclasses. Packs stand below their key, leading pairs below `pairs`."""
    entries = said[subject]
    if subject == "packs":
        pairs = [
            (key, {"key": key} | pack if isinstance(pack, dict) else pack)
            for key, pack in entries.items()
        ]
    elif subject == "leading_pairs":
        pairs = [("pairs", entry) for entry in entries.get("pairs", [])]
    else:
        pairs = [(entry["key"], entry) for entry in entries]
    found = [built(cls, entry, f"{subject}.yaml, {label}", faults) for label, entry in pairs]
    return tuple(entry for entry in found if entry is not None)
