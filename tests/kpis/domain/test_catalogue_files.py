"""The catalogue is whole, unambiguous, and refuses contradictions with file and key."""

import copy
import json
from collections import Counter
from pathlib import Path

import pytest
import yaml

from kpis.domain.aggregation.monoids import Kind
from kpis.domain.catalogue.contents import as_record, flags_for, targets_for
from kpis.domain.catalogue.loading import build, documents, read

FOLDER = Path(__file__).resolve().parents[3] / "kpis" / "catalogue"
FILES = documents(FOLDER)
CATALOGUE = build(FILES)
KPIS = CATALOGUE.kpis
SOURCE_COLUMNS = [
    "ai_feature_adoption_rate",
    "engagement_depth",
    "regeneration_rate",
    "thumbs_down_rate",
    "human_handoff_rate",
    "latency_p50",
    "latency_p95",
    "cost_per_query",
    "hallucination_rate",
]


# ------------------------------------------------------------------ what the files hold


def test_every_kpi_is_there_once():
    assert Counter(kpi.category for kpi in KPIS.values()) == {
        "adoption": 14,
        "speed": 11,
        "quality": 13,
        "review_burden": 12,
        "cost": 26,
        "risk": 8,
        "workforce": 13,
        "experience": 14,
        "model_quality": 15,
        "technical_performance": 13,
        "operational_health": 12,
        "value": 13,
        "capability": 6,
        "trust_ethics": 7,
        "experimentation": 4,
    }
    assert len(KPIS) == 181


def test_every_subject_is_complete():
    assert {name: len(holds) for name, holds in CATALOGUE.vocabulary.items()} == {
        "approach": 2,
        "baseline": 4,
        "cadence": 4,
        "cadence_by_section": 3,
        "categories": 15,
        "challenges": 4,
        "conditions": 24,
        "dashboards": 4,
        "decisions": 6,
        "error_cost_choice": 2,
        "experiment_practice": 7,
        "good_signs": 1,
        "hard_questions": 3,
        "kinds": 13,
        "layer_aliases": 2,
        "layers": 3,
        "leading_pairs": 4,
        "learning_loops": 2,
        "low_adoption_reasons": 4,
        "measuring_places": 19,
        "mistakes": 8,
        "packs": 19,
        "phase_rule": 3,
        "phases": 4,
        "quality_dimensions": 5,
        "quality_matters_most_when": 7,
        "readiness_checklist": 8,
        "roles": 10,
        "scenario_fixture": 5,
        "seeds": 5,
        "set_rules": 13,
        "target_setting": 5,
        "trade_offs": 10,
        "units": 47,
        "usage_only_hides": 5,
        "verdict_inputs": 16,
        "warning_signs": 8,
        "windows": 6,
    }


def test_the_version_rises_when_the_content_changes():
    """Raise `version.yaml` together with this digest: stored entries carry the version."""
    content = (CATALOGUE.version, CATALOGUE.digest[:16])
    assert content == (2, "e6342044a9ed05fd")


def test_reading_and_writing_again_keeps_the_digest(tmp_path):
    for name, holds in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump(holds, allow_unicode=True), encoding="utf-8")
    assert read(tmp_path).digest == read(FOLDER).digest == CATALOGUE.digest


def test_the_order_of_kpis_does_not_matter_but_every_word_does():
    files = copy.deepcopy(FILES)
    files["kpis/risk.yaml"]["kpis"].reverse()
    assert build(files).digest == CATALOGUE.digest
    files["kpis/risk.yaml"]["kpis"][0]["watch_out"] += " "
    assert build(files).digest != CATALOGUE.digest


def test_kinds_are_those_the_portal_computes():
    # A quotient is a ratio whose entry says `proportion: false`.
    assert {kind["key"] for kind in CATALOGUE.vocabulary["kinds"]} == set(Kind) - {Kind.QUOTIENT}


def test_the_files_name_sources_not_files():
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.*"))
    assert [word for word in (".txt", "../", "shared/") if word in text] == []


def test_every_field_of_an_entry_is_explained():
    explained = (FOLDER / "README.md").read_text(encoding="utf-8")
    used = {name for kpi in KPIS.values() for name in kpi.entry} | set(CATALOGUE.vocabulary)
    assert sorted(name for name in used if f"`{name}`" not in explained) == []


# ------------------------------------------------------------------ what the entries promise


def test_usage_never_speaks_for_a_deployment():
    facts = [k for k in KPIS.values() if k.role in {"adoption", "context"} or k.metric_only]
    assert len(facts) == 30
    assert [kpi.key for kpi in facts if kpi.success_evidence or kpi.primary_candidate] == []


def test_primary_outcomes_are_measured_themselves():
    primary = [kpi for kpi in KPIS.values() if kpi.primary_candidate]
    assert len(primary) == 24
    assert [k.key for k in primary if k.figure.derived_from or k.proxy_for or not k.pair_with] == []


def test_the_parts_of_the_total_are_the_ledger_and_its_short_form():
    parts = [kpi.key for kpi in KPIS.values() if kpi.part_of == "total_cost"]
    assert len(parts) == 14
    assert "monthly_tool_cost" in parts


def test_packs_are_starting_sets():
    pack = CATALOGUE.pack("small_organization")
    assert (pack.seed, pack.use, len(pack.kpis), len(pack.mandatory)) == ("S0", "set", 8, 6)
    assert Counter(pack.use for pack in CATALOGUE.packs.values()) == {"set": 11, "add_on": 8}
    with pytest.raises(KeyError):
        CATALOGUE.pack("large_organization")


