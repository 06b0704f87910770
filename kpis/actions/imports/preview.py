"""What an import would write, before anything is written: figures, faults, changes, in words."""

import datetime as dt
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from deployments.models import Deployment
from kpis.domain import wording
from kpis.domain.aggregation import storage
from kpis.domain.imports import compare, proposing, shape
from kpis.domain.imports import mapping as meaning
from kpis.domain.imports.compare import Comparison, Standing
from kpis.domain.imports.mapping import ColumnMapping, KpiColumn, from_json
from kpis.domain.imports.names import Team
from kpis.domain.imports.questions import Home
from kpis.domain.imports.reading import Fault, Reading, Tell, read
from kpis.domain.imports.table import Table
from kpis.domain.imports.words import plain
from kpis.models import GrainCode, ImportRun, Kpi, Measurement
from kpis.queries.spreadsheet import Book, read_book
from portal.domain.calendar import period_of
from portal.domain.spreadsheets import Cell, csv_text
from portal.models import Organization, Unit
from portal.tenancy.scope import current_organization_id

SHOWN_FAULTS, SHOWN_CHANGES, SHOWN_ROWS, SHOWN_NAMES = 200, 60, 5, 20
# A year of four quarters reaches this far around a figure.
AROUND = dt.timedelta(days=373)


@dataclass(frozen=True)
class Scene:
    """What a file of one deployment is read against."""

    columns: Sequence[KpiColumn]
    keys: Mapping[str, int]
    units: Mapping[str, Team]
    unit_keys: Mapping[str, int]
    unit_names: Mapping[str, str]
    home: Home


@dataclass(frozen=True)
class Preview:
    """What an import would write. `reading` is None where the columns give no figures."""

    book: Book
    table: Table
    mapping: ColumnMapping
    scene: Scene
    reading: Reading | None
    changes: Comparison
    complaint: str = ""

    @property
    def columns(self) -> Sequence[KpiColumn]:
        return self.scene.columns

    @property
    def faults(self) -> Sequence[Fault]:
        """All faults by row, those beside the record included."""
        found = (*(self.reading.faults if self.reading else ()), *self.changes.faults)
        return sorted(found, key=lambda fault: fault.row)


def columns_of(deployment: Deployment) -> list[KpiColumn]:
    """The KPIs of the deployment's set with every name a file may use for them."""
    return [
        KpiColumn(
            slug=kpi.slug,
            name=kpi.name,
            kind=kpi.kind,
            names=frozenset(plain(name) for name in (kpi.slug, kpi.name, *kpi.other_names)),
            definition=kpi.definition_text,
            unit=kpi.unit,
            currency=kpi.currency,
        )
        for kpi in Kpi.objects.filter(deployment=deployment, retired_on=None).order_by("position")
    ]


def scene_of(deployment: Deployment) -> Scene:
    """The set, the teams and the calendar of the bound organization."""
    organization = Organization.objects.get(pk=current_organization_id())
    kpis = Kpi.objects.filter(deployment=deployment, retired_on=None)
    units = list(Unit.objects.values_list("slug", "name", "pk"))
    words: dict[str, Team] = {}
    for slug, name, _ in units:
        known = words.setdefault(plain(name), Team(slug, name))
        words[plain(name)] = Team(slug if known.slug == slug else "", name)
    words |= {plain(slug): Team(slug, n) for slug, n, _ in units if plain(slug) not in words}
    return Scene(
        columns=columns_of(deployment),
        keys=dict(kpis.values_list("slug", "pk")),
        units=words,
        unit_keys={slug: key for slug, _, key in units},
        unit_names={slug: name for slug, name, _ in units},
        home=Home(organization.fiscal_year_start, organization.time_zone, organization.locale),
    )


def book_of(run: ImportRun, sheet: str) -> Book:
    """The rows of the kept file; parsed once, then unpacked. Raises UnreadableFile."""
    if run.cells is not None:
        kept = Book(**json.loads(zlib.decompress(bytes(run.cells))))
        if not sheet or sheet == kept.sheet or sheet not in kept.sheets:
            return kept
    return read_book(bytes(run.content), sheet)


def packed(book: Book) -> bytes:
    told = {
        "rows": book.rows,
        "sheets": book.sheets,
        "sheet": book.sheet,
        "remarks": book.remarks,
    }
    return zlib.compress(json.dumps(told, separators=(",", ":")).encode(), 1)


