"""The database is what the migrations make, the file says so, and only one role may serve it."""

import os
import subprocess
import sys

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from portal.models.owned import OrganizationOwned
from portal.tenancy import catalogue, snapshot
from portal.tenancy.check import connected_wrongly, gaps, tenant_tables
from portal.tenancy.constraints import TenantIsolation
from portal.tenancy.roles import connected_as
from portal.tenancy.scope import acting_in

ADMIN_URL = os.environ.get("DATABASE_ADMIN_URL", "")
BACKUP_URL = os.environ.get("DATABASE_BACKUP_URL", "")
# Millions of rows, written by statements that join with the KPIs.
WITHOUT_REFERENCE = {"kpis_measurement", "kpis_dirtycell", "kpis_rollup"}
OTHERS = {"owner": settings.DATABASE_OWNER_URL, "backup": BACKUP_URL, "superuser": ADMIN_URL}
ANOTHER = (
    "The connection was opened as {login} and acts as {current}. Only plumbline_app may serve"
    " people: row-level security does not bind others. Correct DATABASE_URL."
)


def models():
    return [model for model in apps.get_models() if issubclass(model, OrganizationOwned)]


def test_there_is_no_gap(db):
    assert gaps() == []
    assert tenant_tables().keys() == {model._meta.db_table for model in models()}


def test_the_snapshot_is_what_the_migrations_make(db):
    made = snapshot.render(catalogue.read())
    assert made == snapshot.FILE.read_text(encoding="utf-8"), (
        f"Run `{snapshot.COMMAND}` and commit {snapshot.FILE.relative_to(settings.BASE_DIR)}."
    )


@pytest.mark.django_db(transaction=True)
def test_the_command_writes_the_snapshot(tmp_path, monkeypatch, capsys):
    kept = snapshot.FILE.read_text(encoding="utf-8")
    monkeypatch.setattr(snapshot, "FILE", tmp_path / "snapshot.json")
    for changed in (len(kept.splitlines()), 0):
        call_command("isolation_snapshot", connected=True)
        assert snapshot.FILE.read_text(encoding="utf-8") == kept
        assert capsys.readouterr().out == (
            f"snapshot.json: {changed} lines are new or changed; commit it.\n"
        )


def test_a_difference_is_said_shortly():
    body = "BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; RETURN NEW; END"
    expected = {
        "table a": {"owner": "x", "grants": {"app": "SELECT"}},
        "column a.b": {"type": "bigint", "not null": True},
        "function f()": {"body": body},
        "table gone": {},
        "column gone.b": {},
    }
    actual = {
        "table a": {"owner": "y", "grants": {"app": "SELECT", "PUBLIC": "SELECT"}},
        "column a.b": {"type": "bigint"},
        "function f()": {"body": body.replace("; RETURN NEW; END", "; RETURN OLD; END")},
        "view new": {},
    }
    assert list(snapshot.differences(expected, actual)) == [
        "The table gone is missing.",
        "The view new was not made by the migrations.",
        "The function f() is not what the migrations made: body is «…_TABLE_NAME; RETURN OLD; END»"
        " instead of «…_TABLE_NAME; RETURN NEW; END».",
        "The table a is not what the migrations made: grants is «PUBLIC: SELECT, app: SELECT»"
        " instead of «app: SELECT»; owner is «y» instead of «x».",
        "The column a.b is not what the migrations made: not null is not set instead of «True».",
    ]


def test_reading_leaves_the_transaction_as_it_was(db):
    catalogue.read()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('search_path'), current_setting('jit')")
        assert cursor.fetchone()[0] == '"$user", public'


def test_only_the_largest_tables_do_without_reference():
    bare = {
        model._meta.db_table
        for model in models()
        for rule in model._meta.constraints
        if isinstance(rule, TenantIsolation) and not rule.refers
    }
    assert bare == WITHOUT_REFERENCE


def test_the_command_counts_the_tables(db, capsys):
    call_command("check_isolation")
    assert capsys.readouterr().out == (f"{len(models())} tables are kept apart by organization.\n")


@pytest.fixture
def another(request, django_db_setup, django_db_blocker):
    url = OTHERS[request.param]
    if not url:
        pytest.skip("no address of this role is known")
    with django_db_blocker.unblock(), connected_as(url):
        yield str(connection.settings_dict["USER"])


@pytest.mark.parametrize("another", OTHERS, indirect=True)
def test_another_role_is_refused(another):
    sentence = ANOTHER.format(login=another, current=another)
    assert gaps() == [sentence]
    with pytest.raises(CommandError) as refusal:
        call_command("check_isolation")
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("another", ["superuser"], indirect=True)
@pytest.mark.parametrize("disguise", ["ROLE", "SESSION AUTHORIZATION"])
def test_a_superuser_in_disguise_is_refused(another, disguise):
    with connection.cursor() as cursor:
        cursor.execute(f"SET {disguise} plumbline_app")
    assert gaps() == [ANOTHER.format(login=another, current="plumbline_app")]


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        (
            "app.organization TO '1'",
            "The connection begins with an organization bound: remove app.organization from it.",
        ),
        (
            "row_security TO off",
            "The connection switches row_security off: remove that setting from it.",
        ),
        (
            "search_path TO pg_catalog, public",
            "The connection looks for tables in pg_catalog, public instead of public.",
        ),
    ],
)
def test_settings_of_the_connection_are_refused(db, setting, sentence):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL {setting}")
    assert list(connected_wrongly()) == [sentence]


def test_a_bound_organization_is_no_start(lexora):
    with acting_in(lexora):
        assert len(gaps()) == 1
    assert gaps() == []


def start_the_web(url):
    """Load the application as a web server does, on the database of this test."""
    name = str(connection.settings_dict["NAME"])
    return subprocess.run(
        [sys.executable, "-c", "import portal.wsgi"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": url.replace("@/plumbline?", f"@/{name}?")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("role", ["application", "owner", "superuser"])
def test_the_web_starts_for_the_application_alone(db, role):
    url = os.environ["DATABASE_URL"] if role == "application" else OTHERS[role]
    if "@/plumbline?" not in url:
        pytest.skip("needs the embedded server")
    started = start_the_web(url)
    refused = "Organizations are not kept apart: The connection was opened as"
    assert (started.returncode, refused in started.stderr) == (
        (0, False) if role == "application" else (1, True)
    )
