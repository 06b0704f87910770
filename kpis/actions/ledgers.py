"""The cost ledger: parts and basis of a quarter; a later entry adds a row and changes none."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction

from deployments.models import Deployment
from kpis.actions import verdicts
from kpis.domain.cost.ledger import Basis, Entry
from kpis.domain.cost.parts import PARTS
from kpis.domain.errors import MethodError
from kpis.models import CostEntry, LedgerBasis
from portal.actions import audit
from portal.actions.revisions import says_already

RECORDED = ("amount", "hours", "grade", "not_applicable_because", "note")


class CannotEnter(ValueError):
    """An entry was refused; the message is a sentence, `field` what it is about, if one."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def enter(
    *,
    deployment: Deployment,
    starts_on: dt.date,
    part: str,
    by: str,
    at: dt.datetime,
    amount: Decimal | None = None,
    hours: Decimal | None = None,
    grade: str = "measured",
    not_applicable_because: str = "",
    note: str = "",
) -> CostEntry | None:
    """Enter one part of a quarter; None where the same is on record. Raises CannotEnter."""
    if part not in PARTS:
        raise CannotEnter("There is no such part of the cost.")
    reason = not_applicable_because.strip()
    try:
        Entry(amount, hours, grade, reason)
    except MethodError as error:
        raise CannotEnter(str(error)) from error
    values = dict(zip(RECORDED, (amount, hours, grade, reason, note.strip()), strict=True))
    with transaction.atomic():
        Deployment.objects.select_for_update(no_key=True).get(pk=deployment.pk)
        cell: dict[str, Any] = {"deployment": deployment, "starts_on": starts_on, "part": part}
        before = CostEntry.objects.filter(**cell).order_by("-recorded_at", "-id").first()
        if says_already(before, values):
            return None
        row = CostEntry.objects.create(**cell, **values, recorded_by=by, recorded_at=at)
        audit.record(
            by=by,
            at=at,
            verb="entered a cost of",
            subject=deployment,
            reference=deployment.slug,
            before={PARTS[part]: _words(before)} if before else {},
            after={PARTS[part]: _words(row), "quarter from": starts_on.isoformat()},
        )
        verdicts.ask(deployment_id=deployment.pk, at=at)
        return row


def _words(row: CostEntry) -> str:
    if row.not_applicable_because:
        return f"does not apply: {row.not_applicable_because}"
    parts = [f"{row.amount} money" if row.amount is not None else ""]
    parts.append(f"{row.hours} hours" if row.hours is not None else "")
    return f"{' and '.join(part for part in parts if part)} ({row.grade})"


def set_basis(
    *, deployment: Deployment, starts_on: dt.date, by: str, at: dt.datetime, **fields: Any
) -> LedgerBasis | None:
    """Set volume, task times and rate of a quarter; None where the same is on record.

    `fields` as in LedgerBasis. Raises CannotEnter for numbers that cannot be.
    """
    numbers = {
        "rate": fields.get("hourly_rate"),
        "base": fields.get("minutes_before"),
        "draft": fields.get("minutes_draft"),
        "review": fields.get("minutes_review"),
        "rework_share": fields.get("rework_share"),
        "rework": fields.get("minutes_rework"),
    }
    try:
        Basis(
            tasks=fields["tasks"],
            accepted=fields["accepted"],
            **{name: value or Decimal(0) for name, value in numbers.items()},
        )
    except MethodError as error:
        raise CannotEnter(str(error), error.field) from error
    with transaction.atomic():
        Deployment.objects.select_for_update(no_key=True).get(pk=deployment.pk)
        quarter: dict[str, Any] = {"deployment": deployment, "starts_on": starts_on}
        before = LedgerBasis.objects.filter(**quarter).order_by("-recorded_at", "-id").first()
        if says_already(before, fields):
            return None
        row: LedgerBasis = LedgerBasis.objects.create(
            **quarter, **fields, recorded_by=by, recorded_at=at
        )
        audit.record(
            by=by,
            at=at,
            verb="set the basis of the cost ledger of",
            subject=deployment,
            reference=deployment.slug,
            after={
                name.replace("_", " "): str(value)
                for name, value in fields.items()
                if value not in (None, "")
            },
        )
        verdicts.ask(deployment_id=deployment.pk, at=at)
        return row
