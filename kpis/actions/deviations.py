"""Accepted deviations: named, dated, answered for; they never change a computed verdict."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from kpis.actions.kpi_sets import CannotChange
from kpis.domain.entering.deviations import covers
from kpis.models import Deviation, Kpi, KpiTarget
from kpis.queries.targets import targets
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

    The limit must lie beyond a threshold in force when it begins, else nothing would be accepted.
    Raises CannotChange with the field.
    """
    for field, text, said in (
        ("reason", reason, "Say why it is accepted."),
        ("approver", approver, "Name the person who answers for it."),
    ):
        if not text.strip():
            raise CannotChange(said, field)
    if ends_on < starts_on:
        raise CannotChange("The deviation ends before it begins.", "ends_on")
    if kpi.direction not in {"up", "down"}:
        raise CannotChange("Only a KPI with a direction can deviate from its limits.")
    _check_limit(kpi, limit, targets([kpi], on=starts_on).get(kpi.pk))
    with transaction.atomic():
        row: Deviation = Deviation.objects.create(
            kpi=kpi,
            limit=limit,
            reason=reason.strip(),
            approver=approver.strip(),
            starts_on=starts_on,
            ends_on=ends_on,
            recorded_by=by,
            recorded_at=at,
        )
        audit.record(
            by=by,
            at=at,
            verb="accepted a deviation of",
            subject=kpi,
            reference=kpi.slug,
            after={
                "up to": str(limit),
                "from": starts_on.isoformat(),
                "through": ends_on.isoformat(),
                "approver": row.approver,
            },
            reason=reason,
        )
        return row


def end(*, deviation: Deviation, on: dt.date, by: str, at: dt.datetime) -> Deviation:
    """End a deviation early: from that day on it holds no longer. One that is over stays as it is.

    A deviation that has not begun on that day never holds.
    """
    with transaction.atomic():
        row: Deviation = Deviation.objects.select_for_update().get(pk=deviation.pk)
        if row.ended_early_on is None and on <= row.ends_on:
            row.ended_early_on = on
            row.save(update_fields=["ended_early_on"])
            audit.record(
                by=by,
                at=at,
                verb="ended a deviation of",
                subject=row.kpi,
                reference=row.kpi.slug,
                after={"no longer accepted from": on.isoformat()},
            )
        return row


def _check_limit(kpi: Kpi, limit: Decimal, target: KpiTarget | None) -> None:
    given = [] if target is None else [target.warning, target.critical]
    limits = [one for one in given if one is not None]
    if not limits:
        raise CannotChange("There is no warning or critical limit from which it could deviate.")
    if any(covers(float(one), float(limit), kpi.direction) and one != limit for one in limits):
        return
    raise CannotChange("This lies within the limits already; nothing would be accepted.", "limit")
