"""Imports: keep the file, read it as mapped, write all of it or nothing, undo it whole."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from deployments.models import Deployment
from kpis.actions import measurements
from kpis.actions.imports import preview
from kpis.actions.imports.memory import remember, settle
from kpis.actions.imports.preview import Preview, Scene
from kpis.domain.imports import compare
from kpis.domain.imports.mapping import ColumnMapping
from kpis.models import Grade, ImportRun, Measurement
from kpis.models import Kpi as KpiRow
from kpis.queries.spreadsheet import is_spreadsheet, look_at, read_book
from portal.actions import audit, jobs
from portal.models import Organization
from portal.tenancy.scope import current_organization_id

GRADES = tuple(Grade.values)
# From this size on (about 5,000 rows) a worker reads and writes; the page shows how far it is.
LARGE, LARGE_SPREADSHEET = 256 * 1024, 64 * 1024
State = ImportRun.State


class CannotImport(ValueError):
    """The import was refused; the message is a sentence and nothing was written."""


def is_large(content: bytes, size: int | None = None) -> bool:
    """Whether a worker reads the file while the page tells how far it is.

    With its size the first bytes of the content are enough.
    """
    weight = len(content) if size is None else size
    return weight > (LARGE_SPREADSHEET if is_spreadsheet(content) else LARGE)


def upload(
    *, deployment: Deployment, file_name: str, content: bytes, by: str, at: dt.datetime
) -> ImportRun:
    """Keep a readable file with a proposed mapping; no figure is written yet.

    Raises UnreadableFile for a file that is no table, CannotImport when the set has no KPIs.
    """
    scene = _scene(deployment)
    book = read_book(content)
    preview.table_in(book, scene)
    with transaction.atomic():
        run = _keep(deployment, file_name, content, by=by, at=at)
        settle(run=run, book=book, scene=scene)
        run.save()
        _audit_file(run, "uploaded", by=by, at=at, rows=len(book.rows))
        return run


def receive(
    *, deployment: Deployment, file_name: str, content: bytes, by: str, at: dt.datetime
) -> ImportRun:
    """As `upload`, but a worker reads a large file."""
    look_at(content)
    if not is_large(content):
        return upload(deployment=deployment, file_name=file_name, content=content, by=by, at=at)
    _scene(deployment)
    with transaction.atomic():
        run = _keep(deployment, file_name, content, by=by, at=at)
        _send_to_worker(run, State.READING, at=at)
        run.save()
        _audit_file(run, "uploaded", by=by, at=at)
        return run


def resend(*, run: ImportRun, file_name: str, content: bytes, by: str, at: dt.datetime) -> None:
    """Put a mended file in the place of the one that waits; what its columns mean is kept.

    Raises UnreadableFile (the earlier file stays) and CannotImport.
    """
    look_at(content)
    book = None if is_large(content) else read_book(content)
    with transaction.atomic():
        locked = _waiting(run)
        scene = _scene(locked.deployment)
        if book is not None:
            preview.table_in(book, scene)
        locked.file_name, locked.content = file_name[-200:], content
        locked.content_hash = hashlib.sha256(content).hexdigest()
        locked.cells, locked.report, locked.faults = None, {}, None
        # Rows were left out of the other file: here their numbers mean nothing.
        locked.mapping = {**locked.mapping, "left_out": []}
        if book is None:
            _send_to_worker(locked, State.READING, at=at)
        else:
            locked.state = State.UPLOADED
            settle(run=locked, book=book, scene=scene)
        locked.save()
        rows = None if book is None else len(book.rows)
        _audit_file(locked, "sent again", by=by, at=at, rows=rows)


def remap(
    *, run: ImportRun, mapping: ColumnMapping, said: Mapping[str, str], at: dt.datetime
) -> ImportRun:
    """Keep what a person said about the columns; a large file is read again by a worker.

    `said` is the grade and the reason as far as they were given: they are not asked for twice.
    """
    with transaction.atomic():
        locked = _waiting(run)
        if mapping.sheet != str(locked.mapping.get("sheet") or ""):
            locked.cells = None
        locked.mapping, locked.wish = mapping.as_json(), dict(said)
        if is_large(bytes(locked.content)):
            _send_to_worker(locked, State.READING, at=at)
        locked.save()
        return locked


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
    _check_grade(grade)
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update().get(pk=run.pk)
        if locked.state != State.UPLOADED:
            raise CannotImport("This import was already confirmed.")
        found = preview.look(locked, today=today, mapping=mapping, grade=grade)
        return write(run=locked, found=found, grade=grade, reason=reason, by=by, at=at)


def ask_to_write(
    *, run: ImportRun, mapping: ColumnMapping, grade: str, reason: str, by: str, at: dt.datetime
) -> None:
    """Have a worker do what `confirm` does at once. Raises CannotImport."""
    _check_grade(grade)
    with transaction.atomic():
        locked = _waiting(run)
        refuse_faults(locked.report.get("fault_count", 0), locked.report.get("figures", 0))
        if locked.report.get("corrected") and not reason.strip():
            raise CannotImport("Say why figures on record are corrected.")
        locked.mapping = mapping.as_json()
        locked.wish = {"grade": grade, "reason": reason, "by": by}
        _send_to_worker(locked, State.WRITING, at=at)
        locked.save()


def ask_again(*, run: ImportRun, at: dt.datetime) -> None:
    """Queue the work of an import again whose worker gave up. Raises CannotImport."""
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update().get(pk=run.pk)
        if not locked.is_in_work:
            raise CannotImport("Nothing waits to be done for this import.")
        _send_to_worker(locked, State(locked.state), at=at)


def write(
    *, run: ImportRun, found: Preview, grade: str, reason: str, by: str, at: dt.datetime
) -> measurements.Outcome:
    """Record what a preview says, in the caller's transaction, which holds the run's lock.

    Raises CannotImport with everything in place.
    """
    if found.reading is None:
        raise CannotImport(found.complaint)
    refuse_faults(len(found.faults), len(found.changes.changes))
    try:
        outcome = measurements.record(
            facts=_facts(found, grade),
            source=f"file {run.file_name}",
            by=by,
            at=at,
            reason=reason,
            import_id=run.pk,
        )
    except measurements.CannotRecord as error:
        raise CannotImport(str(error)) from error
    outcome.unchanged += found.changes.total(compare.UNCHANGED)
    remember(run=run, found=found, at=at)
    _close(run, found, outcome, at=at)
    audit.record(
        by=by,
        at=at,
        verb="imported",
        subject=run,
        reference=f"import {run.number}",
        after={
            "written": str(outcome.written),
            "corrected": str(outcome.revised),
            "unchanged": str(run.rows_unchanged),
            "not measured": str(run.rows_empty),
            "known as": grade,
            **_left_out(found),
        },
        reason=reason,
    )
    return outcome


def refuse_faults(faults: int, figures: int) -> None:
    """Raises CannotImport unless the file is whole."""
    if faults:
        raise CannotImport("Mend the rows named below, then upload the file again.")
    if not figures:
        raise CannotImport("There is no figure in this file.")


def _left_out(found: Preview) -> dict[str, str]:
    rows = found.mapping.left_out
    return {"rows left out": ", ".join(map(str, rows))[:300]} if rows else {}


def _facts(found: Preview, grade: str) -> list[measurements.Fact]:
    return [
        measurements.Fact(
            kpi_id=found.scene.keys[change.figure.slug],
            grain=change.figure.grain,
            day=change.figure.day,
            kind=change.figure.kind,
            parts=change.figure.parts,
            unit_key=found.scene.unit_keys.get(change.figure.unit, 0),
            grade=change.figure.grade or grade,
            note=change.figure.note or (change.old.note if change.old else ""),
        )
        for change in found.changes.changes
        if change.what != compare.UNCHANGED
    ]


def _close(
    run: ImportRun, found: Preview, outcome: measurements.Outcome, *, at: dt.datetime
) -> None:
    assert found.reading is not None
    told = preview.report(found)
    run.mapping = found.mapping.as_json()
    run.report = {
        "kpis": told["kpis"],
        "skipped": told["skipped"],
        "skipped_count": told["skipped_count"],
        "corrected": outcome.revised,
    }
    run.state, run.written_at = State.WRITTEN, at
    run.rows_written = outcome.written + outcome.revised
    run.rows_unchanged, run.rows_empty = outcome.unchanged, len(found.reading.empty)
    run.cells, run.faults, run.wish = None, None, {}
    run.save()


def undo(*, run: ImportRun, reason: str, by: str, at: dt.datetime) -> int:
    """Take back what the import wrote and nobody corrected since; returns how many figures.

    Where it had corrected an earlier figure, that figure stands again.
    """
    with transaction.atomic():
        locked = _written(run, reason)
        return take_back(run=locked, reason=reason, by=by, at=at)


def ask_to_undo(*, run: ImportRun, reason: str, by: str, at: dt.datetime) -> None:
    """Have a worker do what `undo` does at once. Raises CannotImport."""
    with transaction.atomic():
        locked = _written(run, reason)
        locked.wish = {"reason": reason, "by": by}
        _send_to_worker(locked, State.UNDOING, at=at)
        locked.save()


def take_back(*, run: ImportRun, reason: str, by: str, at: dt.datetime) -> int:
    """Withdraw in the caller's transaction, which holds the run's lock."""
    count = _withdraw(run, reason=reason, by=by, at=at)
    run.state, run.wish = State.UNDONE, {}
    run.report = {**run.report, "undone": {"count": count, "reason": reason, "by": by}}
    run.save(update_fields=["state", "wish", "report"])
    audit.record(
        by=by,
        at=at,
        verb="undid",
        subject=run,
        reference=f"import {run.number}",
        after={"withdrawn": str(count)},
        reason=reason,
    )
    return count


def _withdraw(run: ImportRun, *, reason: str, by: str, at: dt.datetime) -> int:
    written = Measurement.objects.filter(import_id=run.pk)
    keys = sorted(set(written.values_list("kpi_id", flat=True)))
    # As in recording: the lock makes the next revision number ours.
    list(KpiRow.objects.filter(pk__in=keys).order_by("pk").select_for_update())
    newest = _revisions(keys)
    before = _earlier(written)
    cells: list[measurements.Cell] = []
    batch: list[Measurement] = []
    for row in written.iterator(chunk_size=2000):
        cell = measurements.cell(row)
        if newest[cell] != row.revision:
            continue
        fresh = _as_before(row, before.get(cell))
        fresh.reason, fresh.import_id, fresh.recorded_by, fresh.recorded_at = reason, None, by, at
        batch.append(fresh)
        cells.append(cell)
        if len(batch) == 2000:
            Measurement.objects.bulk_create(batch)
            batch = []
    Measurement.objects.bulk_create(batch)
    measurements.mark_dirty(cells=cells, at=at)
    return len(cells)


def _revisions(keys: Sequence[int]) -> dict[measurements.Cell, int]:
    """The newest revision of every cell of the KPIs."""
    rows = Measurement.objects.filter(kpi_id__in=keys).values_list(
        "kpi_id", "unit_key", "grain", "day"
    )
    newest = rows.annotate(last=Max("revision")).order_by()
    return {(row[0], row[1], row[2], row[3]): row[4] for row in newest.iterator(chunk_size=5000)}


def _earlier(written: Any) -> dict[measurements.Cell, Measurement]:
    """What stood in the cells that the import corrected, the revision before its own."""
    corrected = {
        measurements.cell(row): row.revision
        for row in written.filter(revision__gt=1).iterator(chunk_size=2000)
    }
    rows = Measurement.objects.filter(
        kpi_id__in={cell[0] for cell in corrected}, day__in={cell[3] for cell in corrected}
    )
    found = {}
    for row in rows.iterator(chunk_size=2000) if corrected else ():
        cell = measurements.cell(row)
        if corrected.get(cell) == row.revision + 1:
            found[cell] = row
    return found


def _as_before(row: Measurement, earlier: Measurement | None) -> Measurement:
    """The revision that undoes `row`: the figure that it corrected, or none at all."""
    last = row.revision
    found = row if earlier is None else earlier
    if earlier is None:
        found.is_withdrawn, found.content_hash = True, "withdrawn"
    found.pk = (*found.pk[:-1], last + 1)
    return found


def _scene(deployment: Deployment) -> Scene:
    scene = preview.scene_of(deployment)
    if not scene.columns:
        raise CannotImport(
            "Choose the KPIs of this deployment first; the file is then read by them."
        )
    return scene


def _check_grade(grade: str) -> None:
    if grade not in GRADES:
        raise CannotImport("Say how these figures are known: measured, sampled or estimated.")


def _keep(
    deployment: Deployment, file_name: str, content: bytes, *, by: str, at: dt.datetime
) -> ImportRun:
    """A run with the next number, not yet saved."""
    Organization.objects.select_for_update().get(pk=current_organization_id())
    last = ImportRun.objects.aggregate(last=Max("number"))["last"] or 0
    run = ImportRun(
        number=last + 1,
        deployment=deployment,
        file_name=file_name[-200:],
        content=content,
        content_hash=hashlib.sha256(content).hexdigest(),
        uploaded_by=by,
        uploaded_at=at,
    )
    run.save()
    return run


def _waiting(run: ImportRun) -> ImportRun:
    locked = ImportRun.objects.select_for_update().get(pk=run.pk)
    if locked.state not in {State.UPLOADED, State.REFUSED}:
        raise CannotImport("This import is no longer waiting for you. Look at it again.")
    return locked


def _written(run: ImportRun, reason: str) -> ImportRun:
    locked = ImportRun.objects.select_for_update().get(pk=run.pk)
    if locked.state != State.WRITTEN:
        raise CannotImport("Only an import that was written can be undone.")
    if not reason.strip():
        raise CannotImport("Say why this import is undone; the old figures stay readable.")
    return locked


def _send_to_worker(run: ImportRun, state: ImportRun.State, *, at: dt.datetime) -> None:
    run.state = state
    jobs.enqueue(kind="import", key=str(run.number), at=at, arguments={"run": run.pk})


def _audit_file(
    run: ImportRun, verb: str, *, by: str, at: dt.datetime, rows: int | None = None
) -> None:
    told = {"file": run.file_name, "SHA-256": run.content_hash[:16]}
    if rows is not None:
        told["rows"] = str(rows)
    audit.record(by=by, at=at, verb=verb, subject=run, reference=f"import {run.number}", after=told)
