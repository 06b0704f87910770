"""Due, late, stale: counted in cadences since the newest figure, never guessed from use."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.domain.entering.due import OPEN, State, due, grain_of, last_whole
from kpis.domain.policy import current
from portal.domain.calendar import Grain, period_of

POLICY = current()
TODAY = dt.date(2026, 11, 24)  # a Tuesday; the newest whole week began on the 16th
MONDAY = dt.date(2026, 11, 16)
WEEK = dt.timedelta(weeks=1)


def state(measured=(), excused=(), cadence="weekly", since=dt.date(2026, 1, 1), today=TODAY):
    return due(
        cadence, since=since, today=today, measured=measured, excused=excused, policy=POLICY
    ).state


@pytest.mark.parametrize(
    ("measured", "excused", "expected"),
    [
        ([MONDAY], [], State.ENTERED),
        ([MONDAY - WEEK], [MONDAY], State.NOT_APPLICABLE),
        ([MONDAY - WEEK], [], State.DUE),
        ([MONDAY - 2 * WEEK], [], State.STALE),
        ([], [MONDAY - WEEK], State.DUE),
        ([], [], State.STALE),
    ],
)
def test_the_newest_whole_week(measured, excused, expected):
    assert state(measured, excused) == expected


def test_late_comes_between_due_and_stale():
    days = [TODAY + dt.timedelta(days=ahead) for ahead in range(6)]
    found = [state([MONDAY - WEEK], today=day) for day in days]
    assert found == [State.DUE] * 2 + [State.LATE] * 4


def test_what_was_chosen_after_the_period_is_not_due_yet():
    assert state(since=dt.date(2026, 11, 23)) is State.NOT_YET


@pytest.mark.parametrize(
    ("cadence", "label", "start"),
    [
        ("daily", Grain.WEEK, MONDAY),
        ("monthly", Grain.MONTH, dt.date(2026, 10, 1)),
        ("quarterly", Grain.QUARTER, dt.date(2026, 7, 1)),
        ("yearly", Grain.YEAR, dt.date(2025, 1, 1)),
    ],
)
def test_every_cadence_has_its_period(cadence, label, start):
    assert grain_of(cadence) is label
    assert last_whole(TODAY, label, 1).start == start


@given(
    st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31)),
    st.sampled_from(list(Grain)),
    st.integers(1, 12),
)
def test_the_newest_whole_period_ends_before_today_and_the_next_does_not(today, grain, fiscal):
    found = last_whole(today, grain, fiscal)
    assert found.end < today
    assert period_of(found.end + dt.timedelta(days=1), grain, fiscal).end >= today


@given(st.lists(st.integers(0, 60), max_size=8))
def test_entering_the_newest_period_always_closes_it(weeks_ago):
    known = [MONDAY - weeks * WEEK for weeks in weeks_ago]
    assert state([*known, MONDAY]) is State.ENTERED
    assert (state(known) in OPEN) == (MONDAY not in known)
