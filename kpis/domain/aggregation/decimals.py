"""A number as a person types it, in the manner of a locale, and back."""

import re
from decimal import Decimal

from portal.domain.messages import N_, Message

LARGEST = Decimal(10) ** 14
PLACES = 6
_BLANKS = re.compile(r"[\s\u00a0\u202f'’]")
_NUMBER = re.compile(r"([+-]?)(\d+([.,]\d*)*|[.,]\d+)", re.ASCII)


class BadDecimal(ValueError):
    """What was typed is no number; the message is a sentence."""


def read(text: str, locale: str = "en") -> Decimal | None:
    """The number in a box, None for an empty one.

    The locale decides what it must: "1,250" is 1250 in English and 1.25 in German. Elsewhere the
    last separator of two kinds, and a single one before other than three digits, is the decimal
    one: "0,15", "0.15", "1.250,50" and "1,250.50" are read alike everywhere. Raises BadDecimal.
    """
    raw = _BLANKS.sub("", text).replace("−", "-")
    if not raw:
        return None
    match = _NUMBER.fullmatch(raw)
    if match is None:
        raise BadDecimal(Message(N_("“{text}” is not a number."), {"text": text.strip()[:30]}))
    point = _decimal_sign(raw, locale)
    other = "." if point == "," else ","
    whole, _, part = match[2].replace(other, "").partition(point)
    value = Decimal(f"{match[1]}{whole or 0}" + (f".{part}" if part else ""))
    if abs(value) >= LARGEST:
        raise BadDecimal(Message(N_("“{text}” is too large."), {"text": text.strip()[:30]}))
    return value


def _decimal_sign(raw: str, locale: str) -> str:
    own = "," if locale.startswith("de") else "."
    other = "." if own == "," else ","
    if own in raw and other in raw:
        return max(own, other, key=raw.rindex)
    for sign in (own, other):
        if raw.count(sign) > 1:
            return other if sign == own else own
    if other not in raw:
        return own
    before, _, after = raw.lstrip("+-").partition(other)
    is_thousands = len(after) == 3 and 1 <= len(before) <= 3 and before.strip("0") != ""
    return own if is_thousands else other


def write(value: Decimal, locale: str = "en") -> str:
    """The number as it would be typed: no thousands, no needless zeros."""
    text = f"{value.normalize():f}"
    return text.replace(".", ",") if locale.startswith("de") else text
