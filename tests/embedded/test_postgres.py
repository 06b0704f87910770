import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from portal.embedded.postgres import APPLICATION, BACKUP, OWNER, Postgres
from portal.embedded.process import Trouble, finish, working_in


def test_the_server_does_not_run_as_root(database: Postgres) -> None:
    (folder,) = {database.cluster}
    owners = {Path(f"/proc/{pid}").stat().st_uid for pid in working_in(folder, "postgres")}
    assert owners == {folder.stat().st_uid}
    assert 0 not in owners


def test_only_its_user_may_enter_the_folder_of_the_socket(database: Postgres) -> None:
    found = database.socket.stat()
    assert found.st_mode & 0o777 == 0o700
    assert found.st_uid == database.cluster.stat().st_uid


def test_it_does_not_listen_on_the_network(database: Postgres) -> None:
    assert database.query("SHOW listen_addresses") == ""


def test_the_roles_have_the_promised_attributes(database: Postgres) -> None:
    rows = database.query(
        "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole,"
        " rolreplication FROM pg_roles WHERE rolname LIKE 'plumbline%' ORDER BY rolname"
    )
    assert rows.splitlines() == [
        f"{APPLICATION}|t|f|f|f|f|f",
        f"{BACKUP}|t|f|t|f|f|f",
        f"{OWNER}|t|f|f|f|f|f",
    ]


def test_backup_alone_belongs_to_another_role(database: Postgres) -> None:
    rows = database.query(
        "SELECT member::regrole, roleid::regrole FROM pg_auth_members"
        " WHERE member::regrole::text LIKE 'plumbline%'"
    )
    assert rows == f"{BACKUP}|pg_read_all_data"


@pytest.mark.parametrize("role", [APPLICATION, BACKUP])
def test_only_the_owner_makes_tables(database: Postgres, role: str) -> None:
    with pytest.raises(Trouble, match="permission denied for schema public"):
        database.query("CREATE TABLE other (id bigint)", role=role)


def test_the_owner_creates_no_databases(database: Postgres) -> None:
    with pytest.raises(Trouble, match="permission denied to create database"):
        database.query("CREATE DATABASE more", role=OWNER)


@pytest.mark.faults
def test_a_committed_row_survives_a_kill_of_everything(data: Path) -> None:
    server = Postgres(data, data / "database.log")
    first = server.spawn()
    server.query("CREATE TABLE kept (word text)", role=OWNER)
    server.query("INSERT INTO kept VALUES ('here')", role=OWNER)

    for pid in [first.pid, *working_in(server.cluster, "postgres")]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    first.wait()
    # As after a restart of the machine, its number now belongs to some other process.
    pid_file = server.cluster / "postmaster.pid"
    pid_file.write_text(pid_file.read_text().replace(str(first.pid), str(os.getpid()), 1))
    second = server.spawn()

    try:
        assert server.query("SELECT word FROM kept", role=OWNER) == "here"
    finally:
        finish(second, with_signal=signal.SIGINT, grace=10)


def test_an_interrupted_first_start_is_made_again(data: Path) -> None:
    server = Postgres(data, data / "database.log", durable=False)
    (server.home / "cluster.new" / "base").mkdir(parents=True)

    process = server.spawn()

    try:
        assert server.query("SELECT 1", role=APPLICATION) == "1"
    finally:
        finish(process, with_signal=signal.SIGINT, grace=10)
