"""A KPI of a deployment of its own, its figures, what is on record, and the counting of it."""

import datetime as dt

from deployments.actions import deployments, use_cases
from kpis.actions import kpi_sets, measurements, rollups
from kpis.actions.measurements import Fact
from kpis.models import Measurement
from portal.domain.calendar import Grain
from portal.tenancy.scope import acting_in
from tests.factories.people import MARA

MONDAY = dt.date(2026, 11, 2)
WEEK = dt.timedelta(days=7)


def make_kpi(organization, at, name="Clauses found", kind="ratio", **fields):
    """A KPI of a deployment of its own."""
    with acting_in(organization):
        use_case = use_cases.create(
            name=f"Case of {name}", work="Contracts are read.", owner_name="Ines", by=MARA, at=at
        )
        deployment = deployments.register(
            name=f"Place of {name}",
            use_case=use_case,
            owner_name="Mara",
            system="Clausal",
            by=MARA,
            at=at,
        )
        definition = {"unit": "fraction", "role": "outcome", "direction": "up"} | fields
        return kpi_sets.add_own(
            deployment=deployment, name=name, kind=kind, by=MARA, at=at, **definition
        )


def share(kpi, num, den, day=MONDAY, grain=Grain.WEEK, **fields):
    return Fact(kpi.pk, grain, day, "ratio", {"num": num, "den": den}, **fields)


def record(organization, at, *facts, reason="", source="the archive"):
    with acting_in(organization):
        return measurements.record(facts=facts, source=source, by=MARA, at=at, reason=reason)


def on_record(organization):
    """Day, revision, numerator and denominator of every figure."""
    with acting_in(organization):
        rows = Measurement.objects.order_by("kpi_id", "day", "revision")
        return list(rows.values_list("day", "revision", "num", "den"))


def drain(organization, limit=rollups.BATCH):
    """Drain to the end; returns how many cells each turn took."""
    taken = []
    while True:
        with acting_in(organization):
            taken.append(rollups.drain(limit=limit).cells)
        if not taken[-1]:
            return taken
