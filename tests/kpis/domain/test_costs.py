"""Full cost and net hours: the worked example of method 6.3, and what is refused or withheld."""

import dataclasses
import math
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.domain.cost.ledger import (
    Basis,
    Entry,
    Ledger,
    Return,
    Use,
    Withheld,
    break_even,
    cash_per_result,
    cost_before,
    cost_per_result,
    hours,
    net_value,
)
from kpis.domain.cost.parts import HIDDEN, PARTS, VISIBLE
from kpis.domain.errors import (
    ContradictoryThresholds,
    EmptySeries,
    MethodError,
    NegativeCount,
    NotANumber,
    NumeratorAboveDenominator,
    UnknownKind,
)

# Method 6.3, lab example: 42 min before, 1,500 tasks all accepted, 48 an hour.
BASIS = Basis(
    tasks=1500,
    accepted=1500,
    rate=D(48),
    base=D(42),
    draft=D(14),
    review=D(11),
    rework_share=D("0.18"),
    rework=D(25),
)
NONE = Entry(not_applicable_because="not used here")
LEDGER = Ledger(
    dict.fromkeys(PARTS, NONE)
    | {
        "licences": Entry(amount=D(3600)),
        "usage": Entry(amount=D(525)),
        "setup": Entry(amount=D(1500)),
        "hidden_support": Entry(hours=D(40)),
        "training": Entry(hours=D(24)),
        "monitoring_and_governance": Entry(hours=D(20)),
        "incidents": Entry(hours=D(10)),
    }
)


def without(*parts):
    return Ledger({key: one for key, one in LEDGER.entries.items() if key not in parts})


def test_the_worked_example():
    assert BASIS.ai_minutes == D("29.5")
    assert (LEDGER.labour_hours, LEDGER.cash) == (D(94), D(5625))
    found = hours(BASIS, LEDGER.labour_hours)
    assert (found.claimed, found.net) == (D(700), D("218.5"))
    assert cost_before(BASIS) == D("33.6")
    assert cost_per_result(BASIS, LEDGER) == D("30.358")
    assert cash_per_result(BASIS, LEDGER) == D("3.75")
    assert round(break_even(BASIS, LEDGER), 1) == D("1013.7")
    assert net_value(BASIS, LEDGER, Use.CAPACITY) == Return(D(4863), None, None, "measured")


def test_the_denominator_is_accepted_results_and_not_drafts():
    fewer = dataclasses.replace(BASIS, accepted=1000)
    assert cost_per_result(fewer, LEDGER) == D("45.537")
    assert cash_per_result(fewer, LEDGER) == D("5.625")
    assert cost_before(fewer) == D("33.6")


def test_limits_of_the_task_time_give_limits_of_the_value():
    ratio = (29.5 / 42 - 0.1, 29.5 / 42 + 0.1)
    found = net_value(BASIS, LEDGER, Use.BACKLOG, ratio=ratio)
    assert [round(one) for one in (found.low, found.value, found.high)] == [-177, 4863, 9903]


def test_an_unbounded_task_time_leaves_the_low_value_open():
    found = net_value(BASIS, LEDGER, Use.CAPACITY, ratio=(0.5, math.inf))
    assert found.low is None
    assert found.high == D(15063)


@pytest.mark.parametrize(
    ("ratio", "error"),
    [
        ((math.nan, 1.0), NotANumber),
        ((-0.5, 1.0), NegativeCount),
        ((1.0, 0.5), ContradictoryThresholds),
    ],
)
def test_limits_that_cannot_be_are_refused(ratio, error):
    with pytest.raises(error):
        net_value(BASIS, LEDGER, Use.CAPACITY, ratio=ratio)


def test_an_unknown_grade_of_the_basis_is_refused():
    with pytest.raises(UnknownKind):
        net_value(BASIS, LEDGER, Use.CAPACITY, grade="guessed")


def test_parts_are_six_visible_and_seven_hidden():
    assert (len(VISIBLE), len(HIDDEN), len(PARTS)) == (6, 7, 13)


def test_a_return_is_withheld_and_the_missing_parts_are_named():
    assert net_value(BASIS, without("rework", "licences"), Use.CAPACITY) == Withheld(
        ("licences", "rework"), False, False
    )
    assert net_value(None, LEDGER, Use.CAPACITY) == Withheld((), True, False)
    assert net_value(BASIS, LEDGER, None) == Withheld((), False, True)


def test_one_assumed_part_makes_the_return_assumed():
    entries = dict(LEDGER.entries) | {"training": Entry(hours=D(24), grade="assumed")}
    assert net_value(BASIS, Ledger(entries), Use.CAPACITY).grade == "assumed"
    assert net_value(BASIS, LEDGER, Use.CAPACITY, grade="sampled").grade == "sampled"


def test_review_hours_outside_the_task_time_are_labour():
    entries = dict(LEDGER.entries) | {"review_and_correction": Entry(hours=D(50))}
    assert Ledger(entries).labour_hours == LEDGER.labour_hours + 50


def test_no_saving_per_task_never_breaks_even():
    slow = dataclasses.replace(BASIS, review=D(40))
    assert break_even(slow, LEDGER) is None
    assert hours(slow, LEDGER.labour_hours).net < 0 < hours(slow, D(0)).claimed


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"accepted": 1501}, NumeratorAboveDenominator),
        ({"accepted": 0}, EmptySeries),
        ({"tasks": -1, "accepted": -1}, NegativeCount),
        ({"review": D("NaN")}, NotANumber),
        ({"base": D("Infinity")}, NotANumber),
        ({"tasks": True, "accepted": 1}, NotANumber),
        ({"tasks": D("1500.5")}, NotANumber),
        ({"rate": 48.5}, NotANumber),
        ({"rate": "48"}, NotANumber),
        ({"draft": D(-1)}, NegativeCount),
        ({"rework_share": D("1.1")}, NumeratorAboveDenominator),
    ],
)
def test_a_basis_that_cannot_be_is_refused(changes, error):
    with pytest.raises(error):
        dataclasses.replace(BASIS, **changes)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"amount": D(-1)}, NegativeCount),
        ({"hours": D("Infinity")}, NotANumber),
        ({"hours": True}, NotANumber),
        ({"amount": "12"}, NotANumber),
        ({}, MethodError),
        ({"amount": D(1), "not_applicable_because": "none"}, MethodError),
        ({"amount": D(1), "grade": "guessed"}, UnknownKind),
    ],
)
def test_an_entry_is_an_amount_or_a_reason(fields, error):
    with pytest.raises(error):
        Entry(**fields)


def test_an_unknown_part_is_refused():
    with pytest.raises(UnknownKind):
        Ledger({"coffee": NONE})


AMOUNT = st.decimals(0, 10_000, places=2)


@given(AMOUNT, AMOUNT)
def test_more_cost_never_raises_the_value(first, more):
    def value(amount):
        entries = dict(LEDGER.entries) | {"usage": Entry(amount=amount)}
        return net_value(BASIS, Ledger(entries), Use.CAPACITY).value

    assert value(first + more) <= value(first)
