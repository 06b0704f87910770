"""The queue of record: one row per piece of work, a lease, a back-off, a place to park."""

import datetime as dt
import time
from itertools import count

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from portal import tasks
from portal.actions import jobs, waking
from portal.models import Job
from portal.tenancy.scope import acting_in

KINDS = {
    "heartbeat": ("portal.tasks.heartbeat", "default"),
    "rollup": ("kpis.tasks.rollup", "default"),
    "poison": ("tests.portal.test_jobs.poison", "default"),
}
FIELDS = ("state", "attempts", "error_code")


def poison(claim):
    raise ZeroDivisionError("a secret that must not be kept")


@pytest.fixture(autouse=True)
def _kinds(settings):
    settings.JOB_KINDS = settings.JOB_KINDS | KINDS


@pytest.fixture(autouse=True)
def _no_silence():
    waking.silence.end()
    yield
    waking.silence.end()


@pytest.fixture
def put(lexora, now):
    """Enqueue a heartbeat of Lexora; returns its key."""

    def enqueued(key="alive", at=now, kind="heartbeat", **arguments):
        with acting_in(lexora):
            return jobs.enqueue(kind=kind, key=key, at=at, arguments=arguments)

    return enqueued


@pytest.fixture
def woken(monkeypatch):
    """The messages that a broker would have got."""
    sent = []
    monkeypatch.setattr(waking.app, "send_task", lambda name, args, **_: sent.append((name, args)))
    return sent


def job(key):
    return Job.objects.everywhere().get(pk=key)


def state(key):
    return Job.objects.everywhere().values_list(*FIELDS).get(pk=key)


def later(now, seconds):
    return now + dt.timedelta(seconds=seconds)


def after_lease(now, settings):
    return later(now, settings.JOB_LEASE_SECONDS + 1)


def test_work_that_waits_is_not_put_into_the_queue_again(put, now):
    first, second = put(text="a"), put(text="b")

    assert first == second
    assert list(Job.objects.everywhere().values_list("pk", "arguments")) == [(first, {"text": "a"})]


def test_the_earlier_of_two_due_times_counts(put, now):
    put(at=later(now, 60))
    put(at=now)
    key = put(at=later(now, 90))

    assert job(key).due_at == now


def test_other_work_waits_in_a_row_of_its_own(put):
    assert len({put("a"), put("b"), put("a", kind="rollup")}) == 3


def test_work_that_runs_already_is_queued_anew(put, now):
    running = put()
    jobs.claim(job_id=running, at=now)

    waiting = put()

    assert (running != waiting, state(waiting)) == (True, ("queued", 0, ""))


def test_an_unknown_kind_is_refused(put):
    with pytest.raises(KeyError):
        put(kind="unheard of")
    assert Job.objects.everywhere().count() == 0


def test_a_claim_counts_the_attempt_before_the_work(put, now, lexora, settings):
    key = put(text="a")

    claim = jobs.claim(job_id=key, at=now)

    row = job(key)
    assert claim == jobs.Claim(
        key, lexora.pk, "heartbeat", "alive", {"text": "a"}, row.lease_token, 1
    )
    assert (row.state, row.attempts, row.lease_until) == (
        "running",
        1,
        later(now, settings.JOB_LEASE_SECONDS),
    )


def test_a_running_job_is_not_given_out_twice(put, now):
    key = put()
    jobs.claim(job_id=key, at=now)
    assert jobs.claim(job_id=key, at=later(now, 5)) is None
    assert state(key) == ("running", 1, "")


def test_a_job_is_not_given_out_before_it_is_due(put, now):
    key = put(at=later(now, 1))
    assert jobs.claim(job_id=key, at=now) is None
    assert state(key) == ("queued", 0, "")


def test_the_end_of_the_lease_lets_another_worker_in(put, now, settings):
    key = put()
    first = jobs.claim(job_id=key, at=now)

    second = jobs.claim(job_id=key, at=after_lease(now, settings))

    assert (second.attempts, second.token != first.token) == (2, True)


