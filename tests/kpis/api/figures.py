"""Addresses of figures at “Clauses found”, a figure as it is sent, what came of it."""

from kpis.models import Kpi, Measurement
from portal.tenancy.scope import acting_in

PLACE = "deployments/place-of-clauses-found/"
ONE, MANY = f"{PLACE}kpis/clauses-found/measurements/", f"{PLACE}measurements/"
SHARE = {"period": "2026-W46", "parts": {"num": 3, "den": 10}}


def extra_kpi(lexora, kpi, now, slug, kind, **fields):
    with acting_in(lexora):
        return Kpi.objects.create(
            deployment_id=kpi.deployment_id,
            slug=slug,
            name=slug.capitalize(),
            kind=kind,
            unit=fields.pop("unit", ""),
            role="quality",
            direction="down",
            created_at=now,
            **fields,
        )


def on_record(lexora):
    with acting_in(lexora):
        rows = Measurement.objects.order_by("kpi_id", "day", "revision")
        return [(f"{row.day}", row.revision, row.num, row.den) for row in rows]


def answered(response):
    return response.status_code, response.json()
