"""Work of the review room: printing."""

import datetime as dt

from django.utils import timezone

from portal.actions import jobs
from portal.tenancy.scope import acting_in
from reviews.actions import reviews
from reviews.models import Edition, EditionPdf
from reviews.presenters import pdf


def render_pdf(claim: jobs.Claim) -> None:
    """Print one edition of the claim's organization from its document alone; once is enough."""
    with acting_in(claim.organization_id):
        jobs.progress(claim=claim, done=0, of=1, at=timezone.now())
    with acting_in(claim.organization_id):
        edition = Edition.objects.get(pk=claim.arguments["edition"])
        print_edition(edition=edition, at=timezone.now())
        jobs.finish(claim=claim, at=timezone.now())


def print_edition(*, edition: Edition, at: dt.datetime) -> EditionPdf:
    """The PDF of an edition, rendered where nobody did so before."""
    printed = EditionPdf.objects.filter(edition=edition).first()
    if printed is not None:
        return printed
    content = pdf.render(edition.document)
    return reviews.keep_pdf(edition=edition, content=content, pages=pdf.count_pages(content), at=at)
