"""Fiscal years, ISO weeks and daylight saving against rules written down from their sources."""

import datetime as dt
from zoneinfo import available_timezones

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.domain.calendar import (
    Grain,
    fiscal_quarter,
    fiscal_year,
    instants,
    local_date,
    period_of,
)

# A busy machine is no fault.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAYS = st.dates(dt.date(1980, 1, 1), dt.date(2080, 12, 31))
MONTHS = st.integers(1, 12)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
# Within the rules that the European Union and the United States have had since 2007.
MOMENTS = st.datetimes(
    dt.datetime(2008, 1, 1), dt.datetime(2036, 12, 31), timezones=st.just(dt.UTC)
)
YEARS = st.integers(2008, 2036)


def date(text):
    return dt.date.fromisoformat(text)


def sunday(year, month, place):
    """The Sunday at that place of a month, the last one being -1."""
    first = dt.date(year, month, 1)
    found = [first + at * DAY for at in range(31) if (first + at * DAY).month == month]
    return [day for day in found if day.weekday() == 6][place]


def at_utc(day, hour):
    return dt.datetime(day.year, day.month, day.day, hour, tzinfo=dt.UTC)


def berlin_offset(moment):
    """Directive 2000/84/EC: from the last Sunday of March to that of October, both at 1 h UTC."""
    begin, end = sunday(moment.year, 3, -1), sunday(moment.year, 10, -1)
    return HOUR * (2 if at_utc(begin, 1) <= moment < at_utc(end, 1) else 1)


def new_york_offset(moment):
    """Energy Policy Act of 2005: second Sunday of March to first of November, 2 h on the spot."""
    begin, end = sunday(moment.year, 3, 1), sunday(moment.year, 11, 0)
    return HOUR * (-4 if at_utc(begin, 7) <= moment < at_utc(end, 6) else -5)


@pytest.mark.parametrize(
    ("day", "fiscal_start", "label"),
    [
        ("2026-02-15", 4, "FY2026 Q4"),
        ("2026-03-31", 4, "FY2026 Q4"),
        ("2026-04-01", 4, "FY2027 Q1"),
        ("2026-11-30", 10, "FY2027 Q1"),
        ("2026-09-30", 10, "FY2026 Q4"),
        ("2026-11-30", 1, "Q4 2026"),
    ],
)
def test_fiscal_quarters_of_the_method(day, fiscal_start, label):
    assert period_of(date(day), Grain.QUARTER, fiscal_start).label == label


@pytest.mark.parametrize("fiscal_start", range(1, 13))
@UNHURRIED
@given(day=DAYS)
def test_a_fiscal_year_has_four_quarters_end_to_end(fiscal_start, day):
    year = period_of(day, Grain.YEAR, fiscal_start)
    at, quarters = year.start, []
    while at in year:
        quarters.append(period_of(at, Grain.QUARTER, fiscal_start))
        at = quarters[-1].end + DAY
    assert at == year.end + DAY
    assert [fiscal_quarter(one.start, fiscal_start) for one in quarters] == [1, 2, 3, 4]
    assert {fiscal_year(one.end, fiscal_start) for one in quarters} == {year.end.year}
    assert year.start.month == fiscal_start
    assert year.days in {365, 366}


@UNHURRIED
@given(DAYS, MONTHS)
def test_quarter_and_year_follow_the_formula(day, fiscal_start):
    quarter = ((day.month - fiscal_start) % 12) // 3 + 1
    year = period_of(day, Grain.YEAR, fiscal_start).end.year
    label = f"Q{quarter} {year}" if fiscal_start == 1 else f"FY{year} Q{quarter}"
    assert period_of(day, Grain.QUARTER, fiscal_start).label == label


@pytest.mark.parametrize(
    ("day", "label"),
    [
        ("2024-12-30", "Week 1, 2025"),
        ("2025-12-29", "Week 1, 2026"),
        ("2027-01-01", "Week 53, 2026"),
        ("2026-11-02", "Week 45, 2026"),
    ],
)
def test_weeks_of_the_method(day, label):
    assert period_of(date(day), Grain.WEEK).label == label


@UNHURRIED
@given(DAYS)
def test_weeks_agree_with_the_c_library(day):
    week = period_of(day, Grain.WEEK)
    assert week.label == f"Week {int(day.strftime('%V'))}, {day.strftime('%G')}"
    assert day - week.start == dt.timedelta(days=int(day.strftime("%u")) - 1)


@UNHURRIED
@given(st.integers(1980, 2080))
def test_a_year_has_a_week_53_if_it_begins_or_ends_on_a_thursday(year):
    days = (dt.date(year, 7, 1) + DAY * at for at in range(-200, 200))
    labels = {period_of(day, Grain.WEEK).label for day in days}
    thursdays = {dt.date(year, 1, 1).weekday(), dt.date(year, 12, 31).weekday()}
    assert (f"Week 53, {year}" in labels) is (3 in thursdays)
    assert {f"Week {week}, {year}" for week in range(1, 53)} <= labels


def test_one_instant_has_two_dates():
    moment = dt.datetime(2026, 3, 31, 22, 30, tzinfo=dt.UTC)
    berlin, york = (local_date(moment, zone) for zone in ("Europe/Berlin", "America/New_York"))
    assert (berlin, york) == (date("2026-04-01"), date("2026-03-31"))
    assert period_of(berlin, Grain.QUARTER, 4).label == "FY2027 Q1"
    assert period_of(york, Grain.QUARTER, 4).label == "FY2026 Q4"


@pytest.mark.parametrize(
    ("zone", "offset"), [("Europe/Berlin", berlin_offset), ("America/New_York", new_york_offset)]
)
@UNHURRIED
@given(moment=MOMENTS)
def test_dates_on_the_wall_follow_the_law(zone, offset, moment):
    day = local_date(moment, zone)
    assert day == (moment + offset(moment)).date()
    start, end = instants(period_of(day, Grain.DAY), zone)
    assert start <= moment < end


@UNHURRIED
@given(YEARS)
def test_two_days_of_a_year_in_berlin_are_not_24_hours_long(year):
    lengths = {}
    for at in range(367):
        day = dt.date(year, 1, 1) + at * DAY
        start, end = instants(period_of(day, Grain.DAY), "Europe/Berlin")
        lengths[day] = (end - start).total_seconds()
    odd = {day: length for day, length in lengths.items() if length != 86_400}
    assert odd == {sunday(year, 3, -1): 82_800, sunday(year, 10, -1): 90_000}


def test_the_days_of_2026_on_which_clocks_change():
    for text, seconds in (("2026-03-29", 82_800), ("2026-10-25", 90_000)):
        start, end = instants(period_of(date(text), Grain.DAY), "Europe/Berlin")
        assert (end - start).total_seconds() == seconds


@UNHURRIED
@given(DAYS, st.sampled_from(Grain), MONTHS, st.sampled_from(sorted(available_timezones())))
def test_no_second_is_lost_or_counted_twice(day, grain, fiscal_start, zone):
    period = period_of(day, grain, fiscal_start)
    following = period_of(period.end + DAY, grain, fiscal_start)
    start, end = instants(period, zone)
    assert instants(following, zone)[0] == end
    days = [
        instants(period_of(period.start + at * DAY, Grain.DAY), zone) for at in range(period.days)
    ]
    assert sum(((b - a) for a, b in days), dt.timedelta()) == end - start
    assert start <= end
