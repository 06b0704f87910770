"""The first page: what waits for the reader, worst first, the same statements for any number."""

import datetime as dt
from decimal import Decimal

import pytest

from deployments.actions import deployments, use_cases
from kpis.actions import deviations, entries, imports, kpi_sets, readiness, verdicts
from kpis.domain.entering.due import State
from portal.domain.calendar import Grain, period_of
from portal.tenancy.scope import acting_in
from reviews.domain.today import (
    Figure,
    Line,
    due_headline,
    ends_in,
    headline,
    ordered,
    sheets,
)
from tests.factories import flat

MARA, TOM = "mara@lexora.example", "tom@lexora.example"
PAGE = "/o/lexora/today/"
DAY = dt.date(2026, 11, 24)  # a Tuesday; the newest whole week is 47
WEEK = dt.timedelta(weeks=1)


@pytest.fixture(autouse=True)
def clock(time_machine, now):
    time_machine.move_to(now, tick=False)


def line(decision, name="A", **fields):
    return Line(slug=name.lower(), name=name, owner="o", decision=decision, because="b", **fields)


def figure(kpi, state=State.DUE, deployment="letters", period="2026-W47", persons=(MARA,)):
    name = deployment.capitalize()
    return Figure(kpi, deployment, name, period, f"week {period[-2:]}", state, persons)


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


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ([], ""),
        ([State.DUE], "One figure is due"),
        ([State.STALE], "One figure is late"),
        ([State.LATE, State.STALE], "Two figures are late"),
        ([State.DUE] * 3 + [State.LATE, State.STALE], "Five figures are due, two of them late"),
    ],
)
def test_the_headline_counts_what_the_reader_owes(states, said):
    found = sheets([figure(str(number), state) for number, state in enumerate(states)])
    assert due_headline(found) == said


def test_one_line_per_grid_and_people_the_most_out_of_date_first():
    found = sheets(
        [
            figure("Errors"),
            figure("Minutes", State.LATE),
            figure("Cost", period="2026-10"),
            figure("Reach", State.STALE, "answers"),
            figure("Load", persons=(TOM,)),
        ]
    )

    assert [(one.name, one.period, one.persons, one.names) for one in found] == [
        ("Answers", "2026-W47", (MARA,), "Reach"),
        ("Letters", "2026-W47", (MARA,), "Minutes and Errors"),
        ("Letters", "2026-10", (MARA,), "Cost"),
        ("Letters", "2026-W47", (TOM,), "Load"),
    ]
    assert (found[1].count, found[1].due, found[1].late, found[1].stale) == (2, 1, 1, 0)


def test_many_names_are_cut_after_the_three_worst():
    names = [figure(name) for name in "ABCD"] + [figure("E", State.STALE)]
    assert sheets(names)[0].names == "E, A, B and 2 more"


@pytest.mark.parametrize(("days", "said"), [(0, "today"), (1, "tomorrow"), (5, "in 5 days")])
def test_the_last_day_is_named_from_today(days, said):
    assert ends_in(DAY + dt.timedelta(days=days), DAY) == said


@pytest.fixture
def places(lexora, now):
    def made(count):
        with acting_in(lexora):
            work = use_cases.create(name="Work", work="w", owner_name="o", by=MARA, at=now)
            for number in range(count):
                place = deployments.register(
                    name=f"Place {number}",
                    use_case=work,
                    owner_name="Mara",
                    system="s",
                    by=MARA,
                    at=now,
                )
                add(place, "Minutes", now, kind="duration", unit="minutes", role="outcome")
                verdicts.judge_deployment(deployment=place, as_of=DAY, by=MARA, at=now)
            return place

    return made


def add(place, name, at, *, kind="ratio", unit="fraction", role="quality", **more):
    return kpi_sets.add_own(
        deployment=place,
        name=name,
        kind=kind,
        unit=unit,
        role=role,
        direction="down",
        by=MARA,
        at=at,
        **more,
    )


@pytest.mark.parametrize("count", [1, 5, 50])
def test_the_page_costs_the_same_for_any_number(
    places, client_of, count, lexora, now, django_assert_num_queries
):
    place = places(count)
    with acting_in(lexora):
        for number in range(count):
            add(place, f"Late {number}", now - 5 * WEEK)
    mara = client_of("mara")
    mara.get(PAGE)
    with django_assert_num_queries(17):
        page = mara.get(PAGE)
    assert len(page.context["today"].lines) == count
    assert [one.count for one in page.context["today"].mine] == [count]


def test_what_is_late_for_the_reader_leads_to_its_grid(lexora, places, client_of, people, now):
    place = places(1)
    with acting_in(lexora):
        add(place, "Errors", now - 10 * WEEK)
        add(place, "Load", now - 10 * WEEK, keeper="ines@lexora.example")
        kpi_sets.Kpi.objects.filter(slug="load").update(keeper="nobody@lexora.example")
        add(place, "Monthly", now - 10 * WEEK, cadence="monthly")

    page = client_of("mara").get(PAGE)

    assert page.context["headline"] == "Three figures are late"
    assert page.context["beside"] == "One AI deployment, one needs you"
    assert [(one.period, one.names, one.persons) for one in page.context["today"].mine] == [
        ("2026-W47", "Errors and Load", (MARA,)),
        ("2026-10", "Monthly", (MARA,)),
    ]
    assert "/o/lexora/deployments/place-0/figures/?period=2026-W47" in page.content.decode()


