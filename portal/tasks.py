"""The one Celery task: run a job of the queue of record."""

import logging
from typing import Any

from celery import shared_task
from celery.signals import celeryd_init
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from portal.actions import jobs
from portal.environment import BadEnvironment, refuse_if_misconfigured, session_options
from portal.tenancy.scope import acting_in

log = logging.getLogger("plumbline.jobs")


@celeryd_init.connect
def become_worker(**_options: Any) -> None:
    """A worker has limits of its own at the database, and does not start without its key."""
    limits = session_options(settings.DATABASE_LIMITS["worker"])
    connection.settings_dict["OPTIONS"]["options"] = limits
    try:
        refuse_if_misconfigured()
    except BadEnvironment as error:
        raise SystemExit(str(error)) from None


@shared_task(name="portal.run_job")
def run_job(job_id: int) -> None:
    """Claim the job and do its work; a message that comes twice or late does nothing."""
    claim = jobs.claim(job_id=job_id, at=timezone.now())
    if claim is None:
        return
    work = import_string(settings.JOB_KINDS[claim.kind][0])
    try:
        work(claim)
    except jobs.LeaseLost:
        log.warning("job %s was finished by another worker", job_id)
    except Exception as error:
        log.exception("job %s (%s) failed", job_id, claim.kind)
        jobs.fail(claim=claim, code=type(error).__name__, at=timezone.now())


def heartbeat(claim: jobs.Claim) -> None:
    """A job with no work: its round trip shows that queue and worker are alive."""
    with acting_in(claim.organization_id):
        jobs.finish(claim=claim, at=timezone.now())
