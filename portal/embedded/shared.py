"""One pair of services per data folder, shared by all commands that use the folder."""

import fcntl
import json
import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal

from portal.embedded import folders
from portal.embedded.broker import Broker
from portal.embedded.postgres import (
    APPLICATION,
    BACKUP,
    OWNER,
    SUPERUSER,
    Postgres,
    remove_socket_folder,
)
from portal.embedded.process import Trouble
from portal.embedded.supervisor import Child, Stage, Supervisor

Profile = Literal["demo", "test"]
ATTACH_SECONDS = 60.0
THROWAWAY = "plumbline-throwaway-"


@dataclass
class Services:
    """What a command runs with: its environment, and the supervisor when this process has one.

    A process that only shares the services of another has an empty supervisor.
    """

    data: Path
    environment: dict[str, str]
    supervisor: Supervisor = field(default_factory=Supervisor)
    owns: bool = False


@contextmanager
def services(data: Path, profile: Profile, *, patience: float | None = None) -> Iterator[Services]:
    """Bring up the services on `data`, or share those of the process that already did.

    At the end the owner waits for those who share, `patience` seconds or for ever, and stops all.
    What the caller's environment already names (DATABASE_URL, CELERY_BROKER_URL) is not started.
    Raises Trouble.
    """
    _make_folder(data)
    with (data / "owner.lock").open("a") as owner, (data / "users.lock").open("a") as users:
        if _become_owner(data, owner, users):
            yield from _owned(data, profile, users, patience)
        else:
            state = json.loads((data / "state.json").read_text())
            yield Services(data, _environment(data) | state)


@contextmanager
def throwaway(profile: str) -> Iterator[Path]:
    """A data folder that is gone afterwards, together with those that killed runs left."""
    for old in Path(tempfile.gettempdir()).glob(f"{THROWAWAY}*"):
        _sweep(old)
    data = Path(tempfile.mkdtemp(prefix=f"{THROWAWAY}{profile}-"))
    try:
        yield data
    finally:
        remove_socket_folder(data)
        folders.clear(data)


def discard(data: Path) -> None:
    """Remove a data folder. Raises Trouble while a command uses it."""
    if not data.exists():
        return
    with (data / "owner.lock").open("a") as owner:
        if not _try_lock(owner, fcntl.LOCK_EX):
            raise Trouble(f"{data} is in use by another command; stop that first.")
        remove_socket_folder(data)
        folders.clear(data)


def _owned(
    data: Path, profile: Profile, users: IO[str], patience: float | None
) -> Iterator[Services]:
    state_file = data / "state.json"
    state_file.unlink(missing_ok=True)
    supervisor = Supervisor()
    try:
        state = _start(data, profile, supervisor)
        _write_private(state_file, json.dumps(state))
        yield Services(data, _environment(data) | state, supervisor, owns=True)
        _wait_for_others(users, supervisor, patience)
    finally:
        state_file.unlink(missing_ok=True)
        supervisor.stop()
        remove_socket_folder(data)


def _start(data: Path, profile: Profile, supervisor: Supervisor) -> dict[str, str]:
    """Start what the environment does not name, and return the variables that lead there."""
    found: dict[str, str] = {}
    if not os.environ.get("DATABASE_URL"):
        testing = profile == "test"
        log = data / "log" / "database.log"
        database = Postgres(data, log, durable=not testing)
        supervisor.add(Child("database", database.spawn, Stage.DATABASE, signal.SIGINT, 20))
        found["DATABASE_URL"] = database.url(APPLICATION)
        # Only here may `manage.py demo` write its accounts, whose password everybody can read.
        found["PLUMBLINE_DEMO_DATABASE"] = found["DATABASE_URL"]
        found["DATABASE_OWNER_URL"] = database.url(OWNER)
        found["DATABASE_BACKUP_URL"] = database.url(BACKUP)
        if testing:
            # Makes the databases of the tests, and the gaps that they must find.
            found["DATABASE_ADMIN_URL"] = database.url(SUPERUSER)
    if not os.environ.get("CELERY_BROKER_URL"):
        broker = Broker(data, data / "log" / "broker.log")
        supervisor.add(Child("broker", broker.spawn, Stage.BROKER))
        found["CELERY_BROKER_URL"] = broker.url
    return found


def _become_owner(data: Path, owner: IO[str], users: IO[str]) -> bool:
    """True as the one owner of the folder; False as one who may share what the owner started.

    The owner takes the users' lock for itself before it stops, so nobody joins a stopping one.
    """
    deadline = time.monotonic() + ATTACH_SECONDS
    while time.monotonic() < deadline:
        if _try_lock(owner, fcntl.LOCK_EX):
            return True
        if _try_lock(users, fcntl.LOCK_SH):
            if (data / "state.json").exists():
                return False
            fcntl.flock(users, fcntl.LOCK_UN)
        time.sleep(0.05)
    raise Trouble(f"Another command holds {data} but its services do not come up.")


def _wait_for_others(users: IO[str], supervisor: Supervisor, patience: float | None) -> None:
    deadline = None if patience is None else time.monotonic() + patience
    told = False
    while not _try_lock(users, fcntl.LOCK_EX):
        if deadline is not None and time.monotonic() > deadline:
            return
        if not told:
            print("Waiting for another command that uses the database.", file=sys.stderr)
            told = True
        supervisor.tend()
        time.sleep(0.05)


def _environment(data: Path) -> dict[str, str]:
    """The caller's environment with what a portal on this machine alone needs."""
    key = os.environ.get("PLUMBLINE_SECRET_KEY") or _secret_key(data)
    defaults: Mapping[str, str] = {
        "PLUMBLINE_INSECURE_HTTP": "1",
        "PLUMBLINE_HOSTS": "127.0.0.1,localhost",
        "PYTHONUNBUFFERED": "1",
    }
    programs = f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}"
    return {**defaults, **os.environ, "PLUMBLINE_SECRET_KEY": key, "PATH": programs}


def _secret_key(data: Path) -> str:
    file = data / "secret-key"
    if not file.exists():
        _write_private(file, secrets.token_urlsafe(50))
    return file.read_text()


def _write_private(file: Path, text: str) -> None:
    """Write a file that only this user can read; others see it whole or not at all."""
    half = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(text)
    half.rename(file)


def _make_folder(data: Path) -> None:
    """The data folder: to be passed through by the servers' user, its logs for nobody else."""
    (data / "log").mkdir(parents=True, exist_ok=True)
    if data.stat().st_uid != os.geteuid():
        if os.geteuid() != 0:
            raise Trouble(f"{data} belongs to another user; use your own copy of Plumbline.")
        return
    data.chmod(0o711)
    for lock in ("owner.lock", "users.lock"):
        (data / lock).touch(mode=0o600)
    (data / "log").chmod(0o700)


def _sweep(old: Path) -> None:
    """Remove a throw-away folder of this user unless a live process holds it."""
    with suppress(OSError, Trouble):
        if old.is_symlink() or old.stat().st_uid != os.geteuid():
            return
        if not (old / "owner.lock").exists():
            return
        discard(old)
        shutil.rmtree(old, ignore_errors=True)


def _try_lock(handle: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
