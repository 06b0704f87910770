"""The set as it stands, the small organization, confirmation, the catalogue, rights."""

import datetime as dt

import pytest

from deployments.actions import deployments, use_cases
from kpis.actions import kpi_sets
from kpis.models import (
    CatalogueEntry,
    Confirmation,
    Kpi,
)
from portal.tenancy.scope import acting_in
from tests.factories.people import MARA
from tests.kpis.kpi_sets.pages import HERE, SET, text_of, ticked


@pytest.fixture
def bakery(harbor, now):
    with acting_in(harbor):
        use = use_cases.create(name="Orders", work="w", owner_name="Hugo", by="hugo", at=now)
        return deployments.register(
            name="Order mails", use_case=use, owner_name="Hugo", system="Mailer", by="hugo", at=now
        )


SMALL = "/o/harbor/deployments/order-mails/kpis/"
SIX = [
    "hours_per_week_incl_review",
    "outputs_heavily_corrected",
    "customer_facing_errors",
    "hours_reviewing_per_week",
    "monthly_tool_cost",
    "tasks_no_longer_worth_ai",
]


def test_ten_people_choose_on_one_page_with_six_measures_and_five_signs(bakery, client_of):
    page = client_of("hugo").get(f"{SMALL}choose/")

    said = text_of(page)
    assert ticked(page) == SIX
    assert "Six measures are enough for ten people" in said
    assert "Cost rises without visible benefit" in said
    assert "Tasks no longer worth it" in said
    assert len(page.context["signs"]) == 5
    assert "small-organization measure" not in said


def test_the_six_make_a_complete_set_that_waits_for_figures(bakery, client_of):
    hugo = client_of("hugo")
    hugo.post(
        f"{SMALL}choose/",
        {
            "step": "add",
            "kpi": SIX,
            "primary": SIX[0],
            "serves": "Orders",
            "guardrail": ["outputs_heavily_corrected", "hours_reviewing_per_week"],
        },
    )

    page = hugo.get(f"{SMALL}set/")

    assert [one.sentence for one in page.context["gaps"]] == []
    assert [one.sentence for one in page.context["lint"]] == [
        "A good average hides risky cases that go wrong.",
        "Nothing from before is there to compare with.",
    ]


def test_an_empty_set_teaches(deployment, mara, client_of):
    assert "Choose what tells whether the work got better" in text_of(mara.get(SET))
    assert "A manager chooses" in text_of(client_of("otto").get(SET))


def test_the_set_names_what_it_lacks_and_where_that_is_mended(deployment, add, mara):
    add("response_time", is_primary=True)

    page = mara.get(SET)

    assert [(one.sentence, one.place, list(one.add)) for one in page.context["gaps"]][:4] == [
        ("No guardrail of quality stands beside the outcome.", "choose", ["correction_rate"]),
        (
            "No guardrail of review burden stands beside the outcome.",
            "choose",
            ["average_review_time"],
        ),
        ("No cost is measured.", "choose", ["cost_per_completed_task"]),
        (
            "Response time: the side effect Repeat contacts is not measured beside it.",
            "choose",
            ["repeat_contacts"],
        ),
    ]
    assert 'choose/?add=correction_rate"' in page.content.decode()


def test_a_whole_set_makes_no_mistake_and_waits_for_its_figures(lexora, deployment, add, mara, now):
    add("response_time", is_primary=True)
    add("error_rate", "reviewer_workload", is_guardrail=True)
    add(
        "repeat_contacts",
        "cost_per_resolution",
        "scope_drift",
        "shadow_ai_share",
        "staff_confidence",
        "cost_per_query",
        "eval_benchmark_score",
        "latency_p50",
        "latency_p95",
    )
    add("hallucination_rate", is_safety_critical=True)
    with acting_in(lexora):
        kpi_sets.record_baseline(
            kpi=Kpi.objects.get(slug="response_time"),
            starts_on=dt.date(2026, 6, 1),
            ends_on=dt.date(2026, 8, 31),
            parts={"n": 90, "mean": 40.0, "sd": 9.0},
            grade="measured",
            source="tickets",
            periods=12,
            by=MARA,
            at=now,
        )

    page = mara.get(SET)

    assert [one.sentence for one in page.context["gaps"]] == []
    assert [one.sentence for one in page.context["lint"]] == []
    assert [one.mend for one in page.context["waiting"]] == [
        "Enter review and correction, help among colleagues and monitoring and governance in the "
        "cost ledger.",
        "Enter the first figures about use outside the scope and unapproved tools.",
        "Enter the first figures about what staff say and the load on them.",
    ]
    assert "13 measures are chosen; the first figures are due" in text_of(page)
    assert "None of the eight is made." in text_of(page)


