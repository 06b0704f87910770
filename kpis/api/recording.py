"""What the API writes: one figure, or many of which all are written or none."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.actions import measurements
from kpis.actions.measurements import CODES, SHARES, CannotRecord, Cell, Fact, Outcome
from kpis.api.figures import MOST_ERRORS
from kpis.api.measurement import columns_of, present
from kpis.api.numbers import as_text
from kpis.api.rows import Sent
from kpis.domain.aggregation import storage
from kpis.models import Kpi, Measurement
from portal.api.problems import Problem

RowError = dict[str, Any]
PLACES = Decimal("1e-6")


@dataclass(frozen=True)
class Sender:
    """Who sends, and when it came in."""

    name: str
    at: dt.datetime


def store(facts: Sequence[Fact], *, sender: Sender, reason: str) -> Outcome:
    """The one door to the record. Raises CannotRecord, with nothing written."""
    return measurements.record(
        facts=facts, source=sender.name, by=sender.name, at=sender.at, reason=reason
    )


def one(sent: Sent, *, sender: Sender) -> tuple[str, dict[str, Any]]:
    """Write one figure: "written", "revised" or "unchanged", and what is now on record.

    Raises Problem (409) with both values where it contradicts the record.
    """
    try:
        outcome = store([sent.fact], sender=sender, reason=sent.reason)
        word = "unchanged" if outcome.unchanged else "revised" if outcome.revised else "written"
    except CannotRecord as error:
        known = newest([sent]).get(cell(sent.fact))
        if known is None or not says(known, sent):
            raise _conflict(error, known, sent) from error
        word = "unchanged"
    fact = sent.fact
    return word, {
        "outcome": word,
        "kpi": sent.kpi.slug,
        "period": fact.day.isoformat(),
        "grain": fact.grain.value,
        "parts": as_text(dict(fact.parts)),
    }


def _conflict(error: CannotRecord, known: Measurement | None, sent: Sent) -> Problem:
    more = {} if known is None else {"on_record": present(known, sent.kpi)}
    return Problem(409, str(error), field="reason", sent=as_text(dict(sent.fact.parts)), **more)


def many(
    rows: Sequence[Sent], errors: list[RowError], *, keep_good: bool, sender: Sender
) -> dict[str, Any]:
    """Write what was read, all of it unless `keep_good`; `errors` are those of reading.

    Raises Problem (422) that lists every row at fault, with nothing written.
    """
    good, contradicting, unchanged = _apart(rows)
    errors = [*errors, *contradicting]
    if errors and not keep_good:
        raise _nothing_written(errors)
    try:
        outcome = _write(good, sender=sender)
    except CannotRecord:
        outcome, refused = _write_by_kpi(good, keep_good=keep_good, sender=sender)
        errors += refused
    outcome.unchanged += unchanged
    return _counts(outcome, errors)


def _counts(outcome: Outcome, errors: Sequence[RowError]) -> dict[str, Any]:
    by_row = sorted(errors, key=lambda error: (error["row"], error["field"]))
    return {
        "written": outcome.written,
        "revised": outcome.revised,
        "unchanged": outcome.unchanged,
        "errors": by_row[:MOST_ERRORS],
        "not_listed": max(0, len(by_row) - MOST_ERRORS),
    }


def _nothing_written(errors: Sequence[RowError]) -> Problem:
    rows = len({error["row"] for error in errors})
    sentence = ngettext(
        "Nothing was written: %(rows)s row needs another look. Mend what `errors` names, or send "
        "with ?keep_good=true.",
        "Nothing was written: %(rows)s rows need another look. Mend what `errors` names, or send "
        "with ?keep_good=true.",
        rows,
    )
    return Problem(422, sentence % {"rows": f"{rows:,}"}, **_counts(Outcome(), errors))


def _write(rows: Sequence[Sent], *, sender: Sender) -> Outcome:
    """All of the rows, those of one reason together. Raises CannotRecord, nothing written."""
    by_reason: dict[str, list[Fact]] = {}
    for row in rows:
        by_reason.setdefault(row.reason, []).append(row.fact)
    total = Outcome()
    with transaction.atomic():
        for reason, facts in by_reason.items():
            outcome = store(facts, sender=sender, reason=reason)
            total.written += outcome.written
            total.revised += outcome.revised
            total.unchanged += outcome.unchanged
    return total


def _write_by_kpi(
    rows: Sequence[Sent], *, keep_good: bool, sender: Sender
) -> tuple[Outcome, list[RowError]]:
    """The record refuses by KPI (two grains in a quarter), so its refusal is told by KPI."""
    by_kpi: dict[int, list[Sent]] = {}
    for row in rows:
        by_kpi.setdefault(row.kpi.pk, []).append(row)
    total, errors = Outcome(), list[RowError]()
    with transaction.atomic():
        for _, group in sorted(by_kpi.items()):
            try:
                outcome = _write(group, sender=sender)
            except CannotRecord as error:
                errors += [row_error(row.row, "period", str(error)) for row in group]
                continue
            total.written += outcome.written
            total.revised += outcome.revised
            total.unchanged += outcome.unchanged
        if errors and not keep_good:
            raise _nothing_written(errors)
    return total, errors


def row_error(row: int, field: str, message: str) -> RowError:
    return {"row": row, "field": field, "message": message}


def _apart(rows: Sequence[Sent]) -> tuple[list[Sent], list[RowError], int]:
    """What may be written, errors for what contradicts the record or each other, and how many
    rows say what is on record already.
    """
    known, seen = newest(rows), dict[Cell, int]()
    good, errors, unchanged = list[Sent](), list[RowError](), 0
    for row in rows:
        place = cell(row.fact)
        before = known.get(place)
        if place in seen:
            sentence = _("%(kpi)s stands twice for this period; see row %(row)s.")
            words = {"kpi": row.kpi.name, "row": seen[place]}
            errors.append(row_error(row.row, "period", sentence % words))
        elif before is not None and says(before, row):
            unchanged += 1
        elif before is not None and not row.reason:
            errors.append(row_error(row.row, "reason", _difference(before, row)))
        else:
            good.append(row)
        seen.setdefault(place, row.row)
    return good, errors, unchanged


def _difference(known: Measurement, row: Sent) -> str:
    if known.is_withdrawn:
        return _("The figure on record was withdrawn. Give a reason to put one in its place.")
    here, there = as_text(dict(row.fact.parts)), as_text(storage.to_parts(columns_of(known)))
    if here == there:
        return _("Grade, note or definition differ from those on record. Give a reason to correct.")
    sentence = _("On record is %(known)s; this says %(sent)s. Give a reason to correct it.")
    return sentence % {"known": _words(there), "sent": _words(here)}


def _words(parts: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in parts.items())[:200]


def newest(rows: Sequence[Sent]) -> dict[Cell, Measurement]:
    """The newest revision at each place of which the rows speak; one statement."""
    if not rows:
        return {}
    days = [row.fact.day for row in rows]
    found = (
        Measurement.objects.filter(
            kpi_id__in={row.kpi.pk for row in rows},
            unit_key=0,
            day__gte=min(days),
            day__lte=max(days),
        )
        .order_by("kpi_id", "unit_key", "grain", "day", "-revision")
        .distinct("kpi_id", "unit_key", "grain", "day")
    )
    return {measurements.cell(row): row for row in found}


def cell(fact: Fact) -> Cell:
    return fact.kpi_id, fact.unit_key, CODES[fact.grain], fact.day


def says(known: Measurement, row: Sent) -> bool:
    """Whether the figure on record is the one that was sent."""
    fact, kpi = row.fact, row.kpi
    columns = storage.to_columns(fact.kind, fact.parts, alone=kpi.kind in SHARES)
    same = columns["more"] == known.more and all(
        _rounded(columns[name]) == _rounded(getattr(known, name)) for name in storage.NUMBERS
    )
    return (
        same
        and not known.is_withdrawn
        and (known.grade, known.note, known.definition) == (fact.grade, fact.note, kpi.definition)
    )


def _rounded(number: Decimal | None) -> Decimal | None:
    return None if number is None else number.quantize(PLACES)


def kpis_of(deployment: int) -> dict[str, Kpi]:
    """The KPIs of a deployment that still take figures, by slug."""
    rows = Kpi.objects.filter(deployment_id=deployment, retired_on=None)
    return {kpi.slug: kpi for kpi in rows}
