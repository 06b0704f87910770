"""How drf-spectacular describes our addresses: from the attributes that they answer by."""

import inspect
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction

from portal.api.authentication import SessionAuthentication, TokenAuthentication
from portal.api.base import View
from portal.api.lists import Described, ItemView, ListView
from portal.api.pagination import DEFAULT_LIMIT, MOST
from portal.api.problems import MEDIA_TYPE
from portal.api.refusals import ProblemSerializer, refusals
from portal.domain.tokens import SCOPE_SENTENCES

ORGANIZATION = "organization"


class Schema(AutoSchema):
    """Operation ids, parameters and answers of `View` and `ListView`."""

    view: View  # type: ignore[override]

    def get_operation_id(self) -> str:
        return str(self.view.operations[self.method])

    def get_summary(self) -> str:
        return " ".join(self._words().partition("\n\n")[0].split())

    def get_description(self) -> str:  # type: ignore[override]
        scope = self.view.scope_of(self.method).value
        needs = _("Needs the scope %(scope)s.") % {"scope": scope}
        rest = " ".join(self._words().partition("\n\n")[2].split())
        return f"{rest} {needs}".strip()

    def _words(self) -> str:
        handler = getattr(self.view, self.method.lower())
        return inspect.cleandoc(handler.__doc__ or type(self.view).__doc__ or "")

    def get_extensions(self) -> dict[str, Any]:
        return {"x-scope": self.view.scope_of(self.method).value}

    def get_tags(self) -> list[str]:
        return [type(self.view).__module__.partition(".")[0]]

    def get_response_serializers(self) -> Any:
        if isinstance(self.view, ListView) and self.method == "GET":
            return self.view.serializer_class(many=True)
        return super().get_response_serializers()

    def get_paginated_name(self, serializer_name: str) -> str:
        return f"{serializer_name}Page"

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        # The organization stands in the address of the server.
        names = [name for name in variables if name != ORGANIZATION]
        return list(super()._resolve_path_parameters(names))  # type: ignore[no-untyped-call]

    def _get_parameters(self) -> list[dict[str, Any]]:
        parameters = list(super()._get_parameters())
        if isinstance(self.view, ListView) and self.method == "GET":
            parameters += _of_list(self.view)
        elif isinstance(self.view, ItemView) and self.method == "GET":
            parameters.append(_fields(self.view.fields()))
        if self.method == "POST":
            parameters.append(IDEMPOTENCY_KEY)
        return parameters

    def _get_filter_parameters(self) -> list[dict[str, Any]]:
        return []

    def _get_pagination_parameters(self) -> list[dict[str, Any]]:
        return []

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        answers = dict(super()._get_response_bodies(direction))
        for code, words in refusals(self.method).items():
            if str(code) not in answers:
                answers[str(code)] = self._refusal(words)
        if isinstance(self.view, Described) and self.method == "GET":
            # `fields` chooses among the members, so that none of them is always there.
            component = self.resolve_serializer(self.view.serializer_class, "response")
            component.schema.pop("required", None)
        if self.method == "GET":
            for status in ("200", "304"):
                answer = answers.setdefault(status, {"description": HTTPStatus(304).phrase})
                answer["headers"] = {"ETag": ETAG}
        return dict(sorted(answers.items()))

    def _refusal(self, words: str) -> dict[str, Any]:
        component = self.resolve_serializer(ProblemSerializer, "response")
        return {"description": words, "content": {MEDIA_TYPE: {"schema": component.ref}}}


ETAG = {
    "description": "Tag of what was answered; send it as If-None-Match to get 304 if it holds.",
    "schema": {"type": "string"},
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A text of your choice, new for each thing to be done. The same request with "
    "the same key within a day gets the first answer again and is not done twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 120, "pattern": "^[!-~]+$"},
}


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _fields(names: list[str]) -> dict[str, Any]:
    """A list apart by commas, in one parameter."""
    schema = {"type": "array", "items": {"type": "string", "enum": names}, "minItems": 1}
    parameter = _parameter("fields", schema, "Only these members of each item.")
    return parameter | {"style": "form", "explode": False}


def _of_list(view: ListView) -> list[dict[str, Any]]:
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT}
    orders = list(view.orders)
    order = {"type": "string", "enum": orders, "default": orders[0]}
    filters = {name: one.described for name, one in view.filters.base_filters.items()}
    return [
        _parameter("limit", limit, "How many items a page holds."),
        _parameter("after", {"type": "string"}, "Where the page begins: follow `next` instead."),
        _parameter("order", order, "The order of the items; a minus turns it round."),
        _fields(view.fields()),
        *(
            _parameter(
                name,
                {key: part for key, part in schema.items() if key != "description"},
                schema["description"],
            )
            for name, schema in filters.items()
        ),
    ]


def finish(result: Any, **_context: Any) -> Any:
    """Every object has the members that are described and no others, unless it says so; marks of
    the generator for itself are taken out.
    """
    for schema in result["components"]["schemas"].values():
        if schema.get("type") == "object" and "properties" in schema:
            schema.setdefault("additionalProperties", False)
    result["components"]["schemas"]["Problem"]["additionalProperties"] = True
    return _without(result, "x-spec-enum-id")


def _without(value: Any, mark: str) -> Any:
    if isinstance(value, dict):
        return {name: _without(member, mark) for name, member in value.items() if name != mark}
    return [_without(item, mark) for item in value] if isinstance(value, list) else value


class DescribedToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        scopes = (f"{scope.value}: {words}" for scope, words in SCOPE_SENTENCES.items())
        return {"type": "http", "scheme": "bearer", "description": " ".join(scopes)}


class DescribedSession(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = SessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}

    def get_security_requirement(self, auto_schema: Any) -> Any:
        # A session does not write.
        return {self.name: []} if auto_schema.method == "GET" else None
