"""What a worker does with a large import: read it, write it or take it back, as its state says."""

import datetime as dt

from django.db import transaction

from kpis.actions.imports import preview, runs
from kpis.actions.imports.memory import settle
from kpis.actions.imports.preview import Draft, Scene
from kpis.actions.imports.runs import CannotImport
from kpis.domain.imports.reading import Tell
from kpis.domain.imports.table import UnreadableFile
from kpis.models import ImportRun
from kpis.queries.spreadsheet import read_book

State = ImportRun.State


def load(*, key: int) -> tuple[ImportRun, Scene] | None:
    """The run and what it is read against; None when nothing waits to be done."""
    run = ImportRun.objects.select_related("deployment").filter(pk=key).first()
    if run is None or not run.is_in_work:
        return None
    if run.state == State.READING and run.cells is None and not run.report:
        _unpack(run)
    return run, preview.scene_of(run.deployment)


def _unpack(run: ImportRun) -> None:
    """Parse the file once and propose what its columns mean; a file that is no table stays."""
    try:
        book = read_book(bytes(run.content), str(run.mapping.get("sheet") or ""))
        scene = preview.scene_of(run.deployment)
        settle(run=run, book=book, scene=scene)
    except UnreadableFile:
        return
    run.save(update_fields=["cells", "mapping", "report"])


def read(*, run: ImportRun, scene: Scene, today: dt.date, tell: Tell) -> Draft | UnreadableFile:
    """Read the rows, outside of any transaction; undoing needs none of them."""
    if run.state == State.UNDOING:
        return UnreadableFile("")
    try:
        return preview.read_file(run, scene, today=today, tell=tell)
    except UnreadableFile as error:
        return error


def finish(*, run: ImportRun, draft: Draft | UnreadableFile, scene: Scene, at: dt.datetime) -> None:
    """Keep what was read, write it or take it back, in the caller's transaction."""
    locked = ImportRun.objects.select_for_update().get(pk=run.pk)
    if locked.state != run.state or locked.content_hash != run.content_hash:
        return
    if locked.state == State.UNDOING:
        wish = locked.wish
        runs.take_back(run=locked, reason=wish["reason"], by=wish["by"], at=at)
    elif isinstance(draft, UnreadableFile):
        locked.state, locked.report = State.REFUSED, {"complaint": str(draft)}
        locked.save()
    elif locked.state == State.READING:
        _keep(locked, draft, scene)
    else:
        _write(locked, draft, scene, at=at)


def _keep(run: ImportRun, draft: Draft, scene: Scene) -> None:
    found = preview.beside(draft, scene)
    run.mapping = found.mapping.as_json()
    run.report = {"found": run.report.get("found", ""), **preview.report(found)}
    run.faults = preview.packed_faults(found.faults) if found.faults else None
    if run.cells is None:
        run.cells = preview.packed(found.book)
    run.state = State.UPLOADED
    run.save()


def _write(run: ImportRun, draft: Draft, scene: Scene, *, at: dt.datetime) -> None:
    wish = run.wish
    try:
        with transaction.atomic():
            found = preview.beside(draft, scene, grade=wish["grade"])
            runs.write(
                run=run,
                found=found,
                grade=wish["grade"],
                reason=wish["reason"],
                by=wish["by"],
                at=at,
            )
    except CannotImport as error:
        ImportRun.objects.filter(pk=run.pk).update(
            state=State.UPLOADED, report={**run.report, "refused": str(error)}
        )
