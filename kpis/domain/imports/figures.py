"""From the amounts of one cell or row to a figure: its kind and its parts."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kpis.domain.aggregation import monoids
from kpis.domain.entering import inputs
from kpis.domain.errors import MethodError
from kpis.domain.imports.mapping import KpiColumn
from kpis.domain.imports.numbers import BadCell

# Kinds whose amounts may be below zero.
SIGNED = {"gauge", "opaque", "quotient"}
# What the columns of a figure hold, with room for a year of such figures added up.
TOO_LARGE = Decimal(10) ** 21


def entered(kpi: KpiColumn, amounts: Mapping[str, Decimal]) -> tuple[str, dict[str, Any]]:
    """Kind and parts of a figure given as value, numerator, denominator, n and spread.

    A value alone where the kind needs parts is kept as a foreign figure (opaque): shown and
    judged as a point, never combined. Raises BadCell where the numbers contradict the kind.
    """
    num, den, value = amounts.get("num"), amounts.get("den"), amounts.get("value")
    if (num is None) != (den is None):
        raise BadCell("Give both the numerator and the denominator, or neither.")
    below = any(amount < 0 for amount in amounts.values())
    if below and (kpi.kind not in SIGNED or kpi.is_share):
        raise BadCell(f"{kpi.name} cannot be below zero.")
    if num is not None and den is not None:
        kind, parts = _of_parts(kpi, num, den)
        _agree(kpi, num, den, value)
        return kind, parts
    if value is None:
        raise BadCell(f"There is no value for {kpi.name} in this row, only the number of cases.")
    return _of_value(kpi, value, amounts)


def checked(kind: str, parts: Mapping[str, Any]) -> None:
    """Raises BadCell for parts that the method refuses or that no column can hold."""
    try:
        state = monoids.from_parts(kind, parts)
    except MethodError as error:
        raise BadCell(str(error)) from error
    numbers = [Decimal(one) for one in state.values() if isinstance(one, int | Decimal)]
    if any(abs(one) >= TOO_LARGE for one in numbers):
        raise BadCell("This is too large to be a figure. Look at the unit.")


def _of_value(
    kpi: KpiColumn, value: Decimal, amounts: Mapping[str, Decimal]
) -> tuple[str, dict[str, Any]]:
    n = amounts.get("n")
    if kpi.kind == "count":
        return "count", {"n": _whole(value, kpi.name)}
    if kpi.is_share and value > 1:
        raise BadCell(
            f"{kpi.name} is a share and {value} is more than all of it. Write 0.28 or 28%, "
            "better numerator and denominator."
        )
    if kpi.kind == "ratio" and n is not None:
        return _of_share(value, _whole(n, "number of cases"))
    if kpi.kind == "money" and kpi.currency:
        return _typed(kpi, {"value": value})
    if kpi.kind in {"mean", "duration"} and n is not None:
        given = {name: amounts[name] for name in ("value", "n", "sd") if name in amounts}
        return _typed(kpi, given)
    return "opaque", {"value": str(value)}


def _typed(kpi: KpiColumn, amounts: Mapping[str, Decimal]) -> tuple[str, dict[str, Any]]:
    """As if a person had typed it into the grid: one rule for both ways in."""
    texts = {name: f"{amount:f}" for name, amount in amounts.items()}
    try:
        return inputs.figure(kpi.kind, kpi.unit, texts, currency=kpi.currency)
    except inputs.BadEntry as error:
        raise BadCell(str(error)) from error


def _of_share(value: Decimal, n: int) -> tuple[str, dict[str, Any]]:
    """The numerator behind a rounded share of n cases, where only one is possible."""
    if n == 0:
        raise BadCell("A share of 0 cases is no figure. Empty the cell if nothing was measured.")
    exponent = value.as_tuple().exponent
    half = Decimal(1).scaleb(int(exponent)) / 2
    first = max(0, int(((value - half) * n).to_integral_value(rounding="ROUND_CEILING")))
    last = min(n, int(((value + half) * n).to_integral_value(rounding="ROUND_FLOOR")))
    if first > last:
        raise BadCell(f"No whole number of {n:,} cases gives {value}. Look at the number of cases.")
    if first < last:
        raise BadCell(
            f"{value} of {n:,} cases can be {first:,} to {last:,}. Give the numerator, or leave "
            "out the number of cases to keep the share alone."
        )
    return "ratio", {"num": first, "den": n}


def _agree(kpi: KpiColumn, num: Decimal, den: Decimal, value: Decimal | None) -> None:
    """Raises BadCell when a value stands beside its parts and says something else."""
    if value is None or not den or kpi.kind != "ratio":
        return
    exponent = min(0, int(value.as_tuple().exponent))
    room = max(Decimal(1).scaleb(exponent), abs(value) / 200)
    if abs(num / den - value) > room:
        raise BadCell(
            f"The value {value} does not fit {num:,} of {den:,}, which is {num / den:.3f}. "
            "Mend one of them."
        )


def _of_parts(kpi: KpiColumn, num: Decimal, den: Decimal) -> tuple[str, dict[str, Any]]:
    if kpi.kind in {"ratio", "distinct", "gauge"}:
        if num > den:
            raise BadCell(f"The numerator {num:,} is above the denominator {den:,}. Swap them?")
        return "ratio", {"num": _whole(num, "numerator"), "den": _whole(den, "denominator")}
    if kpi.kind == "rate":
        return "rate", {"events": _whole(num, "number of events"), "exposure": str(den)}
    if kpi.kind == "quotient":
        return "quotient", {"num": str(num), "den": str(den)}
    if kpi.kind == "uptime":
        if num > den:
            raise BadCell("More time up than was observed. Swap them?")
        return "uptime", {"up_s": _whole(num, "seconds up"), "observed_s": _whole(den, "seconds")}
    if den == 0:
        raise BadCell("The denominator is 0, so there is no figure.")
    return "opaque", {"value": str(num / den)}


def _whole(value: Decimal, what: str) -> int:
    if value != value.to_integral_value():
        raise BadCell(f"The {what} must be a whole number, not {value}.")
    return int(value)
