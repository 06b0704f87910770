"""Every operation of the API, declared once: addresses, scopes, documents and tests read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kpis.api import shapes
from kpis.api.shapes import Shape
from portal.domain.tokens import Scope

FIGURES = "deployments/<slug:deployment>/kpis/<slug:kpi>/"
LIMIT = {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
PAGING: Mapping[str, Shape] = {
    "limit": {**LIMIT, "description": "How many items a page holds."},
    "after": shapes.text("Where the page begins, as `next` of the page before gives it."),
}


@dataclass(frozen=True)
class Operation:
    """One method at one address. `body` and `answers` name shapes of `shapes.SHAPES`."""

    name: str
    method: str
    path: str
    scope: Scope
    summary: str
    answers: Mapping[int, str]
    query: Mapping[str, Shape] = field(default_factory=dict)
    body: Shape | None = None
    takes_csv: bool = False

    @property
    def template(self) -> str:
        """The address with {parameters}, as OpenAPI writes it."""
        return self.path.replace("<slug:", "{").replace(">", "}")

    @property
    def pieces(self) -> list[str]:
        """The address in pieces between which a line may break."""
        return [f"{part}/" for part in self.template.split("/")[:-1]] or [self.template]

    @property
    def parameters(self) -> list[str]:
        return [part[1:-1] for part in self.template.split("/") if part.startswith("{")]


_FIXED: dict[str, Any] = {"scope": Scope.WRITE, "method": "POST"}
OPERATIONS = (
    Operation(
        "list_deployments",
        "GET",
        "deployments/",
        Scope.READ,
        "Every deployment, by slug.",
        {200: "DeploymentPage"},
        PAGING,
    ),
    Operation(
        "list_kpis",
        "GET",
        "deployments/<slug:deployment>/kpis/",
        Scope.READ,
        "The KPI set of a deployment, by slug, retired ones included.",
        {200: "KpiPage"},
        PAGING,
    ),
    Operation(
        "series",
        "GET",
        f"{FIGURES}series/",
        Scope.READ,
        "A KPI over time: figures put together by week, month, quarter or year, oldest first.",
        {200: "Series"},
        {
            "from": {**shapes.DAY, "description": "First day of the oldest period wanted."},
            "to": {**shapes.DAY, "description": "Periods that begin after this day are left out."},
            "grain": shapes.text(
                "Length of the periods; without it the one in which figures are due.",
                enum=["week", "month", "quarter", "year"],
            ),
        },
    ),
    Operation(
        "list_measurements",
        "GET",
        f"{FIGURES}measurements/",
        Scope.READ,
        "Every figure of a KPI as it came in, all revisions, oldest first.",
        {200: "MeasurementPage"},
        PAGING,
    ),
    Operation(
        "send_figure",
        path=f"{FIGURES}measurements/",
        summary="Send one figure. The same figure again changes nothing (200). A different one "
        "for a period on record needs a reason (409 without).",
        answers={200: "Stored", 201: "Stored", 409: "Problem", 422: "Problem"},
        body=shapes.ref("FigureToSend"),
        **_FIXED,
    ),
    Operation(
        "send_figures",
        path="deployments/<slug:deployment>/measurements/",
        summary="Send many figures, as JSON or CSV: all of them are written or none (422).",
        answers={200: "StoredAll", 422: "Problem"},
        query={
            "keep_good": shapes.text(
                "With true the rows without a fault are written and the others listed.",
                enum=["true", "false"],
            )
        },
        body={
            "type": "array",
            "maxItems": shapes.MOST_ROWS,
            "items": shapes.ref("RowToSend"),
        },
        takes_csv=True,
        **_FIXED,
    ),
    Operation(
        "openapi",
        "GET",
        "openapi.json",
        Scope.READ,
        "The description of all this for programs, as OpenAPI 3.1.",
        {200: ""},
    ),
)
BY_NAME = {one.name: one for one in OPERATIONS}
# What any operation may answer beside its own answers.
ALWAYS = {
    400: "The query or the body cannot be read.",
    401: "No token that holds.",
    403: "The token lacks the scope.",
    404: "Nothing of that name here.",
    429: "Too many requests in this minute.",
}