def test_the_checklist_has_eight_questions():
    assert len(CATALOGUE.checklist) == 8
    assert CATALOGUE.checklist[3].kpis == (
        "average_review_time",
        "correction_rate",
        "reviewer_escalation_rate",
        "reviewer_workload",
    )


def test_mistakes_and_pairs_are_typed():
    assert (len(CATALOGUE.mistakes), len(CATALOGUE.leading_pairs)) == (8, 33)
    assert sum(pair.pair_from is None for pair in CATALOGUE.leading_pairs) == 22


# ------------------------------------------------------------------ finding


@pytest.mark.parametrize("column", SOURCE_COLUMNS)
def test_columns_of_real_files_are_known(column):
    assert CATALOGUE.by_name(column).key == column


@pytest.mark.parametrize(
    ("column", "key"),
    [
        ("Try-again RATE", "regeneration_rate"),
        ("  ROI ", "roi"),
        ("escalation_rate", "human_handoff_rate"),
        ("AI-Feature Adoption Rate", "ai_feature_adoption_rate"),
    ],
)
def test_names_are_found_whatever_their_case_and_punctuation(column, key):
    assert CATALOGUE.by_name(column).key == key


@pytest.mark.parametrize("column", ["happiness", "", "–", "Thumbs-up rate", "DAU/MAU"])
def test_unknown_and_covered_names_are_no_columns(column):
    assert CATALOGUE.by_name(column) is None


def test_every_name_leads_to_its_kpi():
    lost = [
        (kpi.key, name)
        for kpi in KPIS.values()
        for name in kpi.names
        if CATALOGUE.by_name(name) is not kpi
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("thumbs-up", "thumbs_down_rate"),
        ("adoption rate", "ai_feature_adoption_rate"),
        ("invented content", "hallucination_rate"),
        ("latency_p95", "latency_p95"),
    ],
)
def test_a_search_finds_names_then_covered_names_then_definitions(text, first):
    assert CATALOGUE.search(text)[0].key == first


def test_a_search_without_words_shows_all_and_nonsense_nothing():
    assert [len(CATALOGUE.search(text)) for text in ("", "zebra")] == [181, 0]


# ------------------------------------------------------------------ targets and flags


@pytest.mark.parametrize(
    ("key", "conditions", "expected"),
    [
        ("hallucination_rate", set(), [("general", 0.05)]),
        (
            "hallucination_rate",
            {"regulated_domain", "scenario_contract_summary"},
            [("regulated_domain", 0.01), ("scenario_contract_summary", 0.03), ("general", 0.05)],
        ),
        ("latency_p50", {"chat", "inline"}, [("inline", 500), ("chat", 2000)]),
        ("latency_p50", {"batch"}, []),
        ("availability", {"business_critical"}, [("business_critical", 0.999)]),
        ("groundedness", set(), []),
        ("output_correctness", set(), []),
    ],
)
def test_the_strictest_target_comes_first_and_the_others_stay(key, conditions, expected):
    found = [(target.when, target.value) for target in targets_for(KPIS[key], conditions)]
    assert found == expected


def test_higher_is_stricter_where_more_is_better():
    kpi = _with({"targets": [_target(0.8), _target(0.9), _target(0.9, op=">")]}, "groundedness")
    assert [(t.op, t.value) for t in targets_for(kpi, ())] == [(">", 0.9), (">=", 0.9), (">=", 0.8)]


def test_a_strict_target_stays_although_its_review_is_missing():
    strictest = targets_for(KPIS["hallucination_rate"], {"regulated_domain"})[0]
    assert (strictest.value, strictest.requires) == (0.01, ("human_review",))


@pytest.mark.parametrize(
    ("key", "conditions", "expected"),
    [
        ("error_rate", set(), (True, True, False)),
        ("error_rate", {"safety_sensitive"}, (True, True, True)),
        ("correction_rate", set(), (False, False, False)),
        ("correction_rate", {"human_review"}, (True, True, False)),
        ("hallucination_rate", {"regulated_domain"}, (True, True, True)),
        ("active_users", {"regulated_domain", "safety_sensitive"}, (False, False, False)),
    ],
)
def test_flags_follow_the_conditions(key, conditions, expected):
    flags = flags_for(KPIS[key], conditions)
    names = ("guardrail", "critical_measure", "safety_critical")
    assert flags == dict(zip(names, expected, strict=True))


def test_records_are_plain_json_with_the_whole_entry():
    records = [as_record(kpi) for kpi in KPIS.values()]
    assert json.loads(json.dumps(records, allow_nan=False)) == records
    assert [record["document"] for record in records] == [kpi.entry for kpi in KPIS.values()]
    assert set(records[0]) == {
        "key",
        "name",
        "category",
        "role",
        "layer",
        "indicator",
        "direction",
        "kind",
        "unit",
        "cadence",
        "success_evidence",
        "primary_candidate",
        "document",
    }
    assert as_record(KPIS["incident_reports"])["layer"] == ""


# ------------------------------------------------------------------ helpers


def _target(value, **other):
    return {
        "when": "general",
        "op": ">=",
        "value": value,
        "unit": "fraction",
        "role": "default",
        "seed": "S4",
        **other,
    }


def _with(changes, key):
    """The KPI after changes of its entry."""
    files = copy.deepcopy(FILES)
    file = f"kpis/{KPIS[key].category}.yaml"
    next(entry for entry in files[file]["kpis"] if entry["key"] == key).update(changes)
    return build(files).kpis[key]
