"""A manager, and KPIs of the catalogue in the set of “Clause summaries”."""

import pytest

from kpis.actions import catalogue, kpi_changes, kpi_sets
from portal.tenancy.scope import acting_in
from tests.factories.people import MARA


@pytest.fixture(autouse=True)
def _catalogue(db):
    catalogue.load()


@pytest.fixture
def mara(client_of):
    return client_of("mara")


@pytest.fixture
def add(lexora, deployment, now):
    """Put KPIs of the catalogue into the set."""

    def added(*keys, **flags):
        with acting_in(lexora):
            return kpi_changes.add_many(
                deployment=deployment,
                keys=list(keys),
                serves="Contract review",
                by=MARA,
                at=now,
                flags=dict.fromkeys(keys, flags),
            )

    return added


@pytest.fixture
def here(lexora):
    """Inside Lexora."""
    with acting_in(lexora):
        yield lexora


@pytest.fixture
def own(here, deployment, now):
    """Put an own KPI into the set."""

    def added(name="Minutes", **fields):
        given = {"kind": "duration", "unit": "minutes", "role": "outcome", "direction": "down"}
        return kpi_sets.add_own(deployment=deployment, name=name, by=MARA, at=now, **given | fields)

    return added
