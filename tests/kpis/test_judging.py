"""What a figure sets off: the deployments it belongs to are judged, however often a worker dies."""

import datetime as dt

import pytest

from kpis import tasks
from kpis.actions import rollups
from kpis.models import DirtyCell, Verdict
from portal.actions import jobs
from portal.models import Job
from portal.tenancy.scope import acting_in
from tests.factories.figures import drain, make_kpi, record, share

LEASE_OVER = dt.timedelta(hours=1)


@pytest.fixture
def kpis(lexora, now, monkeypatch):
    """A KPI each of three deployments, and nothing that waits for a worker."""
    monkeypatch.setattr(tasks.timezone, "now", lambda: now)
    kpis = [make_kpi(lexora, now, f"Share {number}") for number in range(3)]
    with acting_in(lexora):
        Job.objects.update(state=Job.State.DONE)
    return kpis


def take(organization, kind, at):
    """Claims of all work of a kind that is due."""
    with acting_in(organization):
        waiting = Job.objects.filter(kind=kind, state__in=["queued", "running"]).order_by("pk")
        keys = list(waiting.values_list("pk", flat=True))
    claims = [jobs.claim(job_id=key, at=at) for key in keys]
    return [claim for claim in claims if claim is not None]


def to_judge(organization):
    """Key and due time of the verdicts that wait for a worker."""
    with acting_in(organization):
        waiting = Job.objects.filter(kind="verdict", state="queued")
        return {job.key: job.due_at for job in waiting}


def keys(*kpis):
    return [str(kpi.deployment_id) for kpi in kpis]


def test_one_figure_has_its_own_deployment_judged_and_no_other(lexora, kpis, now):
    record(lexora, now, share(kpis[1], 18, 20))

    (claim,) = take(lexora, "rollup", now)
    tasks.rollup(claim)
    asked = to_judge(lexora)
    for claim in take(lexora, "verdict", now):
        tasks.verdict(claim)

    assert asked == dict.fromkeys(keys(kpis[1]), now)
    with acting_in(lexora):
        judged = Verdict.objects.values_list("deployment_id", flat=True)
        assert list(judged) == [kpis[1].deployment_id]


def test_a_drain_names_the_deployments_that_it_touched(lexora, kpis, now):
    record(lexora, now, share(kpis[0], 1, 2), share(kpis[2], 3, 4))
    with acting_in(lexora):
        drained = rollups.drain()
        nothing = rollups.drain()
    touched = frozenset({kpis[0].deployment_id, kpis[2].deployment_id})
    assert (drained, nothing) == (rollups.Drained(2, touched), rollups.Drained(0, frozenset()))


def test_work_in_batches_judges_each_deployment_when_it_is_through(lexora, kpis, now, monkeypatch):
    monkeypatch.setattr(rollups, "BATCH", 1)
    record(lexora, now, share(kpis[0], 1, 2), share(kpis[2], 3, 4))

    (claim,) = take(lexora, "rollup", now)
    tasks.rollup(claim)

    assert to_judge(lexora) == dict.fromkeys(keys(kpis[0], kpis[2]), now)


@pytest.mark.parametrize("batches", [0, 1, 2])
def test_a_worker_that_dies_after_any_batch_leaves_nothing_unjudged(
    lexora, kpis, now, monkeypatch, batches
):
    class Killed(BaseException):
        pass

    ticks = iter([now] * batches)

    def clock():
        for tick in ticks:
            return tick
        raise Killed

    monkeypatch.setattr(rollups, "BATCH", 1)
    record(lexora, now, *[share(kpi, 1, 2) for kpi in kpis])
    (claim,) = take(lexora, "rollup", now)
    monkeypatch.setattr(tasks.timezone, "now", clock)
    with pytest.raises(Killed):
        tasks.rollup(claim)

    with acting_in(lexora):
        left = DirtyCell.objects.count()
    assert (left, len(to_judge(lexora))) == (3 - batches, batches)
    later = now + LEASE_OVER
    monkeypatch.setattr(tasks.timezone, "now", lambda: later)
    (again,) = take(lexora, "rollup", later)
    tasks.rollup(again)
    asked = to_judge(lexora)
    assert sorted(asked) == sorted(keys(*kpis))
    assert max(asked.values()) <= later
    assert drain(lexora) == [0]


def test_a_worker_that_lost_its_job_takes_no_figure_and_asks_for_nothing(lexora, kpis, now):
    record(lexora, now, share(kpis[0], 1, 2))
    (claim,) = take(lexora, "rollup", now)
    take(lexora, "rollup", now + LEASE_OVER)

    with pytest.raises(jobs.LeaseLost):
        tasks.rollup(claim)

    assert (to_judge(lexora), drain(lexora)) == ({}, [1, 0])
