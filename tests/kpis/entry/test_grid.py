"""The entry grid: recorded together or not at all; nothing typed is lost, nothing overwritten."""

import datetime as dt
from decimal import Decimal

import pytest

from kpis.actions import entries, measurements, rollups
from kpis.models import Absence, EntryDraft, Grade, Measurement, Rollup
from portal.domain.calendar import Grain, period_of
from portal.tenancy.scope import acting_in
from tests.factories import flat

pytestmark = pytest.mark.django_db
WEEK = dt.date(2026, 11, 16)
URL = "/o/lexora/deployments/letters/figures/?period=2026-W47"


@pytest.fixture
def kpis(add):
    return [add("Errors"), add("Minutes", "duration", "minutes", role="outcome")]


@pytest.fixture
def record(lexora, now):
    def recorded(kpi, kind, parts, grain=Grain.WEEK, day=WEEK, **more):
        fact = measurements.Fact(kpi.pk, grain, day, kind, parts, **more)
        with acting_in(lexora):
            measurements.record(facts=[fact], source="test", by="tom", at=now)

    return recorded


def on_record(lexora):
    with acting_in(lexora):
        rows = Measurement.objects.exclude(source="s").order_by("kpi_id", "revision")
        return [
            (row.num, row.den, row.grade, row.revision, row.reason, row.is_withdrawn)
            for row in rows
        ]


def rows_of(page):
    return {row.slug: row for _, rows in page.context["groups"] for row in rows}


def test_the_page_names_what_is_due(client_of, kpis):
    page = client_of("mara").get(URL)

    assert page.context["due"] == 2
    assert "Two figures are due for week 47" in flat(page)
    assert [box.name for box in rows_of(page)["minutes"].boxes] == ["value", "n", "sd"]


def test_figures_of_a_period_are_recorded_together(client_of, kpis, lexora):
    answer = client_of("mara").post(
        URL,
        {
            "errors.num": "4",
            "errors.den": "1,380",
            "errors.grade": "sampled",
            "errors.note": "first sample",
            "errors.evidence": "folder 12",
            "minutes.value": "11.6",
            "minutes.n": "212",
            "minutes.sd": "3",
        },
        follow=True,
    )

    assert [str(one) for one in answer.context["messages"]] == [
        "2 new figures are on record for week 47."
    ]
    n, mean = 212, Decimal("11.6") * 60_000
    assert on_record(lexora) == [
        (4, 1380, Grade.SAMPLED, 1, "", False),
        (mean * n, n, Grade.MEASURED, 1, "", False),
    ]
    with acting_in(lexora):
        first = Measurement.objects.get(kpi_id=kpis[0].pk)
        assert (first.note, first.evidence, first.recorded_by) == (
            "first sample",
            "folder 12",
            "mara@lexora.example",
        )


def test_an_explicit_zero_is_a_figure_and_an_empty_row_is_not(client_of, kpis, lexora):
    client_of("mara").post(URL, {"errors.num": "0", "errors.den": "150"})
    assert on_record(lexora) == [(0, 150, Grade.MEASURED, 1, "", False)]
    page = client_of("mara").get(URL)
    row = rows_of(page)["errors"]
    assert (row.said, row.beside) == ("0%", "up to 2.5%")


def test_one_bad_row_records_nothing_and_keeps_what_was_typed(client_of, kpis, lexora):
    page = client_of("mara").post(
        URL, {"errors.num": "11", "errors.den": "8", "minutes.value": "5", "minutes.n": "2,5"}
    )

    assert page.status_code == 422
    found = rows_of(page)
    assert found["errors"].errors == {"num": "11 is more than 8. Swap them?"}
    assert found["minutes"].errors == {"n": "Enter a whole number instead of 2.5."}
    assert b'value="2,5"' in page.content
    assert on_record(lexora) == []


def test_a_refusal_stands_beside_the_kpi_that_it_speaks_of(client_of, kpis, add, lexora, record):
    longer = add("Errors per letter")
    record(longer, "ratio", {"num": 1, "den": 90}, grain=Grain.MONTH, day=WEEK.replace(day=1))

    page = client_of("mara").post(
        URL,
        {
            "errors.num": "4",
            "errors.den": "90",
            "errors-per-letter.num": "2",
            "errors-per-letter.den": "90",
        },
    )

    assert {slug: row.errors for slug, row in rows_of(page).items()} == {
        "errors": {},
        "minutes": {},
        "errors-per-letter": {
            "num": "Errors per letter has figures by week and month in the quarter of"
            " 16 November 2026. Adding both would count the same work twice."
        },
    }
    assert on_record(lexora) == [(1, 90, Grade.MEASURED, 1, "", False)]


