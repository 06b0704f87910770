"""Imports: keep the file, read it as mapped, write all of it or nothing, undo it whole."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from deployments.models import Deployment
from kpis.actions import measurements
from kpis.domain.imports import mapping as meaning
from kpis.domain.imports.mapping import ColumnMapping, KpiColumn, plain
from kpis.domain.imports.reading import Reading, read
from kpis.domain.imports.table import Table
from kpis.models import ImportMapping, ImportRun, Kpi, Measurement
from kpis.spreadsheet import read_table
from portal.actions import audit
from portal.models import Organization
from portal.tenancy.scope import current_organization_id

GRADES = ("measured", "sampled", "estimated", "assumed")


class CannotImport(ValueError):
    """The import was refused; the message is a sentence and nothing was written."""


@dataclass(frozen=True)
class Preview:
    """What an import would write, before anything is written."""

    table: Table
    mapping: ColumnMapping
    columns: Sequence[KpiColumn]
    reading: Reading | None
    complaint: str = ""


def columns_of(deployment: Deployment) -> list[KpiColumn]:
    """The KPIs of the deployment's set with every name a file may use for them."""
    return [
        KpiColumn(
            slug=kpi.slug,
            name=kpi.name,
            kind=kpi.kind,
            names=frozenset(plain(name) for name in (kpi.slug, kpi.name, *kpi.other_names)),
            definition=kpi.definition_text,
        )
        for kpi in Kpi.objects.filter(deployment=deployment, retired_on=None).order_by("position")
    ]


def upload(
    *, deployment: Deployment, file_name: str, content: bytes, by: str, at: dt.datetime
) -> ImportRun:
    """Keep a readable file with a proposed mapping; no figure is written yet.

    Raises UnreadableFile for a file that is no table, CannotImport when the set has no KPIs.
    """
    table = read_table(file_name, content)
    columns = columns_of(deployment)
    if not columns:
        raise CannotImport(
            "Choose the KPIs of this deployment first; the file is then read by them."
        )
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=current_organization_id())
        last = ImportRun.objects.aggregate(last=Max("number"))["last"] or 0
        run = ImportRun.objects.create(
            number=last + 1,
            deployment=deployment,
            file_name=file_name[-200:],
            content=content,
            content_hash=hashlib.sha256(content).hexdigest(),
            mapping=_as_json(_remembered(deployment, table) or meaning.propose(table, columns)),
            uploaded_by=by,
            uploaded_at=at,
        )
        audit.record(
            by=by, at=at, verb="uploaded", subject=run, reference=f"import {run.number}",
            after={"file": run.file_name, "rows": str(len(table.rows))},
        )  # fmt: skip
        return run


def preview(run: ImportRun, *, today: dt.date, mapping: ColumnMapping | None = None) -> Preview:
    """Read the kept file with a mapping (by default the run's own); writes nothing."""
    table = read_table(run.file_name, bytes(run.content))
    columns = columns_of(run.deployment)
    chosen = mapping or from_json(run.mapping)
    try:
        meaning.check(chosen, columns)
    except meaning.BadMapping as error:
        return Preview(table, chosen, columns, None, str(error))
    return Preview(table, chosen, columns, read(table, chosen, columns, today=today))


def confirm(
    *,
    run: ImportRun,
    mapping: ColumnMapping,
    grade: str,
    reason: str,
    by: str,
    at: dt.datetime,
    today: dt.date,
) -> measurements.Outcome:
    """Write every figure of the file in one transaction. Raises CannotImport with all in place."""
    if grade not in GRADES:
        raise CannotImport("Say how these figures are known: measured, sampled or estimated.")
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update().get(pk=run.pk)
        if locked.state != ImportRun.State.UPLOADED:
            raise CannotImport("This import was already confirmed.")
        found = preview(locked, today=today, mapping=mapping)
        if found.reading is None:
            raise CannotImport(found.complaint)
        if found.reading.faults:
            raise CannotImport("Mend the rows named below, then upload the file again.")
        if not found.reading.figures:
            raise CannotImport("There is no figure in this file.")
        outcome = _write(locked, found, grade=grade, reason=reason, by=by, at=at)
        _remember(locked, found, at=at)
        return outcome


