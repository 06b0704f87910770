"""One row of the grid: what was typed, what it says, and how it stands to what is on record."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kpis.domain import policy, wording
from kpis.domain.entering import inputs
from kpis.domain.entering.inputs import BadEntry, Input, Manner
from kpis.domain.statistics.intervals import garwood, wilson
from kpis.models import Grade, Kpi
from kpis.presenters.entry.figures import say
from portal.models import Organization
from portal.presenters.messages import reason

# What a row is about besides its boxes; kept with the figure.
BESIDE = ("grade", "note", "evidence")


@dataclass(frozen=True)
class Record:
    """The figure that stands: texts as a person would type them, in words, by whom and when.

    `texts` is empty for a figure that was taken back.
    """

    texts: Mapping[str, str]
    says: str
    by: str
    at: dt.datetime

    @property
    def stands(self) -> bool:
        return bool(self.texts)


@dataclass
class Row:
    """One KPI of the grid. `typed` holds the texts of the boxes, `errors` sentences by box.

    `seen` is the mark of the record that the person had before the eyes while typing.
    """

    kpi: Kpi
    boxes: Sequence[Input]
    manner: Manner
    typed: dict[str, str]
    ends_on: dt.date
    locale: str = "en"
    before: str = "—"
    before_when: str = ""
    usual: str = "—"
    state: str = ""
    category: str = ""
    watch_out: str = ""
    record: Record | None = None
    elsewhere: str = ""
    seen: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    missing: bool = False
    can_swap: bool = False
    said: str = ""
    beside: str = ""
    figure: tuple[str, dict[str, object]] | None = None

    @property
    def slug(self) -> str:
        return self.kpi.slug

    @property
    def unit_words(self) -> str:
        """The unit behind a box that takes the value itself; shares have none."""
        return (
            ""
            if self.boxes[0].name != "value"
            else wording.unit_sign(self.kpi.unit, self.kpi.currency)
        )

    @property
    def is_wide(self) -> bool:
        """Whether the boxes are too many to stand in one line with their words between."""
        return len(self.boxes) > 3

    @property
    def is_empty(self) -> bool:
        return not any(self.typed.get(one.name, "").strip() for one in self.boxes)

    @property
    def stands(self) -> bool:
        return self.record is not None and self.record.stands

    @property
    def grade(self) -> str:
        """The grade of the figure on record, or the one that a new figure begins with."""
        said = self.record.texts if self.record is not None else {}
        return said.get("grade") or Grade.MEASURED.value

    @property
    def mark(self) -> str:
        """The mark of what stands now."""
        return self.mark_of(self.record.texts) if self.record is not None else self.mark_of({})

    def mark_of(self, texts: Mapping[str, str]) -> str:
        """A short mark of boxes, note and evidence; texts that say the same have the same."""
        names = [*(one.name for one in self.boxes), "note", "evidence"]
        said = [texts.get(name, "").strip() for name in names]
        if any(said):
            said.append(texts.get("grade") or Grade.MEASURED.value)
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:12]

    @property
    def is_untouched(self) -> bool:
        """Whether the person left the row as it was shown."""
        return self.mark_of(self.typed) == self.seen

    @property
    def is_overtaken(self) -> bool:
        """Whether somebody recorded something else while the person typed."""
        return self.seen != self.mark

    @property
    def has_other_boxes(self) -> bool:
        """Whether the boxes say something else than the figure on record."""
        said = self.record.texts if self.record is not None else {}
        return any(
            not inputs.same(self.typed.get(one.name, ""), said.get(one.name, ""), self.locale)
            for one in self.boxes
        )

    @property
    def is_changed(self) -> bool:
        """Whether it differs from a figure on record, in note or grade included."""
        said = self.record.texts if self.record is not None else {}
        return self.stands and (
            self.has_other_boxes
            or any(self.typed.get(name, "").strip() != said.get(name, "") for name in BESIDE)
        )

    @property
    def is_missing(self) -> bool:
        """Whether there is neither a figure on record nor a reason for none."""
        return not (self.stands or self.elsewhere or self.typed.get("absent", "").strip())

    @property
    def needs_reason(self) -> bool:
        """Whether recording it changes what is on record, an earlier withdrawal included."""
        return "reason" in self.errors or bool(self.typed.get("reason", "").strip())

    @property
    def is_taken_back(self) -> bool:
        """Whether the person emptied a figure that stands."""
        return self.is_empty and self.stands and self.has_other_boxes

    @property
    def cells(self) -> list[tuple[Input, str, str]]:
        """Boxes with their text and the error about them; numbers to be swapped share theirs."""
        both = next(iter(self.errors.values())) if self.can_swap else ""
        return [
            (box, self.typed.get(box.name, ""), both or self.errors.get(box.name, ""))
            for box in self.boxes
        ]

    @property
    def on_record(self) -> str:
        """The texts of the boxes as they stand, one after the other."""
        said = self.record.texts if self.record is not None else {}
        return "|".join(said.get(box.name, "") for box in self.boxes)


def check(row: Row, organization: Organization) -> Row:
    """Read what was typed: the figure in words, or sentences beside the boxes."""
    row.errors, row.said, row.beside, row.can_swap = {}, "", "", False
    row.figure, row.missing = None, False
    if row.is_overtaken and row.is_untouched and row.record is not None:
        # Nothing was typed here: what a colleague recorded meanwhile simply stands.
        row.typed |= dict.fromkeys((one.name for one in row.boxes), "")
        row.typed |= row.record.texts
        row.seen = row.mark
    if row.elsewhere:
        row.said = row.elsewhere
        return row
    if row.is_empty:
        if row.is_taken_back:
            _ask_why(row, "A figure is on record. Say why it is taken back, or put it back.")
        elif row.stands and row.record is not None:
            row.said = row.record.says
        return row
    if row.typed.get("absent", "").strip():
        row.errors["absent"] = "A figure and “does not apply” exclude each other."
    try:
        row.figure = inputs.figure(
            row.kpi.kind,
            row.kpi.unit,
            row.typed,
            currency=row.kpi.currency,
            locale=organization.locale,
            manner=row.manner,
            at=row.ends_on.isoformat(),
        )
    except BadEntry as error:
        if row.record is not None and row.stands and not row.is_changed:
            # It came in a shape that these boxes do not ask for: as a single figure, by a file.
            row.said = row.record.says
        else:
            row.errors[error.field], row.can_swap = reason(error), error.swap
            row.missing = error.missing
        return row
    row.said = say(row.kpi, *row.figure, organization)
    row.beside = _beside(row, organization)
    if row.stands and not row.is_changed:
        row.figure = None
    elif row.record is not None and not row.stands:
        _ask_why(row, "The figure of this period was taken back. Say why there is one again.")
    elif row.is_changed:
        _ask_why(row, "Another figure is on record. Say why it is corrected.")
    return row


def _ask_why(row: Row, sentence: str) -> None:
    """Ask for the reason; also with one, as long as the person has not seen what it corrects."""
    if row.is_overtaken and row.record is not None:
        said = row.record.says if row.record.stands else "that there is no figure"
        row.errors["reason"] = (
            f"{row.record.by} recorded {said} while you typed. Take that, or say why yours "
            "replaces it."
        )
    elif not row.typed.get("reason", "").strip():
        row.errors["reason"] = sentence


def _beside(row: Row, organization: Organization) -> str:
    """What the value alone would hide: how much none of so many can still be, or that it stands
    alone."""
    kind, parts = row.figure or ("", {})
    how = {"locale": organization.locale}
    if kind == "ratio" and parts["num"] == 0:
        upper = wilson(0, int(str(parts["den"])), policy.current().z_review).hi
        return f"up to {wording.say(upper, 'fraction', **how)}"
    if kind == "rate" and parts["events"] == 0:
        upper = garwood(0, float(str(parts["exposure"])), policy.current().z_review).hi
        return f"up to {wording.say(upper, row.kpi.unit, **how)}"
    if kind == "opaque" and row.kpi.kind in {"mean", "duration", "score"} and len(row.boxes) > 1:
        return "a single figure: never added up"
    return ""
