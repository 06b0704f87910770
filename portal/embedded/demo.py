"""The demo: the whole portal on this machine, to look at or to be checked."""

import http.client
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from portal.embedded.broker import free_port
from portal.embedded.process import Trouble, die_with_parent, start, tail
from portal.embedded.shared import Services
from portal.embedded.supervisor import Child

PROJECT = Path(__file__).resolve().parents[2]
HEALTH_SECONDS = 90.0
START_HEADER = "X-Plumbline-Start"
CHECK_SECONDS = 120.0


@dataclass
class Steps:
    """Prints each step with its duration, and keeps the time budget of all."""

    budget: float | None = None
    begun: float = field(default_factory=time.monotonic)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        begun = time.monotonic()
        try:
            yield
        except Exception:
            print(f"  failed  {name} ({time.monotonic() - begun:.1f} s)", flush=True)
            raise
        print(f"  ok      {name} ({time.monotonic() - begun:.1f} s)", flush=True)

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.begun

    def left(self) -> float | None:
        """The seconds that remain, None without a budget. Raises Trouble when none do."""
        if self.budget is None:
            return None
        if self.elapsed >= self.budget:
            raise Trouble(f"This took longer than {self.budget:g} s.")
        return self.budget - self.elapsed


@dataclass
class Portal:
    """The portal on running services: its tables, its data and its processes."""

    services: Services
    port: int
    steps: Steps
    # Our web process shows it; another program on the same port cannot.
    start_token: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def environment(self) -> dict[str, str]:
        return self.services.environment | {
            "PLUMBLINE_URL": self.address,
            "PLUMBLINE_START_TOKEN": self.start_token,
        }

    def raise_up(self) -> None:
        """Migrate, load the data, start web, worker and tick, wait till the web answers."""
        with self.steps.step("tables"):
            self.manage("migrate", "--no-input")
        with self.steps.step("demo data"):
            self.manage("demo")
        with self.steps.step("web, worker and tick"):
            for child in self._children():
                self.services.supervisor.add(child)
            self._wait_until_healthy()

    def manage(self, *arguments: str) -> str:
        """Run a management command quietly and return what it printed. Raises Trouble."""
        log = self._log("manage")
        with log.open("ab") as errors:
            done = subprocess.run(
                [sys.executable, "manage.py", *arguments],
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                timeout=self.steps.left(),
                preexec_fn=die_with_parent(signal.SIGTERM),
                check=False,
            )
            errors.write(done.stdout)
        if done.returncode:
            raise Trouble(f"manage.py {arguments[0]} failed:\n{tail(log)}")
        return done.stdout.decode()

    def tell_troubles(self) -> None:
        """Print the ends of the logs, for a failure whose cause may be in any of them."""
        for name in ("web", "worker", "tick"):
            if said := tail(self._log(name)):
                print(f"--- {name}\n{said}", file=sys.stderr)

    def _children(self) -> Iterator[Child]:
        python = [sys.executable, "-m"]
        web = [*python, "gunicorn", "portal.wsgi:application", "--no-control-socket"]
        web += ["--config", "python:portal.gunicorn", "--bind", f"127.0.0.1:{self.port}"]
        worker = [*python, "celery", "-A", "portal", "worker", "--concurrency", "2"]
        worker += ["-Q", "celery,pdf", "--without-gossip", "--without-mingle", "-l", "WARNING"]
        yield self._child("web", web)
        # When the supervisor was killed, a cold stop: the broker is going away as well, and the
        # job table hands out again what was not done.
        yield self._child("worker", worker, death_signal=signal.SIGQUIT)
        yield self._child("tick", [sys.executable, "manage.py", "tick"])

    def _child(
        self, name: str, command: Sequence[str], death_signal: signal.Signals = signal.SIGTERM
    ) -> Child:
        return Child(
            name,
            lambda: start(
                command,
                log=self._log(name),
                env=self.environment,
                cwd=PROJECT,
                death_signal=death_signal,
            ),
        )

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + HEALTH_SECONDS
        while time.monotonic() < deadline:
            token = _answer(self.port)
            if token == self.start_token:
                return
            if token is not None:
                raise Trouble(f"Another program answers on port {self.port}; take another --port.")
            self.services.supervisor.tend()
            self.steps.left()
            time.sleep(0.1)
        raise Trouble(f"The portal does not answer:\n{tail(self._log('web'))}")

    def _log(self, name: str) -> Path:
        return self.services.data / "log" / f"{name}.log"


def serve(portal: Portal) -> None:
    """Show the way in, then keep everything up until interrupted."""
    logins = portal.manage("demo", "--logins")
    print(f"\nPlumbline is at {portal.address}\n\n{logins.strip()}\n\nCtrl-C stops it.", flush=True)
    while True:
        portal.services.supervisor.tend()
        time.sleep(0.2)


def use(portal: Portal, command: Sequence[str]) -> int:
    """Run a command against the portal and return its exit code. Raises Trouble when too slow."""
    running = subprocess.Popen(
        list(command),
        env=portal.environment,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    try:
        while True:
            try:
                return running.wait(0.1)
            except subprocess.TimeoutExpired:
                portal.services.supervisor.tend()
                portal.steps.left()
    finally:
        if running.poll() is None:
            running.terminate()
            running.wait()


def port_near(wanted: int) -> int:
    """The wanted port, or the next free one, saying so."""
    port = free_port(wanted)
    if port != wanted:
        print(f"Port {wanted} is in use; taking {port}.", flush=True)
    return port


def _answer(port: int) -> str | None:
    """The start token of whatever is healthy on the port, empty when it shows none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        if answer.status == http.HTTPStatus.SERVICE_UNAVAILABLE:
            return None
        return answer.getheader(START_HEADER, "")
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
