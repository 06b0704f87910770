"""The frozen document of a review: everything its PDF says, and the only thing the PDF reads.

Every figure that is shown is text, already in the manner of the organization's locale; only what
a chart needs to be drawn again is a number. The shape below is the rule: `validate` reads it.
"""

import datetime as dt
import hashlib
import json
import math
import re
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NotRequired, TypedDict, Union, get_args, get_origin, get_type_hints

FORMAT = 1

Decision = Literal["continue", "improve", "expand", "restrict", "pause", "stop"]
Certainty = Literal["high", "moderate", "low", "very_low"]
Grade = Literal["measured", "sampled", "estimated", "assumed"]
Data = Literal[
    "measured",
    "partial",
    "stale",
    "too_few",
    "not_measured",
    "definition_changed",
    "not_independent",
]
Level = Literal["ok", "warning", "critical", "suspected_warning", "suspected_critical", "unknown"]

State = Literal["ok", "warning", "critical", "suspected", "unknown"]

Stage = Literal["building", "trial", "provisional", "frozen"]
Signal = Literal[
    "common",
    "above_upl",
    "below_lpl",
    "trend_up",
    "trend_down",
    "two_in_three_high",
    "two_in_three_low",
    "shift_high",
    "shift_low",
]


class Point(TypedDict):
    label: str
    value: float | None
    lower: float | None
    upper: float | None
    near_lower: float | None
    near_upper: float | None
    signal: Signal


class ChartSegment(TypedDict):
    """`dataclasses.asdict` of kpis.domain.statistics.process_charts.Segment."""

    method: str
    stage: Stage
    centre: float | None
    points: list[Point]
    sigma: float | None
    screened: bool


class ChartData(TypedDict):
    title: str
    unit: str
    target: float | None
    baseline: float | None
    segments: list[ChartSegment]
    direction: NotRequired[str]
    currency: NotRequired[str]
    targets: NotRequired[list[float | None]]
    baseline_span: NotRequired[list[float] | None]


class KpiPart(TypedDict):
    key: str
    name: str
    category: str
    role: str
    watch_out: str
    value: str
    n: str
    baseline: str
    target: str
    grade: Grade | None
    data: Data
    level: Level
    level_text: str
    change_text: str
    state: NotRequired[State]
    notes: NotRequired[list[str]]
    pair_of: str | None
    chart: ChartData | None


class ReadinessLine(TypedDict):
    """A question with the manager's answer and what the data says to it."""

    question: str
    answer: str
    state: Literal["holds", "contradicted", "expired", "open", "no", "not_sure"]
    says: str


class Readiness(TypedDict):
    done: int
    of: int
    lines: NotRequired[list[ReadinessLine]]


class Figure(TypedDict):
    value: str
    label: str


class Cost(TypedDict):
    """The ledger of the quarter; `withheld` says why no return is stated."""

    headline: str
    known: int
    figures: list[Figure]
    withheld: list[str]
    weakest: str


class DeploymentPart(TypedDict):
    reference: str
    name: str
    unit: str
    owner: str
    phase: str
    risk_class: str
    model_version: str
    decision: Decision | None
    because: str
    reasons: list[str]
    counter_evidence: list[str]
    would_change_if: NotRequired[list[str]]
    certainty: Certainty
    readiness: Readiness | None
    cost: NotRequired[Cost | None]
    times: NotRequired[str]
    kpis: list[KpiPart]


class Restated(TypedDict):
    kpi: str
    period: str
    old: str
    new: str


class Organization(TypedDict):
    name: str
    currency: str
    locale: str
    time_zone: str


class Period(TypedDict):
    label: str
    start: str
    end: str


class Document(TypedDict):
    format: int
    organization: Organization
    period: Period
    edition: int
    supersedes: str | None
    restated: list[Restated]
    frozen_at: str
    as_of: NotRequired[str]
    policy: str
    rule_version: NotRequired[str]
    headline: list[str]
    summary: str
    figures: list[Figure]
    deployments: list[DeploymentPart]
    cannot_tell: list[str]
    sources: list[str]
    incidents_note: str


class InvalidDocument(ValueError):
    """The document is not one that can be printed; the message names the place."""


def validate(document: Mapping[str, Any]) -> None:
    """Check shape, words, dates and references. Raises InvalidDocument with one sentence a line."""
    found = list(_shape(document, Document, "The document"))
    if not found:
        found = list(_rules(document))
    if found:
        raise InvalidDocument("\n".join(found))


