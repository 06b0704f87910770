"""Raw SQL as the application: every table and verb, with no, a wrong and another organization."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from portal.models.owned import OrganizationOwned
from portal.tenancy.check import tenant_tables
from portal.tenancy.scope import NoOrganization, acting_in
from tests import factories

MODELS = [model for model in apps.get_models() if issubclass(model, OrganizationOwned)]
NAMED = {"PL001", "22P02", "42501", "PL002"}
VERBS = {
    "select": "SELECT * FROM {t}",
    "insert": "INSERT INTO {t} SELECT * FROM {t}",
    "update": "UPDATE {t} SET organization_id = organization_id",
    "delete": "DELETE FROM {t}",
}


@pytest.fixture
def both(lexora, harbor):
    return {one.slug: (one, factories.rows(one)) for one in (lexora, harbor)}


def attempt(sql, bound):
    """Rows touched, or the SQLSTATE of the refusal; nothing stays."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if bound is not None:
                cursor.execute(f"SET LOCAL app.organization TO '{bound}'")
            cursor.execute(sql)
            touched = len(cursor.fetchall()) if cursor.description else cursor.rowcount
            transaction.set_rollback(True)
            return touched
    except DatabaseError as error:
        return error.__cause__.sqlstate


def test_every_model_has_a_factory(both):
    _, rows = both["lexora"]
    assert set(rows) == {model._meta.model_name for model in MODELS}


@pytest.mark.parametrize("bound", [None, "", "garbage", "0", "9999999"])
@pytest.mark.parametrize("verb", VERBS)
def test_without_a_true_organization_nothing_is_reached(both, verb, bound):
    reached = {
        model._meta.db_table: attempt(VERBS[verb].format(t=model._meta.db_table), bound)
        for model in MODELS
    }
    assert {t: got for t, got in reached.items() if got not in {0, *NAMED}} == {}


@pytest.mark.parametrize("verb", ["select", "update", "delete"])
def test_bound_to_one_only_its_rows_are_reached(both, verb):
    lexora, _ = both["lexora"]
    append_only = {table for table, fixed in tenant_tables().items() if fixed}
    for model in MODELS:
        table = model._meta.db_table
        got = attempt(VERBS[verb].format(t=table), lexora.pk)
        with acting_in(lexora):
            own = model.objects.count()
        is_refused = verb != "select" and table in append_only
        assert (table, got) == (table, "42501" if is_refused else own)


def test_a_row_cannot_be_written_for_another_organization(both):
    lexora, _ = both["lexora"]
    harbor, _ = both["harbor"]
    for model in MODELS:
        columns = [field.column for field in model._meta.concrete_fields if field.column]
        taken = ", ".join(
            str(harbor.pk) if name == "organization_id" else f'"{name}"' for name in columns
        )
        names = ", ".join(f'"{name}"' for name in columns)
        table = model._meta.db_table
        sql = f"INSERT INTO {table} ({names}) SELECT {taken} FROM {table}"
        assert (table, attempt(sql, lexora.pk)) == (table, "42501")


def references():
    for model in MODELS:
        for field in model._meta.get_fields():
            related = field.related_model if field.many_to_one and field.concrete else None
            if isinstance(related, type) and issubclass(related, OrganizationOwned):
                yield model, field, related


@pytest.mark.parametrize(
    "case", list(references()), ids=lambda case: f"{case[0].__name__}.{case[1].name}"
)
def test_a_row_cannot_point_into_another_organization(both, case):
    model, field, related = case
    lexora, _ = both["lexora"]
    _, foreign = both["harbor"]
    others = foreign[related._meta.model_name].pk
    columns = [f.column for f in model._meta.concrete_fields if f.column != "id"]

    def insert(target):
        unique = {
            "slug": "'another'",
            "number": "77",
            "digest": "'another'",
            "header_hash": "'another'",
            "valid_from": "'2001-01-01'",
            "recorded_at": "'2001-01-01'",
        }
        taken = [
            str(target) if name == field.column else unique.get(name, f'"{name}"')
            for name in columns
        ]
        names = ", ".join(f'"{name}"' for name in columns)
        table = model._meta.db_table
        return (
            f"INSERT INTO {table} ({names}) SELECT {', '.join(taken)} FROM {table} LIMIT 1;"
            " SET CONSTRAINTS ALL IMMEDIATE"
        )

    assert attempt(insert(others), lexora.pk) == "23503"
    assert attempt(insert(999_999_999), lexora.pk) == "23503"


def test_objects_raise_outside_of_an_organization(both):
    for model in MODELS:
        with pytest.raises(NoOrganization):
            model.objects.count()


def test_a_row_never_moves(both):
    lexora, _ = both["lexora"]
    harbor, _ = both["harbor"]
    sql = f"UPDATE kpis_kpi SET organization_id = {harbor.pk}"
    assert attempt(sql, lexora.pk) in {"PL002", "42501"}
