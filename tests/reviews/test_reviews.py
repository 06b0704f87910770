"""The quarterly review: frozen in editions, printed from its document alone."""

import datetime as dt

import pypdfium2
import pytest
from django.db import ProgrammingError, transaction
from django.utils import translation

from kpis.actions import kpi_sets
from kpis.models import Verdict
from portal import tasks
from portal.actions import jobs
from portal.models import AuditEvent, Job
from portal.tenancy.scope import acting_in
from reviews.actions import reviews
from reviews.actions.reviews import CannotReview
from reviews.models import Edition, EditionPdf, Review
from reviews.presenters.pdf import render
from reviews.snapshot.document import canonical_json
from reviews.tasks import print_edition, render_pdf
from tests.factories.figures import MONDAY, WEEK, drain, make_kpi, record, share
from tests.factories.people import MARA
from tests.reviews.documents import text_of

DAY = dt.date(2026, 11, 24)
WEEKS = [MONDAY - n * WEEK for n in range(3)]


@pytest.fixture
def kpi(lexora, now):
    """A share with a target and three weeks of figures: 18 of 20 each."""
    kpi = make_kpi(lexora, now, is_primary=True)
    with acting_in(lexora):
        kpi_sets.set_target(kpi=kpi, valid_from=WEEKS[-1], target="0.95", by=MARA, at=now)
    record(lexora, now, *[share(kpi, 18, 20, day=day) for day in WEEKS])
    drain(lexora)
    return kpi


@pytest.fixture
def review(lexora, kpi, now):
    with acting_in(lexora):
        return reviews.open_review(day=DAY, by=MARA, at=now)


def freeze(organization, review, at):
    with acting_in(organization):
        return reviews.freeze(review=review, by=MARA, at=at)


def editions(organization):
    with acting_in(organization):
        return list(Edition.objects.order_by("number"))


def correct(organization, kpi, at):
    record(organization, at, share(kpi, 10, 20), reason="Counted again.")
    drain(organization)


def values(edition):
    return {
        kpi["key"]: kpi["value"] for part in edition.document["deployments"] for kpi in part["kpis"]
    }


def test_opening_freezes_the_first_edition_and_queues_its_print(lexora, review, now):
    (edition,) = editions(lexora)
    with acting_in(lexora):
        job = Job.objects.get(kind="review_pdf")
        verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
        assert [verb for verb in verbs if "review" in verb or verb == "froze"] == [
            "opened the review of",
            "froze",
        ]
    assert (review.slug, review.label, review.starts_on) == (
        "2026-q4",
        "Q4 2026",
        dt.date(2026, 10, 1),
    )
    assert (edition.number, edition.supersedes_digest, edition.frozen_at) == (1, "", now)
    assert (job.key, job.arguments, job.state) == (
        "2026-q4/1",
        {"edition": edition.pk},
        "queued",
    )


def test_opening_again_returns_the_review_as_it_is(lexora, kpi, review, now):
    correct(lexora, kpi, now)
    with acting_in(lexora):
        again = reviews.open_review(day=dt.date(2026, 10, 1), by=MARA, at=now)
    assert (again, len(editions(lexora))) == (review, 1)


def test_a_quarter_to_come_cannot_be_reviewed(lexora, kpi, now):
    with acting_in(lexora), pytest.raises(CannotReview, match="has not begun yet"):
        reviews.open_review(day=dt.date(2027, 1, 1), by=MARA, at=now)
    with acting_in(lexora):
        assert Review.objects.count() == 0


def test_a_quarter_bears_the_name_of_the_fiscal_year(lexora, kpi, now):
    lexora.fiscal_year_start = 4
    lexora.save()
    with acting_in(lexora):
        review = reviews.open_review(day=DAY, by=MARA, at=now)
    assert (review.slug, review.label) == ("fy2027-q3", "FY2027 Q3")


def test_freezing_without_news_gives_the_edition_that_is_there(lexora, review, now):
    (first,) = editions(lexora)

    again = freeze(lexora, review, now + dt.timedelta(hours=3))

    assert (again, len(editions(lexora))) == (first, 1)


def test_a_later_figure_gives_an_edition_that_names_what_it_restates(lexora, kpi, review, now):
    (first,) = editions(lexora)
    before = values(first)["clauses-found"]
    correct(lexora, kpi, now)

    second = freeze(lexora, review, now + dt.timedelta(hours=3))

    after = values(second)["clauses-found"]
    assert (second.number, second.supersedes_digest) == (2, first.digest)
    assert second.document["supersedes"] == first.digest
    assert before != after
    assert second.document["restated"] == [
        {
            "kpi": "Place of Clauses found: Clauses found",
            "period": "Q4 2026",
            "old": before,
            "new": after,
        }
    ]


