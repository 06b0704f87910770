"""What the review prints of the evidence: contradictions with both sides, the cost, its gaps."""

import datetime as dt

import pytest

from kpis.actions import ledgers, readiness
from portal.tenancy.scope import acting_in
from reviews.actions import reviews
from reviews.models import Edition
from reviews.presenters.pdf import render
from reviews.presenters.pdf.page import sheet
from tests.factories.figures import MONDAY, drain, make_kpi, record, share
from tests.factories.people import MARA
from tests.reviews.documents import text_of

DAY = dt.date(2026, 11, 24)


@pytest.fixture
def document(lexora, now):
    """A review of one deployment whose manager says that the costs are complete."""
    kpi = make_kpi(lexora, now, is_primary=True)
    record(lexora, now, share(kpi, 18, 20, day=MONDAY))
    drain(lexora)
    with acting_in(lexora):
        place = kpi.deployment
        readiness.answer(
            deployment=place,
            answers={"costs_complete": "yes", "has_baseline": "no"},
            by=MARA,
            at=now,
        )
        ledgers.enter(
            deployment=place,
            starts_on=dt.date(2026, 10, 1),
            part="licences",
            amount=900,
            grade="estimated",
            by=MARA,
            at=now,
        )
        reviews.open_review(day=DAY, by=MARA, at=now)
        edition = Edition.objects.get()
    return edition.document, edition.digest


def test_the_answers_and_what_the_data_says_are_frozen(document):
    (part,) = document[0]["deployments"]
    lines = {
        line["question"]: (line["answer"], line["state"]) for line in part["readiness"]["lines"]
    }
    assert (part["readiness"]["done"], part["readiness"]["of"]) == (0, 8)
    assert lines["Are costs complete?"] == ("Yes", "contradicted")
    assert lines["Is there a baseline?"] == ("No", "no")
    assert lines["Will the set be updated?"] == ("not answered", "open")
    assert "1 readiness answer disagrees with the data." in document[0]["cannot_tell"][0]


def test_the_cost_is_frozen_with_what_is_missing_and_no_return(document):
    (part,) = document[0]["deployments"]
    assert (part["cost"]["known"], part["cost"]["figures"]) == (1, [])
    assert part["cost"]["weakest"] == "estimated: licences"
    assert part["cost"]["withheld"][0].startswith("no amount and no reason for usage charges")


def test_a_contradiction_is_printed_with_both_sides(document):
    html = sheet(*document).html
    row = html[html.index("Are costs complete?") :]
    row = row[: row.index("</tr>")]
    assert '<span class="state warning">Yes</span>' in row
    assert "the data says otherwise" in row
    assert "12 of 13 cost parts have neither an amount nor a reason" in row


def test_the_file_says_it_too(document):
    text = text_of(render(document[0]))
    for words in ("thedatasaysotherwise", "12of13costparts", "Thereturniswithheld"):
        assert words in text
