"""The ambient organization: one at a time, gone at the end, whatever happens inside."""

import pytest
from django.db import DatabaseError, connection, transaction

from portal.models import Unit
from portal.tenancy.scope import (
    AnotherOrganization,
    NoOrganization,
    acting_in,
    bound_organization_id,
    current_organization_id,
)


def setting():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.organization', true)")
        return cursor.fetchone()[0]


def test_tests_run_as_the_application(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("plumbline_app", False, False)


def test_bound_inside_and_nowhere_else(lexora):
    with acting_in(lexora):
        assert (current_organization_id(), setting()) == (lexora.pk, str(lexora.pk))
    assert bound_organization_id() is None
    assert not setting()
    with pytest.raises(NoOrganization):
        current_organization_id()


def test_a_second_organization_is_refused(lexora, harbor):
    with acting_in(lexora), pytest.raises(AnotherOrganization), acting_in(harbor):
        pass


def test_the_same_organization_may_be_opened_again(lexora):
    with acting_in(lexora), acting_in(lexora):
        assert setting() == str(lexora.pk)


def test_an_error_undoes_everything_and_unbinds(lexora):
    with pytest.raises(ZeroDivisionError), acting_in(lexora):
        Unit.objects.create(slug="lost", name="Lost")
        raise ZeroDivisionError
    with acting_in(lexora):
        assert Unit.objects.count() == 0


def test_a_database_error_stays_visible(lexora):
    with pytest.raises(DatabaseError, match="nothing_there"), acting_in(lexora):
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM nothing_there")


def test_a_rolled_back_savepoint_keeps_the_binding(lexora):
    with acting_in(lexora):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            raise ZeroDivisionError
        assert setting() == str(lexora.pk)


@pytest.mark.django_db(transaction=True)
def test_nothing_survives_on_the_connection(lexora):
    with acting_in(lexora):
        pass
    assert not setting()
