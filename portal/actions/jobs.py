"""The life of a job: enqueued with the business data, claimed by lease, finished by its holder."""

import datetime as dt
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection, transaction
from django.db.models import F, Q

from portal.actions import waking
from portal.models import Job
from portal.tenancy.scope import acting_in, current_organization_id

log = logging.getLogger("plumbline.jobs")

ATTEMPTS = 3
UNKNOWN_KIND = "unknown kind"
BACK_OFF = (dt.timedelta(seconds=10), dt.timedelta(seconds=60))


class LeaseLost(RuntimeError):
    """Another worker holds the job now: the work of this one must not be written."""


@dataclass(frozen=True)
class Claim:
    """A job in the hands of one worker until its lease ends."""

    job_id: int
    organization_id: int
    kind: str
    key: str
    arguments: Mapping[str, Any]
    token: str
    attempts: int


_ENQUEUE = """
INSERT INTO portal_job (organization_id, kind, key, arguments, state, attempts, due_at,
                        lease_token, done_steps, all_steps, error_code, created_at)
VALUES (%s, %s, %s, %s::jsonb, 'queued', 0, %s, '', 0, 0, '', %s)
ON CONFLICT (organization_id, kind, key) WHERE state = 'queued'
DO UPDATE SET due_at = LEAST(portal_job.due_at, EXCLUDED.due_at)
RETURNING id
"""


def enqueue(
    *, kind: str, key: str, at: dt.datetime, arguments: Mapping[str, Any] | None = None
) -> int:
    """Put work of the bound organization into the queue, once while it waits; returns its key.

    The row is locked until the caller commits: a worker cannot take it before the data is there.
    Raises KeyError for an unknown kind.
    """
    settings.JOB_KINDS[kind]
    with connection.cursor() as cursor:
        values = Job(arguments=dict(arguments or {}))
        prepared = Job._meta.get_field("arguments").get_db_prep_save(values.arguments, connection)
        cursor.execute(_ENQUEUE, [current_organization_id(), kind, key, prepared, at, at])
        job_id = int(cursor.fetchone()[0])
    queue = settings.JOB_KINDS[kind][1]
    transaction.on_commit(lambda: waking.wake(job_id=job_id, queue=queue))
    return job_id


def claim(*, job_id: int, at: dt.datetime) -> Claim | None:
    """Take a due job or one whose lease has ended; None when there is nothing to take.

    The attempt is counted before the work starts, so work that kills its worker is parked
    after three tries and cannot block its neighbours. A kind that this version does not know, as
    after a return to an older one, is parked at once.
    """
    with transaction.atomic():
        rows = Job.objects.everywhere().select_for_update(skip_locked=True)
        job = rows.filter(_takeable(at), pk=job_id).first()
        if job is None:
            return None
        if job.kind not in settings.JOB_KINDS:
            _park(job, at, UNKNOWN_KIND)
            return None
        if job.attempts >= ATTEMPTS:
            _park(job, at, job.error_code or "worker died three times")
            return None
        job.state = Job.State.RUNNING
        job.attempts += 1
        job.lease_token = secrets.token_hex(16)
        job.lease_until = at + dt.timedelta(seconds=settings.JOB_LEASE_SECONDS)
        job.save(update_fields=["state", "attempts", "lease_token", "lease_until"])
    return Claim(
        job.pk,
        job.organization_id,
        job.kind,
        job.key,
        job.arguments,
        job.lease_token,
        job.attempts,
    )


def _takeable(at: dt.datetime) -> Q:
    return Q(state=Job.State.QUEUED, due_at__lte=at) | Q(
        state=Job.State.RUNNING, lease_until__lt=at
    )


def _park(job: Job, at: dt.datetime, code: str) -> None:
    job.state, job.error_code, job.finished_at = Job.State.PARKED, code[:120], at
    job.lease_until = None
    job.save(update_fields=["state", "error_code", "finished_at", "lease_until"])
    log.error("job %s (%s) parked: %s", job.pk, job.kind, code)


def progress(*, claim: Claim, done: int, of: int, at: dt.datetime) -> None:
    """Note how far the work is and prolong the lease. Raises LeaseLost."""
    until = at + dt.timedelta(seconds=settings.JOB_LEASE_SECONDS)
    _held(claim, done_steps=done, all_steps=of, lease_until=until)


