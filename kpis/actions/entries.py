"""The entry grid: drafts kept while typing, figures recorded together, reasons for none."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from deployments.models import Deployment
from kpis.actions import measurements
from kpis.actions.measurements import CannotRecord, Fact
from kpis.models import Absence, EntryDraft, GrainCode, Kpi
from portal.actions import audit
from portal.actions.revisions import says_already
from portal.domain.calendar import Grain, Period

SOURCE = "entered by hand"


@dataclass(frozen=True)
class Done:
    """How many figures are new or corrected, and how many have a new reason for being missing."""

    figures: int
    reasons: int


def hold(*, kpis: Sequence[Kpi]) -> None:
    """Let nobody else record figures of these KPIs until the transaction ends.

    What is read after it is what stands, so that nothing is overwritten unseen.
    """
    keys = [kpi.pk for kpi in kpis]
    list(Kpi.objects.filter(pk__in=keys).order_by("pk").select_for_update().values_list("pk"))


def keep_draft(
    *,
    deployment: Deployment,
    period: Period,
    person: str,
    slug: str,
    cell: Mapping[str, str],
    at: dt.datetime,
) -> EntryDraft:
    """Keep what a person typed for one KPI; nothing of it counts as a figure yet."""
    with transaction.atomic():
        # The lock keeps two cells that are saved at once from losing one another.
        Deployment.objects.select_for_update(no_key=True).get(pk=deployment.pk)
        draft: EntryDraft
        draft, _ = EntryDraft.objects.get_or_create(
            **_cell(deployment, period, person), defaults={"saved_at": at}
        )
        draft.cells = {**draft.cells, slug: dict(cell)}
        draft.saved_at = at
        draft.save(update_fields=["cells", "saved_at"])
        return draft


def draft(deployment: Deployment, period: Period, person: str) -> EntryDraft | None:
    """What the person typed for the period and has not recorded yet."""
    found: EntryDraft | None = EntryDraft.objects.filter(
        **_cell(deployment, period, person)
    ).first()
    return found


def forget(*, deployment: Deployment, period: Period, person: str) -> None:
    """Throw away what the person typed for the period; figures on record stay."""
    EntryDraft.objects.filter(**_cell(deployment, period, person)).delete()


def _cell(deployment: Deployment, period: Period, person: str) -> dict[str, Any]:
    return {
        "deployment": deployment,
        "person": person,
        "grain": GrainCode.of(period.grain),
        "day": period.start,
    }


def finish(
    *,
    deployment: Deployment,
    period: Period,
    facts: Sequence[tuple[Fact, str]],
    absences: Sequence[tuple[Kpi, str]],
    by: str,
    at: dt.datetime,
) -> Done:
    """Record the figures of a period and the reasons for missing ones, all or nothing.

    Each fact stands with the reason for correcting an earlier one ("" for a new figure). The
    person's draft is forgotten. Raises CannotRecord naming the KPI.
    """
    count = 0
    with transaction.atomic():
        plain = [fact for fact, reason in facts if not reason]
        batches = [(plain, "")] + [([fact], reason) for fact, reason in facts if reason]
        for batch, reason in batches:
            if batch:
                done = measurements.record(facts=batch, source=SOURCE, by=by, at=at, reason=reason)
                count += done.written + done.revised
        reasons = [
            excuse(kpi=kpi, period=period, reason=reason, by=by, at=at) for kpi, reason in absences
        ]
        forget(deployment=deployment, period=period, person=by)
    return Done(count, sum(one is not None for one in reasons))


def excuse(*, kpi: Kpi, period: Period, reason: str, by: str, at: dt.datetime) -> Absence | None:
    """Say why a KPI has no figure for a period; None where the same is on record."""
    if not reason.strip():
        raise CannotRecord(f"Say why {kpi.name} does not apply.", kpi.pk)
    with transaction.atomic():
        hold(kpis=[kpi])
        cell = {"kpi": kpi, "grain": GrainCode.of(period.grain), "day": period.start}
        values = {"reason": reason.strip()}
        if says_already(Absence.objects.filter(**cell).order_by("-recorded_at").first(), values):
            return None
        row: Absence = Absence.objects.create(**cell, **values, recorded_by=by, recorded_at=at)
        audit.record(
            by=by,
            at=at,
            verb="gave a reason for no figure of",
            subject=kpi,
            reference=kpi.slug,
            after={"period": period.label},
            reason=row.reason,
        )
        return row


def fact_of(
    kpi: Kpi,
    period: Period,
    kind: str,
    parts: Mapping[str, Any],
    *,
    grade: str,
    note: str,
    evidence: str = "",
) -> Fact:
    """A figure of the grid as the recording takes it."""
    return Fact(
        kpi.pk,
        Grain(period.grain),
        period.start,
        kind,
        parts,
        grade=grade,
        note=note,
        evidence=evidence,
    )


def taken_back(kpi: Kpi, period: Period) -> Fact:
    """That no figure of the KPI stands for the period any more; earlier ones stay readable."""
    return Fact(kpi.pk, Grain(period.grain), period.start, "opaque", {"values": []}, withdrawn=True)
