"""Figures in words: value with unit, in the manner of a locale. Used by pages and PDF alike."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.domain.messages import N_

NOT_MEASURED = N_("not measured")
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CHF": "CHF "}
SHORT = {
    "milliseconds": "ms",
    "seconds": "s",
    "minutes": "min",
    "hours": "h",
    "days": "days",
    "hours_per_week": "h/week",
    "fte": "FTE",
    "points": "points",
}
DATA_WORDS = {
    "measured": N_("measured"),
    "not_measured": N_("not measured"),
    "too_few": N_("too few cases to tell"),
    "stale": N_("out of date"),
    "partial": N_("partly measured"),
    "definition_changed": N_("definition changed"),
    "not_independent": N_("not independent of the failed review"),
}
LEVEL_WORDS = {
    "ok": N_("Within limits"),
    "warning": N_("Beyond warning"),
    "critical": N_("Beyond critical"),
    "suspected_warning": N_("Perhaps beyond warning"),
    "suspected_critical": N_("Perhaps beyond critical"),
    "unknown": N_("Cannot tell"),
}
HEADLINES = {
    "stop": N_("Stop"),
    "pause": N_("Pause until this is cleared"),
    "restrict": N_("Restrict"),
    "improve": N_("Improve before you expand"),
    "continue": N_("Continue as it is"),
    "expand": N_("Expand as proposed"),
}
CERTAINTY_WORDS = {
    "very_low": N_("very low"),
    "low": N_("low"),
    "moderate": N_("moderate"),
    "high": N_("high"),
}
CHANGE_WORDS = {
    "better_worthwhile": N_("better, and worth it"),
    "better": N_("better"),
    "not_worse": N_("not worse"),
    "worse_within_margin": N_("worse, within what is tolerated"),
    "worse": N_("worse"),
    "worse_beyond_margin": N_("worse than tolerated"),
    "unclear": N_("cannot tell better from worse"),
    "no_baseline": N_("no baseline to compare with"),
    "point_only": N_("a single figure, no comparison possible"),
    "not_judged": N_("shown for reading, not judged"),
    "definition_changed": N_("definition changed, not comparable"),
    "not_measured": N_("not measured"),
}


def grouped(value: Decimal, places: int, locale: str = "en") -> str:
    """A number with thousands separated, rounded half up."""
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{rounded:,.{places}f}"
    if locale.startswith("de"):
        return text.translate(str.maketrans(",.", ".,"))
    return text


def say(value: Decimal | float | None, unit: str, *, currency: str = "", locale: str = "en") -> str:
    """A value with its unit: 27.9%, 11.6 min, $4.18, 1,200; "not measured" for None."""
    if value is None:
        return NOT_MEASURED
    number = Decimal(str(value))
    if unit.startswith("fraction"):
        return f"{grouped(number * 100, _share_places(number * 100), locale)}%"
    if unit.startswith("currency"):
        symbol = SYMBOLS.get(currency, f"{currency} " if currency else "")
        text = grouped(abs(number), 2 if abs(number) < 1000 else 0, locale)
        return f"{'−' if number < 0 else ''}{symbol}{text}"
    text = grouped(number, _places(number), locale)
    short = SHORT.get(unit)
    return f"{text} {short}" if short else text


def unit_sign(unit: str, currency: str = "") -> str:
    """The short word or the sign of a unit; empty for shares and plain counts."""
    if unit.startswith("currency"):
        return SYMBOLS.get(currency, currency).strip()
    return SHORT.get(unit, "")


def _share_places(percent: Decimal) -> int:
    if percent == percent.to_integral_value():
        return 0
    return 2 if abs(percent) < 1 else 1


def _places(number: Decimal) -> int:
    if number == number.to_integral_value():
        return 0
    size = abs(number)
    return 3 if size < 1 else 2 if size < 10 else 1 if size < 1000 else 0


def number_of_cases(kind: str, parts: Mapping[str, Any], *, locale: str = "en") -> str:
    """ "336 of 1,200" for a ratio, "n 212" for a mean, empty where there is nothing to count."""

    def whole(key: str) -> str:
        return grouped(Decimal(str(parts[key])), 0, locale)

    if kind in {"ratio", "quotient"} and {"num", "den"} <= parts.keys():
        return f"{whole('num')} of {whole('den')}"
    if kind == "rate" and {"events", "exposure"} <= parts.keys():
        return f"{whole('events')} in {whole('exposure')}"
    if kind in {"mean", "duration"} and "n" in parts:
        return f"n {whole('n')}"
    return ""


def target_words(
    target: Decimal | None, direction: str, unit: str, *, currency: str = "", locale: str = "en"
) -> str:
    """ "≤ 15%" or "≥ 90%"; an em dash where no target was set."""
    if target is None:
        return "—"
    sign = {"down": "≤ ", "up": "≥ "}.get(direction, "")
    return sign + say(target, unit, currency=currency, locale=locale)
