import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from portal.embedded.process import Process, start
from portal.embedded.supervisor import Child, Stage, Supervisor
from tests.embedded.processes import PROJECT, eventually


def _child(name: str, folder: Path, script: str, stage: Stage = Stage.PORTAL) -> Child:
    def spawn() -> Process:
        command = ["sh", "-c", script]
        return start(command, log=folder / name, env={"PATH": os.defpath}, cwd=folder)

    return Child(name, spawn, stage, grace=2.0)


def test_a_dead_child_is_started_again_after_a_growing_pause(tmp_path: Path) -> None:
    supervisor = Supervisor()
    child = _child("short", tmp_path, "echo run; sleep 0.05")
    supervisor.add(child)

    until = time.monotonic() + 1.1
    while time.monotonic() < until:
        supervisor.tend()
        time.sleep(0.01)
    supervisor.stop()

    # At 0 s and 0.55 s; the next would come a second later.
    assert (tmp_path / "short").read_text() == "run\nrun\n"
    assert child.wait == 2.0


def test_the_portal_stops_before_what_it_stands_on(tmp_path: Path) -> None:
    supervisor = Supervisor()
    script = 'trap "echo %s >>order; exit" TERM; echo up; while :; do sleep 0.02; done'
    for name, stage in [("database", Stage.DATABASE), ("broker", Stage.BROKER), ("web", Stage(0))]:
        supervisor.add(_child(name, tmp_path, script % name, stage))
        while "up" not in (tmp_path / name).read_text():
            time.sleep(0.01)

    supervisor.stop()

    assert (tmp_path / "order").read_text() == "web\nbroker\ndatabase\n"


def test_a_child_that_does_not_listen_is_killed_with_its_children(tmp_path: Path) -> None:
    supervisor = Supervisor()
    child = _child("deaf", tmp_path, 'trap "" TERM; sleep 600 & echo $!; wait')
    child.grace = 0.2
    supervisor.add(child)
    while not (tmp_path / "deaf").read_text().endswith("\n"):
        time.sleep(0.01)
    grandchild = int((tmp_path / "deaf").read_text())

    supervisor.stop()

    assert _ended(grandchild)


@pytest.mark.faults
def test_a_deaf_child_of_a_killed_supervisor_is_ended_by_the_guardian(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import pathlib, sys, time
        from portal.embedded import guardian, process, supervisor
        folder = pathlib.Path(sys.argv[1])
        command = ["sh", "-c", 'trap "" TERM; sleep 600 & echo $!; wait; wait']
        spawn = lambda: process.start(command, log=folder / "deaf", env={}, cwd=folder)
        supervisor.Supervisor().add(supervisor.Child("deaf", spawn))
        (folder / "added").touch()
        time.sleep(600)
        """
    )
    environment = os.environ | {"PYTHONPATH": str(PROJECT), "PLUMBLINE_GUARDIAN_GRACE": "0.5"}
    killed = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], env=environment)
    said = tmp_path / "deaf"
    assert eventually(lambda: said.exists() and said.read_text().endswith("\n"), 30)
    # Only a child that was handed over to the guardian can be ended by it.
    assert eventually((tmp_path / "added").exists, 30)
    sleeper = int(said.read_text())

    killed.kill()
    killed.wait()

    assert eventually(lambda: _ended(sleeper), 30)


def _ended(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True
