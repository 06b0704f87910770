"""Test databases: made by the owner, used as the application, dropped at the end."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from portal.environment import database
from portal.tenancy.roles import OWNER

APPLICATION_TABLES = """
SELECT format('%I', c.relname) FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
  AND c.relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
"""


ADMIN_URL = os.environ.get("DATABASE_ADMIN_URL") or settings.DATABASE_OWNER_URL


def owner_connection(name: str) -> "psycopg.Connection[tuple[object, ...]]":
    """A connection as the owner to the named database."""
    return _connection(settings.DATABASE_OWNER_URL, name)


def admin_connection(name: str) -> "psycopg.Connection[tuple[object, ...]]":
    """A connection as whoever makes databases: the owner where no administrator is named."""
    return _connection(ADMIN_URL, name)


def _connection(url: str, name: str) -> "psycopg.Connection[tuple[object, ...]]":
    role = database(url)
    return psycopg.connect(
        dbname=name,
        user=role["USER"],
        password=role["PASSWORD"] or None,
        host=role["HOST"] or None,
        port=role["PORT"] or None,
        autocommit=True,
    )


@contextmanager
def test_database(name: str) -> Iterator[None]:
    """Create, migrate and finally drop a database; the connection stays the application's."""
    maintenance = str(connection.settings_dict["NAME"])
    with admin_connection(maintenance) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}" OWNER {OWNER}')
    connection.close()
    connection.settings_dict["NAME"] = name
    call_command("migrate", verbosity=0, interactive=False)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = maintenance
        drop(maintenance, name)


def drop(maintenance: str, name: str) -> None:
    """Drop a database; a passing autovacuum, which only a superuser may end, is waited for."""
    for wait in (0.2, 0.5, 1, 2, 0):
        try:
            with admin_connection(maintenance) as admin:
                admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            return
        except psycopg.errors.InsufficientPrivilege:
            if not wait:
                raise
            time.sleep(wait)


test_database.__test__ = False  # type: ignore[attr-defined]


def empty() -> None:
    """Remove every row, as only the owner may: the application has no TRUNCATE."""
    connection.close()
    with owner_connection(str(connection.settings_dict["NAME"])) as owner:
        tables = [row[0] for row in owner.execute(APPLICATION_TABLES).fetchall()]
        owner.execute(f"TRUNCATE {', '.join(map(str, tables))} RESTART IDENTITY CASCADE")
