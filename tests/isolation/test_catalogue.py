"""The catalogue check holds, and finds every single way of breaking it."""

import pytest
from django.db import connection, transaction

from portal.models.owned import OrganizationOwned
from portal.tenancy.check import gaps, tenant_tables
from portal.tenancy.constraints import TenantIsolation
from portal.tenancy.roles import as_owner

BREAKS = {
    "row security disabled": "ALTER TABLE {t} DISABLE ROW LEVEL SECURITY",
    "row security not forced": "ALTER TABLE {t} NO FORCE ROW LEVEL SECURITY",
    "policy shows everything": "ALTER POLICY {policy} ON {t} USING (true)",
    "policy lets write anything": "ALTER POLICY {policy} ON {t} WITH CHECK (true)",
    "policy dropped": "DROP POLICY {policy} ON {t}",
    "second policy": "CREATE POLICY hole ON {t} USING (true)",
    "truncate granted": "GRANT TRUNCATE ON {t} TO plumbline_app",
    "references granted": "GRANT REFERENCES ON {t} TO plumbline_app",
    "granted to everybody": "GRANT SELECT ON {t} TO PUBLIC",
    "global unique key": "CREATE UNIQUE INDEX hole ON {t} ((true), organization_id)",
    "organization may be empty": "ALTER TABLE {t} DROP CONSTRAINT {t}_pkey CASCADE;"
    " ALTER TABLE {t} ALTER organization_id DROP NOT NULL",
    "rows may move": "DROP TRIGGER {model}_organization_stays ON {t}",
    "trigger switched off": "ALTER TABLE {t} DISABLE TRIGGER {model}_organization_stays",
}
# Millions of rows, written by statements that join with the KPIs.
WITHOUT_REFERENCE = {"kpis_measurement", "kpis_dirtycell", "kpis_rollup"}
ONCE = [
    "CREATE TABLE stray (id bigint)",
    "CREATE TABLE stray (organization_id bigint)",
    "CREATE MATERIALIZED VIEW stray AS SELECT 1",
    "CREATE VIEW stray AS SELECT * FROM kpis_kpi",
    "CREATE FUNCTION stray() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    "GRANT CREATE ON SCHEMA public TO plumbline_app",
    "GRANT UPDATE ON portal_auditevent TO plumbline_app",
    "GRANT DELETE ON kpis_measurement TO plumbline_app",
    "DROP TRIGGER auditevent_append_only ON portal_auditevent",
]


def models():
    from django.apps import apps

    return [model for model in apps.get_models() if issubclass(model, OrganizationOwned)]


def breaks():
    for model in models():
        names = {"t": model._meta.db_table, "model": model._meta.model_name}
        names["policy"] = f"{names['model']}_isolation"
        faults = dict(BREAKS)
        if names["t"] not in WITHOUT_REFERENCE:
            faults["organization not checked"] = "ALTER TABLE {t} DROP CONSTRAINT {t}_organization"
        for name, sql in faults.items():
            yield pytest.param(sql.format(**names), id=f"{names['t']}: {name}")
        for field in model._meta.get_fields():
            related = field.related_model if field.many_to_one and field.concrete else None
            if isinstance(related, type) and issubclass(related, OrganizationOwned):
                sql = "ALTER TABLE {t} DROP CONSTRAINT {model}_{field}_organization"
                sql = sql.format(field=field.name, **names)
                yield pytest.param(sql, id=f"{names['t']}: {field.name} not checked")
    yield from ONCE


@pytest.fixture(scope="module")
def owner(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), as_owner():
        yield


def test_there_is_no_gap(owner):
    assert gaps() == []
    assert len(tenant_tables()) == len(models())


def test_only_the_largest_tables_do_without_reference():
    found = {
        model._meta.db_table
        for model in models()
        for rule in model._meta.constraints
        if isinstance(rule, TenantIsolation) and not rule.refers
    }
    assert found == WITHOUT_REFERENCE


def test_there_are_a_hundred_faults_to_find():
    assert len(list(breaks())) >= 100


@pytest.mark.parametrize("fault", list(breaks()))
def test_a_fault_is_found(owner, fault):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(fault)
        found = gaps()
        transaction.set_rollback(True)
    assert found != []
