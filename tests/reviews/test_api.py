"""Reviews and their frozen editions for programs."""

import datetime as dt

import pytest

from portal.tenancy.scope import acting_in
from reviews.models import Edition, Review
from tests import factories
from tests.api_client import Program


@pytest.fixture
def program(lexora, now):
    with acting_in(lexora):
        for quarter, month in ((3, 7), (4, 10)):
            review = Review.objects.create(
                slug=f"2026-q{quarter}",
                label=f"Q{quarter} 2026",
                starts_on=dt.date(2026, month, 1),
                ends_on=dt.date(2026, month + 2, 28),
                opened_by="ines@lexora.example",
                opened_at=now,
            )
        for number in (1, 2):
            Edition.objects.create(
                review=review,
                number=number,
                document=factories.DOCUMENT | {"summary": f"Edition {number}"},
                digest=f"d{number}",
                supersedes_digest="d1" if number == 2 else "",
                frozen_by="ines@lexora.example",
                frozen_at=now,
            )
    return Program(lexora, now)


def test_reviews_are_read_newest_first(program):
    items = program.get("reviews/").json()["items"]
    assert [item["slug"] for item in items] == ["2026-q4", "2026-q3"]
    assert (
        program.get("reviews/2026-q4/").json()
        == items[0]
        == {
            "slug": "2026-q4",
            "label": "Q4 2026",
            "starts_on": "2026-10-01",
            "ends_on": "2026-12-28",
            "state": "open",
            "opened_by": "ines@lexora.example",
            "opened_at": "2026-11-24T10:00:00+00:00",
        }
    )
    oldest = program.get("reviews/", order="starts_on", limit=1).json()
    assert [item["slug"] for item in oldest["items"]] == ["2026-q3"]
    assert program.get("reviews/", state="closed").json()["items"] == []


def test_an_edition_is_read_with_its_document(program):
    listed = program.get("reviews/2026-q4/editions/").json()["items"]
    assert [(item["number"], item["digest"]) for item in listed] == [(2, "d2"), (1, "d1")]
    edition = program.get("reviews/2026-q4/editions/1/").json()
    assert edition == listed[1] | {"document": factories.DOCUMENT | {"summary": "Edition 1"}}
    assert program.get("reviews/2026-q4/editions/3/").status_code == 404
    assert program.get("reviews/2026-q3/editions/").json() == {"items": [], "next": None}
