"""Celery tasks: run a job of the queue of record, answer requests for password links."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from celery import shared_task
from celery.signals import celeryd_init
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.module_loading import import_string

from portal.actions import invitation_mail, jobs, passwords
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
    try:
        work = import_string(settings.JOB_KINDS[claim.kind][0])
        with kept_alive(claim):
            work(claim)
    except jobs.LeaseLost:
        log.warning("job %s was finished by another worker", job_id)
    except Exception as error:
        log.exception("job %s (%s) failed", job_id, claim.kind)
        jobs.fail(claim=claim, code=type(error).__name__, at=timezone.now())


@contextmanager
def kept_alive(claim: jobs.Claim) -> Iterator[None]:
    """Prolong the lease while the enclosed work runs, up to the hard limit of a job.

    From a thread and a connection of its own: the work may be in the middle of a transaction. A
    killed worker takes the thread with it, and the lease ends by itself.
    """
    done = Event()

    def beat() -> None:
        every = settings.JOB_LEASE_SECONDS / 4
        for _ in range(int(settings.JOB_HARD_LIMIT_SECONDS / every)):
            if done.wait(every) or not _prolong(claim):
                break
        connection.close()

    thread = Thread(target=beat, name=f"lease of job {claim.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _prolong(claim: jobs.Claim) -> bool:
    """Whether another beat makes sense: no more once the job has ended or is in other hands."""
    try:
        jobs.prolong(claim=claim, at=timezone.now())
    except jobs.LeaseLost:
        return False
    except DatabaseError:
        log.exception("the lease of job %s could not be prolonged; trying again", claim.job_id)
        connection.close()
    return True


@shared_task(name="portal.mail_password_links")
def mail_password_links() -> None:
    """Answer every request for a password link that waits.

    An address that the mail server refuses is tried again with the next message or tick.
    """
    try:
        while passwords.answer_next():
            continue
    except OSError as error:
        log.warning("a password link could not be mailed: %s", type(error))


def mail_invitation(claim: jobs.Claim) -> None:
    """Mail the invitation that the key names with a link of its own.

    The link is kept before it is sent; a second try makes another one, and the first then ends.
    """
    with acting_in(claim.organization_id):
        letter = invitation_mail.compose(
            key=int(claim.key), portal=claim.arguments["portal"], at=timezone.now()
        )
    if letter is not None:
        letter.send()
    with acting_in(claim.organization_id):
        if letter is not None:
            invitation_mail.note_sent(key=int(claim.key), at=timezone.now())
        jobs.finish(claim=claim, at=timezone.now())


def heartbeat(claim: jobs.Claim) -> None:
    """A job with no work: its round trip shows that queue and worker are alive."""
    with acting_in(claim.organization_id):
        jobs.finish(claim=claim, at=timezone.now())