def test_after_a_change_the_parts_are_confirmed_with_a_note(lexora, deployment, add, mara, now):
    add("error_rate")
    with acting_in(lexora):
        deployments.change(
            deployment=deployment,
            on=now.date(),
            model_version="9",
            by=MARA,
            at=now + dt.timedelta(hours=1),
        )
    page = f"{HERE}confirm/"
    assert "3 parts of its evidence wait for you" in text_of(mara.get(page))

    refused = mara.post(page, {"note": "Typed note"})
    assert refused.status_code == 422
    assert 'value="Typed note"' in refused.content.decode()

    said = {"kpi_set": "yes", "baselines": "yes", "thresholds": "yes", "note": "Looked."}
    assert mara.post(page, said)["Location"] == SET
    assert "Nothing waits to be confirmed" in text_of(mara.get(page))
    with acting_in(lexora):
        assert set(Confirmation.objects.values_list("note", flat=True)) == {"Looked."}


def test_a_note_that_is_too_long_is_kept_and_said(deployment, add, mara):
    add("error_rate")

    page = mara.post(f"{HERE}confirm/", {"kpi_set": "yes", "note": "x" * 1001})

    assert page.status_code == 422
    assert "Shorten the note to 1,000 characters; it has 1,001." in text_of(page)
    assert 'id="kpi_set" name="kpi_set" value="yes" checked' in page.content.decode()


def test_the_catalogue_is_found_by_every_name_and_by_category(mara, lexora):
    page = mara.get("/o/lexora/catalogue/?q=tickets&category=")
    assert page.context["page"].paginator.count >= 1

    page = mara.get("/o/lexora/catalogue/?category=review_burden")
    assert {row["category"] for row in page.context["page"]} == {"Review burden"}
    assert (
        CatalogueEntry.objects.count()
        == mara.get("/o/lexora/catalogue/").context["page"].paginator.count
    )


@pytest.mark.parametrize("who", ["tom", "ines", "otto", "ada"])
@pytest.mark.parametrize(
    "address",
    [
        "choose/",
        "add/",
        "confirm/",
        "interview/",
        "error_rate/edit/",
        "error_rate/meaning/",
        "error_rate/end/",
        "error_rate/baseline/",
        "error_rate/baseline/sign/",
        "error_rate/deviation/",
        "error_rate/deviation/end/",
        "error_rate/target/",
    ],
)
def test_only_managers_and_stewards_change_the_set(deployment, add, client_of, who, address):
    add("error_rate")
    assert client_of(who).post(f"{HERE}{address}", {}).status_code == 403


def test_ten_peoples_own_measures_stand_for_the_six(harbor, bakery, client_of, now):
    own = [
        ("Review hours", "duration", "hours", "review"),
        ("Tool cost", "money", "currency", "cost"),
        ("Hours", "duration", "hours", "outcome"),
        ("Thrown away", "ratio", "fraction", "quality"),
    ]
    with acting_in(harbor):
        for name, kind, unit, role in own:
            kpi_sets.add_own(
                deployment=bakery,
                name=name,
                kind=kind,
                unit=unit,
                role=role,
                direction="down",
                is_primary=role == "outcome",
                is_guardrail=role in {"review", "quality"},
                by="hugo",
                at=now,
            )

    page = client_of("hugo").get(f"{SMALL}set/")

    assert [one.sentence for one in page.context["gaps"]] == [
        "Ten people or fewer also need: Customer-facing errors, Tasks no longer worth AI."
    ]
