"""Amounts per currency in minor units; converted only with a dated rate that is on record."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from kpis.domain.errors import EmptySeries, NegativeCount, NotANumber, UnknownKind

_CODE = re.compile(r"[A-Z]{3}")
# ISO 4217: minor units where they are not hundredths. Amounts are stored in them, so they must not
# follow what a library calls usual: Unicode's data writes forints and rupiah without decimals.
_WHOLE = (
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "ISK",
    "JPY",
    "KMF",
    "KRW",
    "PYG",
    "RWF",
    "UGX",
    "UYI",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
)
_THOUSANDTHS = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
_DIGITS = dict.fromkeys(_WHOLE, 0) | dict.fromkeys(_THOUSANDTHS, 3)


def code_of(text: str) -> str:
    """A currency by its three letters. Raises UnknownKind."""
    if not _CODE.fullmatch(text):
        raise UnknownKind(f"“{text}” is not a currency such as EUR.")
    return text


def digits_of(currency: str) -> int:
    """Decimal places of the smallest coin."""
    return _DIGITS.get(currency, 2)


def major(minor: int, currency: str) -> Decimal:
    """An amount in the currency itself: 1250 cents are 12.5 euros."""
    return Decimal(minor).scaleb(-digits_of(currency))


def minor(amount: Decimal, currency: str) -> int:
    """An amount in its smallest coins, half of one going to the even one."""
    return int(amount.scaleb(digits_of(currency)).to_integral_value())


@dataclass(frozen=True)
class Rate:
    """How much of `to` one unit of `base` bought on a day. Raises NotANumber, NegativeCount,
    UnknownKind."""

    base: str
    to: str
    on: dt.date
    value: Decimal

    def __post_init__(self) -> None:
        code_of(self.base)
        code_of(self.to)
        if not self.value.is_finite():
            raise NotANumber("A rate of exchange must be a finite number.")
        if self.value <= 0:
            raise NegativeCount("A rate of exchange must be above zero.")


@dataclass(frozen=True)
class Converted:
    """An amount in one currency, with the rates it was made with."""

    amount: Decimal
    currency: str
    rates: tuple[Rate, ...]


def converted(
    amounts: Mapping[str, int], to: str, *, on: dt.date, rates: Iterable[Rate]
) -> Converted:
    """Amounts in minor units, summed in one currency at the newest rates known on a day.

    A currency without a stored rate of that day or before is not converted: raises EmptySeries
    that names it. Raises UnknownKind for what is no currency.
    """
    code_of(to)
    stored = list(rates)
    used, total = [], Decimal(0)
    for currency, amount in sorted(amounts.items()):
        value = major(amount, code_of(currency))
        if currency != to:
            rate = _newest(stored, currency, to, on)
            used.append(rate)
            value *= rate.value
        total += value
    return Converted(total, to, tuple(used))


def _newest(rates: Iterable[Rate], base: str, to: str, on: dt.date) -> Rate:
    usable = [rate for rate in rates if (rate.base, rate.to) == (base, to) and rate.on <= on]
    if not usable:
        raise EmptySeries(f"No rate from {base} to {to} is on record for {on:%d %B %Y}.")
    return max(usable, key=lambda rate: rate.on)
