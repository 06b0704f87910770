"""The first page: worst first, what waits for somebody, the same statements for any number."""

import datetime as dt

import pytest

from deployments.actions import deployments, use_cases
from kpis.actions import kpi_sets, verdicts
from portal.tenancy.scope import acting_in
from reviews.domain.today import Line, headline, ordered

MARA = "mara@lexora.example"
PAGE = "/o/lexora/today/"
DAY = dt.date(2026, 11, 24)


def line(decision, name="A", **fields):
    return Line(slug=name.lower(), name=name, owner="o", decision=decision, because="b", **fields)


def test_worst_first_and_the_unknown_before_what_can_continue():
    lines = [line("continue", "A"), line(None, "B"), line("stop", "C"), line("restrict", "D")]
    assert [one.name for one in ordered(lines)] == ["C", "D", "B", "A"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "No AI deployment is registered yet"),
        ([line("continue")], "One AI deployment, none waits for you"),
        ([line("pause"), line("continue", to_confirm=3)], "Two AI deployments, two need you"),
        ([line("improve"), line("continue", late=1)], "Two AI deployments, one needs you"),
    ],
)
def test_the_headline_is_the_answer(lines, said):
    assert headline(lines) == said


@pytest.fixture
def places(lexora, now):
    def made(count):
        with acting_in(lexora):
            work = use_cases.create(name="Work", work="w", owner_name="o", by=MARA, at=now)
            for number in range(count):
                place = deployments.register(
                    name=f"Place {number}", use_case=work, owner_name="o", system="s", by=MARA,
                    at=now,
                )  # fmt: skip
                kpi_sets.add_own(
                    deployment=place, name="Minutes", kind="duration", unit="minutes",
                    role="outcome", direction="down", by=MARA, at=now,
                )  # fmt: skip
                verdicts.judge_deployment(deployment=place, as_of=DAY, by=MARA, at=now)
            return place

    return made


@pytest.mark.parametrize("count", [1, 5, 50])
def test_the_page_costs_the_same_for_any_number(
    places, client_of, count, django_assert_num_queries
):
    places(count)
    mara = client_of("mara")
    mara.get(PAGE)
    with django_assert_num_queries(12):
        page = mara.get(PAGE)
    assert len(page.context["lines"]) == count


def test_a_changed_model_asks_for_confirmation_the_same_day(lexora, places, client_of, now):
    place = places(1)
    with acting_in(lexora):
        deployments.change(
            deployment=place, on=DAY, model_version="2", by=MARA, at=now + dt.timedelta(hours=1)
        )
    page = client_of("mara").get(PAGE)
    assert [(one.slug, one.to_confirm) for one in page.context["lines"]] == [("place-0", 3)]
    assert "Confirm the KPI set" in page.content.decode()


def test_staff_start_with_the_register(client_of):
    assert client_of("tom").get("/o/lexora/")["Location"] == "/o/lexora/deployments/"
    assert client_of("mara").get("/o/lexora/")["Location"] == PAGE
