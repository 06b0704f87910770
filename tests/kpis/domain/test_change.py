"""Change states at and beside every border (method 2.4), and the trend of a baseline (2.5)."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.domain.errors import ContradictoryThresholds, EmptySeries, NotANumber
from kpis.domain.statistics.change import (
    Change,
    cases_needed,
    change_of,
    effect_of_difference,
    effect_of_ratio,
    trend_of,
)
from kpis.domain.statistics.intervals import Interval


@pytest.mark.parametrize(
    ("lo", "hi", "state"),
    [
        (0.10, 0.24, "better_worthwhile"),
        (0.0999, 0.24, "better"),
        (0.0, 0.24, "not_worse"),
        (-0.0199, 0.24, "not_worse"),
        (-0.02, 0.24, "unclear"),
        (-0.0199, -0.001, "worse_within_margin"),
        (-0.02, -0.001, "worse"),
        (-0.05, 0.0, "unclear"),
        (-0.05, -0.02, "worse"),
        (-0.05, -0.0201, "worse_beyond_margin"),
        (-math.inf, 0.3, "unclear"),
    ],
)
def test_states(lo, hi, state):
    assert change_of(lo, hi, mwb=0.10, margin=0.02) == state


def test_states_that_need_a_number_are_impossible_without_it():
    assert change_of(0.5, 0.9, mwb=None, margin=None) is Change.BETTER
    assert change_of(-0.9, -0.5, mwb=None, margin=None) is Change.WORSE
    assert change_of(-0.001, 0.5, mwb=None, margin=None) is Change.UNCLEAR


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ((0, 1, 0, 0.1), ContradictoryThresholds),
        ((0, 1, 0.1, -0.1), ContradictoryThresholds),
        ((1, 0, 0.1, 0.1), ContradictoryThresholds),
        ((math.nan, 0, 0.1, 0.1), NotANumber),
    ],
)
def test_refused(values, refused):
    lo, hi, mwb, margin = values
    with pytest.raises(refused):
        change_of(lo, hi, mwb=mwb, margin=margin)


def test_effects_point_upwards_when_things_improve():
    assert effect_of_difference(Interval(-0.05, -0.08, -0.02), "down") == (0.02, 0.08)
    assert effect_of_difference(Interval(0.05, 0.02, 0.08), "up") == (0.02, 0.08)
    assert effect_of_ratio(Interval(0.7, 0.6, 0.8), "down") == pytest.approx((0.2, 0.4))
    assert effect_of_ratio(Interval(1.3, 1.2, 1.4), "up") == pytest.approx((0.2, 0.4))


@pytest.mark.parametrize(("share", "margin", "n"), [(0.05, 0.02, 1865), (0.10, 0.03, 1570)])
def test_cases_needed_lab(share, margin, n):
    assert cases_needed(share, margin) == n


def test_cases_needed_asks_for_a_margin():
    with pytest.raises(ContradictoryThresholds):
        cases_needed(0.05, 0)


def test_trend_of_a_baseline_lab():
    found = trend_of([50, 49, 49, 47, 48, 46, 45, 46, 44, 43, 43, 41])
    assert found.s == -59
    assert round(found.variance, 3) == 209.667
    assert round(found.z, 3) == -4.006
    assert found.slope == -0.75


def test_no_trend():
    assert trend_of([3, 3, 3]).z == 0
    with pytest.raises(EmptySeries):
        trend_of([3])
    with pytest.raises(NotANumber):
        trend_of([3, math.nan])


limits = st.floats(-2, 2)


@given(limits, limits, st.floats(0.001, 1), st.floats(0, 1))
def test_a_wider_interval_never_claims_more(a, b, mwb, margin):
    lo, hi = sorted((a, b))
    narrow = change_of(lo, hi, mwb=mwb, margin=margin)
    wide = change_of(lo - 0.1, hi + 0.1, mwb=mwb, margin=margin)
    claims = {
        "better_worthwhile": {"better_worthwhile"},
        "better": {"better_worthwhile", "better"},
        "not_worse": {"better_worthwhile", "better", "not_worse", "worse_within_margin"},
        "worse_within_margin": {"worse_within_margin"},
        "worse": {"worse", "worse_within_margin", "worse_beyond_margin"},
        "worse_beyond_margin": {"worse_beyond_margin"},
        "unclear": set(Change),
    }
    assert narrow in claims[wide]
