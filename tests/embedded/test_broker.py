import os
import signal
import socket
from pathlib import Path

import pytest

from portal.embedded.broker import Broker, free_port
from portal.embedded.process import Process, finish


def _stop(process: Process) -> None:
    finish(process, with_signal=signal.SIGTERM, grace=5)


def test_a_restart_on_the_same_folder_keeps_the_messages(data: Path) -> None:
    broker = Broker(data, data / "broker.log")
    first = broker.spawn()
    assert broker.ask("RPUSH", "celery", "a message") == ":1\r\n"
    _stop(first)

    second = broker.spawn()

    try:
        assert broker.ask("LLEN", "celery") == ":1\r\n"
    finally:
        _stop(second)


@pytest.mark.faults
def test_a_killed_broker_keeps_what_it_wrote_a_second_ago(data: Path) -> None:
    broker = Broker(data, data / "broker.log")
    first = broker.spawn()
    broker.ask("RPUSH", "celery", "a message")
    # The kernel has the written file: only a loss of power needs the second of `everysec`.
    os.kill(first.pid, signal.SIGKILL)
    first.wait()

    second = broker.spawn()

    try:
        assert broker.ask("LLEN", "celery") == ":1\r\n"
    finally:
        _stop(second)


def test_it_refuses_without_the_password_and_never_evicts(data: Path) -> None:
    broker = Broker(data, data / "broker.log")
    process = broker.spawn()
    try:
        with socket.create_connection(("127.0.0.1", broker.port), timeout=2) as stranger:
            stranger.sendall(b"PING\r\n")
            assert stranger.recv(100).startswith(b"-NOAUTH")
        assert "noeviction" in broker.ask("CONFIG", "GET", "maxmemory-policy")
        assert Path(f"/proc/{process.pid}").stat().st_uid != 0
    finally:
        _stop(process)


def test_a_port_in_use_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = taken.getsockname()[1]
        assert free_port(wanted) > wanted
