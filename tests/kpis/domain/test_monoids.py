"""Kinds of measure: the laws that let figures be added in any order, and the sketch of times."""

import math
import random
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.domain.aggregation import monoids, sketch, storage
from kpis.domain.aggregation.monoids import Kind
from kpis.domain.errors import (
    ContradictoryThresholds,
    EmptySeries,
    MethodError,
    NegativeCount,
    NotANumber,
    NumeratorAboveDenominator,
    UnknownKind,
)

# A busy machine is no fault.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
COUNT = st.integers(0, 10**9)
AMOUNT = st.decimals(-(10**6), 10**6, places=4)
POSITIVE = st.decimals(0, 10**6, places=4)
WORDS = st.sampled_from(["yes", "no", "never"])
TIMES = st.lists(st.integers(0, 10**7), max_size=4)


def shares(top, bottom):
    return st.tuples(COUNT, COUNT).map(lambda pair: {top: min(pair), bottom: max(pair)})


def moments(values):
    """Sums of single values, exact."""
    return {
        "n": len(values),
        "sum": sum(values, Decimal(0)),
        "sumsq": sum((value * value for value in values), Decimal(0)),
    }


STATES = {
    Kind.COUNT: st.fixed_dictionaries({"n": COUNT}),
    Kind.RATIO: shares("num", "den"),
    Kind.QUOTIENT: st.fixed_dictionaries({"num": AMOUNT, "den": POSITIVE}),
    Kind.UPTIME: shares("up_s", "observed_s"),
    Kind.RATE: st.fixed_dictionaries({"events": COUNT, "exposure": POSITIVE}),
    Kind.MEAN: st.one_of(
        st.lists(AMOUNT, max_size=4).map(moments),
        st.fixed_dictionaries({"n": st.integers(1, 10**9), "sum": AMOUNT}),
    ),
    Kind.DURATION: TIMES.map(monoids.of_durations),
    Kind.MONEY: st.fixed_dictionaries(
        {"minor": st.dictionaries(st.sampled_from(["EUR", "USD"]), st.integers(-99, 99))}
    ),
    Kind.RATING: st.fixed_dictionaries(
        {"counts": st.dictionaries(WORDS, COUNT), "top": st.lists(WORDS)},
        optional={"invited": st.integers(3 * 10**9, 10**12), "scale": WORDS},
    ),
    Kind.CONFUSION: st.fixed_dictionaries({"tp": COUNT, "fp": COUNT, "fn": COUNT, "tn": COUNT}),
    Kind.SCORE: st.fixed_dictionaries(
        {"sum_ws": AMOUNT, "sum_w": POSITIVE, "rubric": st.lists(WORDS, min_size=1, max_size=1)}
    ),
    Kind.DISTINCT: st.fixed_dictionaries({"members": st.lists(WORDS)}),
    Kind.GAUGE: st.fixed_dictionaries(
        {"at": st.dates().map(lambda day: day.isoformat()), "value": AMOUNT},
        optional={"seconds": st.integers(0, 86_400)},
    ),
    Kind.OPAQUE: st.fixed_dictionaries({"values": st.lists(AMOUNT, min_size=1, max_size=3)}),
}
KINDS = pytest.mark.parametrize("kind", list(Kind))


def drawn(data, kind, size=3):
    """Checked states of a kind."""
    given_parts = data.draw(st.lists(STATES[kind], min_size=size, max_size=size))
    return [monoids.from_parts(kind, parts) for parts in given_parts]


def test_every_kind_is_tried():
    assert set(STATES) == set(Kind) == set(monoids.MONOIDS)


@KINDS
@UNHURRIED
@given(data=st.data())
def test_the_order_of_figures_does_not_matter(kind, data):
    a, b, c = drawn(data, kind)
    merge = monoids.monoid(kind).merge
    assert merge(a, b) == merge(b, a)
    assert merge(merge(a, b), c) == merge(a, merge(b, c))


@KINDS
@UNHURRIED
@given(data=st.data())
def test_nothing_added_changes_nothing(kind, data):
    (a,) = drawn(data, kind, 1)
    merge, nothing = monoids.monoid(kind).merge, monoids.monoid(kind).identity
    assert merge(a, nothing) == merge(nothing, a) == a


@KINDS
@UNHURRIED
@given(data=st.data())
def test_any_split_by_day_and_unit_folds_to_the_same_state(kind, data):
    facts = drawn(data, kind, 6)
    where = data.draw(
        st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2)), min_size=6, max_size=6)
    )
    cells = {}
    for fact, cell in zip(facts, where, strict=True):
        cells.setdefault(cell, []).append(fact)

    by_cell = [monoids.fold(kind, states) for states in cells.values()]

    assert monoids.fold(kind, by_cell) == monoids.fold(kind, facts)


@KINDS
@UNHURRIED
@given(data=st.data())
def test_parts_come_back_from_the_columns_as_they_went_in(kind, data):
    (state,) = drawn(data, kind, 1)
    row = storage.to_columns(kind, monoids.to_parts(kind, state))
    assert monoids.from_parts(kind, storage.to_parts(row)) == state


