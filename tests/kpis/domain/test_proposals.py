"""Proposals: packs complete, pairs come with their gain, the phase names its own."""

import pytest

from kpis.domain.catalogue import shipped
from kpis.domain.catalogue.contents import flags_for
from kpis.domain.catalogue.proposals import (
    BEFORE_AI,
    FILLING,
    FILLING_SMALL,
    PACK_NAMES,
    Circumstances,
    can_be_primary,
    conditions_of,
    filling,
    in_groups,
    is_later,
    missing_for_phase,
    missing_pairs,
    of_phase,
    pack_kpis,
    standing_for,
    warns_of,
)

CATALOGUE = shipped.catalogue()


def test_every_pack_has_a_name_and_kpis_that_people_can_enter():
    assert set(PACK_NAMES) == set(CATALOGUE.packs)
    assert [key for key in CATALOGUE.packs if not pack_kpis(CATALOGUE, key)] == []


def test_the_small_organization_starts_with_six_measures():
    assert len(pack_kpis(CATALOGUE, "small_organization")) == 6


def test_a_gain_brings_its_side_effects_until_they_are_there():
    pairs = [kpi.key for kpi, _ in missing_pairs(CATALOGUE, ["response_time"], ())]
    assert "repeat_contacts" in pairs
    left = [kpi.key for kpi, _ in missing_pairs(CATALOGUE, ["response_time"], pairs)]
    assert left == []


def test_a_later_phase_keeps_what_the_earlier_ones_asked_for():
    early = {kpi.key for kpi in of_phase(CATALOGUE, "pre_launch")}
    late = {kpi.key for kpi in of_phase(CATALOGUE, "scale")}
    assert "hallucination_rate" in early
    assert early < late


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (Circumstances("low", "internal_draft", "not_required"), set()),
        (
            Circumstances("regulated", "internal_draft", "effective"),
            {"regulated_domain", "human_review"},
        ),
        (
            Circumstances("low", "customer_direct", "absent", "medical", "small"),
            {"regulated_domain", "customer_direct", "small_organization"},
        ),
    ],
)
def test_conditions_follow_from_what_is_recorded(given, expected):
    assert conditions_of(given) == expected


def test_groups_list_leading_before_lagging():
    kpis = [CATALOGUE.kpis[key] for key in ("complaint_rate", "regeneration_rate", "error_rate")]
    found = in_groups(kpis, CATALOGUE.vocabulary["categories"])
    for _, members in found:
        order = [{"leading": 0, "coincident": 1, "lagging": 2}[kpi.indicator] for kpi in members]
        assert order == sorted(order)
    assert sum(len(members) for _, members in found) == 3


def test_the_eight_measures_from_before_ai_are_a_pack():
    found = [kpi.key for kpi in pack_kpis(CATALOGUE, BEFORE_AI)]
    assert found == CATALOGUE.vocabulary["baseline"]["measures"]
    assert len(found) == 8


def names(phase, present=(), *, small=False):
    return [kpi.key for kpi in missing_for_phase(CATALOGUE, phase, present, small=small)]


def test_a_phase_names_what_the_set_lacks():
    assert names("beta", {"cost_per_query", "eval_benchmark_score", "latency_p50"}) == [
        "hallucination_rate",
        "latency_p95",
        "ai_feature_adoption_rate",
        "task_completion_rate",
        "regeneration_rate",
    ]
    assert names("beta", names("beta")) == []


def test_what_is_computed_is_asked_for_by_what_it_is_computed_from():
    found = set(names("scale"))
    assert "cost_optimization_trend" not in found
    assert {"cost_per_query", "output_correctness", "model_efficiency"} <= found


def test_a_small_organization_is_asked_for_its_six_in_every_phase():
    six = {kpi.key for kpi in pack_kpis(CATALOGUE, "small_organization")}
    assert [set(names(phase, small=True)) == six for phase in ("pre_launch", "scale")] == [True] * 2


@pytest.mark.parametrize(
    ("phase", "than", "expected"),
    [("beta", "pre_launch", True), ("beta", "beta", False), ("beta", "scale", False)],
)
def test_phases_follow_one_another(phase, than, expected):
    assert is_later(CATALOGUE, phase, than=than) is expected


def test_use_and_proxies_can_never_be_primary():
    kpis = CATALOGUE.kpis
    allowed = {
        key: can_be_primary(kpis[key])
        for key in (
            "active_users",
            "first_draft_time",
            "hours_saved_per_week",
            "final_completion_time",
            "error_rate",
        )
    }
    assert allowed == {
        "active_users": False,
        "first_draft_time": False,
        "hours_saved_per_week": False,
        "final_completion_time": True,
        "error_rate": True,
    }


@pytest.mark.parametrize(("small", "table"), [(False, FILLING), (True, FILLING_SMALL)])
def test_each_gap_is_filled_by_a_kpi_of_that_role(small, table):
    roles = {gap: CATALOGUE.kpis[filling(gap, small=small)].role for gap in table}
    assert roles == {"primary": "outcome", "quality": "quality", "review": "review", "cost": "cost"}
    assert filling("risk", small=small) == ""


def test_a_leading_kpi_says_what_it_announces():
    pairs = {pair.leading for pair in CATALOGUE.leading_pairs}
    assert [key for key in pairs if not warns_of(CATALOGUE, key)] == []
    assert warns_of(CATALOGUE, "final_completion_time") == []


def test_a_regulated_use_without_hallucination_rate_lacks_what_must_be_known():
    kpi = CATALOGUE.kpis["hallucination_rate"]
    assert flags_for(kpi, {"regulated_domain"})["critical_measure"] is True


@pytest.mark.parametrize(
    ("role", "key"),
    [
        ("outcome", "hours_per_week_incl_review"),
        ("review", "hours_reviewing_per_week"),
        ("quality", "outputs_heavily_corrected"),
        ("cost", "monthly_tool_cost"),
        ("customer", "customer_facing_errors"),
        ("context", ""),
        ("adoption", ""),
    ],
)
def test_an_own_kpi_of_ten_people_stands_for_the_one_of_its_role(role, key):
    assert standing_for(CATALOGUE, role) == key
