"""Calendar arithmetic against independent oracles, and days that are not 24 hours long."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.domain.policy import current
from portal.domain.calendar import (
    BadCalendar,
    Grain,
    Period,
    fiscal_quarter,
    fiscal_year,
    freshness,
    instants,
    local_date,
    period_of,
    working_days,
)

# A busy machine is no fault.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAYS = st.dates(dt.date(1980, 1, 1), dt.date(2080, 12, 31))
MONTHS = st.integers(1, 12)
DAY = dt.timedelta(days=1)


def date(text):
    return dt.date.fromisoformat(text)


def fiscal_months(day, fiscal_start):
    """The twelve (year, month) of the fiscal year of a day, found by walking back."""
    year, month = day.year, day.month
    while month != fiscal_start:
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    found = []
    for _ in range(12):
        found.append((year, month))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def days_in(months):
    """Every day of consecutive months, found by walking on."""
    day, found = dt.date(*months[0], 1), []
    while (day.year, day.month) in months:
        found.append(day)
        day += DAY
    return found


@pytest.mark.parametrize(
    ("day", "start", "label"),
    [
        ("2024-12-30", "2024-12-30", "Week 1, 2025"),
        ("2027-01-03", "2026-12-28", "Week 53, 2026"),
        ("2027-01-04", "2027-01-04", "Week 1, 2027"),
        ("2026-11-08", "2026-11-02", "Week 45, 2026"),
    ],
)
def test_weeks_are_those_of_iso_8601(day, start, label):
    first = date(start)
    expected = Period(first, first + 6 * DAY, Grain.WEEK, label)
    assert period_of(date(day), Grain.WEEK) == expected


@pytest.mark.parametrize(
    ("day", "grain", "start", "names"),
    [
        ("2026-11-16", Grain.DAY, 1, ("16 November 2026", "16 November 2026", "2026-11-16")),
        ("2026-11-16", Grain.WEEK, 1, ("Week 47", "week 47", "2026-W47")),
        ("2027-01-03", Grain.WEEK, 1, ("Week 53", "week 53", "2026-W53")),
        ("2026-11-16", Grain.MONTH, 1, ("November 2026", "November 2026", "2026-11")),
        ("2026-11-16", Grain.QUARTER, 1, ("Q4 2026", "Q4 2026", "2026-Q4")),
        ("2026-11-16", Grain.QUARTER, 11, ("FY2027 Q1", "FY2027 Q1", "FY2027-Q1")),
        ("2026-11-16", Grain.YEAR, 1, ("2026", "2026", "2026")),
        ("2026-11-16", Grain.YEAR, 11, ("FY2027", "FY2027", "FY2027")),
    ],
)
def test_the_names_of_a_period(day, grain, start, names):
    period = period_of(date(day), grain, start)
    assert (period.short, period.in_sentence, period.code) == names


@UNHURRIED
@given(DAYS)
def test_a_week_bears_the_number_of_its_thursday(day):
    week = period_of(day, Grain.WEEK)
    thursday = week.start + 3 * DAY
    number = (thursday - dt.date(thursday.year, 1, 1)).days // 7 + 1
    assert (week.start.weekday(), week.days, week.label) == (
        0,
        7,
        f"Week {number}, {thursday.year}",
    )


@UNHURRIED
@given(DAYS, MONTHS)
def test_fiscal_quarter_and_year_agree_with_counting_months(day, fiscal_start):
    months = fiscal_months(day, fiscal_start)
    place = months.index((day.year, day.month))
    quarter = days_in(months[place // 3 * 3 : place // 3 * 3 + 3])
    year = days_in(months)

    found = period_of(day, Grain.QUARTER, fiscal_start)
    assert (found.start, found.end) == (quarter[0], quarter[-1])
    assert fiscal_quarter(day, fiscal_start) == place // 3 + 1
    found = period_of(day, Grain.YEAR, fiscal_start)
    assert (found.start, found.end) == (year[0], year[-1])
    assert fiscal_year(day, fiscal_start) == year[-1].year


@UNHURRIED
@given(DAYS, st.sampled_from(Grain), MONTHS)
def test_periods_of_a_grain_lie_end_to_end(day, grain, fiscal_start):
    period = period_of(day, grain, fiscal_start)
    assert day in period
    assert period_of(period.start, grain, fiscal_start) == period
    assert period_of(period.end, grain, fiscal_start) == period
    assert period_of(period.end + DAY, grain, fiscal_start).start == period.end + DAY


@pytest.mark.parametrize(
    ("grain", "fiscal_start", "label"),
    [
        (Grain.DAY, 1, "2 November 2026"),
        (Grain.MONTH, 1, "November 2026"),
        (Grain.QUARTER, 1, "Q4 2026"),
        (Grain.YEAR, 1, "2026"),
        (Grain.QUARTER, 4, "FY2027 Q3"),
        (Grain.YEAR, 4, "FY2027"),
        (Grain.QUARTER, 12, "FY2026 Q4"),
    ],
)
def test_periods_have_the_names_that_people_use(grain, fiscal_start, label):
    assert period_of(date("2026-11-02"), grain, fiscal_start).label == label


@pytest.mark.parametrize("month", [0, 13, -1])
def test_a_fiscal_year_begins_in_a_month(month):
    with pytest.raises(BadCalendar):
        period_of(date("2026-11-02"), Grain.YEAR, month)


@pytest.mark.parametrize(
    ("day", "zone", "seconds"),
    [
        ("2026-03-29", "Europe/Berlin", 82_800),
        ("2026-10-25", "Europe/Berlin", 90_000),
        ("2026-11-02", "Europe/Berlin", 86_400),
        # Half an hour of daylight saving.
        ("2026-10-04", "Australia/Lord_Howe", 84_600),
        ("2026-04-05", "Australia/Lord_Howe", 88_200),
        ("2026-11-02", "Asia/Kathmandu", 86_400),
        # Samoa moved across the date line: this day did not happen there.
        ("2011-12-30", "Pacific/Apia", 0),
        ("2011-12-31", "Pacific/Apia", 86_400),
    ],
)
def test_a_day_lasts_as_long_as_it_did_on_the_spot(day, zone, seconds):
    start, end = instants(period_of(date(day), Grain.DAY), zone)
    assert (end - start).total_seconds() == seconds


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("Asia/Kathmandu", dt.datetime(2026, 11, 1, 18, 15, tzinfo=dt.UTC)),
        ("Pacific/Apia", dt.datetime(2026, 11, 1, 11, 0, tzinfo=dt.UTC)),
        ("Australia/Lord_Howe", dt.datetime(2026, 11, 1, 13, 0, tzinfo=dt.UTC)),
    ],
)
def test_a_day_begins_at_midnight_on_the_spot(zone, start):
    day = date("2026-11-02")
    assert instants(period_of(day, Grain.DAY), zone)[0] == start
    assert local_date(start, zone) == day
    assert local_date(start - dt.timedelta(microseconds=1), zone) == day - DAY


def test_an_instant_without_a_zone_has_no_date():
    with pytest.raises(BadCalendar):
        local_date(dt.datetime(2026, 11, 2, 10, 0), "Europe/Berlin")


@pytest.mark.parametrize(
    ("days", "expected"), [(0, "fresh"), (10, "fresh"), (11, "late"), (14, "late"), (15, "stale")]
)
def test_a_figure_grows_old_with_its_cadence(days, expected):
    # Method 3.4: fresh up to 1.5 cadences after the end of the period, late up to 2.
    period, policy = period_of(date("2026-11-02"), Grain.WEEK), current()
    limits = {"fresh_until": policy.fresh_until, "stale_after": policy.stale_after}
    assert freshness(period, period.end + days * DAY, 7, **limits) == expected
    assert freshness(period, period.start, 7, **limits) == "fresh"


@pytest.mark.parametrize("cadence", [0, -7, float("nan"), float("inf"), True])
def test_a_cadence_has_a_length(cadence):
    with pytest.raises(BadCalendar):
        freshness(
            period_of(date("2026-11-02"), Grain.WEEK),
            date("2026-11-09"),
            cadence,
            fresh_until=1.5,
            stale_after=2,
        )


@pytest.mark.parametrize(
    ("day", "grain", "days"),
    [
        ("2026-11-02", Grain.WEEK, 5),
        ("2026-11-02", Grain.MONTH, 21),
        ("2026-11-08", Grain.DAY, 0),
        ("2026-11-02", Grain.YEAR, 261),
    ],
)
def test_working_days_are_those_of_the_week_without_holidays(day, grain, days):
    period = period_of(date(day), grain)
    assert working_days(period) == days
    some = [period.start + at * DAY for at in range(0, period.days, 3)]
    lost = sum(one.weekday() < 5 for one in some)
    assert working_days(period, holidays=some) == days - lost


@pytest.mark.parametrize(
    "call",
    [
        lambda: local_date(dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "Europe/Bielefeld"),
        lambda: local_date(dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "../../etc/passwd"),
        lambda: instants(period_of(date("2026-11-02"), Grain.DAY), ""),
        lambda: period_of(date("2026-11-02"), "decade"),
        lambda: period_of(dt.datetime(2026, 11, 2), Grain.WEEK),
        lambda: period_of(dt.date.max, Grain.MONTH),
        lambda: period_of(dt.date.min, Grain.YEAR, 7),
        lambda: period_of(date("2026-11-02"), Grain.YEAR, True),
        lambda: period_of(date("2026-11-02"), Grain.YEAR, 4.0),
        lambda: fiscal_year(date("2026-11-02"), 13),
        lambda: fiscal_quarter(date("2026-11-02"), 0),
    ],
)
def test_what_is_not_in_the_calendar_is_refused_by_name(call):
    with pytest.raises(BadCalendar) as refused:
        call()
    assert str(refused.value).endswith(".")
