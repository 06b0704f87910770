"""JSON from strangers: no NaN, no name twice in an object, decimals exact."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

DIGITS = 60


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
        raise NotJson(_("Send UTF-8; these bytes are something else.")) from error
    except json.JSONDecodeError as error:
        sentence = _("This is not JSON: see line %(line)s, column %(column)s.")
        raise NotJson(sentence % {"line": error.lineno, "column": error.colno}) from error
    except (ValueError, RecursionError) as error:
        sentence = _("This JSON holds a number that is too long, or lists too deep.")
        raise NotJson(sentence) from error


def _decimal(text: str) -> Decimal:
    if len(text) > DIGITS:
        raise NotJson(_("%(number)s… has too many digits.") % {"number": text[:20]})
    return Decimal(text)


def _refuse_constant(name: str) -> Any:
    sentence = _("%(name)s is not a figure. Leave out what was not measured.")
    raise NotJson(sentence % {"name": name})


def _no_name_twice(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        for name, _value in pairs:
            if name in seen:
                sentence = _("“%(name)s” stands twice in one object. Say it once.")
                raise NotJson(sentence % {"name": name[:40]})
            seen.add(name)
    return members
