"""Choosing measures: packs, search, pairs, the check, and what is refused."""

import pytest

from kpis.models import (
    Kpi,
)
from portal.tenancy.scope import acting_in
from tests.kpis.kpi_sets.pages import CHOOSE, SET, keys_of, text_of, ticked

PACK = [
    "response_time",
    "average_review_time",
    "correction_rate",
    "complaint_rate",
    "human_handoff_rate",
    "staff_confidence",
    "repeat_contacts",
    "error_rate",
    "reviewer_workload",
    "cost_per_resolution",
]


def test_the_start_offers_what_the_phase_asks_for(deployment, mara):
    page = mara.get(CHOOSE)

    assert set(ticked(page)) == {
        "cost_per_query",
        "eval_benchmark_score",
        "hallucination_rate",
        "latency_p50",
        "latency_p95",
    }
    assert "The phase “Pre-launch” asks for these." in text_of(page)


def test_each_offer_says_what_to_watch_and_what_stands_beside_it(deployment, mara):
    said = text_of(mara.get(f"{CHOOSE}?add=correction_rate"))

    for piece in (
        "Correction rate",
        "guardrail",
        "must be known",
        "leading",
        "Watch out: A rise warns before complaints do.",
        "Beside it: Rubber-stamp risk, Average review time",
        "Moves before: Customer or user complaint rate",
    ):
        assert piece in said


def test_a_pack_is_ticked_whole(deployment, mara):
    assert set(ticked(mara.get(f"{CHOOSE}?pack=customer_support"))) == set(PACK)


def test_leading_stands_before_lagging_in_each_category(deployment, mara):
    page = mara.get(f"{CHOOSE}?category=quality")
    for _, offers in page.context["groups"]:
        order = [
            ["leading", "coincident", "lagging", "context"].index(one.kpi.indicator)
            for one in offers
        ]
        assert order == sorted(order)


def test_ticks_outlive_a_further_search(deployment, mara):
    page = mara.post(CHOOSE, {"step": "show", "q": "complaint", "kpi": ["error_rate"]})

    assert page.status_code == 200
    assert ticked(page) == ["error_rate"]
    assert "Ticked so far" in text_of(page)


def test_nothing_ticked_is_said_and_nothing_is_lost(deployment, mara):
    page = mara.post(CHOOSE, {"step": "check", "q": "complaint"})

    assert page.status_code == 422
    assert "Tick at least one measure." in text_of(page)
    assert 'value="complaint"' in page.content.decode()


def test_a_word_that_nothing_is_called_teaches(deployment, mara):
    assert "Nothing in the catalogue has this name" in text_of(mara.get(f"{CHOOSE}?q=zzzz"))


def check(mara, *keys, **given):
    return mara.post(CHOOSE, {"step": "check", "kpi": keys} | given)


def test_the_check_proposes_side_effects_primary_and_guardrails(deployment, mara):
    page = check(mara, "response_time")

    assert set(ticked(page)) == {
        "response_time",
        "repeat_contacts",
        "error_rate",
        "reviewer_workload",
    }
    assert page.context["primary"] == "response_time"
    assert page.context["guards"] == {"error_rate", "reviewer_workload"}
    assert [one.sentence for one in page.context["gaps"]] == ["No cost is measured."]


def test_usage_alone_is_a_mistake_before_anything_is_saved(lexora, deployment, mara):
    page = check(mara, "prompts_or_logins")

    said = text_of(page)
    assert "Use is taken as evidence of benefit." in said
    assert "No primary outcome is chosen." in said
    assert keys_of(lexora) == []


def test_what_is_ticked_is_added_as_said(lexora, deployment, mara):
    page = mara.post(
        CHOOSE,
        {
            "step": "add",
            "kpi": ["response_time", "error_rate", "reviewer_workload"],
            "guardrail": ["error_rate"],
            "primary": "response_time",
            "serves": "Contract review",
        },
    )

    assert page["Location"] == SET
    with acting_in(lexora):
        rows = Kpi.objects.order_by("position")
        found = [(one.slug, one.is_primary, one.is_guardrail, one.serves) for one in rows]
    assert found == [
        ("response_time", True, False, "Contract review"),
        ("error_rate", False, True, "Contract review"),
        ("reviewer_workload", False, False, "Contract review"),
    ]


def test_an_unnamed_work_is_asked_for_and_every_tick_stays(lexora, deployment, mara):
    page = mara.post(
        CHOOSE,
        {
            "step": "add",
            "shown": ["response_time"],
            "kpi": ["response_time", "error_rate"],
            "guardrail": ["reviewer_workload"],
            "primary": "",
            "serves": " ",
        },
    )

    assert page.status_code == 422
    assert 'id="serves-error"' in page.content.decode()
    # Repeat contacts and reviewer load were offered and not wanted: they stay unticked.
    assert ticked(page) == ["response_time", "error_rate"]
    assert page.context["guards"] == {"reviewer_workload"}
    assert keys_of(lexora) == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"kpi": []}, "Tick at least one measure."),
        ({"serves": "x" * 201}, "Say it in at most 200 characters; these are 201."),
        ({"primary": "active_users", "kpi": ["active_users"]}, "use is not a benefit"),
    ],
)
def test_what_cannot_be_added_is_said_beside_it(lexora, deployment, mara, given, sentence):
    said = {"step": "add", "shown": ["error_rate"], "kpi": ["error_rate"], "serves": "Reading"}
    page = mara.post(CHOOSE, said | given)

    assert (page.status_code, sentence in text_of(page), keys_of(lexora)) == (422, True, [])


def test_keys_that_nobody_has_are_left_out(lexora, deployment, mara):
    page = mara.post(CHOOSE, {"step": "check", "kpi": ["nonsense", "' OR 1=1"]})

    assert (page.status_code, keys_of(lexora)) == (422, [])
