import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.embedded.postgres import Postgres, remove_socket_folder
from portal.embedded.process import finish
from portal.embedded.shared import throwaway
from tests.embedded.processes import PROJECT


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that a server's own user can reach, unlike pytest's."""
    with throwaway("test") as folder:
        folder.chmod(0o711)
        yield folder


@pytest.fixture(scope="module")
def database() -> Iterator[Postgres]:
    with throwaway("test") as folder:
        folder.chmod(0o711)
        server = Postgres(folder, folder / "log" / "database.log", durable=False)
        process = server.spawn()
        yield server
        finish(process, with_signal=2, grace=10)
        remove_socket_folder(folder)


@pytest.fixture
def bare_environment() -> dict[str, str]:
    """The environment without services that the test run itself was given."""
    hidden = {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_BACKUP_URL", "CELERY_BROKER_URL"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return kept | {"PYTHONPATH": str(PROJECT)}


@pytest.fixture
def run(
    data: Path, bare_environment: dict[str, str]
) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start `run` on the data folder with the given command; killed at the end if need be."""
    started: list[subprocess.Popen[str]] = []

    def start(*command: str) -> subprocess.Popen[str]:
        line = [sys.executable, "-m", "portal.embedded", "run", "--profile", "test"]
        line += ["--data", str(data), "--", *command]
        process = subprocess.Popen(
            line,
            env=bare_environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
