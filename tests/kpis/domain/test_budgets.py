"""Error budgets: the printed pairs of method 4 (SRE workbook, chapter 5) and the daily rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.domain.errors import (
    ContradictoryThresholds,
    NegativeCount,
    NotANumber,
    NumeratorAboveDenominator,
)
from kpis.domain.policy import current
from kpis.domain.statistics.budgets import (
    alarms,
    allowed,
    budget,
    burn,
    burn_of,
    exhausted,
    windows,
)

POLICY = current()
QUIET = [(0, 1000)] * 90


def with_last(days, bad):
    return [*QUIET[:-days], *[(bad, 1000)] * days]


@pytest.mark.parametrize(
    ("fraction", "hours", "expected"), [(0.02, 1, 14.4), (0.05, 6, 6.0), (0.10, 72, 1.0)]
)
def test_pairs_of_the_sre_workbook(fraction, hours, expected):
    assert burn_of(fraction, 30, hours / 24) == pytest.approx(expected)


def test_daily_windows_of_a_ninety_day_budget():
    assert {days: round(limit, 2) for days, limit in windows(POLICY).items()} == {
        3: 3.0,
        7: 3.21,
        30: 1.5,
    }


def test_three_nines_allow_131_minutes_in_a_quarter():
    assert allowed(0.999, 91.25 * 24 * 60) == pytest.approx(131.4)


def test_both_the_window_and_its_last_third_must_burn():
    assert alarms(QUIET, 0.99, policy=POLICY) == ()
    assert alarms(with_last(3, 31), 0.99, policy=POLICY) == (3,)
    # Equal to the burn rate is not beyond it.
    assert alarms(with_last(3, 30), 0.99, policy=POLICY) == ()
    # Over: the last day is quiet again.
    assert alarms([*with_last(3, 90)[1:], (0, 1000)], 0.99, policy=POLICY) == (7,)
    assert alarms(with_last(30, 16), 0.99, policy=POLICY) == (30,)


def test_a_missing_day_says_nothing():
    assert burn([None, None], 0.99) is None
    assert alarms([None] * 30, 0.99, policy=POLICY) == ()
    assert burn([(1, 100), None], 0.99) == pytest.approx(1.0)


def test_what_is_spent_and_left():
    found = budget(with_last(9, 50), 0.99, policy=POLICY)
    assert (found.spent, found.left, found.allowed) == (0.5, 0.5, 0.01)
    assert budget([], 0.99, policy=POLICY) is None


def test_four_weeks_above_their_budget_are_exhausted():
    assert exhausted(with_last(28, 11), 0.99, policy=POLICY) is True
    assert exhausted(with_last(28, 10), 0.99, policy=POLICY) is False


@pytest.mark.parametrize(
    ("days", "slo", "error"),
    [
        ([(-1, 10)], 0.99, NegativeCount),
        ([(1, -10)], 0.99, NegativeCount),
        ([(11, 10)], 0.99, NumeratorAboveDenominator),
        ([(float("nan"), 10)], 0.99, NotANumber),
        ([(1, float("inf"))], 0.99, NotANumber),
        ([(True, 10)], 0.99, NotANumber),
        ([(1, 10)], float("nan"), NotANumber),
        ([(1, 10)], True, NotANumber),
        ([(1, 10)], 1.0, ContradictoryThresholds),
        ([(1, 10)], 0.0, ContradictoryThresholds),
    ],
)
def test_what_cannot_be_is_refused(days, slo, error):
    with pytest.raises(error):
        burn(days, slo)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: allowed(0.999, -1), NegativeCount),
        (lambda: allowed(0.999, float("inf")), NotANumber),
        (lambda: allowed(1.2, 90), ContradictoryThresholds),
        (lambda: burn_of(0.1, 30, 0), ContradictoryThresholds),
        (lambda: burn_of(0.1, 30, 31), ContradictoryThresholds),
        (lambda: burn_of(-0.1, 30, 3), NegativeCount),
        (lambda: burn_of(0.1, float("nan"), 3), NotANumber),
    ],
)
def test_a_budget_of_nothing_is_refused(call, error):
    with pytest.raises(error):
        call()


@given(st.lists(st.integers(0, 90), min_size=30, max_size=90), st.integers(0, 29))
def test_more_errors_never_silence_an_alarm(errors, at):
    days = [(bad, 100) for bad in errors]
    worse = [*days]
    worse[-1 - at] = (min(100, worse[-1 - at][0] + 10), 100)
    assert set(alarms(days, 0.9, policy=POLICY)) <= set(alarms(worse, 0.9, policy=POLICY))


@pytest.mark.parametrize("slo", ["0.9", "0.95", "0.98", "0.99", "0.995", "0.999"])
def test_equal_to_a_burn_rate_is_not_beyond_it(slo):
    # In floats 0.3 / (1 - 0.9) is above 3.
    permitted = round((1 - float(slo)) * 1000)
    equal = with_last(3, 3 * permitted)
    assert alarms(equal, float(slo), policy=POLICY) == ()
    assert alarms(with_last(3, 3 * permitted + 1), float(slo), policy=POLICY) == (3,)
    assert exhausted(with_last(28, permitted), float(slo), policy=POLICY) is False
    assert exhausted(with_last(28, permitted + 1), float(slo), policy=POLICY) is True


def test_missing_and_empty_days_spend_nothing():
    lone = [(9, 100)]
    expected = 0.9 / 90
    for quiet in (None, (0, 0)):
        found = budget([*[quiet] * 89, *lone], 0.9, policy=POLICY)
        assert found.spent == pytest.approx(expected)
    assert budget(lone, 0.9, policy=POLICY).spent == pytest.approx(expected)


def test_the_last_third_of_seven_days_is_two():
    quiet_end = [*QUIET[:-7], *[(60, 1000)] * 5, (0, 1000), (0, 1000)]
    assert 7 not in alarms(quiet_end, 0.99, policy=POLICY)
    assert 7 in alarms([*quiet_end[:-1], (66, 1000)], 0.99, policy=POLICY)


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 90)), min_size=30, max_size=90),
    st.integers(0, 29),
    st.integers(1, 100),
)
def test_more_errors_never_silence_an_alarm_beside_missing_days(errors, at, more):
    days = [None if bad is None else (bad, 100) for bad in errors]
    worse = [*days]
    if (day := worse[-1 - at]) is not None:
        worse[-1 - at] = (min(100, day[0] + more), 100)
    assert set(alarms(days, 0.9, policy=POLICY)) <= set(alarms(worse, 0.9, policy=POLICY))
    assert exhausted(days, 0.9, policy=POLICY) <= exhausted(worse, 0.9, policy=POLICY)