def test_a_draft_is_kept_per_person_and_forgotten_when_done(client_of, people, kpis, lexora):
    mara, cell = client_of("mara"), "/o/lexora/deployments/letters/figures/errors/?period=2026-W47"
    kept = mara.post(cell, {"errors.num": "4", "errors.den": "138"}, headers={"HX-Request": "true"})

    assert kept.status_code == 200
    assert "2.9%" in kept.content.decode()
    assert "Saved a moment ago" in kept.content.decode()
    assert rows_of(mara.get(URL))["errors"].typed["num"] == "4"
    assert on_record(lexora) == []
    mara.post(URL, {"errors.num": "4", "errors.den": "138"})
    with acting_in(lexora):
        assert not EntryDraft.objects.filter(person="mara@lexora.example").exists()


def test_a_draft_without_script_leads_back_to_the_page(client_of, kpis):
    cell = "/o/lexora/deployments/letters/figures/errors/?period=2026-W47"
    answer = client_of("mara").post(cell, {"errors.num": "4", "errors.den": ""})
    assert (answer.status_code, answer.headers["Location"]) == (302, URL)


def test_the_same_figures_again_change_nothing(client_of, kpis, lexora):
    """Of an average the page shows a rounded spread: that is no correction."""
    typed = {
        "errors.num": "4",
        "errors.den": "138",
        "minutes.value": "11.63",
        "minutes.n": "7",
        "minutes.sd": "3.3333",
    }
    client_of("mara").post(URL, typed)
    before = on_record(lexora)
    shown = {
        f"{row.slug}.{name}": text
        for row in rows_of(client_of("mara").get(URL)).values()
        for name, text in row.typed.items()
    }

    answer = client_of("mara").post(URL, shown)

    assert answer.status_code == 302
    assert on_record(lexora) == before


def test_a_changed_figure_asks_why_and_becomes_a_revision(client_of, kpis, lexora, record):
    record(kpis[0], "ratio", {"num": 4, "den": 138})
    changed = {"errors.num": "5", "errors.den": "138"}

    page = client_of("mara").post(URL, changed)
    assert rows_of(page)["errors"].errors == {
        "reason": "Another figure is on record. Say why it is corrected."
    }
    client_of("mara").post(URL, changed | {"errors.reason": "One was found later."})

    assert on_record(lexora) == [
        (4, 138, Grade.MEASURED, 1, "", False),
        (5, 138, Grade.MEASURED, 2, "One was found later.", False),
    ]


def test_what_a_colleague_recorded_meanwhile_is_not_overwritten(client_of, kpis, lexora, record):
    client_of("mara").get(URL)
    record(kpis[0], "ratio", {"num": 9, "den": 138})

    page = client_of("mara").post(URL, {"errors.num": "4", "errors.den": "138"})

    assert page.status_code == 422
    assert on_record(lexora) == [(9, 138, Grade.MEASURED, 1, "", False)]


def test_an_emptied_figure_is_taken_back_only_with_a_reason(client_of, kpis, lexora, record):
    record(kpis[0], "ratio", {"num": 4, "den": 138})
    mara, emptied = client_of("mara"), {"errors.num": "", "errors.den": ""}

    page = mara.post(URL, emptied)
    assert rows_of(page)["errors"].errors == {
        "reason": "A figure is on record. Say why it is taken back, or put it back."
    }
    mara.post(URL, emptied | {"errors.reason": "It was of another team."})
    with acting_in(lexora):
        rollups.drain()
        assert not Rollup.objects.filter(kpi_id=kpis[0].pk).exists()
    page = mara.post(URL, {"errors.num": "3", "errors.den": "99"})
    assert rows_of(page)["errors"].errors == {
        "reason": "The figure of this period was taken back. Say why there is one again."
    }
    mara.post(URL, {"errors.num": "3", "errors.den": "99", "errors.reason": "Counted anew."})

    assert [(row[3], row[4], row[5]) for row in on_record(lexora)] == [
        (1, "", False),
        (2, "It was of another team.", True),
        (3, "Counted anew.", False),
    ]


def test_does_not_apply_needs_a_reason_and_is_no_longer_due(client_of, kpis, lexora):
    client_of("mara").post(
        URL,
        {"errors.absent": "No letters went out.", "minutes.absent": "", "all-absent": "Closed."},
    )

    with acting_in(lexora):
        said = Absence.objects.filter(day=WEEK).exclude(reason="r").order_by("kpi_id")
        assert list(said.values_list("reason", flat=True)) == ["No letters went out.", "Closed."]
    assert client_of("mara").get(URL).context["due"] == 0


