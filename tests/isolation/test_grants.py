"""What the application's role may do beside reading and writing rows, and what it is refused."""

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from portal.domain.tables import READ_ONLY
from portal.embedded import postgres
from portal.tenancy import catalogue, snapshot
from portal.tenancy.check import gaps, tenant_tables
from portal.tenancy.roles import GRANTS, as_owner, give_grants

APPEND_ONLY = {table for table, is_fixed in tenant_tables().items() if is_fixed}
# Those that hold up somebody who reads or adds rows.
STRONG_LOCKS = ["SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"]
# Rights as they were given by hand before `migrate` gave them.
FORMERLY = """
GRANT ALL ON SCHEMA public TO plumbline_owner;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO plumbline_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO plumbline_app;
"""


def refused(sql):
    """Whether PostgreSQL denies the statement for want of a right; nothing of it stays."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return error.__cause__.sqlstate == "42501"
    return False


@pytest.mark.parametrize("table", sorted(APPEND_ONLY | READ_ONLY))
def test_nobody_is_held_up_on_tables_that_are_not_changed(db, table):
    assert [mode for mode in STRONG_LOCKS if refused(f"LOCK {table} IN {mode} MODE")] == (
        STRONG_LOCKS
    )


@pytest.mark.parametrize("table", sorted(READ_ONLY))
def test_records_of_django_are_only_read(db, table):
    verbs = [
        f"INSERT INTO {table} DEFAULT VALUES",
        f"DELETE FROM {table}",
        f"UPDATE {table} SET id = id",
    ]
    assert [sql for sql in verbs if not refused(sql)] == []
    assert not refused(f"SELECT * FROM {table}")


@pytest.mark.parametrize("call", ["nextval('{s}')", "setval('{s}', 9)", "last_value FROM {s}"])
def test_sequences_tell_nothing(db, call):
    sequences = [
        thing.removeprefix("sequence ")
        for thing in snapshot.load()
        if thing.startswith("sequence ")
    ]
    open_ones = [s for s in sequences if not refused(f"SELECT {call.format(s=s)}")]
    assert (open_ones, len(sequences) > 30) == ([], True)


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE other (id bigint)",
        "CREATE FUNCTION other() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA other",
        "CREATE ROLE other",
        "CREATE PUBLICATION other",
        "ALTER ROLE plumbline_app BYPASSRLS",
        "ALTER ROLE plumbline_app VALID UNTIL 'infinity'",
        "ALTER ROLE plumbline_owner PASSWORD 'x'",
        "ALTER ROLE plumbline_app SET app.organization TO '1'",
        "ALTER ROLE ALL SET app.organization TO '1'",
        "SET ROLE plumbline_owner",
        "SET session_replication_role TO replica",
        "TRUNCATE kpis_kpi",
        "SELECT rolpassword FROM pg_authid",
    ],
)
def test_the_application_is_refused(db, sql):
    assert refused(sql)


def test_what_postgresql_lets_every_role_do(db):
    """The documentation says so; should a version refuse it, the better for the documentation."""
    assert not refused("ALTER ROLE plumbline_app PASSWORD 'another'")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("ALTER ROLE plumbline_app SET row_security TO off")
        assert gaps() == [
            "The setting row_security of role plumbline_app was not made by the migrations.",
            "The setting row_security of role plumbline_app has no use here.",
        ]
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_giving_the_rights_mends_what_was_given_by_hand():
    with as_owner(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(FORMERLY)
        assert catalogue.read() != snapshot.load()
        give_grants()
        give_grants()
        assert catalogue.read() == snapshot.load()
        transaction.set_rollback(True)


@pytest.mark.parametrize("file", [postgres.ROLES, GRANTS], ids=lambda file: file.name)
def test_the_documentation_quotes_the_statements(file):
    text = (settings.BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")
    assert f"```sql\n{file.read_text(encoding='utf-8')}" in text