def _write(
    run: ImportRun, found: Preview, *, grade: str, reason: str, by: str, at: dt.datetime
) -> measurements.Outcome:
    assert found.reading is not None
    keys = dict(Kpi.objects.filter(deployment=run.deployment).values_list("slug", "pk"))
    facts = [
        measurements.Fact(
            kpi_id=keys[figure.slug],
            grain=figure.grain,
            day=figure.day,
            kind=figure.kind,
            parts=figure.parts,
            grade=grade,
            note=figure.note,
        )
        for figure in found.reading.figures
    ]
    try:
        outcome = measurements.record(
            facts=facts, source=f"file {run.file_name}", by=by, at=at, reason=reason,
            import_id=run.pk,
        )  # fmt: skip
    except measurements.CannotRecord as error:
        raise CannotImport(str(error)) from error
    run.mapping = _as_json(found.mapping)
    run.state, run.written_at = ImportRun.State.WRITTEN, at
    run.rows_written = outcome.written + outcome.revised
    run.rows_unchanged, run.rows_empty = outcome.unchanged, len(found.reading.empty)
    run.save()
    audit.record(
        by=by, at=at, verb="imported", subject=run, reference=f"import {run.number}",
        after={
            "written": str(run.rows_written), "unchanged": str(run.rows_unchanged),
            "not measured": str(run.rows_empty), "known as": grade,
        },
        reason=reason,
    )  # fmt: skip
    return outcome


def undo(*, run: ImportRun, reason: str, by: str, at: dt.datetime) -> int:
    """Take back what the import wrote and nobody corrected since; returns how many figures.

    Where it had corrected an earlier figure, that figure stands again.
    """
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update().get(pk=run.pk)
        if locked.state != ImportRun.State.WRITTEN:
            raise CannotImport("Only an import that was written can be undone.")
        if not reason.strip():
            raise CannotImport("Say why this import is undone; the old figures stay readable.")
        count = _withdraw(locked, reason=reason, by=by, at=at)
        locked.state = ImportRun.State.UNDONE
        locked.save(update_fields=["state"])
        audit.record(
            by=by, at=at, verb="undid", subject=locked, reference=f"import {locked.number}",
            after={"withdrawn": str(count)}, reason=reason,
        )  # fmt: skip
        return count


def _withdraw(run: ImportRun, *, reason: str, by: str, at: dt.datetime) -> int:
    written = list(Measurement.objects.filter(import_id=run.pk))
    # As in recording: the lock makes the next revision number ours.
    keys = sorted({row.kpi_id for row in written})
    list(Kpi.objects.filter(pk__in=keys).order_by("pk").select_for_update())
    history: dict[measurements.Cell, list[Measurement]] = {}
    for row in Measurement.objects.filter(kpi_id__in=keys).order_by("revision"):
        history.setdefault(measurements.cell(row), []).append(row)
    standing = [row for row in written if history[measurements.cell(row)][-1].pk == row.pk]
    fresh = [_as_before(row, history[measurements.cell(row)]) for row in standing]
    for row in fresh:
        row.reason, row.import_id, row.recorded_by, row.recorded_at = reason, None, by, at
    Measurement.objects.bulk_create(fresh, batch_size=2000)
    measurements.mark_dirty(cells=[measurements.cell(row) for row in fresh], at=at)
    return len(fresh)


def _as_before(row: Measurement, history: Sequence[Measurement]) -> Measurement:
    """The revision that undoes `row`: the figure that it corrected, or none at all."""
    last = row.revision
    earlier = next((one for one in history if one.revision == last - 1), None)
    found = row if earlier is None else earlier
    if earlier is None:
        found.is_withdrawn, found.content_hash = True, "withdrawn"
    found.pk = (*found.pk[:-1], last + 1)
    return found


def header_hash(table: Table) -> str:
    return hashlib.sha256("\n".join(table.header).encode()).hexdigest()


def _remembered(deployment: Deployment, table: Table) -> ColumnMapping | None:
    known = ImportMapping.objects.filter(
        deployment=deployment, header_hash=header_hash(table)
    ).first()
    return from_json(known.mapping) if known else None


def _remember(run: ImportRun, found: Preview, *, at: dt.datetime) -> None:
    ImportMapping.objects.update_or_create(
        deployment=run.deployment,
        header_hash=header_hash(found.table),
        defaults={"mapping": _as_json(found.mapping), "updated_at": at},
    )


def _as_json(mapping: ColumnMapping) -> dict[str, object]:
    return {"columns": dict(mapping.columns), "first_week": mapping.first_week}


def from_json(stored: Mapping[str, object]) -> ColumnMapping:
    """The mapping as it was kept with a run."""
    columns = stored.get("columns") or {}
    assert isinstance(columns, Mapping)
    return ColumnMapping(dict(columns), str(stored.get("first_week") or ""))
