"""Error budgets: the printed pairs of method 4 (SRE workbook, chapter 5) and the daily rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.domain.budgets import alarms, allowed, budget, burn, burn_of, exhausted, windows
from kpis.domain.errors import (
    ContradictoryThresholds,
    NegativeCount,
    NumeratorAboveDenominator,
)
from kpis.domain.policy import current

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
        3: 3.0, 7: 3.21, 30: 1.5,
    }  # fmt: skip


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
    assert (round(found.spent, 6), round(found.left, 6)) == (0.5, 0.5)
    assert budget([], 0.99, policy=POLICY) is None


def test_four_weeks_above_their_budget_are_exhausted():
    assert exhausted(with_last(28, 11), 0.99, policy=POLICY) is True
    assert exhausted(with_last(28, 10), 0.99, policy=POLICY) is False


@pytest.mark.parametrize(
    ("days", "slo", "error"),
    [
        ([(-1, 10)], 0.99, NegativeCount),
        ([(11, 10)], 0.99, NumeratorAboveDenominator),
        ([(1, 10)], 1.0, ContradictoryThresholds),
        ([(1, 10)], 0.0, ContradictoryThresholds),
    ],
)
def test_what_cannot_be_is_refused(days, slo, error):
    with pytest.raises(error):
        burn(days, slo)


@given(st.lists(st.integers(0, 90), min_size=30, max_size=90), st.integers(0, 29))
def test_more_errors_never_silence_an_alarm(errors, at):
    days = [(bad, 100) for bad in errors]
    worse = [*days]
    worse[-1 - at] = (min(100, worse[-1 - at][0] + 10), 100)
    assert set(alarms(days, 0.9, policy=POLICY)) <= set(alarms(worse, 0.9, policy=POLICY))
