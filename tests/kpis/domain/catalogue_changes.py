"""The data files of the catalogue, changed in one place, and what is said about them."""

import copy
from pathlib import Path

import pytest

from kpis.domain.catalogue.loading import BadCatalogue, build, documents

FOLDER = Path(__file__).resolve().parents[3] / "kpis" / "catalogue"
FILES = documents(FOLDER)
GONE = object()


def refused(files):
    with pytest.raises(BadCatalogue) as caught:
        build(files)
    return str(caught.value).splitlines()


def changed(file, key, changes):
    """The files after changes of one keyed entry; GONE takes a field away."""
    files = copy.deepcopy(FILES)
    (subject,) = set(files[file]) - {"category"}
    entry = next(entry for entry in files[file][subject] if entry["key"] == key)
    entry.update(changes)
    for name in [name for name, value in changes.items() if value is GONE]:
        del entry[name]
    return files


def target(**other):
    return {
        "when": "general",
        "op": "<",
        "value": 0.1,
        "unit": "fraction",
        "role": "default",
        "seed": "S4",
        **other,
    }


def kpi_place(key):
    return next(
        f"{file}, {key}: "
        for file, holds in FILES.items()
        if file.startswith("kpis/") and any(entry["key"] == key for entry in holds["kpis"])
    )
