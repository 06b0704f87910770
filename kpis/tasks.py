"""Work of the KPI room that follows a write."""

import datetime as dt

from django.utils import timezone

from deployments.models import Deployment
from kpis.actions import reminders, rollups, verdicts
from kpis.actions.imports import work
from kpis.models import DirtyCell
from portal.actions import jobs
from portal.domain.calendar import local_date
from portal.models import Organization
from portal.tenancy.scope import acting_in

BETWEEN_BATCHES = dt.timedelta(minutes=1)


def rollup(claim: jobs.Claim) -> None:
    """Drain the dirty cells of one organization, a bounded batch per transaction.

    Ends with what waited when it began: later marks brought a job of their own, and an
    organization that never stops writing must not hold a worker for ever. The deployments that
    were touched are asked to be judged in the transaction that drains their cells, so that a
    worker that dies between two batches leaves none of them out.
    """
    with acting_in(claim.organization_id):
        waiting = DirtyCell.objects.count()
    done, touched = 0, set[int]()
    while True:
        with acting_in(claim.organization_id):
            now = timezone.now()
            drained = rollups.drain(limit=rollups.BATCH)
            done += drained.cells
            touched |= drained.deployments
            is_over = drained.cells == 0 or done >= waiting
            # While cells are left a verdict would be of half the figures: it waits, or comes late.
            due = now if is_over else now + BETWEEN_BATCHES
            for deployment_id in sorted(touched if is_over else drained.deployments):
                verdicts.ask(deployment_id=deployment_id, at=due)
            jobs.progress(claim=claim, done=done, of=max(done, waiting), at=now)
            if is_over:
                jobs.finish(claim=claim, at=now)
                return


def rebuild(claim: jobs.Claim) -> None:
    """Fold everything of one organization anew, for instance by another fiscal year."""
    with acting_in(claim.organization_id):
        rollups.rebuild(at=timezone.now())
        jobs.finish(claim=claim, at=timezone.now())


def verdict(claim: jobs.Claim) -> None:
    """Judge deployments of one organization on the evidence as it stands: the one named by the
    key, or all of them. A transaction each: nobody waits for the judging of another one."""
    organization = Organization.objects.get(pk=claim.organization_id)
    with acting_in(organization):
        places = Deployment.objects.filter(kpis__isnull=False)
        if claim.key != "all":
            places = places.filter(pk=int(claim.key))
        waiting = list(places.distinct().order_by("pk"))
    for place in waiting:
        with acting_in(organization):
            now = timezone.now()
            today = local_date(now, organization.time_zone)
            verdicts.judge_deployment(deployment=place, as_of=today, by="rules", at=now)
    with acting_in(organization):
        jobs.finish(claim=claim, at=timezone.now())


def remind(claim: jobs.Claim) -> None:
    """Send the reminders of the day that the key names, a transaction each.

    An address that the mail server refuses keeps nobody else waiting; it is tried again with the
    job. Raises OSError, of which the answers of a mail server are one kind.
    """
    on, refused = dt.date.fromisoformat(claim.key), None
    with acting_in(claim.organization_id):
        waiting = reminders.compose(on=on)
    for number, letter in enumerate(waiting, start=1):
        try:
            with acting_in(claim.organization_id):
                # First: who has lost the lease must not send what another worker sends.
                jobs.progress(claim=claim, done=number, of=len(waiting), at=timezone.now())
                reminders.send(letter=letter, on=on, at=timezone.now())
        except OSError as error:
            refused = error
    if refused is not None:
        raise refused
    with acting_in(claim.organization_id):
        jobs.finish(claim=claim, at=timezone.now())


def import_file(claim: jobs.Claim) -> None:
    """Read, write or undo one large import, as its state says.

    The rows are read outside of any transaction, so that the page can tell how far it is; what
    follows is one transaction that ends with the job. Killed anywhere, it begins again.
    """
    home = Organization.objects.get(pk=claim.organization_id)

    def tell(done: int, of: int) -> None:
        with acting_in(home):
            jobs.progress(claim=claim, done=done, of=of, at=timezone.now())

    with acting_in(home):
        found = work.load(key=claim.arguments["run"])
        if found is None:
            jobs.finish(claim=claim, at=timezone.now())
            return
    run, scene = found
    today = local_date(timezone.now(), home.time_zone)
    draft = work.read(run=run, scene=scene, today=today, tell=tell)
    with acting_in(home):
        work.finish(run=run, draft=draft, scene=scene, at=timezone.now())
        jobs.finish(claim=claim, at=timezone.now())
