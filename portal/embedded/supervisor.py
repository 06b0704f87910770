"""Keeping a handful of processes up, and taking them down in order."""

import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from portal.embedded.guardian import Guardian
from portal.embedded.process import Process, Trouble, end_group

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
STEADY_SECONDS = 30.0


class Stage(IntEnum):
    """When a process is taken down: the portal first, what it stands on last."""

    PORTAL = 0
    BROKER = 1
    DATABASE = 2


@dataclass
class Child:
    """A process to keep up. `spawn` starts it and returns once it may be relied on."""

    name: str
    spawn: Callable[[], Process]
    stage: Stage = Stage.PORTAL
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 15.0
    process: Process | None = None
    wait: float = FIRST_WAIT
    started: float = 0.0
    due: float = 0.0


@dataclass
class Supervisor:
    """Starts children at once, restarts the dead with growing pauses, stops by stage.

    Call every method from the main thread: the children end with the thread that started them.
    """

    children: list[Child] = field(default_factory=list)
    _guardian: Guardian | None = None

    def add(self, child: Child) -> None:
        """Start a child and keep it up from now on. Raises Trouble when the first start fails."""
        self._spawn(child)
        self.children.append(child)

    def tend(self) -> None:
        """Restart what has died and whose pause is over. Never raises for a failed restart."""
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._bury(child)
            if child.process is None and time.monotonic() >= child.due:
                self._restart(child)

    def stop(self) -> None:
        """Stop all children, stage by stage; a second call does nothing."""
        for stage in Stage:
            ending = [child for child in self.children if child.stage is stage]
            for child in ending:
                if child.process is not None and child.process.poll() is None:
                    child.process.send_signal(child.stop_signal)
            for child in ending:
                self._await_end(child)
                self.children.remove(child)
        if self._guardian is not None:
            self._guardian.leave()
            self._guardian = None

    def _spawn(self, child: Child) -> None:
        if self._guardian is None:
            self._guardian = Guardian()
        child.process = child.spawn()
        child.started = time.monotonic()
        self._guardian.watch(child.process.pid)

    def _forget(self, process: Process) -> None:
        if self._guardian is not None:
            self._guardian.forget(process.pid)

    def _bury(self, child: Child) -> None:
        assert child.process is not None
        code = child.process.returncode
        end_group(child.process)
        self._forget(child.process)
        child.process = None
        now = time.monotonic()
        if now - child.started > STEADY_SECONDS:
            child.wait = FIRST_WAIT
        child.due = now + child.wait
        self._say(f"{child.name} ended (exit code {code}); starting again in {child.wait:g} s.")
        child.wait = min(2 * child.wait, LONGEST_WAIT)

    def _restart(self, child: Child) -> None:
        try:
            self._spawn(child)
        except (Trouble, OSError) as error:
            child.due = time.monotonic() + child.wait
            child.wait = min(2 * child.wait, LONGEST_WAIT)
            self._say(f"{child.name} did not start: {error}")

    def _await_end(self, child: Child) -> None:
        if child.process is None:
            return
        deadline = time.monotonic() + child.grace
        while child.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        end_group(child.process)
        child.process.wait()
        self._forget(child.process)
        child.process = None

    @staticmethod
    def _say(sentence: str) -> None:
        print(sentence, file=sys.stderr, flush=True)
