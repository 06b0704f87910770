"""What a row of the grid knows: its boxes, what colleagues did meanwhile, what stands elsewhere."""

import datetime as dt

import pytest

from kpis.actions import catalogue, kpi_sets, measurements, rollups
from kpis.domain.catalogue import shipped
from kpis.models import CatalogueEntry, EntryDraft, Measurement
from portal.domain.calendar import Grain
from portal.tenancy.scope import acting_in
from tests.factories import flat

pytestmark = pytest.mark.django_db
WEEK = dt.date(2026, 11, 16)
GRID = "/o/lexora/deployments/letters/figures/"
URL = f"{GRID}?period=2026-W47"


@pytest.fixture
def record(lexora, now):
    def recorded(kpi, num, den, *, reason="", by="tom@lexora.example", **more):
        fact = measurements.Fact(
            kpi.pk,
            more.pop("grain", Grain.WEEK),
            more.pop("day", WEEK),
            "ratio",
            {"num": num, "den": den},
            **more,
        )
        with acting_in(lexora):
            measurements.record(facts=[fact], source="test", by=by, at=now, reason=reason)

    return recorded


def rows_of(page):
    return {row.slug: row for _, rows in page.context["groups"] for row in rows}


def sheet(page, **changed):
    """What the form of the page would send, with changes by field."""
    typed = {"errors.seen": rows_of(page)["errors"].mark}
    for row in rows_of(page).values():
        typed |= {f"{row.slug}.{name}": text for name, text in row.typed.items()}
        typed[f"{row.slug}.seen"] = row.mark
    return typed | {name.replace("__", "."): text for name, text in changed.items()}


def figures(lexora, kpi):
    with acting_in(lexora):
        rows = Measurement.objects.filter(kpi_id=kpi.pk, unit_key=0).order_by("revision")
        return [(row.num, row.den, row.reason) for row in rows]


@pytest.mark.parametrize("count", [3, 30])
def test_the_grid_asks_the_same_for_any_number_of_kpis(
    client_of, add, count, record, django_assert_num_queries
):
    for number in range(count):
        record(add(f"Errors {number}"), 1, 9)
    mara = client_of("mara")
    mara.get(URL)
    with django_assert_num_queries(17):
        page = mara.get(URL)
    assert len(rows_of(page)) == count


@pytest.mark.parametrize("count", [3, 30])
def test_one_cell_is_kept_with_the_same_statements(
    client_of, add, count, django_assert_num_queries
):
    for number in range(count):
        add(f"Errors {number}")
    mara, cell = client_of("mara"), f"{GRID}errors-0/?period=2026-W47"
    mara.post(cell, {"errors-0.num": "1"}, headers={"HX-Request": "true"})
    with django_assert_num_queries(21):
        mara.post(cell, {"errors-0.num": "2"}, headers={"HX-Request": "true"})


def test_an_untouched_row_takes_what_a_colleague_recorded(client_of, people, add, lexora, record):
    errors, minutes = add("Errors"), add("Late letters")
    mara = client_of("mara")
    page = mara.get(URL)
    record(errors, 9, 138)

    answer = mara.post(URL, sheet(page, **{"late-letters__num": "1", "late-letters__den": "138"}))

    assert answer.status_code == 302
    assert figures(lexora, errors) == [(9, 138, "")]
    assert figures(lexora, minutes) == [(1, 138, "")]


def test_what_a_colleague_recorded_is_replaced_only_once_it_was_seen(
    client_of, people, add, lexora, record
):
    errors, mara = add("Errors"), client_of("mara")
    record(errors, 4, 138)
    page = mara.get(URL)
    record(errors, 9, 138, reason="Counted again.")
    typed = sheet(page, errors__num="5", errors__reason="One was found.")

    again = mara.post(URL, typed)

    assert again.status_code == 422
    assert rows_of(again)["errors"].errors == {
        "reason": "Tom recorded 6.5% while you typed. Take that, or say why yours replaces it."
    }
    assert 'data-take="9|138"' in again.content.decode()
    assert figures(lexora, errors) == [(4, 138, ""), (9, 138, "Counted again.")]
    mara.post(URL, typed | {"errors.seen": rows_of(again)["errors"].mark})
    assert figures(lexora, errors)[-1] == (5, 138, "One was found.")


