import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.embedded.process import working_in
from tests.embedded.processes import eventually

Run = Callable[..., "subprocess.Popen[str]"]
WAITING = ("sh", "-c", 'echo "$DATABASE_URL $CELERY_BROKER_URL"; read -r _')


def _servers(data: Path) -> list[int]:
    """Process ids of all servers that work in the data folder."""
    places = [(data / "postgres/cluster", "postgres"), (data / "broker", "valkey-server")]
    return [pid for folder, program in places for pid in working_in(folder, program)]


def test_the_exit_code_and_the_input_pass_through(run: Run) -> None:
    process = run("sh", "-c", 'read -r word; echo "got $word"; exit 7')
    output, _ = process.communicate("a word\n", timeout=20)
    assert (output, process.returncode) == ("got a word\n", 7)


def test_two_runs_share_one_server_and_the_first_waits_for_the_second(run: Run, data: Path) -> None:
    first = run(*WAITING)
    assert first.stdout is not None
    assert first.stdin is not None
    addresses = first.stdout.readline()
    second = run(*WAITING)
    assert second.stdout is not None
    assert second.stdout.readline() == addresses

    first.stdin.write("\n")
    first.stdin.flush()
    assert first.stderr is not None
    assert first.stderr.readline() == "Waiting for another command that uses the database.\n"
    assert _servers(data)
    second.communicate("\n", timeout=20)
    first.communicate(timeout=20)

    assert (first.returncode, second.returncode) == (0, 0)
    assert _servers(data) == []


@pytest.mark.faults
def test_a_killed_supervisor_leaves_no_process(run: Run, data: Path) -> None:
    process = run("sh", "-c", "echo $$; exec sleep 600")
    assert process.stdout is not None
    command = int(process.stdout.readline())
    assert len(_servers(data)) > 2

    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    assert eventually(lambda: not _servers(data) and not Path(f"/proc/{command}").exists())


@pytest.mark.faults
def test_a_killed_server_comes_back_at_the_same_address(run: Run, data: Path) -> None:
    process = run(*WAITING)
    assert process.stdout is not None
    process.stdout.readline()
    before = _servers(data)

    for pid in before:
        os.kill(pid, signal.SIGKILL)

    ready = data / "postgres/cluster/postmaster.pid"
    assert eventually(
        lambda: (
            not set(before) & set(_servers(data))
            and len(_servers(data)) > 2
            and ready.exists()
            and "ready" in ready.read_text()
        )
    )


def test_services_named_by_the_environment_are_not_started(
    data: Path, bare_environment: dict[str, str]
) -> None:
    named = {"DATABASE_URL": "postgresql://a@b/c", "CELERY_BROKER_URL": "amqp://b"}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "portal.embedded", "run", "--data", str(data), "--"),
            *("sh", "-c", 'echo "$DATABASE_URL $CELERY_BROKER_URL"'),
        ],
        env=bare_environment | named,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "postgresql://a@b/c amqp://b\n"
    assert not (data / "postgres").exists()