def table_in(book: Book, scene: Scene, header_row: int = 0) -> Table:
    known = {name for kpi in scene.columns for name in kpi.names}
    return shape.table_of(book.rows, header_row=header_row, known=known)


def proposal(table: Table, scene: Scene) -> ColumnMapping:
    return proposing.propose(table, scene.columns, scene.units.keys())


@dataclass(frozen=True)
class Draft:
    """A file as read, not yet put beside the record."""

    book: Book
    table: Table
    mapping: ColumnMapping
    reading: Reading | None
    complaint: str = ""


def read_file(
    run: ImportRun,
    scene: Scene,
    *,
    today: dt.date,
    mapping: ColumnMapping | None = None,
    tell: Tell | None = None,
) -> Draft:
    """Read the kept file with a mapping (by default the run's own). Asks the database nothing.

    Columns that the mapping does not know get the proposed meaning. Raises UnreadableFile.
    """
    chosen = mapping or from_json(run.mapping)
    book = book_of(run, chosen.sheet)
    table = table_in(book, scene, chosen.header_row)
    if set(chosen.columns) != set(table.header):
        proposed = proposal(table, scene)
        kept = {name: chosen.columns.get(name, proposed.columns[name]) for name in table.header}
        chosen = replace(chosen, columns=kept)
    try:
        meaning.check(chosen, scene.columns)
    except meaning.BadMapping as error:
        return Draft(book, table, chosen, None, str(error))
    reading = read(
        table, chosen, scene.columns, today=today, units=scene.units, home=scene.home, tell=tell
    )
    return Draft(book, table, chosen, reading)


def beside(draft: Draft, scene: Scene, *, grade: str = "") -> Preview:
    """The draft beside what is on record; `grade` is that of figures without their own."""
    changes = Comparison()
    if draft.reading is not None:
        changes = compare.compare(
            draft.reading.figures,
            standing_of(draft.reading, scene),
            scene.columns,
            grade=grade,
            fiscal_start=scene.home.fiscal_start,
        )
    return Preview(
        draft.book, draft.table, draft.mapping, scene, draft.reading, changes, draft.complaint
    )


def look(
    run: ImportRun, *, today: dt.date, mapping: ColumnMapping | None = None, grade: str = ""
) -> Preview:
    """What the kept file would write; writes nothing. Raises UnreadableFile."""
    scene = scene_of(run.deployment)
    return beside(read_file(run, scene, today=today, mapping=mapping), scene, grade=grade)


def standing_of(reading: Reading, scene: Scene) -> dict[compare.Cell, Standing]:
    """What is on record near the figures of a file; one statement."""
    if not reading.figures:
        return {}
    days = [figure.day for figure in reading.figures]
    slugs = {scene.keys[slug]: slug for slug in {figure.slug for figure in reading.figures}}
    units = {key: slug for slug, key in scene.unit_keys.items()} | {0: ""}
    rows = (
        Measurement.objects.filter(
            kpi_id__in=list(slugs), day__gte=min(days) - AROUND, day__lte=max(days) + AROUND
        )
        .order_by("kpi_id", "unit_key", "grain", "day", "-revision")
        .distinct("kpi_id", "unit_key", "grain", "day")
        .values_list(
            "kpi_id",
            "unit_key",
            "grain",
            "day",
            "is_withdrawn",
            "note",
            "grade",
            "more",
            *storage.NUMBERS,
        )
    )
    grains = {code.value: code.grain for code in GrainCode}
    found: dict[compare.Cell, Standing] = {}
    for kpi_id, unit, grain, day, withdrawn, note, grade, more, *numbers in rows.iterator(
        chunk_size=5000
    ):
        if not withdrawn:
            columns = dict(zip(storage.NUMBERS, numbers, strict=True)) | {"more": more}
            cell = (slugs[kpi_id], units.get(unit, f"#{unit}"), grains[grain], day)
            found[cell] = Standing(columns, note, grade)
    return found


