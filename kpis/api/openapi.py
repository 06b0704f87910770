"""The OpenAPI 3.1 document, written from the operations and shapes that the code itself uses."""

from http import HTTPStatus
from typing import Any

from kpis.api.operations import ALWAYS, OPERATIONS, Operation
from kpis.api.shapes import CSV_COLUMNS, SHAPES, ref
from portal.api.answers import JSON, PROBLEM_JSON
from portal.domain.tokens import SCOPE_SENTENCES

INTRODUCTION = (
    "Send and read the figures of AI deployments. Every request carries a token of the "
    "organization. Numbers are exact decimals as text. What is not measured is left out, "
    "never sent as zero."
)


def document(server: str) -> dict[str, Any]:
    """The whole document; `server` is the address below which the operations stand."""
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        place = paths.setdefault(f"/{operation.template}", {})
        place[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Plumbline figures", "version": "1", "description": INTRODUCTION},
        "servers": [{"url": server.rstrip("/")}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": SHAPES,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": " ".join(
                        f"{scope.value}: {sentence}" for scope, sentence in SCOPE_SENTENCES.items()
                    ),
                }
            },
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": f"Needs the scope {operation.scope.value}.",
        "parameters": _parameters(operation),
        "responses": _responses(operation),
    }
    if operation.body is not None:
        found["requestBody"] = {"required": True, "content": _content(operation)}
    return found


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    slug = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}
    return [
        *(
            {"name": name, "in": "path", "required": True, "schema": slug}
            for name in operation.parameters
        ),
        *(
            {"name": name, "in": "query", "required": False, "schema": schema}
            for name, schema in operation.query.items()
        ),
    ]


def _content(operation: Operation) -> dict[str, Any]:
    content: dict[str, Any] = {JSON: {"schema": operation.body}}
    if operation.takes_csv:
        header = ",".join(CSV_COLUMNS)
        said = f"A header line out of {header}; kpi and period are needed, the order is free."
        content["text/csv"] = {"schema": {"type": "string", "description": said}}
    return content


def _responses(operation: Operation) -> dict[str, Any]:
    found = {
        str(status): _response(status, HTTPStatus(status).phrase, name)
        for status, name in operation.answers.items()
    }
    refused = dict(ALWAYS)
    if operation.body is not None:
        refused |= {413: "The body is too large.", 415: "The body is neither of the kinds above."}
    for status, words in refused.items():
        found[str(status)] = _response(status, words, "Problem")
    return dict(sorted(found.items()))


def _response(status: int, words: str, name: str) -> dict[str, Any]:
    media = PROBLEM_JSON if status >= 400 else JSON
    schema = ref(name) if name else {"type": "object"}
    return {"description": words, "content": {media: {"schema": schema}}}
