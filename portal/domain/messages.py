"""Sentences for people, written in English and translated only where they are shown.

A `Message` is its English text and remembers the template and the parameters it was made from, so
that records and digests hold English, and `portal/presenters/messages.py` can say the same in the
language of the reader. Templates are marked by `N_`, or by `NN_` where a count decides the form.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any


def N_(template: str) -> str:
    """Marks a template for the extractor; returns it as it is."""
    return template


def NN_(one: str, many: str) -> tuple[str, str]:
    """Marks two templates, for a count of one and for any other, for the extractor."""
    return one, many


class Figure(str):
    """A number as English writes it: “1,200.5”."""


class Day(str):
    """A day, in English as ISO 8601."""

    day: dt.date

    def __new__(cls, day: dt.date) -> "Day":
        made = super().__new__(cls, day.isoformat())
        made.day = day
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Day, (self.day,)


class Joined(str):
    """Texts with a mark between them, which is the same in every language."""

    mark: str
    items: tuple[str, ...]

    def __new__(cls, mark: str, items: Iterable[str]) -> "Joined":
        texts = tuple(items)
        made = super().__new__(cls, mark.join(texts))
        made.mark, made.items = mark, texts
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Joined, (self.mark, self.items)


class Message(str):
    """A text made from a template in English and its parameters.

    Parameters are texts: a Message, Figure, Day or Joined is translated with the sentence,
    any other text, such as a name, stays as it is. `plural` is empty where no quantity matters.
    Raises KeyError for a placeholder without a parameter.
    """

    template: str
    plural: str
    quantity: float
    params: Mapping[str, str]
    is_one_line: bool

    def __new__(
        cls,
        template: str | tuple[str, str],
        params: Mapping[str, str] = MappingProxyType({}),
        *,
        quantity: float = 1,
        one_line: bool = False,
    ) -> "Message":
        one, many = (template, "") if isinstance(template, str) else template
        text = (one if not many or quantity == 1 else many).format_map(params)
        made = super().__new__(cls, " ".join(text.split()) if one_line else text)
        made.template, made.plural, made.quantity = one, many, quantity
        made.params, made.is_one_line = dict(params), one_line
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        form = (self.template, self.plural) if self.plural else self.template
        return _again, (form, self.params, self.quantity, self.is_one_line)


def _again(
    template: str | tuple[str, str], params: Mapping[str, str], quantity: float, one_line: bool
) -> Message:
    return Message(template, params, quantity=quantity, one_line=one_line)


def number(count: int) -> Figure:
    """A whole number with its thousands apart."""
    return Figure(f"{count:,}")


def counted(
    forms: tuple[str, str], count: int, params: Mapping[str, str] = MappingProxyType({})
) -> Message:
    """A sentence about so many things; the templates write the number as {count}."""
    return Message(forms, {"count": number(count), **params}, quantity=count)


# From 13 on a number is written in digits.
NUMERALS = (
    N_("three"),
    N_("four"),
    N_("five"),
    N_("six"),
    N_("seven"),
    N_("eight"),
    N_("nine"),
    N_("ten"),
    N_("eleven"),
    N_("twelve"),
)


def all_of(
    forms: tuple[str, str],
    both: str,
    count: int,
    params: Mapping[str, str] = MappingProxyType({}),
) -> Message:
    """A sentence about every one of so many things: “the one …”, “both …”, “all three …”."""
    if count == 2:
        return Message(both, params)
    is_spelled = 3 <= count < 3 + len(NUMERALS)
    word = Message(NUMERALS[count - 3]) if is_spelled else number(count)
    return Message(forms, {"count": word, **params}, quantity=count)


def listed(items: Iterable[str]) -> str:
    """“a”, “a and b”, “a, b and c”; empty for none."""
    *first, last = tuple(items) or ("",)
    if not first:
        return last
    return Message(N_("{items} and {last}"), {"items": Joined(", ", first), "last": last})


class Capital(str):
    """A text whose first letter is made capital after it was translated."""

    text: str

    def __new__(cls, text: str) -> "Capital":
        made = super().__new__(cls, text[:1].upper() + text[1:])
        made.text = text
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Capital, (self.text,)
