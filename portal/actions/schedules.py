"""Recurring work: started once per period, however many ticks there are."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction

from portal.actions import jobs
from portal.models import Job, Organization, ScheduledRun
from portal.tenancy.scope import acting_in

KEEP_DONE = dt.timedelta(days=30)


def tick(*, at: dt.datetime) -> int:
    """Wake what is due and start the recurring work of this minute; returns the jobs woken."""
    woken = jobs.sweep(at=at)
    for name, every, work in SCHEDULES:
        _once(name, _period_start(at, every), at, work)
    return woken


def _period_start(at: dt.datetime, every: dt.timedelta) -> dt.datetime:
    """Start of the running period, counted in UTC from 1970: no daylight saving, no drift."""
    seconds = int(every.total_seconds())
    return dt.datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, tz=dt.UTC)


def _once(
    name: str, due_at: dt.datetime, at: dt.datetime, work: Callable[[dt.datetime], None]
) -> None:
    with transaction.atomic():
        _, is_ours = ScheduledRun.objects.get_or_create(
            schedule=name, due_at=due_at, defaults={"started_at": at}
        )
    if is_ours:
        work(at)


def heartbeats(at: dt.datetime) -> None:
    """A job without work for one organization: its round trip shows that workers are alive."""
    organization = Organization.objects.order_by("pk").first()
    if organization is not None:
        with acting_in(organization):
            jobs.enqueue(kind="heartbeat", key="alive", at=at)


def revive(at: dt.datetime) -> None:
    """Parked rollups and verdicts get another chance: their marks must not wait for ever."""
    jobs.revive(at=at)


def judge(at: dt.datetime) -> None:
    """Every organization's deployments are judged once a day: figures and answers grow old."""
    for organization in Organization.objects.order_by("pk"):
        with acting_in(organization):
            jobs.enqueue(kind="verdict", key="all", at=at)


def clean_up(at: dt.datetime) -> None:
    """Forget finished jobs and runs of more than thirty days ago; parked jobs stay visible."""
    old = at - KEEP_DONE
    Job.objects.everywhere().filter(state=Job.State.DONE, finished_at__lt=old).delete()
    ScheduledRun.objects.filter(due_at__lt=old).delete()


SCHEDULES: list[tuple[str, dt.timedelta, Callable[[dt.datetime], None]]] = [
    ("heartbeat", dt.timedelta(minutes=5), heartbeats),
    ("revive", dt.timedelta(hours=1), revive),
    ("verdicts", dt.timedelta(days=1), judge),
    ("clean up", dt.timedelta(days=1), clean_up),
]
