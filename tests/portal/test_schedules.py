"""Recurring work: once per period, whatever the clock does."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection

from portal.actions import jobs, schedules
from portal.models import Job, ScheduledRun
from portal.tenancy.scope import acting_in

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


@pytest.fixture
def hourly(monkeypatch):
    """One schedule, every hour; the times at which it ran."""
    ran = []
    monkeypatch.setattr(schedules, "SCHEDULES", [("hourly", HOUR, ran.append)])
    return ran


def test_two_ticks_in_one_minute_start_each_work_once(lexora, now):
    schedules.tick(at=now)
    schedules.tick(at=now + dt.timedelta(seconds=20))

    runs = ScheduledRun.objects.order_by("schedule").values_list("schedule", "due_at", "started_at")
    midnight = now.replace(hour=0)
    assert list(runs) == [
        ("clean up", midnight, now),
        ("days", now, now),
        ("forget answers", now, now),
        ("heartbeat", now, now),
        ("password links", now, now),
        ("purge", now, now),
        ("revive", now, now),
        (f"verdict of {lexora.pk}", midnight, now),
    ]
    waiting = Job.objects.everywhere().order_by("kind").values_list("kind", "state")
    assert list(waiting) == [("heartbeat", "queued"), ("verdict", "queued")]


def test_the_next_period_starts_the_work_again(db, now, hourly):
    times = [now, now + 59 * MINUTE, now + HOUR]
    for at in times:
        schedules.tick(at=at)
    assert hourly == [now, now + HOUR]


def test_hours_in_which_nothing_ticked_are_made_up_for_once(db, now, hourly):
    schedules.tick(at=now)
    late = now + 5 * HOUR + 7 * MINUTE

    schedules.tick(at=late)
    schedules.tick(at=late + MINUTE)

    assert hourly == [now, late]


def test_a_clock_that_steps_back_starts_nothing_again(db, now, hourly):
    schedules.tick(at=now + 2 * MINUTE)
    schedules.tick(at=now)
    assert hourly == [now + 2 * MINUTE]


def test_the_hour_that_comes_twice_in_autumn_is_two_periods(db, hourly):
    first = dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
    for at in (first, first + HOUR):
        schedules.tick(at=at)
    assert hourly == [first, first + HOUR]


def test_a_tick_wakes_what_is_due(lexora, now, hourly):
    with acting_in(lexora):
        jobs.enqueue(kind="heartbeat", key="now", at=now)
        jobs.enqueue(kind="heartbeat", key="later", at=now + MINUTE)
    assert schedules.tick(at=now) == 1


def test_cleaning_up_forgets_old_finished_work_and_keeps_what_was_parked(lexora, now):
    old, young = now - dt.timedelta(days=31), now - dt.timedelta(days=29)
    rows = [("done", old), ("done", young), ("parked", old), ("queued", None)]
    for number, (state, finished) in enumerate(rows):
        Job.objects.everywhere().create(
            organization=lexora,
            kind="heartbeat",
            key=str(number),
            state=state,
            due_at=old,
            created_at=old,
            finished_at=finished,
        )
    ScheduledRun.objects.create(schedule="hourly", due_at=old, started_at=old)

    schedules.clean_up(now)

    kept = Job.objects.everywhere().order_by("key").values_list("state", "finished_at")
    assert list(kept) == rows[1:]
    assert ScheduledRun.objects.count() == 0


YEAR = 2026


def started(organization, kind):
    """Days on which the kind was started for the organization."""
    rows = ScheduledRun.objects.filter(schedule=f"{kind} of {organization.pk}")
    return [run.due_at.date() for run in rows.order_by("due_at")]


def ticks(first, hours):
    for number in range(hours * 4):
        schedules.days(first + number * 15 * MINUTE)


def test_every_organization_is_judged_once_on_each_of_its_own_days(lexora, harbor):
    # Berlin's clocks go back on this Sunday; New York is still at the evening before.
    ticks(dt.datetime(YEAR, 10, 24, 22, 0, tzinfo=dt.UTC), hours=30)

    assert started(harbor, "verdict") == [dt.date(YEAR, 10, day) for day in (25, 26)]
    assert started(lexora, "verdict") == [dt.date(YEAR, 10, day) for day in (24, 25)]


def test_reminders_wait_for_the_morning_of_a_working_day(lexora, settings):
    settings.EMAIL_HOST = "mail.example"
    ticks(dt.datetime(YEAR, 11, 27, 5, 0, tzinfo=dt.UTC), hours=6)
    assert started(lexora, "reminders") == []
    ticks(dt.datetime(YEAR, 11, 27, 11, 45, tzinfo=dt.UTC), hours=5 * 24)

    working = [dt.date(YEAR, 11, 27), dt.date(YEAR, 11, 30), dt.date(YEAR, 12, 1)]
    assert started(lexora, "reminders") == working
    keys = Job.objects.everywhere().filter(kind="reminders").values_list("key", flat=True)
    assert sorted(keys) == [str(day) for day in working]


def test_without_a_mail_server_nobody_is_reminded_by_mail(lexora, settings):
    settings.EMAIL_HOST = ""
    ticks(dt.datetime(YEAR, 11, 27, 12, 0, tzinfo=dt.UTC), hours=24)
    assert started(lexora, "reminders") == []


def broken(_at):
    raise ZeroDivisionError


def test_a_schedule_that_fails_stops_no_other_and_is_tried_by_the_next_tick(db, now, monkeypatch):
    ran = []
    work = [("first", HOUR, broken), ("second", HOUR, ran.append)]
    monkeypatch.setattr(schedules, "SCHEDULES", work)

    schedules.tick(at=now)
    monkeypatch.setattr(schedules, "SCHEDULES", [("first", HOUR, ran.append), work[1]])
    schedules.tick(at=now + MINUTE)

    assert ran == [now, now + MINUTE]


def test_a_sweep_that_fails_stops_no_schedule(db, now, hourly, monkeypatch):
    monkeypatch.setattr(jobs, "sweep", lambda at: broken(at))
    assert schedules.tick(at=now) == 0
    assert hourly == [now]


def test_the_day_of_one_organization_stops_no_other(lexora, harbor, now):
    type(lexora).objects.filter(pk=lexora.pk).update(time_zone="Nowhere/Such")

    schedules.days(now)

    assert [started(home, "verdict") for home in (lexora, harbor)] == [[], [now.date()]]


def test_ended_sessions_and_counters_are_forgotten_and_no_others(db, now, time_machine):
    time_machine.move_to(now, tick=False)
    for name, minutes in (("old", -1), ("young", 1)):
        expires = now + minutes * MINUTE
        Session.objects.create(session_key=name, session_data="", expire_date=expires)
        cache.set(name, 1, timeout=60 * minutes if minutes > 0 else 1)
    time_machine.move_to(now + dt.timedelta(seconds=30), tick=False)

    schedules.purge(now + dt.timedelta(seconds=30))

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM portal_cache")
        kept = cursor.fetchall()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["young"]
    assert kept == [(":1:young",)]
