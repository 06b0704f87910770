"""Background work of one organization touches nothing of another."""

import pytest
from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from kpis.actions import measurements
from portal.actions import invitations, jobs
from portal.domain.calendar import Grain
from portal.models import Job
from portal.tenancy.check import tenant_tables
from portal.tenancy.scope import acting_in
from reviews.actions import reviews
from tests import factories


def prepare_rollup(rows, now):
    fact = measurements.Fact(
        rows["kpi"].pk, Grain.WEEK, factories.DAY.replace(day=9), "ratio", {"num": 1, "den": 40}
    )
    measurements.record(facts=[fact], source="test", by="test", at=now)


def prepare_pdf(rows, now):
    reviews.open_review(day=now.date(), by="test", at=now)


def prepare_import(rows, now):
    run = rows["importrun"]
    run.state = "reading"
    run.save()
    jobs.enqueue(kind="import", key=str(run.number), at=now, arguments={"run": run.pk})


def prepare_invitation(rows, now):
    invitations.invite(
        address="new@lexora.example",
        name="N",
        role="staff",
        mail_to="https://portal.example",
        by="test",
        at=now,
    )


def only_enqueue(kind, key="all"):
    return lambda rows, now: jobs.enqueue(kind=kind, key=key, at=now)


PREPARE = {
    "rollup": prepare_rollup,
    "import": prepare_import,
    "rebuild": only_enqueue("rebuild"),
    "verdict": only_enqueue("verdict"),
    "review_pdf": prepare_pdf,
    "invitation": prepare_invitation,
    "heartbeat": only_enqueue("heartbeat"),
    "reminders": only_enqueue("reminders", key="2026-11-24"),
}


def everything(organization):
    with acting_in(organization), connection.cursor() as cursor:
        found = {}
        for table in tenant_tables():
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {table} t"
            )
            found[table] = cursor.fetchone()
        return found


def test_every_kind_of_work_is_tried():
    assert PREPARE.keys() == settings.JOB_KINDS.keys()


@pytest.mark.parametrize("kind", PREPARE)
def test_work_stays_in_its_organization(lexora, harbor, now, kind):
    rows = factories.rows(lexora)
    factories.rows(harbor)
    with acting_in(lexora):
        PREPARE[kind](rows, now)
        waiting = Job.objects.get(kind=kind, state="queued")
    before = everything(harbor)
    claim = jobs.claim(job_id=waiting.pk, at=now)

    import_string(settings.JOB_KINDS[kind][0])(claim)

    assert everything(harbor) == before
    with acting_in(lexora):
        assert Job.objects.get(pk=waiting.pk).state == "done"


@pytest.mark.parametrize("count", [1, 3])
def test_the_panel_costs_the_same_for_any_number_of_kpis(
    lexora, as_role, now, django_assert_num_queries, count
):
    from kpis.actions import kpi_sets

    rows = factories.rows(lexora)
    with acting_in(lexora):
        for index in range(count):
            kpi_sets.add_own(
                deployment=rows["deployment"],
                name=f"Number {index}",
                kind="ratio",
                unit="fraction",
                role="quality",
                direction="down",
                by="test",
                at=now,
            )
    client = as_role(lexora, "manager")
    client.get("/o/lexora/deployments/")
    with django_assert_num_queries(25):
        client.get("/o/lexora/deployments/deployment-lexora/kpis/")
