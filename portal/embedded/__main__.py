"""Command line of the embedded services: `run`, `demo` and `with-demo`."""

import argparse
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from portal.embedded.broker import free_port
from portal.embedded.demo import CHECK_SECONDS, PROJECT, Portal, Steps, port_near, serve, use
from portal.embedded.process import Trouble, die_with_parent
from portal.embedded.shared import Profile, Services, discard, services, throwaway

DEMO_DATA = PROJECT / ".plumbline" / "demo"
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code of the command that was run, 1 for Trouble."""
    options = _parser().parse_args(arguments)
    command: list[str] = getattr(options, "command", [])
    if command[:1] == ["--"]:
        command = command[1:]
    try:
        with _interruptible():
            if options.verb == "run":
                return run(options.profile, options.data, command)
            if options.verb == "with-demo":
                return with_demo(command)
            if options.check:
                return check()
            return demo(options.data, options.port, fresh=options.fresh)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run(profile: Profile, data: Path | None, command: Sequence[str]) -> int:
    """Run a command with the services of a data folder, by default a throw-away one."""
    if not command:
        raise Trouble("Name the command to run after --.")
    if data is None:
        with throwaway(profile) as folder:
            return run(profile, folder, command)
    with services(data.resolve(), profile) as given:
        return _in_foreground(given, command)


def demo(data: Path, port: int, *, fresh: bool) -> int:
    """The demo until Ctrl-C."""
    if fresh:
        discard(data.resolve())
    steps = Steps()
    try:
        with _services(steps, data.resolve()) as given:
            portal = Portal(given, port_near(port), steps)
            portal.raise_up()
            serve(portal)
    except KeyboardInterrupt:
        print("\nStopped.", flush=True)
    return 0


def check() -> int:
    """The demo on throw-away data, used once by the command `demo_check`."""
    steps = Steps(CHECK_SECONDS)
    code = _with_demo(
        steps, [sys.executable, str(PROJECT / "manage.py"), "demo_check"], "--base-url"
    )
    verdict = "The demo works" if code == 0 else "The demo does not work"
    print(f"{verdict} ({steps.elapsed:.1f} s).", flush=True)
    return code


def with_demo(command: Sequence[str]) -> int:
    """Run a command beside a throw-away demo, whose address is in PLUMBLINE_URL."""
    if not command:
        raise Trouble("Name the command to run after --.")
    return _with_demo(Steps(), command)


def _with_demo(steps: Steps, command: Sequence[str], address_option: str | None = None) -> int:
    with throwaway("demo") as data:
        with _services(steps, data) as given:
            portal = Portal(given, free_port(), steps)
            address = [address_option, portal.address] if address_option else []
            try:
                portal.raise_up()
                code = use(portal, [*command, *address])
            except (Trouble, subprocess.TimeoutExpired):
                portal.tell_troubles()
                raise
            if code:
                portal.tell_troubles()
        return code


@contextmanager
def _services(steps: Steps, data: Path) -> Iterator[Services]:
    coming_up = services(data, "demo", patience=5)
    with steps.step("database and broker"):
        given = coming_up.__enter__()
    try:
        yield given
    except BaseException as error:
        if not coming_up.__exit__(type(error), error, error.__traceback__):
            raise
    else:
        coming_up.__exit__(None, None, None)


def _in_foreground(given: Services, command: Sequence[str]) -> int:
    """Give the terminal to the command; Ctrl-C is its own affair, the end is its exit code."""
    running = subprocess.Popen(
        list(command),
        env=given.environment,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )

    def forward(number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGINT and running.poll() is None:
            running.send_signal(number)

    for number in STOPPING:
        signal.signal(number, forward)
    while True:
        try:
            code = running.wait(0.1)
        except subprocess.TimeoutExpired:
            given.supervisor.tend()
        else:
            return code if code >= 0 else 128 - code


@contextmanager
def _interruptible() -> Iterator[None]:
    """Turn the first request to stop into KeyboardInterrupt; later ones do not disturb the stop."""
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        if not stopping:
            stopping = True
            raise KeyboardInterrupt

    for number in STOPPING:
        signal.signal(number, stop)
    yield


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m portal.embedded", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    running = verbs.add_parser("run", help="run a command with database and broker")
    running.add_argument("--profile", choices=["demo", "test"], default="demo")
    running.add_argument("--data", type=Path, help="data folder; without it a throw-away one")
    running.add_argument("command", nargs=argparse.REMAINDER)
    beside = verbs.add_parser("with-demo", help="run a command beside a throw-away demo")
    beside.add_argument("command", nargs=argparse.REMAINDER)
    showing = verbs.add_parser("demo", help="the portal with demo data until Ctrl-C")
    showing.add_argument("--check", action="store_true", help="use it once and report, then end")
    showing.add_argument("--port", type=int, default=8000)
    showing.add_argument("--fresh", action="store_true", help="start over with new data")
    showing.add_argument("--data", type=Path, default=DEMO_DATA)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
