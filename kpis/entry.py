"""The entry grid as a page: rows with boxes, what the figure is, what it was, what is usual."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from deployments.models import Deployment
from kpis.chart_data import breaks_of, segments
from kpis.domain import entering, monoids, policy, shipped, storage, wording
from kpis.domain.due import grain_of, last_whole
from kpis.domain.entering import BadEntry, Input
from kpis.domain.intervals import wilson
from kpis.domain.readiness import category_of
from kpis.models import Absence, Grade, Kpi, Measurement, Rollup
from kpis.models import Grain as GrainCode
from kpis.models.due import Waiting, waiting
from kpis.models.queries import series
from portal.domain.calendar import Grain, Period, period_of
from portal.models import Organization

# Beside the texts of the boxes: the figure on record in words.
STANDS = "="


@dataclass
class Row:
    """One KPI of the grid. `typed` holds the texts of the boxes, `errors` sentences by box."""

    kpi: Kpi
    boxes: Sequence[Input]
    typed: dict[str, str]
    before: str
    usual: str
    is_due: bool
    category: str
    on_record: dict[str, str] = field(default_factory=dict)
    stands: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    can_swap: bool = False
    said: str = ""
    beside: str = ""
    is_taken_back: bool = False
    was_withdrawn: bool = False
    figure: tuple[str, dict[str, object]] | None = None

    @property
    def slug(self) -> str:
        return self.kpi.slug

    @property
    def unit_words(self) -> str:
        """The unit behind a box that takes the value itself; shares have none."""
        if self.boxes[0].name != "value":
            return ""
        return wording.unit_sign(self.kpi.unit, self.kpi.currency)

    @property
    def is_empty(self) -> bool:
        return entering.is_empty(self.kpi.kind, self.kpi.unit, self.typed)

    @property
    def is_changed(self) -> bool:
        """Whether it differs from the figure on record."""
        same = ("grade", "note", "evidence", *(box.name for box in self.boxes))
        return bool(self.on_record) and any(
            self.typed.get(name, "").strip() != self.on_record.get(name, "").strip()
            for name in same
        )

    @property
    def is_missing(self) -> bool:
        """Whether there is neither a figure on record nor a reason for none."""
        return not self.on_record and not self.typed.get("absent", "").strip()

    @property
    def needs_reason(self) -> bool:
        """Whether recording it changes what is on record, an earlier withdrawal included."""
        return self.is_changed or self.is_taken_back or (self.was_withdrawn and not self.is_empty)

    @property
    def cells(self) -> list[tuple[Input, str, str]]:
        """Boxes with their text and their error."""
        return [(box, self.typed.get(box.name, ""), self.errors.get(box.name, ""))
                for box in self.boxes]  # fmt: skip


def check(row: Row, organization: Organization) -> Row:
    """Read what was typed: the figure in words, or sentences beside the boxes."""
    row.errors, row.said, row.beside, row.can_swap, row.figure = {}, "", "", False, None
    row.is_taken_back = row.is_empty and row.is_changed
    if row.is_taken_back and not row.typed.get("reason", "").strip():
        row.errors["reason"] = "A figure is on record. Say why it is taken back, or put it back."
    if row.is_empty:
        row.said = "" if row.is_taken_back else row.stands
        return row
    if row.typed.get("absent", "").strip():
        row.errors["absent"] = "A figure and “does not apply” exclude each other."
    try:
        row.figure = entering.figure(
            row.kpi.kind, row.kpi.unit, row.typed, currency=row.kpi.currency,
            locale=organization.locale,
        )  # fmt: skip
    except BadEntry as error:
        if row.on_record and not row.is_changed:
            # It came in a shape that these boxes do not ask for: as a single figure, by a file.
            row.said = row.stands
        else:
            row.errors[error.field], row.can_swap = str(error), error.swap
        return row
    kind, parts = row.figure
    row.said = say(row.kpi, kind, parts, organization)
    if kind == "ratio" and parts["num"] == 0 and parts["den"]:
        upper = wilson(0, int(str(parts["den"])), policy.current().z_review).hi
        row.beside = f"up to {wording.say(upper, 'fraction', locale=organization.locale)}"
    if row.needs_reason and not row.typed.get("reason", "").strip():
        row.errors["reason"] = (
            "The figure of this period was taken back. Say why there is one again."
            if row.was_withdrawn
            else "Another figure is on record. Say why it is corrected."
        )
    return row


def say(kpi: Kpi, kind: str, parts: Mapping[str, object], organization: Organization) -> str:
    """The value of parts in words; empty where they give none."""
    value = monoids.value(kind, monoids.from_parts(kind, parts))
    if value is None:
        return ""
    return wording.say(
        value / storage.scale(kind, kpi.unit), kpi.unit, currency=kpi.currency,
        locale=organization.locale,
    )  # fmt: skip


def periods(
    waits: Iterable[Waiting], today: dt.date, fiscal_start: int
) -> list[tuple[Grain, Period, int]]:
    """The newest whole period of each grain that the set uses, with how many figures are open."""
    found: dict[Grain, int] = {}
    for one in waits:
        found[one.due.grain] = found.get(one.due.grain, 0) + one.is_open
    order = [Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR]
    return [
        (grain, last_whole(today, grain, fiscal_start), found[grain])
        for grain in order
        if grain in found
    ]


def named(text: str, fiscal_start: int) -> Period | None:
    """The period of an address: 2026-W47, 2026-10, 2026-07-01Q (first day of a quarter), 2026."""
    try:
        if text.endswith("Q"):
            return period_of(dt.date.fromisoformat(text[:-1]), Grain.QUARTER, fiscal_start)
        if text.endswith("Y"):
            return period_of(dt.date.fromisoformat(text[:-1]), Grain.YEAR, fiscal_start)
        if "-W" in text:
            year, week = text.split("-W")
            return period_of(dt.date.fromisocalendar(int(year), int(week), 1), Grain.WEEK)
        return period_of(dt.date.fromisoformat(f"{text}-01"), Grain.MONTH)
    except ValueError:
        return None


def words(period: Period) -> str:
    """A period inside a sentence: week 47, October 2026."""
    label = period.label
    return label[0].lower() + label[1:].split(",")[0] if period.grain is Grain.WEEK else label


def name_of(period: Period) -> str:
    """The name of a period in an address; `named` reads it."""
    if period.grain is Grain.WEEK:
        year, week, _ = period.start.isocalendar()
        return f"{year}-W{week:02}"
    if period.grain is Grain.MONTH:
        return f"{period.start:%Y-%m}"
    return f"{period.start.isoformat()}{'Q' if period.grain is Grain.QUARTER else 'Y'}"


def rows(
    place: Deployment,
    period: Period,
    drafts: Mapping[str, Mapping[str, str]],
    organization: Organization,
    today: dt.date,
    kpis: Sequence[Kpi],
) -> list[Row]:
    """The rows of one period, drafts before figures on record; statements do not grow with them."""
    wanted = [kpi for kpi in kpis if grain_of(kpi.cadence) is period.grain]
    known, excused = _on_record(wanted, period, organization), _excused(wanted, period)
    withdrawn = {key for key, texts in known.items() if not texts}
    found, breaks = series(wanted, until=today), breaks_of(wanted).get(place.pk, [])
    open_now = {
        one.kpi.pk
        for one in waiting(wanted, today=today, fiscal_start=organization.fiscal_year_start)
        if one.is_open
    }
    made = []
    for kpi in wanted:
        record = dict(known.get(kpi.pk, {}))
        stands = record.pop(STANDS, "")
        typed = {"grade": Grade.MEASURED.value, "absent": excused.get(kpi.pk, "")}
        typed |= record | dict(drafts.get(kpi.slug, {}))
        made.append(
            Row(
                kpi, entering.inputs(kpi.kind, kpi.unit), typed,
                before=_before(kpi, found[kpi.pk], period, organization),
                usual=_usual(kpi, found[kpi.pk], breaks, organization),
                is_due=kpi.pk in open_now and not record,
                category=category_of(kpi.role, kpi.kind, kpi.category), on_record=record,
                was_withdrawn=kpi.pk in withdrawn, stands=stands,
            )
        )  # fmt: skip
    return [check(row, organization) for row in made]


def grouped(found: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Rows below their categories, leading before lagging."""
    names = {one["key"]: one["name"] for one in shipped.catalogue().vocabulary["categories"]}
    groups: dict[str, list[Row]] = {}
    for row in sorted(found, key=lambda one: (not one.kpi.is_leading, one.kpi.position)):
        groups.setdefault(row.category, []).append(row)
    order = [*names, *sorted(set(groups) - set(names))]
    return [
        (names.get(key, key.replace("_", " ").capitalize()), groups[key])
        for key in order
        if key in groups
    ]


