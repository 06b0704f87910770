"""Gates: recorded by a person with evidence; a later record adds a row and changes none."""

import datetime as dt

from django.db import transaction

from deployments.domain.gates import LABELS, STATES
from deployments.models import Deployment, Gate
from portal.actions import audit, jobs
from portal.actions.revisions import says_already


class CannotRecordGate(ValueError):
    """A gate was refused; the message is a sentence, `key` names the gate."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def record(
    *,
    deployment: Deployment,
    key: str,
    state: str,
    by: str,
    at: dt.datetime,
    evidence: str = "",
    valid_until: dt.date | None = None,
) -> Gate | None:
    """Record what holds of one gate; None where the same is on record already.

    A gate that is met or does not apply needs evidence: who says so, or where it is written.
    Raises CannotRecordGate.
    """
    if key not in LABELS or state not in STATES:
        raise CannotRecordGate(key, "Choose one of the answers.")
    evidence = evidence.strip()
    if state in {"met", "not_applicable"} and not evidence:
        raise CannotRecordGate(key, "Say who confirmed this, or where it is written.")
    with transaction.atomic():
        Deployment.objects.select_for_update(no_key=True).get(pk=deployment.pk)
        values = {"state": state, "evidence": evidence, "valid_until": valid_until}
        before = newest(deployment).get(key)
        if says_already(before, values):
            return None
        gate = Gate.objects.create(
            deployment=deployment, key=key, recorded_by=by, recorded_at=at, **values
        )
        audit.record(
            by=by,
            at=at,
            verb="recorded a gate of",
            subject=deployment,
            reference=deployment.slug,
            before={LABELS[key]: STATES[before.state]} if before else {},
            after={LABELS[key]: STATES[state], "evidence": evidence}
            | ({"valid until": valid_until.isoformat()} if valid_until else {}),
        )
        jobs.enqueue(kind="verdict", key=str(deployment.pk), at=at)
        return gate


def newest(deployment: Deployment) -> dict[str, Gate]:
    """The row that holds for each gate on which something is on record."""
    rows = Gate.objects.filter(deployment=deployment).order_by("recorded_at", "id")
    return {row.key: row for row in rows}