def prolong(*, claim: Claim, at: dt.datetime) -> None:
    """Keep the job for another lease while its work runs. Raises LeaseLost."""
    _held(claim, lease_until=at + dt.timedelta(seconds=settings.JOB_LEASE_SECONDS))


def finish(*, claim: Claim, at: dt.datetime) -> None:
    """Mark the work as done, in the transaction that writes its result. Raises LeaseLost."""
    _held(claim, state=Job.State.DONE, finished_at=at, lease_until=None, done_steps=F("all_steps"))


def _held(claim: Claim, **changes: Any) -> None:
    held = Job.objects.everywhere().filter(
        pk=claim.job_id, state=Job.State.RUNNING, lease_token=claim.token
    )
    if held.update(**changes) != 1:
        raise LeaseLost(f"job {claim.job_id} is in other hands")


def fail(*, claim: Claim, code: str, at: dt.datetime) -> None:
    """Put a failed job back with a delay, or park it after the third attempt."""
    with transaction.atomic():
        rows = Job.objects.everywhere().select_for_update()
        job = rows.filter(pk=claim.job_id, lease_token=claim.token).first()
        if job is None or job.state != Job.State.RUNNING:
            return
        if job.attempts >= ATTEMPTS:
            _park(job, at, code)
            return
        same = {"organization_id": job.organization_id, "kind": job.kind, "key": job.key}
        if Job.objects.everywhere().filter(state=Job.State.QUEUED, **same).exists():
            job.state, job.finished_at = Job.State.DONE, at
        else:
            job.state, job.due_at = Job.State.QUEUED, at + BACK_OFF[job.attempts - 1]
        job.error_code, job.lease_until = code[:120], None
        job.save()


def revive(*, at: dt.datetime) -> int:
    """Give parked work that must not be lost three more tries, an hour after it was parked.

    Only the kinds of `JOB_REVIVED`, and at once those that were unknown when they were parked and
    are known now. A twin that waits already is enough. Returns how many.
    """
    lasting = Q(kind__in=settings.JOB_REVIVED, finished_at__lt=at - dt.timedelta(hours=1))
    unknown = Q(error_code=UNKNOWN_KIND, kind__in=settings.JOB_KINDS)
    parked = Job.objects.everywhere().filter(lasting | unknown, state=Job.State.PARKED)
    return sum(_alone(job.pk, again, job=job, at=at) for job in parked)


def again(*, job: Job, at: dt.datetime) -> int:
    """Put a parked job into the queue anew; returns the key of the one that waits now."""
    with acting_in(job.organization_id):
        key = enqueue(kind=job.kind, key=job.key, at=at, arguments=job.arguments)
        Job.objects.filter(pk=job.pk, state=Job.State.PARKED).update(state=Job.State.DONE)
        return key


def sweep(*, at: dt.datetime, limit: int = 1000) -> int:
    """Wake workers for every due job and every job whose lease has ended; returns how many.

    Kinds that are unknown are parked, and each job is handled alone.
    """
    due = list(
        Job.objects.everywhere()
        .filter(_takeable(at))
        .order_by("due_at")
        .values_list("pk", "kind")[:limit]
    )
    return sum(_alone(job_id, _wake_or_park, job_id, kind, at) for job_id, kind in due)


def _wake_or_park(job_id: int, kind: str, at: dt.datetime) -> None:
    if kind not in settings.JOB_KINDS:
        claim(job_id=job_id, at=at)
        return
    waking.wake(job_id=job_id, queue=settings.JOB_KINDS[kind][1])


def _alone(job_id: int, handle: Callable[..., Any], *arguments: Any, **options: Any) -> bool:
    """Handle one job so that its failure keeps no other waiting; whether it went well."""
    try:
        handle(*arguments, **options)
    except Exception:
        log.exception("job %s could not be handled; the others go on", job_id)
        renew_connection()
        return False
    return True


def renew_connection() -> None:
    """Let go of a connection that an error may have broken; never inside a transaction."""
    if not connection.in_atomic_block:
        close_old_connections()
