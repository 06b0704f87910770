"""Every single way of breaking the isolation is found, and named, as the application reads it."""

import os

import pytest
from django.db import connection, transaction

from portal.tenancy import catalogue, rules, snapshot
from portal.tenancy.check import tenants
from portal.tenancy.roles import connected_as
from tests.isolation import seeded
from tests.isolation.gaps import STRANGERS, by_way

ADMIN_URL = os.environ.get("DATABASE_ADMIN_URL", "")
WAYS = by_way("{database}")


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    """A transaction of the server's administrator with what the gaps are made of; what the check
    says of that alone."""
    if not ADMIN_URL:
        pytest.skip("DATABASE_ADMIN_URL is not set")
    with django_db_blocker.unblock(), connected_as(ADMIN_URL), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(seeded.SCENE.format(**STRANGERS))
        yield sentences_after()
        transaction.set_rollback(True)


def sentences_after(*statements):
    """What the comparison and the rules say, to the application, after the statements."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            if statements:
                name = str(connection.settings_dict["NAME"])
                cursor.execute("; ".join(statements).replace("{database}", name))
            cursor.execute("SET LOCAL ROLE plumbline_app")
        actual = catalogue.read()
        transaction.set_rollback(True)
    return (
        set(snapshot.differences(snapshot.load(), actual)),
        set(rules.broken(actual, tenants())),
    )


def test_there_are_many_gaps_to_find():
    assert len(WAYS) >= 280
    assert len({gap for gaps in WAYS.values() for gap in gaps}) >= 2800


@pytest.mark.parametrize("way", WAYS)
def test_every_gap_is_found_by_name(scene, way):
    gaps = WAYS[way]
    compared, ruled = sentences_after(*(gap.sql for gap in gaps))

    compared -= scene[0]
    ruled -= scene[1]
    unseen = [
        gap for gap in gaps if not any(text.startswith(f"The {gap.thing} ") for text in compared)
    ]
    assert unseen == []
    # What a rule forbids stays forbidden when somebody takes a new snapshot.
    allowed = [
        gap
        for gap in gaps
        if gap.subject is not None and not any(gap.subject in text for text in ruled)
    ]
    assert allowed == []


HANDED_BY_THE_SERVER = "GRANT plumbline_app TO {stranger} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER ROLE plumbline_app SET statement_timeout TO '30s'",
        "ALTER ROLE ALL IN DATABASE {database} SET work_mem TO '8MB'",
        "ALTER DATABASE {database} SET log_min_duration_statement TO 500",
        "ALTER DATABASE {database} CONNECTION LIMIT 50",
        "ALTER ROLE plumbline_app PASSWORD 'another' VALID UNTIL '2030-01-01' CONNECTION LIMIT 9",
        "ALTER ROLE plumbline_backup NOLOGIN",
        "ALTER TABLE kpis_kpi SET (fillfactor = 90, autovacuum_enabled = false)",
        "ALTER ROLE {stranger} CREATEDB; GRANT pg_monitor TO {stranger}",
        "ALTER ROLE {stranger} SET app.organization TO '1'",
        "ALTER ROLE {stranger} SUPERUSER; GRANT plumbline_owner TO {stranger}",
        "ALTER ROLE {stranger} CREATEROLE; " + HANDED_BY_THE_SERVER,
        "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO {stranger}",
        "REVOKE EXECUTE ON FUNCTION pg_sleep(float8) FROM PUBLIC",
        "CREATE TEMPORARY TABLE figures (organization_id bigint)",
        "CREATE STATISTICS own ON id, organization_id FROM kpis_kpi; DROP STATISTICS own",
        "ANALYZE kpis_kpi; REINDEX TABLE kpis_kpi",
        "ALTER TABLE kpis_kpi ALTER name SET STORAGE main",
    ],
)
def test_what_may_differ_between_servers_is_no_gap(scene, sql):
    if sql.endswith(HANDED_BY_THE_SERVER) and connection.pg_version < 160000:
        pytest.skip("the server does so from version 16 on")
    assert sentences_after(sql.replace("{stranger}", STRANGERS["stranger"])) == scene


def test_administration_counts_unless_the_server_handed_it_out(scene):
    if connection.pg_version < 160000:
        pytest.skip("the server does so from version 16 on")
    stranger = STRANGERS["stranger"]
    compared, _ = sentences_after(HANDED_BY_THE_SERVER.format(stranger=stranger))
    assert compared - scene[0] == {
        f"The membership of {stranger} in plumbline_app was not made by the migrations."
    }
