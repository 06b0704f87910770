"""The query of a request: every parameter known, said once, and read."""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django_filters import FilterSet
from rest_framework.request import Request

from portal.api.problems import Problem

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def said_once(request: Request, names: Collection[str]) -> Mapping[str, str]:
    """The parameters of a request; one unknown, repeated or empty raises Problem (400)."""
    query = request.query_params
    for name in query:
        if name not in names:
            sentence = _("“%(name)s” is not a parameter of this address. Known: %(names)s.")
            words = {"name": name[:40], "names": ", ".join(names) or _("none")}
            raise Problem(400, sentence % words, field=name[:60])
        if len(query.getlist(name)) > 1:
            sentence = _("“%(name)s” stands twice in the address. Say it once.")
            raise Problem(400, sentence % {"name": name}, field=name)
        if not query[name]:
            sentence = _("“%(name)s” says nothing. Leave it out.") % {"name": name}
            raise Problem(400, sentence, field=name)
    return {name: query[name] for name in query}


def whole(name: str, text: str, *, low: int, high: int) -> int:
    """A whole number. Raises Problem (400)."""
    # ASCII digits only: int() reads other scripts too.
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else low - 1
    if not low <= number <= high:
        sentence = _("%(name)s is a whole number from %(low)s to %(high)s.")
        raise Problem(400, sentence % {"name": name, "low": low, "high": high}, field=name)
    return number


def day(name: str, text: str) -> dt.date | None:
    """A day, None where nothing is said. Raises Problem (400)."""
    if not text:
        return None
    if not is_day(text):
        sentence = _("Write %(name)s as a day like 2026-11-16.") % {"name": name}
        raise Problem(400, sentence, field=name)
    return dt.date.fromisoformat(text)


def is_day(text: str) -> bool:
    """Whether a text is a day like 2026-11-16, written so and not otherwise."""
    if not _DAY.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def one_of(name: str, text: str, codes: Collection[str]) -> str:
    """One of the codes, "" where nothing is said. Raises Problem (400)."""
    if text and text not in codes:
        sentence = _("%(name)s is one of %(codes)s.")
        raise Problem(400, sentence % {"name": name, "codes": ", ".join(codes)}, field=name)
    return text


def some_of(name: str, text: str, codes: Collection[str]) -> list[str]:
    """Codes apart by commas, all of them where nothing is said. Raises Problem (400)."""
    chosen = [part.strip() for part in text.split(",")] if text else list(codes)
    for code in chosen:
        one_of(name, code or "?", codes)
    return list(dict.fromkeys(chosen))


def filtered(filters: type[FilterSet], query: Mapping[str, str], rows: Any) -> Any:
    """The rows that the filters in the query leave. Raises Problem (400)."""
    chosen = {name: value for name, value in query.items() if name in filters.base_filters}
    if not chosen:
        return rows
    applied = filters(chosen, queryset=rows)
    for name, sentences in applied.errors.items():
        raise Problem(400, f"{name}: {sentences[0]}", field=name)
    return applied.qs
