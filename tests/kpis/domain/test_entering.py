"""Typed figures: an empty box is not zero, errors say what to do, nothing is guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.domain import monoids
from kpis.domain.entering import BadEntry, figure, inputs, is_empty, typed


@pytest.mark.parametrize(
    ("kind", "unit", "given_", "expected"),
    [
        ("ratio", "fraction", {"num": "4,012", "den": "14,380"},
         ("ratio", {"num": 4012, "den": 14380})),
        ("ratio", "fraction", {"num": "0", "den": "150"}, ("ratio", {"num": 0, "den": 150})),
        ("quotient", "fraction", {"num": "330,5", "den": "320"},
         ("quotient", {"num": "330.5", "den": "320"})),
        ("rate", "per", {"num": "7", "den": "1.5"}, ("rate", {"events": 7, "exposure": "1.5"})),
        ("mean", "hours", {"value": "7.5", "n": "1", "sd": ""},
         ("mean", {"n": 1, "sum": "7.5", "sumsq": "56.25"})),
        ("mean", "hours", {"value": "10", "n": "5", "sd": "2"},
         ("mean", {"n": 5, "sum": "50", "sumsq": "516"})),
        ("duration", "minutes", {"value": "11.6", "n": "212", "sd": ""},
         ("opaque", {"value": "11.6"})),
        ("duration", "seconds", {"value": "2", "n": "3", "sd": "1"},
         ("duration", {"n": 3, "sum_ms": 6000, "sumsq": 14000000})),
        ("count", "uses", {"value": "12 000"}, ("count", {"n": 12000})),
        ("money", "currency", {"value": "1.250,50"}, ("money", {"minor": {"EUR": 125050}})),
        ("uptime", "fraction", {"num": "167.5", "den": "168"},
         ("uptime", {"up_s": 603000, "observed_s": 604800})),
        ("rating", "fraction", {"a1": "1", "a2": "0", "a3": "2", "a4": "3", "a5": "4"},
         ("rating", {"counts": {"1": 1, "2": 0, "3": 2, "4": 3, "5": 4}, "top": ["4", "5"]})),
        ("distinct", "fraction", {"num": "40", "den": "60"}, ("ratio", {"num": 40, "den": 60})),
        ("opaque", "index", {"value": "0.71"}, ("opaque", {"value": "0.71"})),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_parts_that_the_kind_accepts(kind, unit, given_, expected):
    found = figure(kind, unit, given_, currency="EUR")
    assert found == expected
    monoids.from_parts(*found)


@pytest.mark.parametrize(
    ("kind", "given_", "field", "message"),
    [
        ("ratio", {"num": "11", "den": "8"}, "num", "11 is more than 8. Swap them?"),
        ("ratio", {"num": "11", "den": ""}, "den", "Enter of how many as well."),
        ("ratio", {"num": "28%", "den": ""}, "num",
         "Give both numbers instead of a percentage: so many of so many."),
        ("ratio", {"num": "2.5", "den": "8"}, "num", "Enter a whole number instead of 2.5."),
        ("ratio", {"num": "many", "den": "8"}, "num", "“many” is not a number."),
        ("count", {"value": "-1"}, "value", "It cannot be below zero."),
        ("rate", {"num": "1", "den": "0"}, "den", "It must be above zero."),
        ("duration", {"value": "3", "n": "0"}, "n", "An average needs at least one case."),
        ("mean", {"value": "3", "n": "4", "sd": "-1"}, "sd", "A spread cannot be below zero."),
        ("opaque", {"value": "inf"}, "value", "“inf” is not a number."),
    ],
)  # fmt: skip
def test_errors_name_the_box_and_what_to_do(kind, given_, field, message):
    with pytest.raises(BadEntry) as refused:
        figure(kind, "fraction" if kind == "ratio" else "minutes", given_)
    assert (refused.value.field, str(refused.value)) == (field, message)
    assert refused.value.swap is message.endswith("Swap them?")


def test_an_empty_row_is_not_measured_and_a_zero_is():
    assert is_empty("ratio", "fraction", {"num": " ", "den": ""})
    assert not is_empty("ratio", "fraction", {"num": "0", "den": ""})


def test_every_kind_has_boxes():
    assert all(inputs(kind, "fraction") for kind in monoids.Kind)


@given(st.integers(2, 500), st.decimals(0, 500, places=1), st.decimals(0, 90, places=1))
def test_an_average_reads_back_as_it_was_typed(n, value, spread):
    given_ = {"value": str(value), "n": str(n), "sd": str(spread)}
    kind, parts = figure("mean", "hours", given_)
    back = typed("mean", "hours", monoids.to_parts(kind, monoids.from_parts(kind, parts)), kind)
    assert Decimal(back["value"]) == value
    assert abs(Decimal(back["sd"]) - spread) < Decimal("0.001")
