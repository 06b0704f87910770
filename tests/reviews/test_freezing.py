"""Freezing a review: each deployment is read once, and nothing is drawn that no page shows."""

import datetime as dt
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext

from portal.tenancy.scope import acting_in
from reviews.actions import reviews
from reviews.models import Edition
from tests.factories.figures import MONDAY, WEEK, drain, make_kpi, record, share
from tests.factories.people import MARA

DAY = dt.date(2026, 11, 24)
SOURCES = (
    "kpis_kpi",
    "kpis_kpitarget",
    "kpis_baseline",
    "kpis_absence",
    "kpis_confirmation",
    "kpis_costentry",
    "kpis_ledgerbasis",
    "kpis_readinessanswer",
    "deployments_deploymentchange",
    "deployments_gate",
)


@contextmanager
def drawings():
    """The names of the drawings made meanwhile."""
    names = []

    def note(sender, template, **context):
        if str(template.name).endswith(".svg"):
            names.append(template.name)

    template_rendered.connect(note)
    try:
        yield names
    finally:
        template_rendered.disconnect(note)


@pytest.fixture
def measured(lexora, now):
    """So many deployments with three weeks of figures each; gives back their slugs."""

    def measured(count):
        names = [f"Share {number}" for number in range(count)]
        kpis = [make_kpi(lexora, now, name, is_primary=True) for name in names]
        for kpi in kpis:
            weeks = [MONDAY - ago * WEEK for ago in range(3)]
            record(lexora, now, *[share(kpi, 18, 20, day=day) for day in weeks])
        drain(lexora)
        return [kpi.deployment.slug for kpi in kpis]

    return measured


def open_review(organization, now):
    """The statements of opening, and so freezing, a review."""
    with acting_in(organization), CaptureQueriesContext(connection) as statements:
        reviews.open_review(day=DAY, by=MARA, at=now)
    return [statement["sql"] for statement in statements]


@pytest.mark.parametrize("count", [1, 3])
def test_freezing_reads_each_deployment_once(lexora, measured, now, count):
    measured(count)

    statements = open_review(lexora, now)

    reads = {
        table: sum(sql.startswith("SELECT") and f' FROM "{table}" ' in sql for sql in statements)
        for table in SOURCES
    }
    assert reads == dict.fromkeys(SOURCES, count)
    assert len(statements) == 17 + 22 * count


def test_freezing_draws_nothing_and_the_panel_one_line_for_each_kpi(
    lexora, measured, client_of, now
):
    (slug,) = measured(1)

    with drawings() as frozen:
        open_review(lexora, now)
    with drawings() as shown:
        client_of("mara").get(f"/o/lexora/deployments/{slug}/kpis/")

    with acting_in(lexora):
        (part,) = Edition.objects.get().document["deployments"]
    assert [kpi["chart"] is not None for kpi in part["kpis"]] == [True]
    assert (frozen, shown.count("kpis/chart/sparkline.svg")) == ([], 1)


@pytest.mark.parametrize("page", ["", "kpis/share-0/"])
def test_pages_without_the_small_lines_draw_none(lexora, measured, client_of, now, page):
    (slug,) = measured(1)
    with drawings() as shown:
        answer = client_of("mara").get(f"/o/lexora/deployments/{slug}/{page}")
    assert (answer.status_code, shown.count("kpis/chart/sparkline.svg")) == (200, 0)
