"""Seasons, rare events and new limits (method 1.4)."""

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.domain.errors import (
    ContradictoryThresholds,
    EmptySeries,
    NegativeCount,
    NotANumber,
)
from kpis.domain.policy import current
from kpis.domain.statistics.rare_events import are_rare, rare_events
from kpis.domain.statistics.recalculation import Proposal, refusals
from kpis.domain.statistics.seasons import Adjusted, adjusted

POLICY, Z = current(), 1.959963984540054
TODAY = dt.date(2026, 11, 27)


def months(count):
    return [dt.date(2024 + at // 12, at % 12 + 1, 1) for at in range(count)]


def test_a_season_stays_in_until_there_are_24_months():
    series = {month: float(month.month) for month in months(23)}
    assert adjusted(series, policy=POLICY) == Adjusted(
        tuple(series), tuple(series.values()), False, "seasonal, not adjusted"
    )


def test_from_24_months_on_a_month_is_compared_with_the_one_a_year_before():
    series = {month: 10.0 * month.month + month.year - 2024 for month in months(26)}
    found = adjusted(series, policy=POLICY)
    assert found == Adjusted(tuple(months(26)[12:]), (1.0,) * 14, True, "")


def test_a_month_without_a_year_before_is_left_out():
    known = [month for month in months(26) if month != dt.date(2024, 3, 1)]
    found = adjusted(dict.fromkeys(known, 1.0), policy=POLICY)
    assert found.is_adjusted
    assert dt.date(2025, 3, 1) not in found.months
    assert len(found.months) == 13


@given(st.lists(st.floats(-1e6, 1e6), min_size=12, max_size=12), st.floats(-1e3, 1e3))
def test_a_pure_season_leaves_the_yearly_step_alone(year, step):
    series = {month: year[month.month - 1] + step * (month.year - 2024) for month in months(36)}
    assert adjusted(series, policy=POLICY).values == pytest.approx([step] * 24, abs=1e-8)


@pytest.mark.parametrize(
    ("events", "rare"), [([0, 1, 1], True), ([1, 1, 1], False), ([0, 3], False), ([0], True)]
)
def test_events_below_one_a_period_are_rare(events, rare):
    assert are_rare(events, policy=POLICY) is rare


def test_rare_events_show_days_since_the_last_one_and_the_exact_range():
    found = rare_events([0, 3, 2, 0], 1, last_on=dt.date(2026, 11, 1), on=TODAY, z=Z)
    # Garwood, method 2.2, lab: x = 5.
    assert (found.events, found.days_since) == (5, 26)
    assert (round(found.interval.lo, 4), round(found.interval.hi, 4)) == (1.6235, 11.6683)


def test_no_event_has_no_day_and_still_a_range():
    found = rare_events([0, 0], 1, last_on=None, on=TODAY, z=Z)
    assert (found.events, found.days_since) == (0, None)
    assert (found.interval.lo, round(found.interval.hi, 4)) == (0, 3.6889)


FINE = {
    "has_signal": True,
    "cause": "new template",
    "is_lasting": True,
    "points_since": 8,
    "signed_by": "mara",
}


@pytest.mark.parametrize(
    ("given_", "sentences"),
    [
        ({}, ()),
        ({"has_signal": False}, ("No signal shows that the process changed.",)),
        ({"cause": " "}, ("The cause of the change is not known.",)),
        ({"is_lasting": False}, ("The change is not expected to last.",)),
        ({"points_since": 7}, ("Only 7 points came since; limits need 8.",)),
        ({"signed_by": ""}, ("Nobody signed the new limits.",)),
    ],
)
def test_limits_are_computed_anew_only_if_all_holds_and_somebody_signs(given_, sentences):
    assert refusals(Proposal(**FINE | given_), policy=POLICY) == sentences


@pytest.mark.parametrize(
    ("error", "call"),
    [
        (EmptySeries, lambda: adjusted({}, policy=POLICY)),
        (NotANumber, lambda: adjusted({TODAY: math.nan}, policy=POLICY)),
        (NotANumber, lambda: adjusted({TODAY: True}, policy=POLICY)),
        (EmptySeries, lambda: are_rare([], policy=POLICY)),
        (NegativeCount, lambda: are_rare([-1], policy=POLICY)),
        (NotANumber, lambda: are_rare([0.5], policy=POLICY)),
        (NotANumber, lambda: are_rare([True], policy=POLICY)),
        (EmptySeries, lambda: rare_events([0], 0, last_on=None, on=TODAY, z=Z)),
        (NotANumber, lambda: rare_events([0], math.nan, last_on=None, on=TODAY, z=Z)),
        (ContradictoryThresholds, lambda: rare_events([1], 1, last_on=None, on=TODAY, z=Z)),
        (ContradictoryThresholds, lambda: rare_events([0], 1, last_on=TODAY, on=TODAY, z=Z)),
        (
            ContradictoryThresholds,
            lambda: rare_events([1], 1, last_on=dt.date(2027, 1, 1), on=TODAY, z=Z),
        ),
        (
            NegativeCount,
            lambda: refusals(Proposal(**FINE | {"points_since": -1}), policy=POLICY),
        ),
    ],
)
def test_bad_input_has_a_name(error, call):
    with pytest.raises(error):
        call()
