"""Pages of lists by natural key: the cursor says where the next one begins, never a row's id."""

import base64
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request

from portal.api import parameters
from portal.api.problems import Problem

DEFAULT_LIMIT, MOST = 50, 200
# The order's name in the query -> the columns that put every row in one place.
Orders = Mapping[str, Sequence[str]]
UNREADABLE = (ArithmeticError, LookupError, ValueError, TypeError, RecursionError, ValidationError)


class NaturalKeys(BasePagination):
    """`limit` and `after`; the answer holds `items` and the address of the `next` page."""

    parameters = ("limit", "after", "order")

    def page(
        self, rows: Any, query: Mapping[str, str], orders: Orders, values: Sequence[str]
    ) -> tuple[list[tuple[Any, ...]], str | None]:
        """Values of rows in order, at most a page of them, and where the next one begins."""
        limit, order, columns = self.wanted(query, orders)
        names = _names(values, columns)
        if after := query.get("after", ""):
            rows = rows.filter(_beyond(columns, read_cursor(rows.model, after, order, columns)))
        page = list(rows.order_by(*columns).values_list(*names)[: limit + 1])
        if len(page) <= limit:
            return page, None
        return page[:limit], cursor(order, _place(page[limit - 1], names, columns))

    def wanted(self, query: Mapping[str, str], orders: Orders) -> tuple[int, str, Sequence[str]]:
        """How many rows, the order's name and its columns. Raises Problem (400)."""
        text = query.get("limit") or str(DEFAULT_LIMIT)
        limit = parameters.whole("limit", text, low=1, high=MOST)
        order = parameters.one_of("order", query.get("order", ""), list(orders))
        order = order or next(iter(orders))
        return limit, order, orders[order]

    def link(self, request: Request, after: str | None) -> str | None:
        """The address of the page that begins after a place."""
        if after is None:
            return None
        query = request.query_params.copy()
        query["after"] = after
        return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        words = "Address of the next page; null on the last one."
        following = {"type": ["string", "null"], "format": "uri", "description": words}
        return {
            "type": "object",
            "properties": {"items": schema, "next": following},
            "required": ["items", "next"],
            "additionalProperties": False,
        }


class WithTies(NaturalKeys):
    """For rows that share a place in the order, such as events of one instant.

    They are told apart by the order in which they came (`tie`, which is not shown); the cursor
    says how many of them were given. Rows at one place must only ever be added at its end.
    """

    tie = "id"

    def page(
        self, rows: Any, query: Mapping[str, str], orders: Orders, values: Sequence[str]
    ) -> tuple[list[tuple[Any, ...]], str | None]:
        limit, order, columns = self.wanted(query, orders)
        names = _names(values, columns)
        place, given = list[Any](), 0
        if after := query.get("after", ""):
            *place, given = read_cursor(rows.model, after, order, columns, counted=True)
            rows = rows.filter(_beyond(columns, place) | _at(columns, place))
        rows = rows.order_by(*columns, self.tie).values_list(*names)
        page = list(rows[given : given + limit + 1])
        if len(page) <= limit:
            return page, None
        page = page[:limit]
        last = _place(page[-1], names, columns)
        same = sum(_place(row, names, columns) == last for row in page)
        return page, cursor(order, [*last, same + (given if last == place else 0)])


def _names(values: Sequence[str], columns: Sequence[str]) -> list[str]:
    """What is read of a row: its values, and after them what the order needs beside."""
    return list(dict.fromkeys([*values, *(column.lstrip("-") for column in columns)]))


def _place(row: Sequence[Any], names: Sequence[str], columns: Sequence[str]) -> list[Any]:
    by_name = dict(zip(names, row, strict=True))
    return [by_name[column.lstrip("-")] for column in columns]


def cursor(order: str, values: Sequence[Any]) -> str:
    """A place in a list, opaque to its reader."""
    text = json.dumps([order, *values], default=str, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(
    model: type[Model], text: str, order: str, columns: Sequence[str], *, counted: bool = False
) -> list[Any]:
    """The values that a cursor of this order holds, and a count after them. Raises Problem."""
    sentence = _("“after” is not one that a page gave. Follow `next` instead.")
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        named, *values = json.loads(content)
        count = [_count(values.pop())] if counted else []
        if named != order or len(values) != len(columns):
            raise ValueError(named)
        pairs = zip(columns, values, strict=True)
        return [_value(model, name, value) for name, value in pairs] + count
    except UNREADABLE as error:
        raise Problem(400, sentence, field="after") from error


def _count(value: Any) -> int:
    if type(value) is not int or not 0 < value < 1_000_000:
        raise ValueError(value)
    return value


def _value(model: type[Model], column: str, value: Any) -> Any:
    if not isinstance(value, str | int) or isinstance(value, bool) or "\x00" in str(value):
        raise ValueError(value)
    field: Any = None
    for part in column.lstrip("-").split("__"):
        field = (field.related_model if field else model)._meta.get_field(part)
    read = field.to_python(value)
    field.run_validators(read)
    if read is None:
        raise ValueError(value)
    # A moment without a zone, or one that UTC does not have, is none that a page gave.
    if isinstance(read, dt.datetime):
        if read.tzinfo is None:
            raise ValueError(value)
        read = read.astimezone(dt.UTC)
    return read


def _at(columns: Sequence[str], values: Sequence[Any]) -> Q:
    names = [column.lstrip("-") for column in columns]
    return Q(**dict(zip(names, values, strict=True)))


def _beyond(columns: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows that come after these values in the order of the columns."""
    condition, same = Q(), Q()
    for column, value in zip(columns, values, strict=True):
        name = column.lstrip("-")
        word = "lt" if column.startswith("-") else "gt"
        condition |= same & Q(**{f"{name}__{word}": value})
        same &= Q(**{name: value})
    return condition