def test_progress_prolongs_the_lease(put, now, settings):
    key = put()
    claim = jobs.claim(job_id=key, at=now)
    halfway = later(now, settings.JOB_LEASE_SECONDS // 2)

    jobs.progress(claim=claim, done=3, of=8, at=halfway)

    row = job(key)
    assert (row.done_steps, row.all_steps) == (3, 8)
    assert jobs.claim(job_id=key, at=after_lease(now, settings)) is None
    assert jobs.claim(job_id=key, at=after_lease(halfway, settings)).attempts == 2


def test_a_worker_that_lost_its_lease_writes_nothing_any_more(put, now, settings):
    key = put()
    old = jobs.claim(job_id=key, at=now)
    again = after_lease(now, settings)
    new = jobs.claim(job_id=key, at=again)

    with pytest.raises(jobs.LeaseLost):
        jobs.finish(claim=old, at=again)
    with pytest.raises(jobs.LeaseLost):
        jobs.progress(claim=old, done=1, of=2, at=again)
    jobs.fail(claim=old, code="TooLate", at=again)

    assert (state(key), job(key).lease_token) == (("running", 2, ""), new.token)


def test_a_finished_job_cannot_be_finished_again(put, now):
    key = put()
    claim = jobs.claim(job_id=key, at=now)
    jobs.finish(claim=claim, at=now)

    with pytest.raises(jobs.LeaseLost):
        jobs.finish(claim=claim, at=later(now, 9))

    assert (state(key), job(key).finished_at) == (("done", 1, ""), now)


def test_a_failing_job_comes_back_after_10_and_60_seconds_and_is_then_parked(put, now):
    key, at, seen = put(), now, []
    for _ in range(3):
        jobs.fail(claim=jobs.claim(job_id=key, at=at), code="Broken", at=at)
        row = job(key)
        seen.append((row.state, row.attempts, (row.due_at - at).total_seconds()))
        at = row.due_at

    assert seen[:2] == [("queued", 1, 10.0), ("queued", 2, 60.0)]
    assert state(key) == ("parked", 3, "Broken")
    assert jobs.claim(job_id=key, at=later(now, 10**6)) is None


def test_a_job_that_fails_while_its_like_waits_leaves_the_work_to_that(put, now):
    failing = put()
    claim = jobs.claim(job_id=failing, at=now)
    waiting = put()

    jobs.fail(claim=claim, code="Broken", at=now)

    assert (state(failing), state(waiting)) == (("done", 1, "Broken"), ("queued", 0, ""))


def test_a_worker_that_dies_three_times_is_parked_and_its_neighbours_go_on(put, now, settings):
    deadly, neighbour = put("deadly"), put("neighbour")
    at, claims = now, []
    for _ in range(4):
        claims.append(jobs.claim(job_id=deadly, at=at))
        at = after_lease(at, settings)

    jobs.finish(claim=jobs.claim(job_id=neighbour, at=at), at=at)

    assert [claim and claim.attempts for claim in claims] == [1, 2, 3, None]
    assert state(deadly) == ("parked", 3, "worker died three times")
    assert state(neighbour) == ("done", 1, "")


@pytest.mark.parametrize(("kinds", "waits"), [(["heartbeat"], [1]), ([], [0])])
def test_parked_work_that_must_not_be_lost_is_tried_again(put, lexora, now, settings, kinds, waits):
    settings.JOB_REVIVED = kinds
    parked, at = put(), now
    for _ in range(3):
        jobs.fail(claim=jobs.claim(job_id=parked, at=at), code="Broken", at=at)
        at = job(parked).due_at

    early = jobs.revive(at=later(at, 60))
    found = jobs.revive(at=later(at, 3700))

    with acting_in(lexora):
        queued = jobs.Job.objects.filter(state="queued", attempts=0)
        assert (early, [found], [queued.count()]) == (0, waits, waits)


def test_a_sweep_wakes_what_is_due_and_nothing_else(put, now, settings, woken):
    at = after_lease(now, settings)
    due, _future = put("due"), put("future", at=later(at, 1))
    abandoned, held, done = put("abandoned"), put("held"), put("done")
    jobs.claim(job_id=abandoned, at=now)
    jobs.claim(job_id=held, at=at)
    jobs.finish(claim=jobs.claim(job_id=done, at=now), at=now)

    assert jobs.sweep(at=at) == 2
    assert sorted(woken) == [("portal.run_job", [key]) for key in sorted([due, abandoned])]


def test_a_message_runs_the_job_once(put, now, lexora):
    key = put()
    tasks.run_job(key)
    finished = job(key).finished_at
    tasks.run_job(key)
    assert (state(key), job(key).finished_at) == (("done", 1, ""), finished)


def test_a_message_about_no_job_does_nothing(db):
    assert tasks.run_job(404) is None


def test_poison_is_parked_after_three_runs_and_keeps_only_the_kind_of_error(put, time_machine, now):
    key, clock = put(kind="poison"), count(step=100)
    for _ in range(4):
        time_machine.move_to(later(now, next(clock)))
        tasks.run_job(key)
    assert state(key) == ("parked", 3, "ZeroDivisionError")


@pytest.mark.django_db(transaction=True)
def test_work_that_is_rolled_back_is_not_finished(put, now, lexora):
    claim = jobs.claim(job_id=put(), at=now)

    with pytest.raises(ZeroDivisionError), acting_in(lexora):
        put_within = jobs.enqueue(kind="rollup", key="all", at=now)
        jobs.finish(claim=claim, at=now)
        poison(claim)

    assert state(claim.job_id) == ("running", 1, "")
    assert not Job.objects.everywhere().filter(pk=put_within).exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_told_only_after_the_data_are_there(put, woken, lexora, now):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        put()
        poison(None)
    told_of_nothing = list(woken)

    key = put()

    assert (told_of_nothing, woken) == ([], [("portal.run_job", [key])])


@pytest.mark.django_db(transaction=True)
def test_work_is_kept_while_the_broker_is_away(put, settings, monkeypatch):
    def unreachable(*_args, **_options):
        raise ConnectionRefusedError

    monkeypatch.setattr(waking.app, "send_task", unreachable)
    assert state(put()) == ("queued", 0, "")


@pytest.mark.django_db(transaction=True)
def test_after_a_failure_the_broker_is_left_alone_for_a_while(put, monkeypatch):
    asked = []

    def unreachable(*_args, **options):
        asked.append(options["args"])
        raise ConnectionRefusedError

    monkeypatch.setattr(waking.app, "send_task", unreachable)
    first, *_others = [put("a"), put("b"), put("c")]
    waking.silence.end()
    later = put("d")

    assert asked == [[first], [later]]


def unknown(lexora, now, key="all"):
    """A job row as a newer version of the portal would have left it."""
    return Job.objects.everywhere().create(
        organization=lexora, kind="of a newer version", key=key, due_at=now, created_at=now
    )


def test_an_unknown_kind_is_parked_and_stops_nobody(put, lexora, now, woken):
    strange = unknown(lexora, now)
    neighbour = put()

    jobs.sweep(at=now)
    tasks.run_job(neighbour)

    assert state(strange.pk) == ("parked", 0, "unknown kind")
    assert (woken, state(neighbour)) == ([("portal.run_job", [neighbour])], ("done", 1, ""))


def test_a_message_about_an_unknown_kind_parks_it(lexora, now):
    strange = unknown(lexora, now)
    tasks.run_job(strange.pk)
    assert state(strange.pk) == ("parked", 0, "unknown kind")


def test_a_kind_that_is_known_again_is_taken_up(lexora, now, settings):
    strange = unknown(lexora, now)
    jobs.sweep(at=now)
    settings.JOB_KINDS = settings.JOB_KINDS | {strange.kind: settings.JOB_KINDS["heartbeat"]}

    assert jobs.revive(at=now) == 1

    rows = Job.objects.everywhere().order_by("pk").values_list("kind", "key", "state")
    assert list(rows) == [(strange.kind, "all", "done"), (strange.kind, "all", "queued")]


def test_a_job_that_cannot_be_handled_keeps_no_other_waiting(put, now, monkeypatch):
    bad, good, asked = put("bad"), put("good"), []

    def wake(*, job_id, queue):
        asked.append(job_id)
        if job_id == bad:
            raise ZeroDivisionError

    monkeypatch.setattr(waking, "wake", wake)

    assert (jobs.sweep(at=now), sorted(asked)) == (1, [bad, good])


def test_a_killed_workers_job_is_taken_over_within_two_minutes(settings):
    assert settings.JOB_LEASE_SECONDS + settings.JOB_SWEEP_SECONDS <= 110


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_prolonged_while_the_work_runs(put, settings, now):
    settings.JOB_LEASE_SECONDS = 0.4
    settings.JOB_KINDS = settings.JOB_KINDS | {"slow": (f"{__name__}.slow", "default")}
    key = put(kind="slow", at=dt.datetime.now(dt.UTC))

    tasks.run_job(key)

    taken, left = SEEN.pop()
    assert (taken, state(key)) == (None, ("done", 1, ""))
    assert left > 0


SEEN = []


def slow(claim):
    """Work for three leases; then another worker tries to take it."""
    time.sleep(1.2)
    at = dt.datetime.now(dt.UTC)
    left = (job(claim.job_id).lease_until - at).total_seconds()
    SEEN.append((jobs.claim(job_id=claim.job_id, at=at), left))
    tasks.heartbeat(claim)


def test_the_jobs_can_be_listed_and_a_parked_one_tried_again(lexora, put, now, capsys):
    strange = unknown(lexora, now)
    put()
    jobs.sweep(at=now)

    call_command("jobs")
    with pytest.raises(CommandError, match="knows no work of kind of a newer version"):
        call_command("jobs", again=strange.pk)
    with pytest.raises(CommandError, match="There is no parked job 404"):
        call_command("jobs", again=404)

    assert capsys.readouterr().out.splitlines() == [
        "queued   heartbeat             1  oldest due 2026-11-24 10:00 UTC",
        "parked   of a newer version      1  oldest due 2026-11-24 10:00 UTC",
        f"{strange.pk}: of a newer version all of lexora, "
        "parked 2026-11-24 10:00 UTC: unknown kind",
    ]


def test_a_parked_job_is_queued_anew_by_command(put, now, capsys):
    parked, at = put(), now
    for _ in range(3):
        jobs.fail(claim=jobs.claim(job_id=parked, at=at), code="Broken", at=at)
        at = job(parked).due_at

    call_command("jobs", again=parked)

    waiting = Job.objects.everywhere().get(state="queued")
    assert capsys.readouterr().out == f"Job {waiting.pk} waits for a worker.\n"
    assert (state(parked), state(waiting.pk)) == (("done", 3, "Broken"), ("queued", 0, ""))