def _on_record(
    kpis: Sequence[Kpi], period: Period, organization: Organization
) -> dict[int, dict[str, str]]:
    known = {kpi.pk: kpi for kpi in kpis}
    newest = (
        Measurement.objects.filter(
            kpi_id__in=list(known), unit_key=0, grain=GrainCode[period.grain.name],
            day=period.start,
        )
        .order_by("kpi_id", "-revision")
        .distinct("kpi_id")
    )  # fmt: skip
    found: dict[int, dict[str, str]] = {}
    for row in newest:
        if row.is_withdrawn:
            found[row.kpi_id] = {}
            continue
        stored = {name: getattr(row, name) for name in (*storage.NUMBERS, "more")}
        kpi, kind = known[row.kpi_id], storage.kind_of(stored)
        parts = storage.to_parts(stored)
        stands = say(kpi, kind, parts, organization)
        texts = entering.typed(kpi.kind, kpi.unit, parts, kind, organization.locale)
        found[row.kpi_id] = texts | {
            "grade": row.grade, "note": row.note, "evidence": row.evidence, STANDS: stands,
        }  # fmt: skip
    return found


def _excused(kpis: Sequence[Kpi], period: Period) -> dict[int, str]:
    rows = Absence.objects.filter(
        kpi__in=[kpi.pk for kpi in kpis], grain=GrainCode[period.grain.name], day=period.start
    ).order_by("recorded_at")
    return {row.kpi_id: row.reason for row in rows}


def _before(kpi: Kpi, found: Sequence[Rollup], period: Period, organization: Organization) -> str:
    earlier = [row for row in found if row.day < period.start and row.value is not None]
    if not earlier:
        return "—"
    return wording.say(
        earlier[-1].value, kpi.unit, currency=kpi.currency, locale=organization.locale
    )


def _usual(
    kpi: Kpi, found: Sequence[Rollup], breaks: Sequence[dt.date], organization: Organization
) -> str:
    stretches = segments(kpi, found, breaks)
    point = stretches[-1].points[-1] if stretches and stretches[-1].points else None
    if point is None:
        return "—"
    if point.lower is None or point.upper is None:
        return "building"
    how = {"currency": kpi.currency, "locale": organization.locale}
    low = max(0.0, point.lower) if kpi.unit != "points" else point.lower
    return f"{wording.say(low, kpi.unit, **how)} – {wording.say(point.upper, kpi.unit, **how)}"