def test_an_edition_stays_as_it_was_when_a_later_one_comes(lexora, kpi, review, now):
    (first,) = editions(lexora)
    correct(lexora, kpi, now)
    freeze(lexora, review, now + dt.timedelta(hours=3))
    kept = editions(lexora)[0]
    assert (kept.document, kept.digest) == (first.document, first.digest)


@pytest.mark.parametrize(
    "change", [lambda rows: rows.update(document={}), lambda rows: rows.delete()]
)
def test_the_database_refuses_to_change_an_edition(lexora, review, change):
    with acting_in(lexora), pytest.raises(ProgrammingError), transaction.atomic():
        change(Edition.objects.filter(review=review))
    assert len(editions(lexora)) == 1


def test_printing_twice_gives_one_print(lexora, review, now):
    (edition,) = editions(lexora)
    with acting_in(lexora):
        first = print_edition(edition=edition, at=now)
        second = print_edition(edition=edition, at=now + dt.timedelta(hours=1))
        assert (first, EditionPdf.objects.count()) == (second, 1)


def test_the_print_says_what_the_document_says(lexora, review, now):
    (edition,) = editions(lexora)
    with acting_in(lexora):
        pdf = print_edition(edition=edition, at=now)

    content = bytes(pdf.content)
    text = text_of(content)
    said = ["Lexora Legal", "Q4 2026", "Place of Clauses found", values(edition)["clauses-found"]]
    assert content[:4] == b"%PDF"
    assert [word for word in said if "".join(word.split()) not in text] == []
    assert pdf.pages == len(pypdfium2.PdfDocument(content))


def test_the_print_of_the_first_edition_knows_nothing_of_the_second(lexora, kpi, review, now):
    (first,) = editions(lexora)
    correct(lexora, kpi, now)
    second = freeze(lexora, review, now + dt.timedelta(hours=3))
    with acting_in(lexora):
        texts = [
            text_of(bytes(print_edition(edition=edition, at=now).content))
            for edition in (first, second)
        ]
    shown = ["".join(values(edition)["clauses-found"].split()) for edition in (first, second)]
    assert (shown[0] in texts[0], shown[1] in texts[0]) == (True, False)
    assert (shown[0] in texts[1], shown[1] in texts[1]) == (True, True)


def test_the_queued_job_prints_the_edition_once(lexora, review, now):
    with acting_in(lexora):
        job = Job.objects.get(kind="review_pdf")
    tasks.run_job(job.pk)
    tasks.run_job(job.pk)
    with acting_in(lexora):
        job.refresh_from_db()
        assert (job.state, EditionPdf.objects.count()) == ("done", 1)


def test_a_worker_that_lost_its_job_prints_nothing(lexora, review, settings, now):
    with acting_in(lexora):
        key = Job.objects.get(kind="review_pdf").pk
    old = jobs.claim(job_id=key, at=now)
    jobs.claim(job_id=key, at=now + dt.timedelta(seconds=settings.JOB_LEASE_SECONDS + 1))
    with pytest.raises(jobs.LeaseLost):
        render_pdf(old)
    with acting_in(lexora):
        assert EditionPdf.objects.count() == 0


def test_an_organization_without_deployments_can_be_reviewed(harbor, now):
    with acting_in(harbor):
        review = reviews.open_review(day=DAY, by="hugo", at=now)
        (edition,) = Edition.objects.all()
        pdf = print_edition(edition=edition, at=now)
    assert (review.slug, edition.document["deployments"]) == ("2026-q4", [])
    assert bytes(pdf.content)[:4] == b"%PDF"


def opened_in(language, organization, at):
    """The document and the verdict of a review opened by somebody who reads this language."""
    with acting_in(organization), translation.override(language):
        reviews.open_review(day=DAY, by=MARA, at=at)
        (edition,) = Edition.objects.all()
        (verdict,) = Verdict.objects.all()
        found = canonical_json(edition.document), edition.digest, verdict.record, verdict.digest
        transaction.set_rollback(True)
    return found


def test_the_language_of_the_reader_changes_no_byte_of_the_record(lexora, kpi, now):
    assert opened_in("de", lexora, now) == opened_in("en-gb", lexora, now)


def test_the_language_of_the_reader_changes_no_byte_of_the_pdf(lexora, review):
    (edition,) = editions(lexora)
    with translation.override("de"):
        german = render(edition.document)
    assert german == render(edition.document)
