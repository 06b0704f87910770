"""Numbers as people type them: the locale decides only where the text alone cannot."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.domain.aggregation.decimals import BadDecimal, read, write


@pytest.mark.parametrize(
    ("text", "english", "german"),
    [
        ("", None, None),
        ("  ", None, None),
        ("0", "0", "0"),
        ("0.15", "0.15", "0.15"),
        ("0,15", "0.15", "0.15"),
        (",5", "0.5", "0.5"),
        ("-3.5", "-3.5", "-3.5"),
        ("−2", "-2", "-2"),
        ("1,250", "1250", "1.25"),
        ("1.250", "1.25", "1250"),
        ("0,250", "0.25", "0.25"),
        ("0.250", "0.25", "0.25"),
        ("1,250.50", "1250.5", "1250.5"),
        ("1.250,50", "1250.5", "1250.5"),
        ("1 250,5", "1250.5", "1250.5"),
        ("1'250.5", "1250.5", "1250.5"),
        ("1,250,000", "1250000", "1250000"),
        ("1.250.000", "1250000", "1250000"),
        ("12.", "12", "12"),
    ],
)
def test_a_number_is_read_in_the_manner_of_the_locale(text, english, german):
    found = [read(text, "en"), read(text, "de")]
    assert found == [None if one is None else Decimal(one) for one in (english, german)]


@pytest.mark.parametrize("text", ["many", "1e3", "NaN", "inf", "5%", "--1", "1-2", ".", "٣"])
def test_anything_else_is_refused_in_words(text):
    with pytest.raises(BadDecimal, match=r"is not a number\."):
        read(text)


def test_what_no_column_can_hold_is_too_large():
    with pytest.raises(BadDecimal, match=r"is too large\."):
        read("1" + "0" * 14)


@given(
    st.decimals(min_value=-(10**9), max_value=10**9, places=6),
    st.sampled_from(["en", "de", "en-GB", "de-CH"]),
)
def test_what_is_written_is_read_back(value, locale):
    assert read(write(value, locale), locale) == value
