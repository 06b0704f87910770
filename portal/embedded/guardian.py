"""The last resort: ends processes that outlive a killed supervisor and its death signals.

It reads `+pid` and `-pid` from a pipe that only the supervisor holds open. The end of the pipe is
the end of the supervisor; whatever is still listed then gets a grace, and is killed after it.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

# Longer than a Celery worker's own soft shutdown takes.
GRACE_SECONDS = float(os.environ.get("PLUMBLINE_GUARDIAN_GRACE", "15"))


class Guardian:
    """The supervisor's end of the pipe."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )

    def watch(self, pid: int) -> None:
        """From now on this leader of a session, with all in it, must not outlive us."""
        self._tell(f"+{pid}")

    def forget(self, pid: int) -> None:
        """The process has ended and was reaped; its number may come to mean another."""
        self._tell(f"-{pid}")

    def leave(self) -> None:
        """Nothing is left to guard."""
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(f"{line}\n".encode())
            self._process.stdin.flush()


def _guard() -> None:
    watched: set[int] = set()
    for line in sys.stdin:
        if line[0] == "+":
            watched.add(int(line[1:]))
        else:
            watched.discard(int(line[1:]))
    deadline = time.monotonic() + GRACE_SECONDS
    while watched and time.monotonic() < deadline:
        watched = {pid for pid in watched if _lives(pid)}
        time.sleep(0.1)
    for pid in watched:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    # Only the end of the pipe ends this process.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    _guard()
