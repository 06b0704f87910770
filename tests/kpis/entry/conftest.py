"""A day in November, and a deployment “letters” whose set the tests fill themselves."""

import datetime as dt

import pytest

from kpis.actions import kpi_sets
from portal.tenancy.scope import acting_in
from tests import factories


@pytest.fixture(autouse=True)
def clock(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def place(lexora, now):
    rows = factories.rows(lexora)
    deployment = rows["deployment"]
    with acting_in(lexora):
        deployment.slug = "letters"
        deployment.save()
        rows["kpi"].retired_on = now.date()
        rows["kpi"].save()
    return deployment


@pytest.fixture
def add(lexora, place, now):
    def added(name, kind="ratio", unit="fraction", **more):
        given = {
            "role": "quality",
            "direction": "down",
            "by": "mara",
            "at": now - dt.timedelta(weeks=4),
        } | more
        with acting_in(lexora):
            return kpi_sets.add_own(deployment=place, name=name, kind=kind, unit=unit, **given)

    return added