def canonical_json(document: Mapping[str, Any]) -> bytes:
    """The document as bytes: sorted keys, no spaces, UTF-8; whole numbers without a point.

    The same before and after a stay in a PostgreSQL jsonb column.
    """
    plain = _whole(document)
    text = json.dumps(
        plain, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    return text.encode()


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON: what `sha256sum` says of the file attached to the PDF."""
    return hashlib.sha256(canonical_json(document)).hexdigest()


def plain(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document as it comes back from the database: lists for tuples, text for words."""
    found: dict[str, Any] = json.loads(canonical_json(document))
    return found


def _whole(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _whole(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_whole(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _shape(value: Any, kind: Any, place: str) -> Iterator[str]:
    """Sentences about everything in `value` that is not as the annotation `kind` says."""
    if isinstance(kind, type) and hasattr(kind, "__total__"):
        yield from _mapping(value, kind, place)
    elif get_origin(kind) is list:
        if not isinstance(value, (list, tuple)):
            yield f"{place} must be a list."
            return
        for number, one in enumerate(value, 1):
            yield from _shape(one, get_args(kind)[0], f"{place}, item {number}")
    elif get_origin(kind) is Literal:
        if value not in get_args(kind):
            yield f"{place} must be one of {', '.join(get_args(kind))}; it is {value!r}."
    elif get_origin(kind) in {Union, types.UnionType}:
        if value is not None:
            yield from _shape(value, get_args(kind)[0], place)
    elif (fault := _plain_fault(value, kind)) is not None:
        yield f"{place} must be {fault}."


def _mapping(value: Any, kind: Any, place: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{place} must be a mapping."
        return
    hints = get_type_hints(kind)
    for name in sorted(kind.__required_keys__ - value.keys()):
        yield f"{place} lacks “{name}”."
    for name in sorted(value.keys() - hints.keys(), key=str):
        yield f"{place} has “{name}”, which this format does not know."
    for name, one in hints.items():
        if name in value:
            yield from _shape(value[name], one, f"{place}, {name}")


def _plain_fault(value: Any, kind: Any) -> str | None:
    if kind is str:
        if not isinstance(value, str):
            return "text"
        clean = "\x00" not in value and not re.search("[\ud800-\udfff]", value)
        return None if clean else "text that can be written as UTF-8"
    if kind is bool:
        return None if isinstance(value, bool) else "true or false"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "a whole number" if kind is int else "a number"
    if kind is int:
        return None if isinstance(value, int) else "a whole number"
    return None if math.isfinite(value) else "a finite number"


def _rules(document: Mapping[str, Any]) -> Iterator[str]:
    """What a shape cannot say: format, numbers of parts, dates, digests, references."""
    if document["format"] != FORMAT:
        yield f"The document, format must be {FORMAT}; it is {document['format']}."
    if not 1 <= len(document["headline"]) <= 2:
        yield "The document, headline must be one or two sentences."
    if len(document["figures"]) > 4:
        yield "The document, figures must be four at most."
    if document["edition"] < 1:
        yield "The document, edition must be 1 or more."
    supersedes = document["supersedes"]
    if supersedes is not None and not re.fullmatch(r"[0-9a-f]{64}", supersedes):
        yield "The document, supersedes must be a SHA-256 in 64 hexadecimal digits."
    yield from _dates(document)
    references = [one["reference"] for one in document["deployments"]]
    for reference in sorted({one for one in references if references.count(one) > 1}):
        yield f"The document, deployments name “{reference}” more than once."
    for number, one in enumerate(document["deployments"], 1):
        yield from _kpi_rules(one, f"The document, deployments, item {number}")


def _dates(document: Mapping[str, Any]) -> Iterator[str]:
    readers: list[tuple[str, str, Callable[[str], object]]] = [
        ("period, start", document["period"]["start"], dt.date.fromisoformat),
        ("period, end", document["period"]["end"], dt.date.fromisoformat),
        ("as_of", document.get("as_of", "2000-01-01"), dt.date.fromisoformat),
        ("frozen_at", document["frozen_at"], instant),
    ]
    for place, text, read in readers:
        try:
            read(text)
        except ValueError:
            what = "an instant in UTC" if read is instant else "a date"
            yield f"The document, {place} must be {what} in ISO 8601; it is {text!r}."


def instant(text: str) -> dt.datetime:
    """An instant in UTC from ISO 8601. Raises ValueError for another offset or none."""
    found = dt.datetime.fromisoformat(text)
    if found.utcoffset() != dt.timedelta(0):
        raise ValueError(text)
    return found


def _kpi_rules(deployment: Mapping[str, Any], place: str) -> Iterator[str]:
    keys = [kpi["key"] for kpi in deployment["kpis"]]
    for key in sorted({one for one in keys if keys.count(one) > 1}):
        yield f"{place}, kpis name “{key}” more than once."
    for number, kpi in enumerate(deployment["kpis"], 1):
        if kpi["pair_of"] is not None and kpi["pair_of"] not in keys:
            yield f"{place}, kpis, item {number}, pair_of names no measure of this deployment."
