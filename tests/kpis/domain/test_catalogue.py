"""The catalogue is whole, unambiguous, and refuses contradictions by name."""

import shutil

import pytest
import yaml

from kpis.actions.catalogue import FOLDER, load
from kpis.domain.catalogue.contents import flags_for, targets_for
from kpis.domain.catalogue.loading import BadCatalogue, read
from kpis.models import CatalogueEntry

CATALOGUE = read(FOLDER)


def test_every_kpi_is_there_once():
    assert len(CATALOGUE.kpis) == 181
    assert read(FOLDER).digest == CATALOGUE.digest


@pytest.mark.parametrize(
    "column",
    [
        "ai_feature_adoption_rate",
        "engagement_depth",
        "regeneration_rate",
        "thumbs_down_rate",
        "human_handoff_rate",
        "latency_p50",
        "latency_p95",
        "cost_per_query",
        "hallucination_rate",
    ],
)
def test_columns_of_real_files_are_known(column):
    assert CATALOGUE.by_name(column).key == column


def test_names_are_found_whatever_their_case_and_punctuation():
    assert CATALOGUE.by_name("Try-again RATE").key == "regeneration_rate"
    assert CATALOGUE.by_name("happiness") is None


def test_use_never_speaks_for_a_deployment():
    use = [kpi for kpi in CATALOGUE.kpis.values() if kpi.role == "adoption"]
    assert [kpi.key for kpi in use if kpi.success_evidence] == []


def test_the_stricter_target_comes_first_in_a_regulated_field():
    rate = CATALOGUE.kpis["hallucination_rate"]
    found = targets_for(rate, {"regulated_domain"})
    assert [target.value for target in found][:2] == [0.01, 0.05]
    assert flags_for(rate, {"regulated_domain"})["safety_critical"] is True


def test_search_finds_every_word():
    found = [kpi.key for kpi in CATALOGUE.search("adoption rate")]
    assert "ai_feature_adoption_rate" in found


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "catalogue", copy_function=shutil.copy)
    return tmp_path / "catalogue"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "guess"}, "unknown kind"),
        ({"role": "boss"}, "unknown role"),
        ({"direction": "sideways"}, "unknown direction"),
        ({"unit": "furlongs"}, "unknown unit"),
        ({"name": ""}, "name is missing"),
        ({"pair_with": ["nothing_there"]}, "does not exist"),
        ({"pair_with": ["error_rate"]}, "names itself"),
        ({"guardrail": {"when": ["full_moon"], "from": "S0"}}, "unknown condition"),
        ({"aliases": ["Correction rate"]}, "names both"),
        ({"key": "correction_rate"}, "stands twice"),
        ({"numerator": None}, "needs numerator"),
    ],
)
def test_a_contradiction_is_refused_by_name(folder, change, sentence):
    path = folder / "kpis" / "quality.yaml"
    found = yaml.safe_load(path.read_text())
    next(kpi for kpi in found["kpis"] if kpi["key"] == "error_rate").update(change)
    path.write_text(yaml.safe_dump(found))
    with pytest.raises(BadCatalogue, match=sentence):
        read(folder)


def test_loading_twice_changes_nothing(db):
    load()
    first = list(CatalogueEntry.objects.values())
    load()
    assert list(CatalogueEntry.objects.values()) == first
    assert len(first) == 181
