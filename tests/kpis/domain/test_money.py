"""Money stays per currency, and is converted only with a dated rate on record (method 3.1)."""

import datetime as dt
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.domain.aggregation import monoids
from kpis.domain.aggregation.money import Converted, Rate, converted, major, minor
from kpis.domain.errors import EmptySeries, NegativeCount, NotANumber, UnknownKind

DAY = dt.date(2026, 11, 2)
OLD, NEW = (
    Rate("USD", "EUR", day, D(value))
    for day, value in (
        (dt.date(2026, 9, 1), "0.90"),
        (dt.date(2026, 11, 1), "0.95"),
    )
)
LATER = Rate("USD", "EUR", dt.date(2026, 12, 1), D("0.99"))


@pytest.mark.parametrize(
    ("amount", "currency", "value"),
    [(1250, "EUR", "12.5"), (1250, "JPY", "1250"), (1250, "KWD", "1.25"), (-5, "USD", "-0.05")],
)
def test_the_smallest_coin_is_that_of_the_currency(amount, currency, value):
    assert major(amount, currency) == D(value)
    assert minor(D(value), currency) == amount
    state = monoids.from_parts("money", {"minor": {currency: amount}})
    assert monoids.value("money", state) == D(value)


def test_the_newest_rate_known_on_the_day_converts():
    found = converted({"EUR": 100, "USD": 1000}, "EUR", on=DAY, rates=[LATER, NEW, OLD])
    assert found == Converted(D("10.5"), "EUR", (NEW,))


def test_one_currency_needs_no_rate():
    assert converted({"EUR": 100}, "EUR", on=DAY, rates=[]) == Converted(D(1), "EUR", ())


@pytest.mark.parametrize("rates", [[], [LATER], [Rate("EUR", "USD", DAY, D(2))]])
def test_without_a_dated_rate_nothing_is_converted(rates):
    with pytest.raises(EmptySeries, match="No rate from USD to EUR is on record for 02 November"):
        converted({"EUR": 100, "USD": 1}, "EUR", on=DAY, rates=rates)


@given(st.integers(-(10**9), 10**9), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_amounts_come_back(amount, currency):
    assert minor(major(amount, currency), currency) == amount


@pytest.mark.parametrize(
    ("error", "call"),
    [
        (NotANumber, lambda: Rate("USD", "EUR", DAY, D("NaN"))),
        (NegativeCount, lambda: Rate("USD", "EUR", DAY, D(0))),
        (UnknownKind, lambda: Rate("usd", "EUR", DAY, D(1))),
        (UnknownKind, lambda: converted({}, "euro", on=DAY, rates=[])),
        (UnknownKind, lambda: monoids.from_parts("money", {"minor": {"": 1}})),
        (NotANumber, lambda: monoids.from_parts("money", {"minor": {"EUR": "12.5"}})),
    ],
)
def test_what_is_no_money_is_refused(error, call):
    with pytest.raises(error):
        call()
