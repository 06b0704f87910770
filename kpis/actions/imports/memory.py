"""How files of a source were read, remembered for the next one; what a new file probably means."""

import datetime as dt
import hashlib
from dataclasses import replace

from deployments.models import Deployment
from kpis.actions.imports import preview
from kpis.actions.imports.preview import Preview, Scene
from kpis.domain.imports.mapping import ColumnMapping, from_json
from kpis.domain.imports.table import Table
from kpis.models import ImportMapping, ImportRun
from kpis.queries.spreadsheet import Book


def settle(*, run: ImportRun, book: Book, scene: Scene) -> None:
    """Put the rows of a file on its run and propose what its columns mean; does not save.

    What a person said about an earlier file of this import comes first, then what was said
    about a file of this source, then what the names suggest.
    """
    table = preview.table_in(book, scene)
    proposed = preview.proposal(table, scene)
    said = from_json(run.mapping) if run.mapping.get("columns") else None
    known = said or remembered(run.deployment, table)
    if known is not None:
        columns = {name: known.columns.get(name, says) for name, says in proposed.columns.items()}
        proposed = replace(known, columns=columns, sheet="")
    run.cells = preview.packed(book)
    run.mapping = proposed.as_json()
    run.report = {"found": header_hash(table)}


def header_hash(table: Table) -> str:
    return hashlib.sha256("\n".join(table.header).encode()).hexdigest()


def remembered(deployment: Deployment, table: Table) -> ColumnMapping | None:
    """How a file with this header was read, else one whose columns all stand in this one too."""
    known = list(ImportMapping.objects.filter(deployment=deployment).order_by("-updated_at")[:20])
    wanted = header_hash(table)
    exact = next((one for one in known if one.header_hash == wanted), None)
    if exact is not None:
        return from_json(exact.mapping)
    for one in known:
        mapping = from_json(one.mapping)
        named = {n for n, says in mapping.columns.items() if says not in {"ignore", "across"}}
        if named and named <= set(table.header):
            return replace(mapping, header_row=0)
    return None


def remember(*, run: ImportRun, found: Preview, at: dt.datetime) -> None:
    """For the next file of this source: everything but the rows that this one left out."""
    ImportMapping.objects.update_or_create(
        deployment=run.deployment,
        header_hash=run.report.get("found") or header_hash(found.table),
        defaults={"mapping": replace(found.mapping, left_out=()).as_json(), "updated_at": at},
    )