def test_a_figure_and_does_not_apply_exclude_each_other(client_of, kpis):
    page = client_of("mara").post(
        URL, {"errors.num": "1", "errors.den": "9", "errors.absent": "No letters went out."}
    )
    assert rows_of(page)["errors"].errors == {
        "absent": "A figure and “does not apply” exclude each other."
    }


@pytest.mark.parametrize("period", ["2026-W49", "2027-01", "x", "2026-W99"])
def test_a_period_that_has_not_begun_is_not_entered(client_of, kpis, period):
    page = client_of("mara").get(f"/o/lexora/deployments/letters/figures/?period={period}")
    expected = b"This period has not begun" if period[0] == "2" and "99" not in period else b"due"
    assert expected in page.content


def test_an_earlier_period_can_be_made_up_for(client_of, kpis, lexora):
    earlier = "/o/lexora/deployments/letters/figures/?period=2026-W45"
    client_of("mara").post(earlier, {"errors.num": "1", "errors.den": "40"})
    with acting_in(lexora):
        assert Measurement.objects.get(kpi_id=kpis[0].pk).day == dt.date(2026, 11, 2)


def test_the_locale_decides_what_a_separator_means(client_of, kpis, lexora):
    lexora.locale = "de"
    lexora.save()
    client_of("mara").post(URL, {"minutes.value": "1,250", "minutes.n": "1.380", "minutes.sd": "1"})
    with acting_in(lexora):
        row = Measurement.objects.get(kpi_id=kpis[1].pk)
    assert (row.den, row.num) == (1380, Decimal(75_000) * 1380)
    assert rows_of(client_of("mara").get(URL))["minutes"].typed["value"] == "1,25"


def test_every_kind_can_be_entered_and_read_back(client_of, add, lexora):
    texts = {"count": "12", "money": "12.5", "opaque": "0.71", "gauge": "7", "distinct": "40"}
    several = {
        "ratio": ("1", "9"),
        "rate": ("2", "100"),
        "mean": ("3", "4", "1"),
        "uptime": ("30", "10,080"),
        "score": ("0.5", "40"),
        "rating": ("1", "2", "3", "4", "5", "1,500"),
        "confusion": ("8", "2", "1", "9"),
        "quotient": ("1", "2"),
        "duration": ("3", "4", "1"),
    }
    units = {"money": "currency", "duration": "minutes", "gauge": "people", "distinct": "people"}
    typed = {}
    for kind in (*texts, *several):
        add(f"Kind {kind}", kind, units.get(kind, "fraction"))
    for slug, row in rows_of(client_of("mara").get(URL)).items():
        given = several.get(row.kpi.kind, (texts.get(row.kpi.kind),))
        typed |= {f"{slug}.{box.name}": text for box, text in zip(row.boxes, given, strict=True)}

    answer = client_of("mara").post(URL, typed)

    assert answer.status_code == 302
    found = rows_of(client_of("mara").get(URL))
    back = {
        f"{slug}.{box.name}": row.typed[box.name]
        for slug, row in found.items()
        for box in row.boxes
    }
    assert back == typed


@pytest.mark.parametrize("role", ["executive", "auditor", "staff", "steward"])
def test_who_may_not_enter_figures_cannot(lexora, as_role, kpis, role):
    assert as_role(lexora, role).post(URL, {"errors.num": "1"}).status_code == 403
    assert on_record(lexora) == []


def test_two_cells_saved_at_once_keep_both(lexora, kpis, place, now):
    where = {"deployment": place, "person": "mara", "at": now}
    period = period_of(WEEK, Grain.WEEK)
    with acting_in(lexora):
        entries.keep_draft(**where, period=period, slug="errors", cell={"num": "1"})
        entries.keep_draft(**where, period=period, slug="minutes", cell={"value": "2"})
        assert entries.draft(place, period, "mara").cells == {
            "errors": {"num": "1"},
            "minutes": {"value": "2"},
        }


def test_a_single_figure_from_a_file_stands_without_being_asked_for_more(
    client_of, kpis, lexora, record
):
    record(kpis[1], "opaque", {"value": "11.6"})

    page = client_of("mara").get(URL)
    row = rows_of(page)["minutes"]
    assert (row.said, row.errors, row.typed["value"]) == ("11.6 min", {}, "11.6")
    answer = client_of("mara").post(
        URL, {"minutes.value": "11.6", "errors.num": "1", "errors.den": "9"}
    )
    assert answer.status_code == 302
    assert len(on_record(lexora)) == 2


def test_an_old_period_says_what_is_missing_in_it(client_of, kpis):
    page = client_of("mara").get("/o/lexora/deployments/letters/figures/?period=2026-W40")
    assert "Two figures are missing for week 40" in flat(page)
