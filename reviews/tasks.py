"""Work of the review room: printing."""

from django.utils import timezone

from portal.actions import jobs
from portal.tenancy.scope import acting_in
from reviews.actions import reviews
from reviews.models import Edition


def render_pdf(claim: jobs.Claim) -> None:
    """Print one edition of the claim's organization."""
    with acting_in(claim.organization_id):
        jobs.progress(claim=claim, done=0, of=1, at=timezone.now())
    with acting_in(claim.organization_id):
        edition = Edition.objects.get(pk=claim.arguments["edition"])
        reviews.print_edition(edition=edition, at=timezone.now())
        jobs.finish(claim=claim, at=timezone.now())
