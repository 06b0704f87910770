"""Proposals: packs complete, pairs come with their gain, the phase names its own."""

import pytest

from kpis.domain import shipped
from kpis.domain.proposals import (
    PACK_NAMES,
    Circumstances,
    conditions_of,
    in_groups,
    missing_pairs,
    of_phase,
    pack_kpis,
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
        (Circumstances("regulated", "internal_draft", "effective"),
         {"regulated_domain", "human_review"}),
        (Circumstances("low", "customer_direct", "absent", "medical", "small"),
         {"regulated_domain", "customer_direct", "small_organization"}),
    ],
)  # fmt: skip
def test_conditions_follow_from_what_is_recorded(given, expected):
    assert conditions_of(given) == expected


def test_groups_list_leading_before_lagging():
    kpis = [CATALOGUE.kpis[key] for key in ("complaint_rate", "regeneration_rate", "error_rate")]
    found = in_groups(kpis, CATALOGUE.vocabulary["categories"])
    for _, members in found:
        order = [{"leading": 0, "coincident": 1, "lagging": 2}[kpi.indicator] for kpi in members]
        assert order == sorted(order)
    assert sum(len(members) for _, members in found) == 3
