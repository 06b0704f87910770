"""Recurring work: started once per period, however many ticks there are."""

import datetime as dt
import logging
from collections.abc import Callable
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from portal.actions import idempotency, jobs, passwords
from portal.models import Job, Organization, ScheduledRun
from portal.tenancy.scope import acting_in

log = logging.getLogger("plumbline.tick")

KEEP_DONE = dt.timedelta(days=30)
KEEP_REQUESTS = dt.timedelta(days=3)


def tick(*, at: dt.datetime) -> int:
    """Wake what is due and start the recurring work of this minute; returns the jobs woken.

    Each piece is handled alone: what fails is written to the log and tried again by the next tick.
    """
    woken = _alone("sweep", lambda: jobs.sweep(at=at))
    for name, every, work in SCHEDULES:
        _alone(name, partial(_once, name, _period_start(at, every), at, work))
    return woken or 0


def _alone(name: str, work: Callable[[], int | None]) -> int | None:
    try:
        return work()
    except Exception:
        log.exception("%s failed; everything else goes on", name)
        jobs.renew_connection()
        return None


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
        try:
            work(at)
        except Exception:
            # Not started after all: the next tick may.
            ScheduledRun.objects.filter(schedule=name, due_at=due_at).delete()
            raise


def heartbeats(at: dt.datetime) -> None:
    """A job without work for one organization: its round trip shows that workers are alive."""
    organization = Organization.objects.order_by("pk").first()
    if organization is not None:
        with acting_in(organization):
            jobs.enqueue(kind="heartbeat", key="alive", at=at)


def revive(at: dt.datetime) -> None:
    """Parked rollups and verdicts get another chance: their marks must not wait for ever."""
    jobs.revive(at=at)


def days(at: dt.datetime) -> None:
    """Start what each organization needs once on its own day, at whatever hour a tick comes."""
    for organization in Organization.objects.order_by("pk"):
        _alone(f"the day of {organization.slug}", partial(_day, organization, at))


def _day(organization: Organization, at: dt.datetime) -> None:
    local = at.astimezone(ZoneInfo(organization.time_zone))
    for kind, hour, on_weekends, is_wanted in DAILY:
        if local.hour >= hour and (on_weekends or local.weekday() < 5) and is_wanted():
            start = partial(_once_a_day, kind, organization, local.date(), at)
            _alone(f"{kind} of {organization.slug}", start)


def _once_a_day(kind: str, organization: Organization, day: dt.date, at: dt.datetime) -> None:
    # A date, not an instant: the day of an organization is the same however its zone is written.
    due_at = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)

    def work(at: dt.datetime) -> None:
        with acting_in(organization):
            jobs.enqueue(kind=kind, key=DAILY_KEYS.get(kind, str(day)), at=at)

    _once(f"{kind} of {organization.pk}", due_at, at, work)


def has_mail() -> bool:
    """Whether a mail server is known; without one nobody is reminded by mail."""
    return bool(settings.EMAIL_HOST)


def password_links(at: dt.datetime) -> None:
    """A request for a password link whose message was lost reaches a worker all the same."""
    passwords.wake_if_waiting()


def clean_up(at: dt.datetime) -> None:
    """Forget finished jobs and runs of more than thirty days ago; parked jobs stay visible."""
    old = at - KEEP_DONE
    Job.objects.everywhere().filter(state=Job.State.DONE, finished_at__lt=old).delete()
    ScheduledRun.objects.filter(due_at__lt=old).delete()
    passwords.forget_old(before=at - KEEP_REQUESTS)


def purge(at: dt.datetime) -> None:
    """Forget sessions that have ended and counters whose time is over: nobody else does."""
    Session.objects.filter(expire_date__lt=at).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM portal_cache WHERE expires < %s", [at])


def forget_answers(at: dt.datetime) -> None:
    """Answers to programs are kept under their keys for a day."""
    idempotency.forget(at=at)


# Kind of job, first local hour, also on Saturday and Sunday, whether it is wanted here.
DAILY: list[tuple[str, int, bool, Callable[[], bool]]] = [
    # Figures and answers grow old without anybody doing anything.
    ("verdict", 1, True, lambda: True),
    ("reminders", 7, False, has_mail),
]
DAILY_KEYS = {"verdict": "all"}
SCHEDULES: list[tuple[str, dt.timedelta, Callable[[dt.datetime], None]]] = [
    ("heartbeat", dt.timedelta(minutes=5), heartbeats),
    ("password links", dt.timedelta(minutes=1), password_links),
    ("revive", dt.timedelta(hours=1), revive),
    ("days", dt.timedelta(minutes=15), days),
    ("purge", dt.timedelta(hours=1), purge),
    ("forget answers", dt.timedelta(hours=1), forget_answers),
    ("clean up", dt.timedelta(days=1), clean_up),
]
