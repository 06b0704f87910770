"""What a person types for one figure of a KPI, by its kind, and the parts that follow from it.

Which parts a kind has, and how people give them, stands in `kpis/catalogue/kinds.yaml`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from kpis.domain.aggregation import money
from kpis.domain.aggregation.decimals import BadDecimal, read
from kpis.domain.aggregation.storage import MILLISECONDS
from kpis.domain.wording import grouped
from portal.domain.messages import N_, NN_, Figure, Message, counted, number

PEOPLE = frozenset({"distinct", "gauge"})
AVERAGES = frozenset({"mean", "duration"})
CONFUSION = ("tp", "fp", "fn", "tn")
# What a person counts in whole numbers even where it is kept as a foreign figure.
HEADS = frozenset({"people", "use_cases", "tools", "features"})
BELOW_ZERO = N_("It cannot be below zero.")
SWAP = N_("{top} is more than {bottom}. Swap them?")


class BadEntry(ValueError):
    """What was typed cannot be a figure; `field` names the input, the message what to do.

    `swap` says that the two numbers may have been given the wrong way round, `missing` that the
    rest has not been typed yet.
    """

    def __init__(
        self, field: str, message: str, *, swap: bool = False, missing: bool = False
    ) -> None:
        super().__init__(message)
        self.field = field
        self.swap = swap
        self.missing = missing


@dataclass(frozen=True)
class Input:
    """One box: name, label for a reader who hears it, words before and after it in the row.

    `ask` is said where it alone is missing.
    """

    name: str
    label: str
    before: str = ""
    after: str = ""
    optional: bool = False
    ask: str = ""


@dataclass(frozen=True)
class Manner:
    """What a definition adds to its kind: what is counted, the steps of a scale, a percentile."""

    top: str = ""
    bottom: str = ""
    scale: str = ""
    steps: tuple[str, ...] = ("1", "2", "3", "4", "5")
    share_of: tuple[str, ...] = ("4", "5")
    is_percentile: bool = False
    rubric: str = ""


PLAIN = Manner()


# Kinds of two numbers: label, words before, words after and question of each box.
PAIRS: Mapping[str, Sequence[Input]] = {
    "ratio": (
        Input("num", N_("how many"), ask=N_("How many? Enter the first number as well.")),
        Input(
            "den", N_("of how many"), "of", ask=N_("Of how many? Enter the second number as well.")
        ),
    ),
    "quotient": (
        Input("num", N_("amount"), ask=N_("Enter the first amount as well.")),
        Input("den", N_("compared with"), "over", ask=N_("Compared with what? Enter it as well.")),
    ),
    "rate": (
        Input("num", N_("events"), ask=N_("How many events? Zero is a number too.")),
        Input("den", N_("exposure"), "in", ask=N_("In how many? Enter the second number as well.")),
    ),
    "uptime": (
        Input("num", N_("minutes down"), ask=N_("How long was it down? Zero is a number too.")),
        Input("den", N_("minutes observed"), "min down of", "min", ask=N_("Of how many minutes?")),
    ),
}
AVERAGE = (
    Input("value", N_("average"), ask=N_("Enter the average as well.")),
    Input("n", N_("number of cases"), "n", optional=True),
    Input("sd", N_("spread (standard deviation)"), "±", optional=True),
)
SCORE = (
    Input("value", N_("mean score"), ask=N_("Enter the mean score as well.")),
    Input("n", N_("items scored"), "n", optional=True),
)
MATRIX = tuple(
    Input(name, word, word, ask=Message(N_("Enter “{word}” as well."), {"word": Message(word)}))
    for name, word in zip(
        CONFUSION,
        (N_("rightly found"), N_("wrongly found"), N_("missed"), N_("rightly left")),
        strict=True,
    )
)


def inputs(kind: str, unit: str, manner: Manner = PLAIN) -> Sequence[Input]:
    """The boxes of one figure, in the order in which they stand."""
    if kind in PEOPLE and unit.startswith("fraction"):
        kind = "ratio"
    if kind in PAIRS:
        words = (manner.top, manner.bottom) if kind != "uptime" else ("", "")
        return tuple(
            replace(one, label=word or one.label)
            for one, word in zip(PAIRS[kind], words, strict=True)
        )
    if kind in AVERAGES and not manner.is_percentile:
        return AVERAGE
    if kind == "rating":
        answers = (
            Input(f"a{step}", f"answers “{step}”", step, optional=True) for step in manner.steps
        )
        return (*answers, Input("invited", N_("people asked"), "asked", optional=True))
    return {"score": SCORE, "confusion": MATRIX}.get(kind, (Input("value", N_("figure")),))


def is_empty(kind: str, unit: str, typed: Mapping[str, str], manner: Manner = PLAIN) -> bool:
    """Whether nothing was typed: that is not measured, and not zero."""
    return not any(typed.get(one.name, "").strip() for one in inputs(kind, unit, manner))


def figure(
    kind: str,
    unit: str,
    typed: Mapping[str, str],
    *,
    currency: str = "",
    locale: str = "en",
    manner: Manner = PLAIN,
    at: str = "",
) -> tuple[str, dict[str, Any]]:
    """The kind in which the figure is kept, and its parts, from texts in the manner of a locale.

    An average without its cases cannot be added to others: it is kept as a single figure. `at`:
    the last day of the period, for stocks. Raises BadEntry.
    """
    boxes = inputs(kind, unit, manner)
    values = {box.name: _number(box, typed.get(box.name, ""), locale, unit) for box in boxes}
    for box in boxes:
        if values[box.name] is None and not box.optional:
            raise BadEntry(box.name, _asked(box), missing=True)
    numbers = {name: value for name, value in values.items() if value is not None}
    if kind == "gauge" and at and "den" not in numbers:
        return kind, {"value": str(_stock(unit, numbers)), "at": at}
    return _figure(kind, unit, numbers, currency, manner)


def _asked(box: Input) -> Message:
    if isinstance(box.ask, Message):
        return box.ask
    return Message(box.ask or N_("Enter the figure."))


def _number(box: Input, text: str, locale: str, unit: str) -> Decimal | None:
    text = text.strip()
    is_share = text.endswith("%") and box.name == "value" and unit.startswith("fraction")
    if text.endswith("%") and not is_share:
        raise BadEntry(
            box.name, Message(N_("Give both numbers instead of a percentage: so many of so many."))
        )
    try:
        value = read(text.rstrip("% "), locale)
    except BadDecimal as error:
        raise BadEntry(box.name, error.args[0]) from None
    return value / 100 if is_share and value is not None else value


def _figure(
    kind: str, unit: str, numbers: Mapping[str, Decimal], currency: str, manner: Manner
) -> tuple[str, dict[str, Any]]:
    if kind == "ratio" or (kind in PEOPLE and "den" in numbers):
        return "ratio", _share(numbers)
    if kind == "quotient":
        return kind, {"num": str(numbers["num"]), "den": str(_positive(numbers, "den"))}
    if kind == "rate":
        return kind, {"events": _whole(numbers, "num"), "exposure": str(_positive(numbers, "den"))}
    if kind in AVERAGES and not manner.is_percentile:
        return _average(kind, unit, numbers)
    if kind == "score":
        return _score(numbers, manner)
    if kind == "uptime":
        return kind, _uptime(numbers)
    if kind == "count":
        return kind, {"n": _whole(numbers, "value")}
    if kind == "money":
        return kind, {"minor": {currency: _minor(numbers["value"], currency)}}
    if kind == "rating":
        return kind, _rating(numbers, manner)
    if kind == "confusion":
        return kind, _confusion(numbers)
    return "opaque", {"value": str(_stock(unit, numbers))}


def _share(numbers: Mapping[str, Decimal]) -> dict[str, Any]:
    top, bottom = _whole(numbers, "num"), _whole(numbers, "den")
    if top > bottom:
        raise BadEntry("num", _swap(top, bottom), swap=True)
    if bottom == 0:
        raise BadEntry(
            "den", Message(N_("0 of 0 says nothing. Empty both, or say why it does not apply."))
        )
    return {"num": top, "den": bottom}


def _swap(top: Decimal | int, bottom: Decimal | int) -> Message:
    return Message(SWAP, {"top": Figure(f"{top:,}"), "bottom": Figure(f"{bottom:,}")})


def _uptime(numbers: Mapping[str, Decimal]) -> dict[str, Any]:
    down, observed = _not_negative(numbers, "num"), _positive(numbers, "den")
    if down > observed:
        raise BadEntry("num", _swap(down, observed), swap=True)
    return {"up_s": _rounded((observed - down) * 60), "observed_s": _rounded(observed * 60)}


def _average(kind: str, unit: str, numbers: Mapping[str, Decimal]) -> tuple[str, dict[str, Any]]:
    value, deviation = numbers["value"], numbers.get("sd")
    if kind == "duration" and value < 0:
        raise BadEntry("value", Message(N_("A time cannot be below zero.")))
    if deviation is not None and deviation < 0:
        raise BadEntry("sd", Message(N_("A spread cannot be below zero.")))
    if "n" not in numbers and deviation is not None:
        raise BadEntry(
            "n", Message(N_("Of how many cases? A spread alone says little.")), missing=True
        )
    n = _whole(numbers, "n") if "n" in numbers else None
    if n == 0:
        raise BadEntry("n", Message(N_("An average needs at least one case.")))
    if n is None:
        return "opaque", {"value": str(value)}
    scale = MILLISECONDS.get(unit, 60_000) if kind == "duration" else 1
    mean, spread = value * scale, (deviation or Decimal(0)) * scale
    squares = (n - 1) * spread * spread + n * mean * mean
    has_squares = deviation is not None or n == 1
    if kind == "mean":
        return kind, {"n": n, "sum": str(mean * n)} | (
            {"sumsq": str(squares)} if has_squares else {}
        )
    times = {"n": n, "sum_ms": _rounded(mean * n)}
    return kind, times | ({"sumsq": _rounded(squares)} if has_squares else {})


def _score(numbers: Mapping[str, Decimal], manner: Manner) -> tuple[str, dict[str, Any]]:
    if "n" not in numbers:
        return "opaque", {"value": str(numbers["value"])}
    n = _whole(numbers, "n")
    if n == 0:
        raise BadEntry("n", Message(N_("A mean score needs at least one item.")))
    rubric = [manner.rubric] if manner.rubric else []
    return "score", {"sum_ws": str(numbers["value"] * n), "sum_w": str(n), "rubric": rubric}


ASKED = NN_(
    "{count} answered, but only {asked} were asked.",
    "{count} answered, but only {asked} were asked.",
)


def _rating(numbers: Mapping[str, Decimal], manner: Manner) -> dict[str, Any]:
    parts: dict[str, Any]
    names = [f"a{step}" for step in manner.steps]
    counts = {
        step: _whole(numbers, name) if (name := f"a{step}") in numbers else 0
        for step in manner.steps
    }
    if not any(name in numbers for name in names):
        raise BadEntry(names[0], Message(N_("How many gave each answer?")), missing=True)
    answered = sum(counts.values())
    if answered == 0:
        raise BadEntry(names[0], Message(N_("Nobody answered. Say why it does not apply instead.")))
    parts = {"counts": counts, "top": list(manner.share_of)}
    if "invited" in numbers:
        parts["invited"] = _whole(numbers, "invited")
        if parts["invited"] < answered:
            words = {"asked": number(parts["invited"])}
            raise BadEntry("invited", counted(ASKED, answered, words))
    return parts | ({"scale": [manner.scale]} if manner.scale else {})


def _confusion(numbers: Mapping[str, Decimal]) -> dict[str, Any]:
    counts = {name: _whole(numbers, name) for name in CONFUSION}
    if not any(counts.values()):
        raise BadEntry(
            "tp", Message(N_("Four zeros say nothing. Empty them, or say why it does not apply."))
        )
    return counts


DECIMALS = NN_(
    "An amount in {currency} has at most {count} decimal.",
    "An amount in {currency} has at most {count} decimals.",
)
NO_DECIMALS = N_("An amount in {currency} has no decimals.")


def _minor(value: Decimal, currency: str) -> int:
    places = money.digits_of(currency)
    if value != round(value, places):
        words = {"currency": currency}
        most = counted(DECIMALS, places, words) if places else Message(NO_DECIMALS, words)
        raise BadEntry("value", most)
    return money.minor(value, currency)


def _stock(unit: str, numbers: Mapping[str, Decimal]) -> Decimal:
    value = numbers["value"]
    if unit == "fraction" and not 0 <= value <= 1:
        too_much = Message(
            N_("{value} is more than all of it. Write 0.28 or 28%."), {"value": Figure(value)}
        )
        raise BadEntry("value", too_much if value > 1 else Message(BELOW_ZERO))
    return Decimal(_whole(numbers, "value")) if unit in HEADS else value


def _rounded(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_HALF_EVEN))


def _whole(numbers: Mapping[str, Decimal], name: str) -> int:
    value = _not_negative(numbers, name)
    if value != value.to_integral_value():
        raise BadEntry(
            name, Message(N_("Enter a whole number instead of {value}."), {"value": Figure(value)})
        )
    return int(value)


def _not_negative(numbers: Mapping[str, Decimal], name: str) -> Decimal:
    if numbers[name] < 0:
        raise BadEntry(name, Message(BELOW_ZERO))
    return numbers[name]


def _positive(numbers: Mapping[str, Decimal], name: str) -> Decimal:
    if _not_negative(numbers, name) == 0:
        raise BadEntry(name, Message(N_("It must be above zero.")))
    return numbers[name]


def typed(
    kind: str, unit: str, parts: Mapping[str, Any], stored_kind: str, locale: str = "en"
) -> dict[str, str]:
    """What a person would have typed for a figure on record; empty where it cannot be shown."""
    found = _typed(unit, parts, stored_kind)
    return {name: spelled(Decimal(text), locale) for name, text in found.items()}


def spelled(value: Decimal, locale: str = "en") -> str:
    """The number as a person writes it for others: 14,380 in English, 14.380 in German."""
    plain = value.normalize()
    return grouped(plain, max(0, -int(plain.as_tuple().exponent)), locale)


def same(first: str, second: str, locale: str = "en") -> bool:
    """Whether two texts of a box say the same: 1380 and 1,380 do, 0 and nothing do not."""
    if first.strip() == second.strip():
        return True
    try:
        return read(first, locale) == read(second, locale)
    except BadDecimal:
        return False


def _typed(unit: str, parts: Mapping[str, Any], stored_kind: str) -> dict[str, str]:
    if stored_kind in {"ratio", "quotient"}:
        return {"num": str(parts["num"]), "den": str(parts["den"])}
    if stored_kind == "rate":
        return {"num": str(parts["events"]), "den": str(parts["exposure"])}
    if stored_kind == "count":
        return {"value": str(parts["n"])}
    if stored_kind == "gauge" and "value" in parts:
        return {"value": str(parts["value"])}
    if stored_kind == "rating":
        asked = {"invited": str(parts["invited"])} if parts.get("invited") else {}
        return {f"a{code}": str(count) for code, count in parts["counts"].items()} | asked
    if stored_kind == "confusion":
        return {name: str(parts[name]) for name in CONFUSION}
    if stored_kind == "uptime":
        down = Decimal(parts["observed_s"]) - Decimal(parts["up_s"])
        return {"num": _plain(down / 60), "den": _plain(Decimal(parts["observed_s"]) / 60)}
    if stored_kind == "money" and len(parts["minor"]) == 1:
        ((currency, amount),) = parts["minor"].items()
        return {"value": _plain(money.major(int(amount), currency))}
    if stored_kind == "opaque" and len(parts["values"]) == 1:
        return {"value": str(parts["values"][0])}
    return _typed_average(unit, parts, stored_kind)


def _typed_average(unit: str, parts: Mapping[str, Any], kind: str) -> dict[str, str]:
    if kind == "score" and Decimal(str(parts["sum_w"])):
        weight = Decimal(str(parts["sum_w"]))
        return {"value": _plain(Decimal(str(parts["sum_ws"])) / weight), "n": _plain(weight)}
    if kind not in AVERAGES or not parts.get("n"):
        return {}
    scale = MILLISECONDS.get(unit, 60_000) if kind == "duration" else 1
    n, total = int(parts["n"]), Decimal(str(parts["sum_ms" if kind == "duration" else "sum"]))
    mean = total / n
    boxes = {"value": _plain(mean / scale), "n": str(n)}
    if n > 1 and parts.get("sumsq") is not None:
        variance = max(Decimal(0), Decimal(str(parts["sumsq"])) - n * mean * mean) / (n - 1)
        boxes["sd"] = _plain(variance.sqrt() / scale)
    return boxes


def _plain(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.0001')).normalize():f}"
