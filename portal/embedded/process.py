"""Starting and ending operating-system processes so that none is left behind."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
# Loaded before any fork: a child between fork and exec must not load libraries.
_libc = ctypes.CDLL(None, use_errno=True)

Process = subprocess.Popen[bytes]


class Trouble(RuntimeError):
    """A service cannot run; the message is a sentence for the person at the terminal."""


@dataclass(frozen=True)
class Account:
    """The user that a server drops to when it is started by root."""

    uid: int
    gid: int


def die_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """A hook for the child: the kernel sends it `death_signal` when the starting thread ends.

    Start such children from the main thread only, the kernel ties the signal to the thread.
    """
    parent = os.getpid()

    def hook() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return hook


def start(
    command: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str],
    cwd: Path,
    account: Account | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    stdin: int = subprocess.DEVNULL,
) -> Process:
    """Start a background process in its own session, its output appended to `log`.

    With an `account` the process runs as that user. It never inherits a pipe of the caller.
    """
    drop: dict[str, object] = {}
    if account is not None:
        drop = {"user": account.uid, "group": account.gid, "extra_groups": []}
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        # The hook runs after the change of user, which would clear the death signal.
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            list(command),
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=die_with_parent(death_signal),
            **drop,
        )


def finish(process: Process, *, with_signal: signal.Signals, grace: float) -> int:
    """End a process: politely, then hard after `grace` seconds. Returns its exit code."""
    if process.poll() is None:
        process.send_signal(with_signal)
        with suppress(subprocess.TimeoutExpired):
            process.wait(grace)
    end_group(process)
    return process.wait()


def end_group(process: Process) -> None:
    """Kill what is left of the process's own session, its stray children included."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def working_in(folder: Path, program: str) -> Iterator[int]:
    """Process ids whose working folder is `folder` and whose program has this name."""
    wanted = str(folder.resolve())
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        with suppress(OSError):
            here = os.readlink(f"/proc/{entry}/cwd")
            executable = os.readlink(f"/proc/{entry}/exe").removesuffix(" (deleted)")
            if here == wanted and Path(executable).name == program:
                yield int(entry)


def end_leftovers(folder: Path, program: str, *, patience: float = 10.0) -> None:
    """Wait until no `program` works in `folder` any more; kill those that do not end.

    Only the holder of the folder's lock may call this: nobody else has a right to such a process.
    """
    killing = time.monotonic() + patience
    while left := list(working_in(folder, program)):
        if time.monotonic() > killing:
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)


def tail(log: Path, lines: int = 20) -> str:
    """The last lines of a log file, empty when there is none."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
