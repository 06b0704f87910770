"""The quarterly review: opened, frozen as a document, printed from that document alone."""

import datetime as dt
import hashlib

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from deployments.models import Deployment
from kpis.actions import verdicts
from kpis.evidence.readiness import checklist
from kpis.evidence.sources import read
from portal.actions import audit, jobs
from portal.domain.calendar import Grain, Period, period_of
from portal.models import Organization
from portal.tenancy.scope import current_organization_id
from reviews.models import Edition, EditionPdf, Review
from reviews.snapshot import building
from reviews.snapshot.document import digest


class CannotReview(ValueError):
    """A review was refused; the message is a sentence."""


def quarter_of(day: dt.date) -> Period:
    """The quarter of the bound organization's fiscal year that holds the day."""
    organization = Organization.objects.get(pk=current_organization_id())
    return period_of(day, Grain.QUARTER, organization.fiscal_year_start)


def slug_of(quarter: Period) -> str:
    """Outward name of a quarter's review, such as 2026-q4 or fy2027-q1."""
    first, *rest = quarter.label.lower().split()
    year, part = (first, rest[0]) if not first.startswith("q") else (rest[0], first)
    return f"{year}-{part}"


def open_review(*, day: dt.date, by: str, at: dt.datetime) -> Review:
    """Open the review of the quarter that holds the day, and freeze its first edition.

    Opening it again returns the review as it is. Raises CannotReview for a quarter to come.
    """
    quarter = quarter_of(day)
    if quarter.start > at.date():
        raise CannotReview(_("This quarter has not begun yet."))
    with transaction.atomic():
        review, is_new = Review.objects.get_or_create(
            slug=slug_of(quarter),
            defaults={
                "label": quarter.label,
                "starts_on": quarter.start,
                "ends_on": quarter.end,
                "opened_by": by,
                "opened_at": at,
            },
        )
        if is_new:
            audit.record(
                by=by,
                at=at,
                verb="opened the review of",
                subject=review,
                reference=review.slug,
                after={"quarter": f"{quarter.start} to {quarter.end}"},
            )
            freeze(review=review, by=by, at=at)
        return review


def freeze(*, review: Review, by: str, at: dt.datetime) -> Edition:
    """Freeze the evidence as it stands: a new edition, or the newest one if nothing changed.

    A frozen edition never changes; a later one names what it restates. The PDF is queued. The
    document is written in the language of the source, whoever asks for it: its digest counts.
    """
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        Review.objects.select_for_update().get(pk=review.pk)
        newest = Edition.objects.filter(review=review).order_by("-number").first()
        as_of = min(review.ends_on, at.date())
        parts = [_judged_part(deployment, as_of=as_of, by=by, at=at) for deployment in _locked()]
        document = building.build(review, parts, as_of=as_of, at=at, previous=newest)
        if newest is not None and building.same_evidence(document, newest.document):
            return newest
        edition = Edition.objects.create(
            review=review,
            number=document["edition"],
            document=document,
            digest=digest(document),
            supersedes_digest=newest.digest if newest else "",
            frozen_by=by,
            frozen_at=at,
        )
        audit.record(
            by=by,
            at=at,
            verb="froze",
            subject=review,
            reference=review.slug,
            after={"edition": str(edition.number), "SHA-256": edition.digest},
        )
        key = f"{review.slug}/{edition.number}"
        jobs.enqueue(kind="review_pdf", key=key, at=at, arguments={"edition": edition.pk})
        return edition


def _locked() -> QuerySet[Deployment]:
    # One order for all: whoever judges two of them waits for the other in the same direction.
    rows = Deployment.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("unit", "use_case").order_by("pk")


def _judged_part(
    deployment: Deployment, *, as_of: dt.date, by: str, at: dt.datetime
) -> building.Part:
    """A deployment judged, and its part of the document, from the same sources."""
    sources = read(deployment, as_of=as_of)
    readiness = checklist(sources, now=at)
    verdict = verdicts.judge_sources(sources=sources, readiness=readiness, by=by, at=at)
    return building.part(sources, readiness, verdict)


def keep_pdf(*, edition: Edition, content: bytes, pages: int, at: dt.datetime) -> EditionPdf:
    """Keep the printed edition; the one that was kept first stays."""
    printed, _ = EditionPdf.objects.get_or_create(
        edition=edition,
        defaults={
            "content": content,
            "content_hash": hashlib.sha256(content).hexdigest(),
            "pages": pages,
            "rendered_at": at,
        },
    )
    return printed