def test_a_reason_or_a_figure_ends_the_waiting(lexora, places, client_of, people, now):
    place = places(1)
    with acting_in(lexora):
        kpi = add(place, "Errors", now - 10 * WEEK)
        entries.excuse(
            kpi=kpi,
            period=period_of(DAY - WEEK, Grain.WEEK),
            reason="No letters.",
            by=MARA,
            at=now,
        )
    page = client_of("mara").get(PAGE)
    assert page.context["headline"].startswith("One AI deployment, ")
    assert page.context["today"].mine == []
    assert "No figure waits." in page.content.decode()


def test_a_figure_with_a_keeper_waits_for_that_person(lexora, places, as_role, people, now):
    place, second = places(1), as_role(lexora, "manager")
    with acting_in(lexora):
        add(place, "Errors", now - 10 * WEEK, keeper="manager@lexora.example")

    assert second.get(PAGE).context["headline"] == "One figure is late"
    mara = as_role(lexora, "executive").get(PAGE)
    assert mara.context["today"].mine == []
    assert [one.persons for one in mara.context["today"].others] == [("manager@lexora.example",)]
    assert "Enter 1 figure" not in mara.content.decode()


def test_a_changed_model_asks_for_confirmation_the_same_day(lexora, places, client_of, now):
    place = places(1)
    with acting_in(lexora):
        deployments.change(
            deployment=place, on=DAY, model_version="2", by=MARA, at=now + dt.timedelta(hours=1)
        )
    page = client_of("mara").get(PAGE)
    assert [(one.slug, one.to_confirm) for one in page.context["today"].lines] == [("place-0", 3)]
    assert says(page) == [
        (
            "confirm",
            "The deployment changed. Confirm the KPI set, the baselines and the "
            "thresholds, or mend what no longer holds.",
        ),
    ]


def says(page):
    return [(one.kind, one.says) for one in page.context["today"].tasks]


def test_an_answer_against_the_data_waits_for_a_look(lexora, places, client_of, now):
    place = places(1)
    with acting_in(lexora):
        readiness.answer(
            deployment=place,
            answers={"has_baseline": "yes", "costs_complete": "no"},
            by=MARA,
            at=now,
        )
        verdicts.judge_deployment(deployment=place, as_of=DAY, by=MARA, at=now)
    assert says(client_of("mara").get(PAGE)) == [
        ("readiness", "One readiness answer disagrees with the data: baseline known.")
    ]


def test_a_file_that_was_sent_waits_until_it_is_confirmed(lexora, places, client_of, now):
    place = places(1)
    with acting_in(lexora):
        imports.upload(
            deployment=place,
            file_name="ward.csv",
            content=b"week,Minutes\n2026-W47,12\n",
            by=MARA,
            at=now,
        )
    page = client_of("mara").get(PAGE)
    assert says(page) == [
        ("import", "The file ward.csv was sent and nothing of it is written yet.")
    ]
    assert 'href="/o/lexora/imports/1/"' in page.content.decode()


@pytest.mark.parametrize(
    ("ends_on", "expected"),
    [
        (DAY - dt.timedelta(days=1), []),
        (DAY, ["Errors is accepted beyond its limit through 24 November; that ends today."]),
        (
            dt.date(2026, 12, 8),
            ["Errors is accepted beyond its limit through 8 December; that ends in 14 days."],
        ),
        (dt.date(2026, 12, 9), []),
    ],
)
def test_an_accepted_deviation_is_announced_before_it_ends(
    lexora, places, client_of, now, ends_on, expected
):
    place, begin = places(1), DAY - 5 * WEEK
    with acting_in(lexora):
        kpi = add(place, "Errors", now)
        kpi_sets.set_target(kpi=kpi, valid_from=begin, warning="0.05", by=MARA, at=now)
        deviations.accept(
            kpi=kpi,
            limit=Decimal("0.2"),
            reason="r",
            approver="a",
            starts_on=begin,
            ends_on=ends_on,
            by=MARA,
            at=now,
        )
    assert [one for kind, one in says(client_of("mara").get(PAGE))] == expected


@pytest.mark.parametrize(
    ("host", "address", "said"),
    [
        ("", "", "no mail server is set up"),
        ("mail.example", "", "but without links"),
        ("mail.example", "https://p.example", "one e-mail on the morning of a working day"),
    ],
)
def test_an_administrator_reads_whether_people_are_reminded(
    places, client_of, settings, host, address, said
):
    places(1)
    settings.EMAIL_HOST, settings.PUBLIC_ADDRESS = host, address
    assert said in flat(client_of("ada").get(PAGE))
    assert "e-mail" not in client_of("mara").get(PAGE).content.decode()


def test_an_administrator_reads_that_reminders_are_switched_off(
    places, client_of, settings, lexora
):
    places(1)
    settings.EMAIL_HOST, lexora.remind_by_mail = "mail.example", False
    lexora.save()
    page = client_of("ada").get(PAGE).content.decode()
    assert "Nobody is reminded by e-mail, as the" in page
    assert 'href="/o/lexora/settings/"' in page


def test_an_empty_organization_is_told_where_to_begin(client_of):
    page = client_of("mara").get(PAGE).content.decode()
    assert "Nothing is registered" in page
    assert "Figures that wait" not in page


def test_an_organization_sees_nothing_of_another(lexora, places, client_of, now):
    place = places(1)
    with acting_in(lexora):
        add(place, "Errors", now - 10 * WEEK)
    page = client_of("hugo").get("/o/harbor/today/")
    assert (page.context["today"].lines, page.context["today"].others) == ([], [])


def test_staff_start_with_the_register(client_of):
    assert client_of("tom").get("/o/lexora/")["Location"] == "/o/lexora/deployments/"
    assert client_of("mara").get("/o/lexora/")["Location"] == PAGE
