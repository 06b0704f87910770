"""Work of the KPI room that follows a write."""

from django.utils import timezone

from kpis.actions import rollups
from portal.actions import jobs
from portal.tenancy.scope import acting_in


def rollup(claim: jobs.Claim) -> None:
    """Drain the dirty cells of one organization, a bounded batch per transaction."""
    done = 0
    while True:
        with acting_in(claim.organization_id):
            taken = rollups.drain()
            done += taken
            if taken == 0:
                jobs.finish(claim=claim, at=timezone.now())
                return
            jobs.progress(claim=claim, done=done, of=done, at=timezone.now())
