"""Cells as people write them: numbers and periods, and the sentences for those that are neither."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.domain.imports.numbers import BadCell, number, signs
from kpis.domain.imports.periods import Habits, period
from portal.domain.calendar import Grain

FISCAL = Habits(day_first=None, fiscal_quarters=None, fiscal_start=4, zone="Europe/Berlin")
CALENDAR = Habits(day_first=True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("0,28", "0.28"),
        ("0.28", "0.28"),
        ("1,5", "1.5"),
        ("1.5", "1.5"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("12,34,567", "1234567"),
        ("1 234 567", "1234567"),
        ("1’234", "1234"),
        ("28 %", "0.28"),
        ("28,5%", "0.285"),
        ("€ 4,18", "4.18"),
        ("4.18 USD", "4.18"),
        ("(12.5)", "-12.5"),
        ("−3", "-3"),
        ("1.5E+03", "1500"),
        ("1.2340", "1.234"),
    ],
)
@pytest.mark.parametrize("comma", [True, False, None])
def test_a_number_that_shows_its_manner_is_read_alike_in_every_file(text, value, comma):
    assert number(text, decimal_comma=comma) == Decimal(value)


@pytest.mark.parametrize(("comma", "value"), [(False, "1250"), (True, "1.250")])
def test_one_comma_before_three_digits_is_what_the_file_makes_of_it(comma, value):
    assert number("1,250", decimal_comma=comma) == Decimal(value)


def test_what_nobody_can_tell_is_asked():
    with pytest.raises(BadCell, match="can be read in two ways. Say which sign"):
        number("1,250", decimal_comma=None)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("12 34", "is not a number"),
        ("1.2.3", "is not a number"),
        ("1,23,4", "is not a number"),
        ("٣", "is not a number"),
        ("=1+1", "is not a number"),
        ("@SUM(A1)", "is not a number"),
        ("#DIV/0!", "an error of the spreadsheet"),
        ("#REF!", "Mend the formula"),
        ("#formula", "saved without its result"),
        ("0:03:20", "is a time"),
        ("1e99", "too large"),
        ("1e309", "is not a number"),
        ("∞", "is not a number"),
    ],
)
def test_what_is_no_number_is_said_with_what_to_do(text, sentence):
    with pytest.raises(BadCell, match=sentence):
        number(text)


@pytest.mark.parametrize(
    "text", ["", " ", "-", "–", "n/a", "N/A", "#N/A", "k.A.", "null", "not measured"]
)
def test_silence_is_no_zero(text):
    assert number(text) is None


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4
    )
)
def test_any_number_survives_both_manners(value):
    english = f"{value:,.4f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert number(english, decimal_comma=True) == number(german, decimal_comma=False) == value


def test_signs_are_gathered_from_cells():
    assert signs(["1,250", "n/a", "12"]) == {"?"}
    assert signs(["0,5", "1.250,00"]) == {","}
    assert signs(["1.5", "0,5"]) == {".", ","}


@pytest.mark.parametrize(
    ("text", "grain", "day"),
    [
        ("3.11.2026", Grain.DAY, (2026, 11, 3)),
        ("03.11.26", Grain.DAY, (2026, 11, 3)),
        ("13/3/26", Grain.DAY, (2026, 3, 13)),
        ("3/13/26", Grain.DAY, (2026, 3, 13)),
        ("3/3/2026", Grain.DAY, (2026, 3, 3)),
        ("3. November 2026", Grain.DAY, (2026, 11, 3)),
        ("Nov 3, 2026", Grain.DAY, (2026, 11, 3)),
        ("Tue, 3 Nov 2026", Grain.DAY, (2026, 11, 3)),
        ("46329", Grain.DAY, (2026, 11, 3)),
        ("3.11.2026 13:45", Grain.DAY, (2026, 11, 3)),
        ("KW47/2026", Grain.WEEK, (2026, 11, 16)),
        ("W47 2026", Grain.WEEK, (2026, 11, 16)),
        ("2026 KW 47", Grain.WEEK, (2026, 11, 16)),
        ("Week 47, 2026", Grain.WEEK, (2026, 11, 16)),
        ("w/c 18.11.2026", Grain.WEEK, (2026, 11, 16)),
        ("2.11.2026 - 8.11.2026", Grain.WEEK, (2026, 11, 2)),
        ("02.11.–08.11.2026", Grain.WEEK, (2026, 11, 2)),
        ("1.11.2026 bis 30.11.2026", Grain.MONTH, (2026, 11, 1)),
        ("Nov 26", Grain.MONTH, (2026, 11, 1)),
        ("März 2026", Grain.MONTH, (2026, 3, 1)),
        ("11/2026", Grain.MONTH, (2026, 11, 1)),
        ("2026-11", Grain.MONTH, (2026, 11, 1)),
        ("FY26 Q4", Grain.QUARTER, (2026, 1, 1)),
        ("Q1 FY2025/26", Grain.QUARTER, (2025, 4, 1)),
        ("FY2026", Grain.YEAR, (2025, 4, 1)),
    ],
)
def test_periods_as_people_write_them(text, grain, day):
    assert period(text, habits=FISCAL) == (grain, dt.date(*day))


def test_quarter_and_year_of_the_calendar():
    assert period("Q3 2026", habits=CALENDAR) == (Grain.QUARTER, dt.date(2026, 7, 1))
    assert period("2026", habits=CALENDAR) == (Grain.YEAR, dt.date(2026, 1, 1))


def test_an_instant_has_the_date_on_the_wall_of_the_organization():
    assert period("2026-03-31T22:30:00Z", habits=FISCAL) == (Grain.DAY, dt.date(2026, 4, 1))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("11/3/26", "Say whether the day or the month stands first"),
        ("Q3 2026", "may be a quarter of the calendar or of your fiscal year"),
        ("2026", "may be a calendar year"),
        ("KW 47", "“KW 47” counts weeks: say on which day week 1 began"),
        ("26 Nov", "“26 Nov” has no year. Write it as 2026-11-26."),
        ("Q1", "“Q1” has no year"),
        ("KW 60/2026", "“KW 60/2026” is not a week of that year"),
        ("31.02.2026", "“31.02.2026” is not in the calendar"),
        ("2.11.2026 - 9.11.2026", "not one whole week"),
        ("1.1.1926", "Is the year right?"),
        ("soon", "“soon” is not a date"),
    ],
)
def test_what_leaves_the_period_open_is_said_as_it_was_written(text, sentence):
    with pytest.raises(BadCell) as refused:
        period(text, habits=FISCAL)
    assert sentence in str(refused.value)
