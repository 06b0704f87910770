"""The OpenAPI document: written by drf-spectacular from the addresses themselves."""

from functools import lru_cache
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api import parameters
from portal.api.base import View
from portal.domain.roles import Permission
from portal.domain.tokens import Scope


@lru_cache(maxsize=8)
def _document(language: str) -> dict[str, Any]:
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    return dict(generator.get_schema(public=True))  # type: ignore[no-untyped-call]


def document(server: str) -> dict[str, Any]:
    """The whole document in the language of the moment; below `server` stand the addresses."""
    whole = _document(translation.get_language() or "")
    return {**whole, "servers": [{"url": server.rstrip("/")}]}


def server_of(request: Any, organization: str) -> str:
    """The address below which the operations of an organization stand."""
    path = reverse("api_openapi", args=[organization]).removesuffix("openapi.json")
    return str(request.build_absolute_uri(path))


def operations() -> list[dict[str, Any]]:
    """Every operation in short: method, address in pieces between which a line may break, what it
    does and what it needs."""
    return [
        {
            "method": method.upper(),
            "pieces": [f"{part}/" for part in path.strip("/").split("/")]
            if path.endswith("/")
            else [path.strip("/")],
            "summary": operation["summary"],
            "scope": operation["x-scope"],
        }
        for path, methods in _document(translation.get_language() or "")["paths"].items()
        for method, operation in methods.items()
    ]


class OpenApiView(View):
    """The description of all this for programs, as OpenAPI 3.1."""

    reads = Scope.READ
    permission = Permission.SEE_KPIS
    operations: ClassVar[dict[str, str]] = {"GET": "openapi"}

    @extend_schema(responses={200: {"type": "object", "additionalProperties": True}})
    def get(self, request: Request) -> Response:
        """The description of all this for programs, as OpenAPI 3.1."""
        parameters.said_once(request, [])
        return Response(document(server_of(request, self.organization.slug)))
