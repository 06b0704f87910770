"""What is read from states: spread, typical task, quantiles, recall, stocks, foreign figures."""

import math
import statistics
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.domain.aggregation import derived, monoids, sketch
from kpis.domain.errors import EmptySeries, MethodError, UnknownKind
from kpis.domain.statistics.intervals import log_moments as logs_of
from kpis.domain.statistics.intervals import ratio_of_geometric_means

TIMES = st.lists(st.integers(1, 10**8), min_size=2, max_size=30)


def of(kind, *parts):
    return monoids.fold(kind, [monoids.from_parts(kind, one) for one in parts])


@given(TIMES, st.integers(1, 29))
def test_moments_of_any_split_are_those_of_the_times(times, cut):
    days = [monoids.of_durations(part) for part in (times[:cut], times[cut:])]
    found = derived.moments("duration", monoids.fold("duration", days))
    assert (found.n, found.mean) == (len(times), pytest.approx(statistics.fmean(times)))
    assert found.sd == pytest.approx(statistics.stdev(times), rel=1e-9, abs=1e-6)


@given(TIMES)
def test_the_typical_time_is_the_geometric_mean(times):
    state = monoids.of_durations(times)
    assert derived.typical(state) == pytest.approx(statistics.geometric_mean(times), rel=1e-5)
    assert derived.log_moments(state).sd == pytest.approx(logs_of(times).sd, abs=1e-5)


def test_the_typical_task_of_the_method_from_stored_sums():
    # Method 2.3, lab: ratio of geometric means, in minutes.
    before = [12, 18, 25, 31, 22, 40, 16, 27, 35, 20]
    after = [9, 14, 17, 22, 15, 30, 12, 19, 26, 14]
    states = [monoids.of_durations(60_000 * one for one in times) for times in (after, before)]
    found = ratio_of_geometric_means(*map(derived.log_moments, states))
    assert [round(one, 4) for one in (found.value, found.lo, found.hi)] == [
        0.7239,
        0.5123,
        1.0229,
    ]


def test_a_mean_whose_squares_are_not_known_has_no_spread():
    known, bare = {"n": 2, "sum": 10, "sumsq": 52}, {"n": 3, "sum": 15}
    assert derived.moments("mean", of("mean", known)) == (2, 5.0, pytest.approx(math.sqrt(2)))
    # The squares of some are not the squares of all.
    assert derived.moments("mean", of("mean", known, bare)) == (5, 5.0, None)
    assert derived.moments("mean", of("mean", {"n": 2, "sum": 10, "sumsq": 0})) == (2, 5.0, None)
    assert derived.moments("mean", of("mean", {"n": 1, "sum": 5, "sumsq": 25})) == (1, 5.0, None)
    assert derived.moments("mean", of("mean", {"n": 0, "sum": 0})) is None


def test_quantiles_need_every_single_time():
    single, bare = (
        monoids.of_durations([1, 2, 3]),
        monoids.from_parts("duration", {"n": 1, "sum_ms": 9}),
    )
    assert derived.quantile(single, 0.5) == sketch.quantile(single["buckets"], 0.5)
    both = monoids.fold("duration", [single, bare])
    assert (derived.quantile(both, 0.5), derived.typical(both)) == (None, None)
    assert derived.quantile(monoids.of_durations([]), 0.5) is None


def test_a_time_of_zero_has_no_logarithm():
    state = monoids.of_durations([0, 5])
    assert derived.log_moments(state) is None
    assert derived.quantile(state, 0) == 0


def test_precision_recall_and_f1_are_recomputed_from_the_counts():
    found = of(
        "confusion",
        {"tp": 1, "fp": 0, "fn": 0, "tn": 0},
        {"tp": 1, "fp": 3, "fn": 5, "tn": 7},
    )
    scores = [score(found) for score in (derived.precision, derived.recall, derived.f1)]
    assert scores == [pytest.approx(one) for one in (2 / 5, 2 / 7, 1 / 3)]
    nothing = of("confusion", {"tp": 0, "fp": 0, "fn": 0, "tn": 4})
    assert {score(nothing) for score in (derived.precision, derived.recall, derived.f1)} == {None}


WEEK = [
    {"at": "2026-11-02", "value": 10, "seconds": 100},
    {"at": "2026-11-03", "value": 30, "seconds": 300},
    {"at": "2026-11-04", "value": 20, "seconds": 100},
]


@pytest.mark.parametrize(
    ("fold", "level"), [("last", 20), ("min", 10), ("max", 30), ("time_weighted", 24)]
)
def test_a_stock_over_time_is_read_and_never_added(fold, level):
    assert derived.level(of("gauge", *WEEK), fold) == level
    assert derived.level(of("gauge", *reversed(WEEK)), fold) == level


@pytest.mark.parametrize(
    ("fold", "level"), [("last", 25), ("min", 15), ("max", 35), ("time_weighted", 29)]
)
def test_stocks_of_units_add_up_at_the_same_instant(fold, level):
    other = [{**one, "value": 5} for one in WEEK]
    assert derived.level(of("gauge", *WEEK, *other), fold) == level


def test_a_level_stands_as_long_as_the_longest_of_its_parts():
    short, long = ({"at": "2026-11-02", "value": 1, "seconds": one} for one in (60, 90))
    assert of("gauge", short, long)["seconds"] == {"2026-11-02": 90}
    assert of("gauge", long, short) == of("gauge", short, long)


def test_one_instant_written_in_two_zones_is_one():
    found = of(
        "gauge",
        {"at": "2026-11-02T12:00:00+01:00", "value": 3},
        {"at": "2026-11-02T11:00:00Z", "value": 4},
    )
    assert found["levels"] == {"2026-11-02T11:00:00+00:00": Decimal(7)}


def test_a_level_without_its_seconds_has_no_weight():
    found = of("gauge", WEEK[0], {"at": "2026-11-03", "value": 1})
    assert derived.level(found, "time_weighted") is None
    assert derived.level(monoids.MONOIDS["gauge"].identity, "last") is None


def test_foreign_figures_have_a_range():
    assert derived.spread(of("opaque", {"value": 3}, {"value": 1})) == (1, 3)


@pytest.mark.parametrize(
    ("error", "call"),
    [
        (UnknownKind, lambda: derived.moments("ratio", {"num": 1, "den": 2})),
        (UnknownKind, lambda: derived.level(of("gauge", WEEK[0]), "average")),
        (EmptySeries, lambda: derived.spread({"values": []})),
        (MethodError, lambda: derived.quantile(monoids.of_durations([1]), 1.5)),
    ],
)
def test_what_a_state_does_not_hold_is_refused(error, call):
    with pytest.raises(error):
        call()
