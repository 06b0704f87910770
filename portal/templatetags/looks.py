"""Kinds, decisions and statuses as icon, word and colour."""

from collections.abc import Collection, Iterable
from typing import Any

from django import template
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.models import Membership

register = template.Library()

NOTICES = {
    "success": "done",
    "done": "done",
    "warning": "warn",
    "warn": "warn",
    "error": "error",
}
ICONS_OF_NOTICES = {"done": "ok", "warn": "warning", "error": "critical"}


@register.filter
def notice_kind(kind: str) -> str:
    """The class of a notice: done, warn, error or info."""
    return NOTICES.get(kind, "info")


@register.filter
def notice_icon(kind: str) -> str:
    """The icon of a notice."""
    return ICONS_OF_NOTICES.get(notice_kind(kind), "info")


@register.filter
def decision_words(decision: str) -> str:
    """A recommendation in one word, or that none can be made yet."""
    if decision in {"", "unclear", None}:
        return _("Can't tell yet")
    return str(capfirst(_(decision)))


@register.filter
def steps_until(words: Iterable[str], current: int) -> list[dict[str, object]]:
    """The steps of a task, of which those before the current one (counted from 1) are done."""
    return [
        {"word": word, "is_done": number < current, "is_current": number == current}
        for number, word in enumerate(words, 1)
    ]


@register.filter
def button_look(tags: Collection[str] | None) -> str:
    """The class of a button of the sign-in pages, by the tags that their library gives it."""
    given = set(tags or ())
    if "danger" in given:
        return "button-danger"
    if given & {"link", "cancel"}:
        return "button-quiet"
    return "" if given & {"outline", "secondary"} else "button-primary"


@register.filter
def field_element(kind: str) -> str:
    """The template of a single control of the sign-in pages, by the type of its input."""
    if kind in {"checkbox", "radio"}:
        return "allauth/elements/field_tick.html"
    return f"allauth/elements/field_{'textarea' if kind == 'textarea' else 'input'}.html"


@register.filter
def member_look(member: Membership) -> dict[str, str]:
    """Whether a person can sign in, as icon and word."""
    if not member.is_active:
        return {"state": "pause", "words": _("Deactivated")}
    if not member.user.has_usable_password():
        return {"state": "unknown", "words": _("No password yet")}
    return {"state": "ok", "words": _("Active")}


@register.filter
def is_same(value: object, other: object) -> bool:
    """Whether an option is the chosen one: equal as text, so that a number matches its field."""
    return str(value) == str(other)


@register.filter
def is_in(value: object, chosen: Collection[object]) -> bool:
    """Whether an option is among the chosen ones."""
    return value in chosen


@register.filter
def is_many(things: Any) -> bool:
    """Whether there is more than one, of a list or of a number."""
    count = things if isinstance(things, int) else len(things or ())
    return count > 1


@register.filter
def translated(words: object) -> str:
    """A word of the model, kept in English, in the reader's language."""
    return _(str(words)) if words else ""