def test_a_draft_over_a_newer_figure_says_so_and_is_no_error_yet(
    client_of, people, add, lexora, record
):
    errors, mara = add("Errors"), client_of("mara")
    seen = rows_of(mara.get(URL))["errors"].mark
    typed = {"errors.num": "4", "errors.den": "138", "errors.seen": seen}
    mara.post(f"{GRID}errors/?period=2026-W47", typed, headers={"HX-Request": "true"})
    record(errors, 9, 138)

    page = mara.get(URL)

    row = rows_of(page)["errors"]
    assert (row.typed["num"], row.is_overtaken, row.record.says) == ("4", True, "6.5%")
    assert "Nothing is recorded yet" not in page.content.decode()


def test_a_cell_tells_what_was_recorded_meanwhile(client_of, people, add, record):
    errors, mara = add("Errors"), client_of("mara")
    seen = rows_of(mara.get(URL))["errors"].mark
    record(errors, 9, 138)
    answer = mara.post(
        f"{GRID}errors/?period=2026-W47",
        {"errors.num": "4", "errors.den": "138", "errors.seen": seen},
        headers={"HX-Request": "true"},
    )
    kept = flat(answer)
    assert "Tom recorded 6.5% while you typed." in kept
    assert 'id="why-errors" hx-swap-oob="outerHTML"' in kept


def test_half_a_figure_is_no_error_before_it_is_handed_in(client_of, add):
    add("Errors")
    mara = client_of("mara")
    cell = f"{GRID}errors/?period=2026-W47"
    kept = mara.post(cell, {"errors.num": "4"}, headers={"HX-Request": "true"}).content.decode()
    assert "Of how many?" not in kept
    assert rows_of(mara.get(URL))["errors"].errors == {}
    page = mara.post(URL, {"errors.num": "4"})
    assert rows_of(page)["errors"].errors == {
        "den": "Of how many? Enter the second number as well."
    }


def test_the_same_number_written_otherwise_is_no_correction(client_of, add, lexora, record):
    errors = add("Errors")
    record(errors, 4, 1380)
    page = client_of("mara").get(URL)
    assert rows_of(page)["errors"].typed["den"] == "1,380"
    client_of("mara").post(URL, sheet(page, errors__den="1380"))
    assert figures(lexora, errors) == [(4, 1380, "")]


def test_what_teams_add_up_to_is_shown_and_not_entered_twice(client_of, add, lexora, record, now):
    errors = add("Errors")
    record(errors, 1, 10, unit_key=7)
    record(errors, 3, 10, unit_key=8)
    with acting_in(lexora):
        rollups.drain()

    page = client_of("mara").get(URL)

    row = rows_of(page)["errors"]
    assert (row.said, row.is_missing, page.context["due"]) == ("20%", False, 0)
    assert 'id="errors.num"' not in page.content.decode()
    client_of("mara").post(URL, {"errors.num": "9", "errors.den": "9"})
    assert figures(lexora, errors) == []


def test_an_earlier_figure_names_its_period_unless_it_is_the_one_before(
    client_of, add, lexora, record
):
    near, far = add("Near"), add("Far")
    record(near, 1, 4, day=WEEK - dt.timedelta(weeks=1))
    record(far, 1, 2, day=WEEK - dt.timedelta(weeks=3))
    with acting_in(lexora):
        rollups.drain()
    found = rows_of(client_of("mara").get(URL))
    assert (found["near"].before, found["near"].before_when) == ("25%", "")
    assert (found["far"].before, found["far"].before_when) == ("50%", "Week 44")


