"""What a person types for one figure of a KPI, by its kind, and the parts that follow from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from kpis.domain.decimals import BadDecimal, read, write
from kpis.domain.storage import MILLISECONDS

PEOPLE = frozenset({"distinct", "gauge"})
SCALE = ("1", "2", "3", "4", "5")


class BadEntry(ValueError):
    """What was typed cannot be a figure; `field` names the input, the message what to do.

    `swap` says that the two numbers may have been given the wrong way round.
    """

    def __init__(self, field: str, message: str, *, swap: bool = False) -> None:
        super().__init__(message)
        self.field = field
        self.swap = swap


@dataclass(frozen=True)
class Input:
    """One box: its name, its label for a reader, the word before it in the row."""

    name: str
    label: str
    before: str = ""
    optional: bool = False


def inputs(kind: str, unit: str) -> Sequence[Input]:
    """The boxes of one figure, in the order in which they stand."""
    if kind == "ratio" or (kind in PEOPLE and unit.startswith("fraction")):
        return (Input("num", "how many"), Input("den", "of how many", "of"))
    if kind == "quotient":
        return (Input("num", "amount"), Input("den", "compared with", "of"))
    if kind == "rate":
        return (Input("num", "events"), Input("den", "exposure", "in"))
    if kind in {"mean", "duration"}:
        return (
            Input("value", "average"), Input("n", "number of cases", "n"),
            Input("sd", "spread (standard deviation)", "±", optional=True),
        )  # fmt: skip
    if kind == "uptime":
        return (Input("num", "hours up"), Input("den", "hours observed", "of"))
    if kind == "rating":
        return tuple(Input(f"a{code}", f"answers “{code}”", code) for code in SCALE)
    if kind == "confusion":
        return (
            Input("tp", "rightly found", "right"), Input("fp", "wrongly found", "wrong"),
            Input("fn", "missed", "missed"), Input("tn", "rightly left", "left"),
        )  # fmt: skip
    return (Input("value", "figure"),)


def is_empty(kind: str, unit: str, typed: Mapping[str, str]) -> bool:
    """Whether nothing was typed: that is not measured, and not zero."""
    return not any(typed.get(one.name, "").strip() for one in inputs(kind, unit))


def figure(
    kind: str, unit: str, typed: Mapping[str, str], *, currency: str = "", locale: str = "en"
) -> tuple[str, dict[str, Any]]:
    """The kind in which the figure is kept, and its parts, from texts in the manner of a locale.

    Raises BadEntry.

    An average without its spread cannot be added to others: it is kept as a single figure.
    """
    boxes = inputs(kind, unit)
    values = {one.name: _number(one, typed.get(one.name, ""), locale) for one in boxes}
    for one in boxes:
        if values[one.name] is None and not one.optional:
            raise BadEntry(one.name, f"Enter {one.label} as well.")
    numbers = {name: value for name, value in values.items() if value is not None}
    return _figure(kind, unit, numbers, currency)


def _number(one: Input, text: str, locale: str) -> Decimal | None:
    text = text.strip()
    if text.endswith("%"):
        raise BadEntry(one.name, "Give both numbers instead of a percentage: so many of so many.")
    try:
        return read(text, locale)
    except BadDecimal as error:
        raise BadEntry(one.name, str(error)) from None


def _figure(
    kind: str, unit: str, given: Mapping[str, Decimal], currency: str
) -> tuple[str, dict[str, Any]]:
    if kind == "ratio" or (kind in PEOPLE and "den" in given):
        return "ratio", _share(given, "num", "den")
    if kind == "quotient":
        return kind, {"num": str(given["num"]), "den": str(_not_negative(given, "den"))}
    if kind == "rate":
        return kind, {"events": _whole(given, "num"), "exposure": str(_positive(given, "den"))}
    if kind in {"mean", "duration"}:
        return _average(kind, unit, given)
    if kind == "uptime":
        hours = _share(given, "num", "den", whole=False)
        return kind, {"up_s": round(hours["num"] * 3600), "observed_s": round(hours["den"] * 3600)}
    if kind == "count":
        return kind, {"n": _whole(given, "value")}
    if kind == "money":
        return kind, {"minor": {currency: int((given["value"] * 100).to_integral_value())}}
    if kind == "rating":
        counts = {code: _whole(given, f"a{code}") for code in SCALE}
        return kind, {"counts": counts, "top": ["4", "5"]}
    if kind == "confusion":
        return kind, {name: _whole(given, name) for name in ("tp", "fp", "fn", "tn")}
    return "opaque", {"value": str(given["value"])}


def _share(
    given: Mapping[str, Decimal], top: str, bottom: str, *, whole: bool = True
) -> dict[str, Any]:
    read = _whole if whole else _not_negative
    num, den = read(given, top), read(given, bottom)
    if num > den:
        raise BadEntry(top, f"{num:,} is more than {den:,}. Swap them?", swap=True)
    return {"num": num, "den": den}


def _average(kind: str, unit: str, given: Mapping[str, Decimal]) -> tuple[str, dict[str, Any]]:
    n, value, deviation = _whole(given, "n"), given["value"], given.get("sd")
    if n == 0:
        raise BadEntry("n", "An average needs at least one case.")
    if kind == "duration" and value < 0:
        raise BadEntry("value", "A time cannot be below zero.")
    if deviation is None and n > 1:
        return "opaque", {"value": str(value)}
    if deviation is not None and deviation < 0:
        raise BadEntry("sd", "A spread cannot be below zero.")
    scale = MILLISECONDS.get(unit, 60_000) if kind == "duration" else 1
    mean, spread = value * scale, (deviation or Decimal(0)) * scale
    squares = (n - 1) * spread * spread + n * mean * mean
    if kind == "mean":
        return kind, {"n": n, "sum": str(mean * n), "sumsq": str(squares)}
    return kind, {"n": n, "sum_ms": _rounded(mean * n), "sumsq": _rounded(squares)}


def _rounded(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_HALF_EVEN))


def _whole(given: Mapping[str, Decimal], name: str) -> int:
    value = _not_negative(given, name)
    if value != value.to_integral_value():
        raise BadEntry(name, f"Enter a whole number instead of {value}.")
    return int(value)


def _not_negative(given: Mapping[str, Decimal], name: str) -> Decimal:
    if given[name] < 0:
        raise BadEntry(name, "It cannot be below zero.")
    return given[name]


def _positive(given: Mapping[str, Decimal], name: str) -> Decimal:
    if _not_negative(given, name) == 0:
        raise BadEntry(name, "It must be above zero.")
    return given[name]


def typed(
    kind: str, unit: str, parts: Mapping[str, Any], stored_kind: str, locale: str = "en"
) -> dict[str, str]:
    """What a person would have typed for a figure on record; empty where it cannot be shown."""
    found = _typed(unit, parts, stored_kind)
    return {name: write(Decimal(text), locale) for name, text in found.items()}


def _typed(unit: str, parts: Mapping[str, Any], stored_kind: str) -> dict[str, str]:
    if stored_kind == "ratio" or stored_kind == "quotient":
        return {"num": str(parts["num"]), "den": str(parts["den"])}
    if stored_kind == "rate":
        return {"num": str(parts["events"]), "den": str(parts["exposure"])}
    if stored_kind == "count":
        return {"value": str(parts["n"])}
    if stored_kind == "rating":
        return {f"a{code}": str(parts["counts"].get(code, 0)) for code in SCALE}
    if stored_kind == "confusion":
        return {name: str(parts[name]) for name in ("tp", "fp", "fn", "tn")}
    if stored_kind == "uptime":
        return {
            "num": _plain(Decimal(parts["up_s"]) / 3600),
            "den": _plain(Decimal(parts["observed_s"]) / 3600),
        }
    if stored_kind == "money" and len(parts["minor"]) == 1:
        return {"value": _plain(Decimal(next(iter(parts["minor"].values()))) / 100)}
    if stored_kind == "opaque" and len(parts["values"]) == 1:
        return {"value": str(parts["values"][0])}
    return _typed_average(unit, parts, stored_kind)


def _typed_average(unit: str, parts: Mapping[str, Any], kind: str) -> dict[str, str]:
    if kind not in {"mean", "duration"} or not parts.get("n"):
        return {}
    scale = MILLISECONDS.get(unit, 60_000) if kind == "duration" else 1
    n, total = int(parts["n"]), Decimal(str(parts["sum_ms" if kind == "duration" else "sum"]))
    mean = total / n
    found = {"value": _plain(mean / scale), "n": str(n)}
    if n > 1:
        variance = max(Decimal(0), Decimal(str(parts["sumsq"])) - n * mean * mean) / (n - 1)
        found["sd"] = _plain(variance.sqrt() / scale)
    return found


def _plain(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.0001')).normalize():f}"