def report(found: Preview) -> dict[str, Any]:
    """A preview as plain data: what a page shows, whatever the size of the file."""
    reading, faults, changes = found.reading, found.faults, found.changes
    skipped = reading.skipped if reading else ()
    return {
        "header": list(found.table.header),
        "sample": [list(row) for row in found.table.rows[:SHOWN_ROWS]],
        "rows": len(found.table.rows),
        "first_row": found.table.first_row,
        "sheets": found.book.sheets,
        "sheet": found.book.sheet,
        "remarks": [*found.book.remarks, *found.table.remarks],
        "complaint": found.complaint,
        "asked": list(reading.asked) if reading else [],
        "decimal": reading.decimal if reading else "",
        "unknown": [list(one) for one in (reading.unknown if reading else ())[:SHOWN_NAMES]],
        "faults": [[one.row, one.column, one.sentence] for one in faults[:SHOWN_FAULTS]],
        "fault_count": len(faults),
        "fault_rows": len({fault.row for fault in faults}),
        "figures": len(changes.changes),
        "new": changes.total(compare.NEW),
        "corrected": changes.total(compare.CORRECTED, compare.REGRADED),
        "unchanged": changes.total(compare.UNCHANGED),
        "empty": len(reading.empty) if reading else 0,
        "skipped": [list(one) for one in skipped[:SHOWN_FAULTS]],
        "skipped_count": len(skipped),
        "kpis": _by_kpi(found),
        "changes": _shown(found),
    }


def _by_kpi(found: Preview) -> list[dict[str, Any]]:
    silent: dict[str, int] = {}
    for _, slug in found.reading.empty if found.reading else ():
        silent[slug] = silent.get(slug, 0) + 1
    lines = []
    for kpi in found.columns:
        counts: Mapping[str, int] = found.changes.counts.get(kpi.slug, {})
        if not counts and kpi.slug not in silent:
            continue
        lines.append(
            {
                "slug": kpi.slug,
                "name": kpi.name,
                "empty": silent.get(kpi.slug, 0),
                "new": counts.get(compare.NEW, 0),
                "unchanged": counts.get(compare.UNCHANGED, 0),
                "corrected": counts.get(compare.CORRECTED, 0) + counts.get(compare.REGRADED, 0),
            }
        )
    return lines


def _shown(found: Preview) -> list[dict[str, Any]]:
    """The figures a person should look at: corrections before new ones, in the file's order."""
    order = {compare.CORRECTED: 0, compare.REGRADED: 0, compare.NEW: 1, compare.UNCHANGED: 2}
    picked = sorted(
        (change for change in found.changes.changes if change.what != compare.UNCHANGED),
        key=lambda change: (order[change.what], change.figure.row),
    )[:SHOWN_CHANGES]
    kpis = {kpi.slug: kpi for kpi in found.columns}
    return [_in_words(change, kpis[change.figure.slug], found.scene) for change in picked]


def _in_words(change: compare.Change, kpi: KpiColumn, scene: Scene) -> dict[str, Any]:
    figure, locale = change.figure, scene.home.locale
    alone = kpi.kind in compare.ALONE
    columns = compare.columns_of(figure.kind, figure.parts, alone=alone)
    label = period_of(figure.day, figure.grain, scene.home.fiscal_start).label
    told = {
        "row": figure.row,
        "kpi": kpi.name,
        "period": label,
        "what": change.what,
        "unit": scene.unit_names.get(figure.unit, ""),
        "new": _say(columns, kpi, locale),
        "old": "",
        "grade": figure.grade,
    }
    if change.old is not None:
        told["old"] = _say(change.old.columns, kpi, locale)
        if told["old"] == told["new"]:
            told["old"] = f"{told['old']}, {change.old.grade}"
    return told


def _say(columns: Mapping[str, Any], kpi: KpiColumn, locale: str) -> str:
    value = storage.value_of(columns, kpi.unit)
    said = wording.say(value, kpi.unit, currency=kpi.currency, locale=locale)
    kind = storage.kind_of(columns)
    cases = wording.number_of_cases(kind, storage.to_parts(columns), locale=locale)
    return f"{said} ({cases})" if cases else said


def faults_csv(faults: Sequence[Fault]) -> str:
    """Every fault as a CSV that no spreadsheet runs as a formula."""
    rows: list[list[Cell]] = [["row", "column", "what is wrong"]]
    rows += [[fault.row, fault.column, fault.sentence] for fault in faults]
    return csv_text(rows)


def packed_faults(faults: Sequence[Fault]) -> bytes:
    return zlib.compress(faults_csv(faults).encode(), 1)


def all_faults(run: ImportRun, *, today: dt.date) -> str:
    """Every fault of a file as CSV: as a worker kept it, else read anew."""
    if run.faults is not None:
        return zlib.decompress(bytes(run.faults)).decode()
    return faults_csv(look(run, today=today).faults)