def test_a_kpi_of_the_catalogue_brings_its_words_its_scale_and_its_warning(
    client_of, place, lexora, now
):
    catalogue.load()
    with acting_in(lexora):
        for key in ("nps", "latency_p95", "error_rate"):
            kpi_sets.add_from_catalogue(
                deployment=place,
                entry=CatalogueEntry.objects.get(key=key),
                cadence="weekly",
                by="mara",
                at=now - dt.timedelta(weeks=4),
            )

    found = rows_of(client_of("mara").get(URL))

    assert [box.name for box in found["nps"].boxes][-3:] == ["a9", "a10", "invited"]
    assert [box.name for box in found["latency_p95"].boxes] == ["value"]
    figure = shipped.catalogue().kpis["error_rate"].figure
    assert [box.label for box in found["error_rate"].boxes] == [
        figure.numerator,
        figure.denominator,
    ]
    assert found["error_rate"].watch_out


def test_an_own_definition_of_two_halves_names_the_boxes(client_of, add):
    add("Errors", definition_text="letters with an error / letters checked")
    add("Odd", definition_text="a / b / c")
    found = rows_of(client_of("mara").get(URL))
    assert [box.label for box in found["errors"].boxes] == [
        "letters with an error",
        "letters checked",
    ]
    assert [box.label for box in found["odd"].boxes] == ["how many", "of how many"]


def test_the_usual_range_of_a_share_stays_a_share(client_of, add, lexora, record):
    errors = add("Errors")
    for weeks in range(1, 11):
        record(errors, 9 + weeks % 2, 10, day=WEEK - dt.timedelta(weeks=weeks))
    with acting_in(lexora):
        rollups.drain()
    assert rows_of(client_of("mara").get(URL))["errors"].usual.endswith("– 100%")


def test_a_draft_can_be_thrown_away(client_of, add, lexora):
    add("Errors")
    mara = client_of("mara")
    mara.post(f"{GRID}errors/?period=2026-W47", {"errors.num": "4"}, headers={"HX-Request": "1"})
    assert "Throw it away" in mara.get(URL).content.decode()
    mara.post(URL, {"errors.num": "4", "forget": "yes"})
    with acting_in(lexora):
        assert not EntryDraft.objects.filter(deployment__slug="letters", person__contains="mara")


def test_tabs_lead_to_every_grain_and_back_in_time(client_of, add):
    add("Errors")
    add("Cost", "money", "currency", cadence="monthly", role="cost")
    add("Survey", cadence="quarterly")

    page = client_of("mara").get(f"{GRID}?period=2026-09")

    assert [(tab.name, tab.label, here) for tab, here in page.context["tabs"]] == [
        ("2026-W47", "Week 47", False),
        ("2026-10", "October 2026", True),
        ("2026-07-01Q", "Q3 2026", False),
    ]
    assert (page.context["earlier"], page.context["later"]) == ("2026-08", "2026-10")
    assert list(rows_of(page)) == ["cost"]
    assert "One figure is missing for September 2026" in flat(page)


def test_the_running_week_may_be_entered_and_is_not_due(client_of, add):
    add("Errors")
    page = client_of("mara").get(f"{GRID}?period=2026-W48")
    assert "not over yet" in flat(page)
    assert page.context["after"] is None


def test_a_currency_without_cents_takes_none(client_of, add, lexora):
    add("Cost", "money", "currency", currency="JPY", role="cost")
    page = client_of("mara").post(URL, {"cost.value": "12.5"})
    assert rows_of(page)["cost"].errors == {"value": "An amount in JPY has no decimals."}


def test_a_made_up_grade_is_not_kept(client_of, add, lexora):
    errors = add("Errors")
    client_of("mara").post(URL, {"errors.num": "1", "errors.den": "9", "errors.grade": "certain"})
    with acting_in(lexora):
        assert Measurement.objects.get(kpi_id=errors.pk).grade == "measured"


def test_note_and_evidence_stand_with_the_figure_on_its_page(client_of, add):
    add("Errors")
    mara = client_of("mara")
    mara.post(
        URL,
        {
            "errors.num": "1",
            "errors.den": "9",
            "errors.note": "first sample",
            "errors.evidence": "https://files.example/47",
        },
    )

    page = mara.get("/o/lexora/deployments/letters/kpis/errors/").content.decode()
    sheet_of = mara.get("/o/lexora/deployments/letters/kpis/errors/figures.csv")

    assert "Note: first sample" in page
    assert '<a href="https://files.example/47" rel="nofollow">' in page
    assert b"https://files.example/47" in b"".join(sheet_of)