@pytest.mark.parametrize(
    ("kind", "parts", "value"),
    [
        ("count", {"n": 0}, Decimal(0)),
        ("ratio", {"num": 95, "den": 910}, Decimal(95) / Decimal(910)),
        ("ratio", {"num": 0, "den": 0}, None),
        ("rate", {"events": 3, "exposure": "1.5"}, Decimal(2)),
        ("mean", {"n": 4, "sum": "10.0"}, Decimal("2.5")),
        ("duration", {"n": 2, "sum_ms": 3000}, Decimal(1500)),
        ("money", {"minor": {"EUR": 1250}}, Decimal("12.5")),
        ("money", {"minor": {"EUR": 1250, "USD": 1}}, None),
        ("rating", {"counts": {"4": 3, "5": 5, "1": 2}, "top": ["4", "5"]}, Decimal("0.8")),
        ("confusion", {"tp": 3, "fp": 1, "fn": 9, "tn": 0}, Decimal("0.75")),
        ("uptime", {"up_s": 86_000, "observed_s": 86_400}, Decimal(86_000) / Decimal(86_400)),
        ("score", {"sum_ws": 9, "sum_w": 2, "rubric": ["a"]}, Decimal("4.5")),
        ("score", {"sum_ws": 9, "sum_w": 2, "rubric": ["a", "b"]}, None),
        ("distinct", {"members": ["a", "b", "a"]}, Decimal(2)),
        ("gauge", {"value": "7.5", "at": "2026-11-02"}, Decimal("7.5")),
        ("opaque", {"value": "0.28"}, Decimal("0.28")),
        ("opaque", {"values": [1, 2]}, None),
    ],
)
def test_values_are_derived_from_parts_alone(kind, parts, value):
    assert monoids.value(kind, monoids.from_parts(kind, parts)) == value


def test_a_share_of_two_weeks_is_not_the_average_of_their_shares():
    weeks = [monoids.from_parts("ratio", {"num": n, "den": d}) for n, d in ((5, 10), (90, 900))]
    assert monoids.fold("ratio", weeks) == {"num": 95, "den": 910}


def test_only_foreign_figures_do_not_combine():
    assert [kind for kind in Kind if not monoids.combines(kind)] == [Kind.OPAQUE]


@pytest.mark.parametrize(
    ("kind", "parts", "error"),
    [
        ("ratio", {"num": 2, "den": 1}, NumeratorAboveDenominator),
        ("uptime", {"up_s": 2, "observed_s": 1}, NumeratorAboveDenominator),
        ("count", {"n": -1}, NegativeCount),
        ("count", {"n": 1.5}, NotANumber),
        ("count", {"n": "NaN"}, NotANumber),
        ("count", {}, NotANumber),
        ("mean", {"n": 1, "sum": "Infinity"}, NotANumber),
        ("count", {"n": True}, NotANumber),
        ("count", {"n": "1e99"}, NotANumber),
        ("ratio", {"num": math.nan, "den": 1}, NotANumber),
        ("rate", {"events": 1, "exposure": math.inf}, NotANumber),
        ("rate", {"events": -1, "exposure": 1}, NegativeCount),
        ("rate", {"events": 1, "exposure": -1}, NegativeCount),
        ("quotient", {"num": 1, "den": -1}, NegativeCount),
        ("mean", {"n": 0, "sum": 1}, EmptySeries),
        ("mean", {"n": 4, "sum": 20, "sumsq": 99}, ContradictoryThresholds),
        ("mean", {"n": 4, "sum": 20, "sumsq": -1}, NegativeCount),
        ("duration", {"n": 2, "sum_ms": 1000, "sumsq": 1000}, ContradictoryThresholds),
        ("duration", {"n": 2, "sum_ms": 9, "min": 6, "max": 5}, ContradictoryThresholds),
        ("duration", {"n": 1, "sum_ms": 9, "buckets": {"9": 2}}, NumeratorAboveDenominator),
        ("duration", {"n": 1, "sum_ms": 9, "buckets": {"nine": 1}}, MethodError),
        ("duration", {"n": 1, "sum_ms": 9, "buckets": {"09": 1}}, MethodError),
        ("duration", {"n": 1, "sum_ms": 9, "buckets": {"99999": 1}}, MethodError),
        ("duration", {"n": 1, "sum_ms": 9, "buckets": {"9": -1}}, NegativeCount),
        ("duration", {"n": 1, "sum_ms": 9, "buckets": [9]}, MethodError),
        ("rating", {"counts": {"5": 9}, "invited": 8}, NumeratorAboveDenominator),
        ("rating", {"counts": {"5": 1.5}}, NotANumber),
        ("rating", {"counts": {"5": 1}, "top": "45"}, MethodError),
        ("confusion", {"tp": 1, "fp": 1, "fn": 1}, NotANumber),
        ("score", {"sum_ws": 1, "sum_w": -1, "rubric": "v1"}, NegativeCount),
        ("distinct", {"members": "anna"}, MethodError),
        ("distinct", {"members": [None]}, MethodError),
        ("distinct", {"members": 3}, MethodError),
        ("gauge", {"value": 1}, MethodError),
        ("gauge", {"value": 1, "at": "soon"}, MethodError),
        ("gauge", {"value": 1, "at": "2026-11-02T10:00"}, MethodError),
        ("gauge", {"value": math.nan, "at": "2026-11-02"}, NotANumber),
        ("gauge", {"levels": {"2026-11-02": 1}, "seconds": {"2026-11-03": 1}}, MethodError),
        ("opaque", {"value": math.inf}, NotANumber),
        ("colour", {}, UnknownKind),
        ("count", [1], MethodError),
    ],
)
def test_parts_that_contradict_their_kind_are_refused(kind, parts, error):
    with pytest.raises(error) as refused:
        monoids.from_parts(kind, parts)
    assert str(refused.value).endswith(".")
    assert type(refused.value) is error


