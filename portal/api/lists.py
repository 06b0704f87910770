"""What is read: one thing, or a list in pages; rows come straight from the database."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django_filters import FilterSet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api import parameters
from portal.api.base import View
from portal.api.pagination import NaturalKeys, Orders


class Described(View):
    """Reads what its serializer describes; `fields` in the query chooses among its members."""

    serializer_class: ClassVar[type[serializers.Serializer[Any]]]

    @classmethod
    def fields(cls) -> list[str]:
        """The members that the serializer describes."""
        return list(cls.serializer_class._declared_fields)

    def sparse(self, query: Mapping[str, str], items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The items with the members that the query chooses. Raises Problem (400)."""
        if "fields" not in query:
            return items
        chosen = parameters.some_of("fields", query["fields"], self.fields())
        return [{name: item[name] for name in chosen} for item in items]


class ItemView(Described):
    """One thing; a subclass says which."""

    def item(self, **kwargs: Any) -> dict[str, Any]:
        """The thing as it is answered. Raises Http404."""
        raise NotImplementedError

    def get(self, request: Request, **kwargs: Any) -> Response:
        query = parameters.said_once(request, ["fields"])
        (item,) = self.sparse(query, [self.item(**kwargs)])
        return Response(item)


class NoFilters(FilterSet):
    """A list without filters."""


class ListView(Described):
    """A subclass names the columns of a row, its orders and filters, and where the rows are.

    Rows come as values_list() and are made ready by `present`; the serializer only describes them,
    because building an object and a field for each cell would cost more than the list itself.
    """

    pagination_class: ClassVar[type[NaturalKeys]] = NaturalKeys
    filters: ClassVar[type[FilterSet]] = NoFilters
    orders: ClassVar[Orders]
    # Name in the answer -> column; what `present` needs beside has names of its own.
    columns: ClassVar[Mapping[str, str]]

    def rows(self, **kwargs: str) -> Any:
        """The rows of the list before filters and order. Raises Http404."""
        raise NotImplementedError

    def refuse_missing(self, **kwargs: str) -> None:
        """Raises Http404 where a list is empty because what it belongs to is not there.

        For lists whose `rows` do not look: only an empty one costs the question.
        """

    def present(self, row: dict[str, Any]) -> dict[str, Any]:
        """A row as it is answered."""
        return row

    @classmethod
    def parameters(cls) -> list[str]:
        return [*NaturalKeys.parameters, "fields", *cls.filters.base_filters]

    def get(self, request: Request, **kwargs: str) -> Response:
        query = parameters.said_once(request, self.parameters()) if request.GET else {}
        rows = parameters.filtered(self.filters, query, self.rows(**kwargs))
        paginator = self.pagination_class()
        page, after = paginator.page(rows, query, self.orders, list(self.columns.values()))
        if not page:
            self.refuse_missing(**kwargs)
        # What the order needs beside the columns stands behind them and is left out.
        items = [self.present(dict(zip(self.columns, row, strict=False))) for row in page]
        return Response(
            {"items": self.sparse(query, items), "next": paginator.link(request, after)}
        )
