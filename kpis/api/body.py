"""The query and the body of a request, read against what the operation declares."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from kpis.api import given
from kpis.api.given import BadField, Calendar, Sent
from kpis.api.operations import Operation
from kpis.api.shapes import BIGGEST_BODY, MOST_ROWS, ROW_TO_SEND
from kpis.api.write import RowError, row_error
from kpis.models import Kpi
from portal.api import strict
from portal.api.answers import JSON, Problem


def query(request: HttpRequest, operation: Operation) -> dict[str, Any]:
    """Every declared parameter with its value: a day, a number or a text. Raises Problem (400)."""
    for name in request.GET:
        if name not in operation.query:
            known = ", ".join(operation.query) or "none"
            sentence = f"“{name[:40]}” is not a parameter of this address. Known: {known}."
            raise Problem(400, sentence, field=name[:60])
    return {
        name: _parameter(name, request.GET.get(name, ""), schema)
        for name, schema in operation.query.items()
    }


def _parameter(name: str, text: str, schema: Mapping[str, Any]) -> Any:
    if schema["type"] == "integer":
        return _whole(name, text or str(schema["default"]), schema)
    if schema.get("format") == "date":
        try:
            return dt.date.fromisoformat(text) if text else None
        except ValueError as error:
            raise Problem(400, f"Write {name} as a day like 2026-11-16.", field=name) from error
    if text and text not in schema.get("enum", [text]):
        raise Problem(400, f"{name} is one of {', '.join(schema['enum'])}.", field=name)
    if "\x00" in text:
        raise Problem(400, f"Leave the zero byte out of {name}.", field=name)
    return text


def _whole(name: str, text: str, schema: Mapping[str, Any]) -> int:
    low, high = schema["minimum"], schema["maximum"]
    # ASCII digits only: int() reads other scripts too.
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else low - 1
    if not low <= number <= high:
        raise Problem(400, f"{name} is a whole number from {low} to {high}.", field=name)
    return number


def content(request: HttpRequest) -> bytes:
    """The body, up to the limit. Raises Problem (413)."""
    limit = min(BIGGEST_BODY, settings.UPLOAD_LIMIT)
    sentence = f"A body may have {limit // 1024 // 1024} MB. Send the figures in parts."
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if length.isdigit() and int(length) > limit:
        raise Problem(413, sentence)
    # Not request.body: its limit is the one of forms.
    found = request.read(limit + 1)
    if len(found) > limit:
        raise Problem(413, sentence)
    return bytes(found)


def json(request: HttpRequest) -> Any:
    """The body as JSON. Raises Problem for another content type and for what is not JSON."""
    if request.content_type != JSON:
        raise Problem(415, "Send application/json and say so in Content-Type.")
    try:
        return strict.read(content(request))
    except strict.NotJson as error:
        raise Problem(400, str(error)) from error


def figures(
    request: HttpRequest, known: Mapping[str, Kpi], calendar: Calendar
) -> tuple[list[Sent], list[RowError]]:
    """Every row of a JSON list or a CSV: read, or with its errors. Raises Problem."""
    if request.content_type == "text/csv":
        rows = list(given.csv_rows(content(request)))
    elif request.content_type == JSON:
        said = json(request)
        if not isinstance(said, list):
            raise Problem(422, "Send a list of figures, or one figure to the address of its KPI.")
        rows = list(enumerate(said, start=1))
    else:
        raise Problem(415, "Send application/json or text/csv and say so in Content-Type.")
    if len(rows) > MOST_ROWS:
        raise given.too_many(len(rows))
    if not rows:
        raise Problem(422, "There is no figure in this request.")
    sent, errors = list[Sent](), list[RowError]()
    for number, row in rows:
        if isinstance(row, BadField):
            errors.append(row_error(number, row.field, row.sentence))
            continue
        faults = given.shape_faults(row, ROW_TO_SEND)
        if faults:
            errors += [row_error(number, field, sentence) for field, sentence in faults]
            continue
        try:
            sent.append(_read(number, row, known, calendar))
        except BadField as error:
            errors.append(row_error(number, error.field, error.sentence))
    return sent, errors


def _read(number: int, row: Any, known: Mapping[str, Kpi], calendar: Calendar) -> Sent:
    kpi = known.get(row["kpi"])
    if kpi is None:
        sentence = f"“{row['kpi']}” is not a KPI of this deployment that takes figures."
        raise BadField("kpi", sentence)
    return given.read_row(number, row, kpi, calendar)