def test_no_figure_has_no_sum():
    with pytest.raises(EmptySeries):
        monoids.fold("count", [])


# Reference values of method 3.2: the values 1 to 1000.
@pytest.fixture(scope="module")
def thousand():
    return monoids.of_durations(range(1, 1001))["buckets"]


@pytest.mark.parametrize(
    ("q", "estimate"),
    [
        (0.5, 497.779401),
        (0.9, 907.031347),
        (0.95, 944.049258),
        (0.99, 982.577949),
        (1.0, 1002.428009),
    ],
)
def test_quantiles_of_one_to_a_thousand(thousand, q, estimate):
    assert round(sketch.quantile(thousand, q), 6) == estimate


def test_buckets_of_one_to_a_thousand(thousand):
    assert len(thousand) == 200
    assert [sketch.key_of(value) for value in (0, 1, 100, 1000)] == ["zero", "0", "231", "346"]


@UNHURRIED
@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=60), st.floats(0, 1))
def test_an_estimate_is_within_one_hundredth_of_the_true_order_statistic(values, q):
    buckets = monoids.of_durations(values)["buckets"]
    true = sorted(values)[math.floor(q * (len(values) - 1))]
    assert abs(sketch.quantile(buckets, q) - true) <= sketch.ALPHA * true * (1 + 1e-9)


def test_ratings_of_two_scales_and_unknown_invitations_have_no_value():
    def rated(**more):
        return monoids.from_parts("rating", {"counts": {"5": 3, "1": 1}, "top": ["5"], **more})

    old, new, bare = (rated(scale=name, invited=8) for name in ("1-5", "1-7", []))
    assert monoids.value("rating", monoids.fold("rating", [old, old])) == Decimal("0.75")
    assert monoids.value("rating", monoids.fold("rating", [old, new])) is None
    assert monoids.fold("rating", [old, bare])["invited"] == 16
    assert monoids.fold("rating", [old, rated()])["invited"] is None


def test_sums_are_exact_whatever_their_size():
    tiny, huge = ({"num": one, "den": 1} for one in ("1e-30", "1e30"))
    states = [monoids.from_parts("quotient", one) for one in (huge, tiny, {**huge, "num": "-1e30"})]
    assert monoids.fold("quotient", states)["num"] == Decimal("1e-30")
    assert monoids.to_parts("quotient", states[1])["num"] == "0." + "0" * 29 + "1"


# Method 3.2: buckets at most, and what the library of the sketch states for alpha 0.02.
@pytest.mark.parametrize(
    ("longest_ms", "alpha", "buckets"), [(86_400_000, 0.01, 914), (60_000, 0.02, 275)]
)
def test_so_many_buckets_at_most(longest_ms, alpha, buckets):
    gamma = (1 + alpha) / (1 - alpha)
    assert round(math.log(longest_ms) / math.log(gamma)) == buckets
    if alpha == sketch.ALPHA:
        keys = [int(sketch.key_of(one)) for one in (1, longest_ms)]
        assert keys == [0, buckets]


def test_so_many_buckets_of_500_spread_times():
    # Method 3.2, lab: log-normal times with a deviation of 0.5 to 1 take 110 to 190 buckets.
    chance = random.Random(1)
    sizes = [
        len(
            monoids.of_durations(
                round(chance.lognormvariate(math.log(1_800_000), width)) for _ in range(500)
            )["buckets"]
        )
        for width in (0.5, 0.75, 1.0)
        for _ in range(4)
    ]
    assert 105 <= min(sizes) <= 125
    assert 175 <= max(sizes) <= 195


@pytest.mark.parametrize("value", [-1, math.nan, math.inf, True, "5", 1e301, 1e-301])
def test_a_time_below_zero_has_no_bucket(value):
    with pytest.raises(NotANumber):
        sketch.key_of(value)


@pytest.mark.parametrize(("buckets", "q"), [({}, 0.5), ({"1": 1}, 1.1), ({"1": 1}, -0.1)])
def test_a_quantile_of_nothing_is_refused(buckets, q):
    with pytest.raises(MethodError):
        sketch.quantile(buckets, q)
