"""The shapes that the API reads and writes, as JSON Schema: checked, documented and tested."""

from typing import Any

from deployments.domain.vocabulary import Phase, Status
from kpis.domain.aggregation.monoids import Kind
from kpis.models import Grade
from portal.domain.calendar import Grain

Shape = dict[str, Any]
BIGGEST_BODY = 10 * 1024 * 1024
MOST_ROWS = 100_000
MOST_ERRORS = 10_000
PERIOD_PATTERN = r"^\d{4}-(W\d{2}|Q[1-4]|\d{2}|\d{2}-\d{2})$"
DECIMAL_PATTERN = r"^-?\d{1,15}(\.\d{1,20})?$"
GRADES = [grade.value for grade in Grade]


def text(description: str, **more: Any) -> Shape:
    return {"type": "string", "description": description, **more}


def nullable(shape: Shape) -> Shape:
    more = {"enum": [*shape["enum"], None]} if "enum" in shape else {}
    return {**shape, "type": [shape["type"], "null"], **more}


def record(properties: dict[str, Shape], *, required: list[str] | None = None) -> Shape:
    """An object of these members and no others; all of them are there unless told."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else required,
        "additionalProperties": False,
    }


def page(shape: str) -> Shape:
    """A list in pages: `next` is the address of the following one, null on the last."""
    return record(
        {
            "items": {"type": "array", "items": ref(shape)},
            "next": nullable(text("Address of the next page; null on the last one.")),
        }
    )


def ref(name: str) -> Shape:
    return {"$ref": f"#/components/schemas/{name}"}


AMOUNT: Shape = {
    "type": ["number", "string"],
    "pattern": DECIMAL_PATTERN,
    "description": "A number, or its decimals as text so that nothing is rounded on the way.",
    "examples": ["0.28"],
}
EXACT: Shape = {
    "type": "object",
    "additionalProperties": True,
    "description": "Numbers as text, exact. Rarer kinds also hold lists of such texts.",
}
PERIOD = text(
    "A week, day, month or calendar quarter.",
    pattern=PERIOD_PATTERN,
    examples=["2026-W47", "2026-11-16", "2026-11", "2026-Q4"],
)
DAY = text("A day.", format="date", examples=["2026-11-16"])
GRAIN = text("Length of the period.", enum=[grain.value for grain in Grain])
GRADE = text("How the figure is known.", enum=GRADES)

PARTS: Shape = {
    name: {**AMOUNT, "description": description}
    for name, description in {
        "num": "Numerator: the cases counted, the events or the units up.",
        "den": "Denominator: all cases, the exposure or the units observed.",
        "value": "The figure alone. It is shown for its own period and never added up, "
        "except for a count.",
        "n": "Number of cases behind a mean or a time.",
        "mean": "Their mean, in the unit of the KPI.",
        "sd": "Their standard deviation, in the unit of the KPI. Unknown when left out.",
        "tp": "True positives.",
        "fp": "False positives.",
        "fn": "False negatives.",
        "tn": "True negatives.",
    }.items()
}

FIGURE_TO_SEND = record(
    {
        "period": PERIOD,
        "parts": record(PARTS, required=[]),
        "grade": {**GRADE, "default": "measured"},
        "note": text("What a reader should know about this figure.", maxLength=2000),
        "reason": text("Why a figure on record is corrected.", maxLength=2000),
    },
    required=["period", "parts"],
)
ROW_TO_SEND = record(
    {"kpi": text("Slug of the KPI.", maxLength=80), **FIGURE_TO_SEND["properties"]},
    required=["kpi", "period", "parts"],
)
CSV_COLUMNS = ("kpi", "period", "num", "den", "value", "n", "mean", "sd", "grade", "note", "reason")

DEPLOYMENT = record(
    {
        "slug": text("Name in addresses."),
        "name": text("Name for people."),
        "phase": text("How far the deployment has come.", enum=[one.value for one in Phase]),
        "status": text("Whether it runs.", enum=[one.value for one in Status]),
    }
)
KPI = record(
    {
        "slug": text("Name in addresses."),
        "name": text("Name for people."),
        "kind": text("Which parts a figure has.", enum=[kind.value for kind in Kind]),
        "unit": text("Unit of the value."),
        "currency": text("Currency of amounts, empty where there is none."),
        "direction": text("Which way is better.", enum=["up", "down", "range", "context"]),
        "cadence": text("How often a figure is due."),
        "role": text("What the KPI is evidence of."),
        "is_primary": {"type": "boolean"},
        "is_guardrail": {"type": "boolean"},
        "definition": {"type": "integer", "description": "Raised when the meaning changes."},
        "definition_text": text("What is counted, in words."),
        "retired_on": nullable(DAY),
    }
)
POINT = record(
    {
        "period": DAY,
        "kind": text("The kind of which the parts are."),
        "parts": EXACT,
        "value": nullable(text("Derived from the parts, in the unit of the KPI.")),
        "grade": GRADE,
        "facts": {"type": "integer", "description": "How many figures were put together."},
        "definition": {"type": "integer"},
        "cannot_combine": {"type": "boolean"},
    }
)
SERIES = record(
    {
        "kpi": text("Slug of the KPI."),
        "unit": text("Unit of the values."),
        "grain": GRAIN,
        "points": {"type": "array", "items": ref("Point")},
    }
)
MEASUREMENT = record(
    {
        "period": DAY,
        "grain": GRAIN,
        "revision": {"type": "integer"},
        "kind": text("The kind in which it was given."),
        "parts": EXACT,
        "value": nullable(text("In the unit of the KPI.")),
        "grade": GRADE,
        "withdrawn": {"type": "boolean"},
        "note": text("What its sender wrote beside it."),
        "reason": text("Why it corrects the revision before."),
        "source": text("Where it came from."),
        "recorded_by": text("Who recorded it."),
        "recorded_at": text("When.", format="date-time"),
    }
)
STORED = record(
    {
        "outcome": text("What became of it.", enum=["written", "revised", "unchanged"]),
        "kpi": text("Slug of the KPI."),
        "period": DAY,
        "grain": GRAIN,
        "parts": EXACT,
    }
)
ROW_ERROR = record(
    {
        "row": {"type": "integer", "description": "Counted from 1; in CSV the line of the file."},
        "field": text("The member or column at fault, empty for the whole row."),
        "message": text("What is wrong and what to do."),
    }
)
COUNTS: Shape = {
    "written": {"type": "integer"},
    "revised": {"type": "integer"},
    "unchanged": {"type": "integer"},
    "errors": {"type": "array", "items": ref("RowError")},
    "not_listed": {
        "type": "integer",
        "description": f"How many errors stand beyond the {MOST_ERRORS:,} that are listed.",
    },
}
STORED_ALL = record(COUNTS)
PROBLEM: Shape = {
    **record(
        {
            "title": text("The status in words."),
            "status": {"type": "integer"},
            "detail": text("A sentence that says what to do."),
            "scope": text("The scope that the token lacks."),
            "field": text("The member at fault."),
            "on_record": ref("Measurement"),
            "sent": EXACT,
            **COUNTS,
        },
        required=["title", "status", "detail"],
    ),
    "description": "Why a request was refused.",
}
SHAPES: dict[str, Shape] = {
    "Deployment": DEPLOYMENT,
    "Kpi": KPI,
    "Point": POINT,
    "Series": SERIES,
    "Measurement": MEASUREMENT,
    "FigureToSend": FIGURE_TO_SEND,
    "RowToSend": ROW_TO_SEND,
    "Stored": STORED,
    "StoredAll": STORED_ALL,
    "RowError": ROW_ERROR,
    "Problem": PROBLEM,
    "DeploymentPage": page("Deployment"),
    "KpiPage": page("Kpi"),
    "MeasurementPage": page("Measurement"),
}
