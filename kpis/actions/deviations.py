"""Accepted deviations: named, dated, answered for; they never change a computed verdict."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from kpis.actions.kpi_sets import CannotChange
from kpis.models import Deviation, Kpi
from portal.actions import audit


def accept(
    *,
    kpi: Kpi,
    limit: Decimal,
    reason: str,
    approver: str,
    starts_on: dt.date,
    ends_on: dt.date,
    by: str,
    at: dt.datetime,
) -> Deviation:
    """Accept values up to `limit` through `ends_on`, the last day on which that holds.

    Raises CannotChange without a reason, an approver, or with an end before the start.
    """
    if not reason.strip() or not approver.strip():
        raise CannotChange("A deviation needs a reason and somebody who answers for it.")
    if ends_on < starts_on:
        raise CannotChange("The deviation ends before it begins.")
    if kpi.direction not in {"up", "down"}:
        raise CannotChange("Only a KPI with a direction can deviate from its limits.")
    with transaction.atomic():
        row: Deviation = Deviation.objects.create(
            kpi=kpi, limit=limit, reason=reason.strip(), approver=approver.strip(),
            starts_on=starts_on, ends_on=ends_on, recorded_by=by, recorded_at=at,
        )  # fmt: skip
        audit.record(
            by=by, at=at, verb="accepted a deviation of", subject=kpi, reference=kpi.slug,
            after={
                "up to": str(limit), "from": starts_on.isoformat(),
                "through": ends_on.isoformat(), "approver": row.approver,
            },
            reason=reason,
        )  # fmt: skip
        return row


def end(*, deviation: Deviation, on: dt.date, by: str, at: dt.datetime) -> Deviation:
    """End a deviation early: from that day on it holds no longer."""
    with transaction.atomic():
        row: Deviation = Deviation.objects.select_for_update().get(pk=deviation.pk)
        if row.ended_early_on is None and on <= row.ends_on:
            row.ended_early_on = on
            row.save(update_fields=["ended_early_on"])
            audit.record(
                by=by, at=at, verb="ended a deviation of", subject=row.kpi,
                reference=row.kpi.slug, after={"no longer accepted from": on.isoformat()},
            )  # fmt: skip
        return row
