"""Worker, broker and database killed in the middle of rollups: nothing is lost, sums are right."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from portal.embedded.process import die_with_parent, start, tail
from portal.embedded.shared import services, throwaway
from portal.embedded.supervisor import Child

PROJECT = Path(__file__).resolve().parents[2]
SERVICES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_BACKUP_URL", "CELERY_BROKER_URL")
QUICK = {"PLUMBLINE_JOB_SWEEP_SECONDS": "1", "PLUMBLINE_JOB_LEASE_SECONDS": "2"}
WORKER = (
    "celery",
    "-A",
    "portal",
    "worker",
    "--concurrency",
    "2",
    "-Q",
    "celery,pdf",
    "--without-gossip",
    "--without-mingle",
    "-l",
    "WARNING",
)
HALFWAY = """SELECT count(*) FROM pg_locks
             WHERE relation = 'kpis_rollup'::regclass AND NOT granted"""
OPEN = "SELECT count(*) FROM portal_job WHERE state IN ('queued', 'running')"


class Portal:
    """Own database, broker, worker and tick on a throw-away folder, and a writer of figures."""

    def __init__(self, data, given):
        self.data, self.supervisor = data, given.supervisor
        self.environment = given.environment | QUICK | {"PYTHONPATH": str(PROJECT)}
        self.python("manage.py", "migrate", "--no-input")
        self.add("worker", "-m", *WORKER)
        self.add("tick", "manage.py", "tick")

    def add(self, name, *command):
        def spawn():
            return start(
                [sys.executable, *command],
                log=self.log(name),
                env=self.environment,
                cwd=PROJECT,
                death_signal=signal.SIGKILL,
            )

        self.supervisor.add(Child(name, spawn))

    def log(self, name):
        return self.data / "log" / f"{name}.log"

    def python(self, *command):
        done = subprocess.run(
            [sys.executable, *command],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def writer(self):
        command = [sys.executable, "-m", "tests.faults.writer", "write"]
        with (
            self.log("writer").open("ab") as errors,
            subprocess.Popen(
                command,
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                preexec_fn=die_with_parent(signal.SIGKILL),
            ) as process,
        ):
            try:
                yield process
            finally:
                process.kill()

    def connect(self):
        return psycopg.connect(self.environment["DATABASE_OWNER_URL"])

    def count(self, statement):
        """The answer of the database, None while it is away."""
        try:
            with self.connect() as owner:
                return owner.execute(statement).fetchone()[0]
        except psycopg.Error:
            return None

    def until(self, true, what, seconds=90):
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, f"not in time: {what}\n{tail(self.log('worker'))}"
            self.supervisor.tend()
            time.sleep(0.02)

    def kill(self, name):
        """Kill one process and its children halfway through a rollup, until it is up again."""
        child = next(child for child in self.supervisor.children if child.name == name)
        with suppress(psycopg.Error), self.connect() as owner:
            # Marks are taken and sums not yet written: there the lock holds the rollup.
            owner.execute("LOCK TABLE kpis_rollup IN EXCLUSIVE MODE")
            self.until(lambda: self.count(HALFWAY), "a rollup is halfway")
            killed = child.process
            last = owner.execute("SELECT max(id) FROM portal_job").fetchone()[0]
            os.killpg(killed.pid, signal.SIGKILL)
            killed.wait()
        self.until(lambda: child.process not in {None, killed}, f"{name} is back")
        # A job that dies three times is parked: let this one end before the next kill.
        self.until(lambda: self.count(f"{OPEN} AND id <= {last}") == 0, "its job is done")


@pytest.fixture
def portal(monkeypatch):
    for name in SERVICES:
        monkeypatch.delenv(name, raising=False)
    with throwaway("test") as data, services(data, "demo", patience=0) as given:
        yield Portal(data, given)


@pytest.mark.faults
def test_nothing_is_lost_when_everything_is_killed_in_the_middle_of_rollups(portal):
    with portal.writer() as writer:
        for name in ("worker", "database", "broker", "worker", "database"):
            portal.kill(name)
        acknowledged, _ = writer.communicate("stop\n", timeout=60)

    last = int(acknowledged.split()[-1])
    portal.until(lambda: portal.count(OPEN) == 0, "every job has ended")
    found = json.loads(portal.python("-m", "tests.faults.writer", "check", str(last)))
    assert found.pop("seen")[0] == 1080
    assert found.pop("taken up again") >= 4
    # Whether a heartbeat falls into these seconds is left to the clock.
    found["jobs"] = [job for job in found["jobs"] if job[0] != "heartbeat"]
    assert found == {
        "figures lost": [],
        "rollups wrong": [],
        "marks left": 0,
        "never judged": [],
        "jobs": [["rollup", "done"], ["verdict", "done"]],
    }


ATTEMPTS = "SELECT max(attempts) FROM portal_job WHERE kind = 'rollup' AND state = 'running'"


@pytest.mark.faults
def test_a_living_worker_keeps_its_job_and_a_killed_ones_is_taken_over(portal):
    lease = float(QUICK["PLUMBLINE_JOB_LEASE_SECONDS"])
    worker = next(child for child in portal.supervisor.children if child.name == "worker")
    with portal.writer() as writer, portal.connect() as owner:
        owner.execute("LOCK TABLE kpis_rollup IN EXCLUSIVE MODE")
        portal.until(lambda: portal.count(HALFWAY), "a rollup is halfway")
        time.sleep(3 * lease)
        alive = portal.count(ATTEMPTS)
        killed = worker.process
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait()
        portal.until(lambda: portal.count(ATTEMPTS) == 2, "it is taken over", seconds=30)
        owner.rollback()
        writer.communicate("stop\n", timeout=60)
    portal.until(lambda: portal.count(OPEN) == 0, "every job has ended")
    assert alive == 1


@pytest.mark.faults
def test_a_stopped_broker_keeps_no_write_waiting(portal):
    broker = next(child for child in portal.supervisor.children if child.name == "broker")
    calm = json.loads(portal.python("-m", "tests.faults.writer", "enqueue"))
    os.kill(broker.process.pid, signal.SIGSTOP)
    try:
        stopped = json.loads(portal.python("-m", "tests.faults.writer", "enqueue"))
    finally:
        os.kill(broker.process.pid, signal.SIGCONT)

    # The first write waits for a fifth of a second, those after it not at all; it used to be five
    # seconds for each.
    assert max(calm + stopped) < 3
    assert sum(stopped[1:]) < 2
    portal.until(lambda: portal.count(OPEN) == 0, "the sweep did the rest")
