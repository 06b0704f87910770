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
    assert len(WAYS) >= 150
    assert len({gap for gaps in WAYS.values() for gap in gaps}) >= 1500


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
