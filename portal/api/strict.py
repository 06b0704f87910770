"""JSON from strangers: no NaN, no name twice, decimals exact, and shapes that were declared."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

Schema = Mapping[str, Any]


def _is_number(value: Any) -> bool:
    # bool is an int in Python only.
    return isinstance(value, int | Decimal | float) and not isinstance(value, bool)


# JSON Schema's words for what `read` returns.
_TYPES: Mapping[str, Any] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and _is_number(value),
    "number": lambda value: (
        isinstance(value, int | Decimal | float) and not isinstance(value, bool)
    ),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}
_NAMES = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


class NotJson(ValueError):
    """The bytes are not JSON as we read it; the message is a sentence."""


def read(content: bytes) -> Any:
    """The value that JSON says, fractions as Decimal. Raises NotJson."""
    try:
        return json.loads(
            content.decode("utf-8"),
            parse_float=_decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_no_name_twice,
        )
    except NotJson:
        raise
    except UnicodeDecodeError as error:
        raise NotJson("Send UTF-8; these bytes are something else.") from error
    except json.JSONDecodeError as error:
        raise NotJson(
            f"This is not JSON: see line {error.lineno}, column {error.colno}."
        ) from error
    except (ValueError, RecursionError) as error:
        raise NotJson("This JSON holds a number that is too long, or lists too deep.") from error


def _decimal(text: str) -> Decimal:
    if len(text) > 60:
        raise NotJson(f"{text[:20]}… has too many digits.")
    return Decimal(text)


def _refuse_constant(name: str) -> Any:
    raise NotJson(f"{name} is not a figure. Leave out what was not measured.")


def _no_name_twice(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        # `add` answers None: the first name that was seen before is the one.
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise NotJson(f"“{twice[:40]}” stands twice in one object. Say it once.")
    return found


def faults(
    value: Any, schema: Schema, named: Mapping[str, Schema], field: str = ""
) -> Iterator[tuple[str, str]]:
    """(field, sentence) for each way in which a value is not what the schema declares.

    Reads the words of JSON Schema that our declarations use: $ref (into `named`), type, enum,
    pattern, maxLength, properties, required, additionalProperties and items.
    """
    if "$ref" in schema:
        schema = named[schema["$ref"].rsplit("/", 1)[1]]
    allowed = schema.get("type", list(_TYPES))
    types = [allowed] if isinstance(allowed, str) else allowed
    if not any(_TYPES[name](value) for name in types):
        yield field, f"This must be {' or '.join(_NAMES[name] for name in types)}."
    elif isinstance(value, str):
        yield from _of_text(value, schema, field)
    elif isinstance(value, dict) and "properties" in schema:
        yield from _of_object(value, schema, named, field)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from faults(item, schema.get("items", {}), named, f"{field}[{index}]")


def _of_text(value: str, schema: Schema, field: str) -> Iterator[tuple[str, str]]:
    if "enum" in schema and value not in schema["enum"]:
        yield field, f"“{value[:40]}” is none of {', '.join(filter(None, schema['enum']))}."
    elif "pattern" in schema and not re.search(schema["pattern"], value):
        example = (schema.get("examples") or ["what the document shows"])[0]
        yield field, f"“{value[:40]}” cannot be read. Write it like {example}."
    elif len(value) > schema.get("maxLength", len(value)):
        yield field, f"This text has {len(value)} letters; {schema['maxLength']} are possible."
    elif "\x00" in value:
        yield field, "This text holds a zero byte. Leave it out."


def _of_object(
    value: dict[str, Any], schema: Schema, named: Mapping[str, Schema], field: str
) -> Iterator[tuple[str, str]]:
    known, lead = schema["properties"], f"{field}." if field else ""
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{lead}{name}", f"“{name}” is missing."
    for name, member in value.items():
        if name in known:
            yield from faults(member, known[name], named, f"{lead}{name}")
        elif not schema.get("additionalProperties", False):
            names = ", ".join(known)
            yield f"{lead}{name[:60]}", f"“{name[:40]}” is not known here. Known are {names}."
