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
    _refuse(file_faults(files))
    said = {name: files[f"{name}.yaml"][name] for name in sorted(KEYED | NAMED | LISTS)}
    of_categories = [f"kpis/{category['key']}.yaml" for category in said["categories"]]
    _refuse(category_faults(files, of_categories))
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
    _refuse(catalogue_word_faults(catalogue, places))
    _refuse(catalogue_rule_faults(catalogue, places))
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
