"""Typed figures: an empty box is not zero, errors say what to do, nothing is guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.domain.aggregation import monoids
from kpis.domain.aggregation.decimals import read
from kpis.domain.catalogue import shipped
from kpis.domain.entering.inputs import (
    BadEntry,
    Manner,
    figure,
    inputs,
    is_empty,
    same,
    spelled,
    typed,
)

NPS = Manner(scale="0_to_10", steps=tuple(str(step) for step in range(11)), share_of=("9", "10"))
PERCENTILE = Manner(is_percentile=True)


@pytest.mark.parametrize(
    ("kind", "unit", "given_", "expected"),
    [
        (
            "ratio",
            "fraction",
            {"num": "4,012", "den": "14,380"},
            ("ratio", {"num": 4012, "den": 14380}),
        ),
        ("ratio", "fraction", {"num": "0", "den": "150"}, ("ratio", {"num": 0, "den": 150})),
        (
            "quotient",
            "fraction",
            {"num": "330,5", "den": "320"},
            ("quotient", {"num": "330.5", "den": "320"}),
        ),
        ("rate", "per", {"num": "7", "den": "1.5"}, ("rate", {"events": 7, "exposure": "1.5"})),
        (
            "mean",
            "hours",
            {"value": "7.5", "n": "1", "sd": ""},
            ("mean", {"n": 1, "sum": "7.5", "sumsq": "56.25"}),
        ),
        (
            "mean",
            "hours",
            {"value": "10", "n": "5", "sd": "2"},
            ("mean", {"n": 5, "sum": "50", "sumsq": "516"}),
        ),
        ("mean", "hours", {"value": "10"}, ("opaque", {"value": "10"})),
        (
            "duration",
            "minutes",
            {"value": "11.6", "n": "212", "sd": ""},
            ("duration", {"n": 212, "sum_ms": 147552000}),
        ),
        (
            "duration",
            "seconds",
            {"value": "2", "n": "3", "sd": "1"},
            ("duration", {"n": 3, "sum_ms": 6000, "sumsq": 14000000}),
        ),
        ("count", "uses", {"value": "12 000"}, ("count", {"n": 12000})),
        ("money", "currency", {"value": "1.250,50"}, ("money", {"minor": {"EUR": 125050}})),
        (
            "uptime",
            "fraction",
            {"num": "30", "den": "10080"},
            ("uptime", {"up_s": 603000, "observed_s": 604800}),
        ),
        (
            "rating",
            "fraction",
            {"a1": "1", "a2": "0", "a3": "2", "a4": "3", "a5": "4"},
            ("rating", {"counts": {"1": 1, "2": 0, "3": 2, "4": 3, "5": 4}, "top": ["4", "5"]}),
        ),
        (
            "rating",
            "fraction",
            {"a5": "4", "invited": "9"},
            (
                "rating",
                {
                    "counts": {"1": 0, "2": 0, "3": 0, "4": 0, "5": 4},
                    "top": ["4", "5"],
                    "invited": 9,
                },
            ),
        ),
        (
            "confusion",
            "fraction",
            {"tp": "8", "fp": "2", "fn": "1", "tn": "0"},
            ("confusion", {"tp": 8, "fp": 2, "fn": 1, "tn": 0}),
        ),
        (
            "score",
            "index",
            {"value": "0.5", "n": "40"},
            ("score", {"sum_ws": "20.0", "sum_w": "40", "rubric": []}),
        ),
        ("score", "index", {"value": "0.5"}, ("opaque", {"value": "0.5"})),
        ("distinct", "fraction", {"num": "40", "den": "60"}, ("ratio", {"num": 40, "den": 60})),
        ("distinct", "people", {"value": "40"}, ("opaque", {"value": "40"})),
        ("gauge", "hours", {"value": "7.5"}, ("gauge", {"value": "7.5", "at": "2026-11-22"})),
        ("opaque", "index", {"value": "0.71"}, ("opaque", {"value": "0.71"})),
        ("opaque", "fraction", {"value": "28%"}, ("opaque", {"value": "0.28"})),
    ],
)
def test_what_is_typed_becomes_parts_that_the_kind_accepts(kind, unit, given_, expected):
    found = figure(kind, unit, given_, currency="EUR", at="2026-11-22")
    assert found == expected
    monoids.from_parts(*found)


@pytest.mark.parametrize(
    ("kind", "unit", "given_", "field", "message"),
    [
        ("ratio", "fraction", {"num": "11", "den": "8"}, "num", "11 is more than 8. Swap them?"),
        (
            "ratio",
            "fraction",
            {"num": "28%", "den": ""},
            "num",
            "Give both numbers instead of a percentage: so many of so many.",
        ),
        (
            "ratio",
            "fraction",
            {"num": "2.5", "den": "8"},
            "num",
            "Enter a whole number instead of 2.5.",
        ),
        ("ratio", "fraction", {"num": "many", "den": "8"}, "num", "“many” is not a number."),
        (
            "ratio",
            "fraction",
            {"num": "0", "den": "0"},
            "den",
            "0 of 0 says nothing. Empty both, or say why it does not apply.",
        ),
        ("count", "uses", {"value": "-1"}, "value", "It cannot be below zero."),
        ("rate", "per", {"num": "1", "den": "0"}, "den", "It must be above zero."),
        ("uptime", "fraction", {"num": "9", "den": "8"}, "num", "9 is more than 8. Swap them?"),
        (
            "duration",
            "minutes",
            {"value": "3", "n": "0"},
            "n",
            "An average needs at least one case.",
        ),
        ("duration", "minutes", {"value": "-3", "n": "2"}, "value", "A time cannot be below zero."),
        (
            "mean",
            "hours",
            {"value": "3", "n": "4", "sd": "-1"},
            "sd",
            "A spread cannot be below zero.",
        ),
        (
            "money",
            "currency",
            {"value": "3.141"},
            "value",
            "An amount in EUR has at most 2 decimals.",
        ),
        (
            "rating",
            "fraction",
            {"a1": "0"},
            "a1",
            "Nobody answered. Say why it does not apply instead.",
        ),
        (
            "rating",
            "fraction",
            {"a1": "5", "invited": "4"},
            "invited",
            "5 answered, but only 4 were asked.",
        ),
        (
            "confusion",
            "fraction",
            dict.fromkeys(("tp", "fp", "fn", "tn"), "0"),
            "tp",
            "Four zeros say nothing. Empty them, or say why it does not apply.",
        ),
        (
            "opaque",
            "fraction",
            {"value": "28"},
            "value",
            "28 is more than all of it. Write 0.28 or 28%.",
        ),
        ("distinct", "people", {"value": "4.5"}, "value", "Enter a whole number instead of 4.5."),
        ("opaque", "index", {"value": "inf"}, "value", "“inf” is not a number."),
    ],
)
def test_errors_name_the_box_and_what_to_do(kind, unit, given_, field, message):
    with pytest.raises(BadEntry) as refused:
        figure(kind, unit, given_, currency="EUR")
    assert (refused.value.field, str(refused.value)) == (field, message)
    assert refused.value.swap is message.endswith("Swap them?")
    assert not refused.value.missing


@pytest.mark.parametrize(
    ("kind", "given_", "field", "message"),
    [
        ("ratio", {"num": "11"}, "den", "Of how many? Enter the second number as well."),
        ("ratio", {"den": "11"}, "num", "How many? Enter the first number as well."),
        ("rate", {"num": "0"}, "den", "In how many? Enter the second number as well."),
        ("uptime", {"den": "60"}, "num", "How long was it down? Zero is a number too."),
        ("mean", {"n": "4"}, "value", "Enter the average as well."),
        ("mean", {"value": "4", "sd": "1"}, "n", "Of how many cases? A spread alone says little."),
        ("rating", {"invited": "9"}, "a1", "How many gave each answer?"),
        ("confusion", {"tp": "9", "fp": "1", "tn": "1"}, "fn", "Enter “missed” as well."),
    ],
)
def test_what_is_half_typed_is_told_apart_from_what_is_wrong(kind, given_, field, message):
    with pytest.raises(BadEntry) as refused:
        figure(kind, "hours", given_)
    assert (refused.value.field, str(refused.value)) == (field, message)
    assert refused.value.missing


def test_an_empty_row_is_not_measured_and_a_zero_is():
    assert is_empty("ratio", "fraction", {"num": " ", "den": ""})
    assert not is_empty("ratio", "fraction", {"num": "0", "den": ""})


def test_every_kind_of_the_catalogue_has_boxes():
    kinds = [one["key"] for one in shipped.catalogue().vocabulary["kinds"]]
    assert set(kinds) | {"quotient"} == {kind.value for kind in monoids.Kind}
    assert {kind: [one.name for one in inputs(kind, "index")] for kind in kinds} == {
        "count": ["value"],
        "ratio": ["num", "den"],
        "rate": ["num", "den"],
        "mean": ["value", "n", "sd"],
        "duration": ["value", "n", "sd"],
        "money": ["value"],
        "rating": ["a1", "a2", "a3", "a4", "a5", "invited"],
        "confusion": ["tp", "fp", "fn", "tn"],
        "uptime": ["num", "den"],
        "score": ["value", "n"],
        "distinct": ["value"],
        "gauge": ["value"],
        "opaque": ["value"],
    }


def test_a_definition_names_the_boxes_and_the_steps():
    pair = inputs("ratio", "fraction", Manner(top="wrong letters", bottom="letters checked"))
    assert [one.label for one in pair] == ["wrong letters", "letters checked"]
    assert [one.name for one in inputs("rating", "points", NPS)] == [
        *(f"a{step}" for step in range(11)),
        "invited",
    ]
    assert [one.name for one in inputs("duration", "seconds", PERCENTILE)] == ["value"]
    assert figure("duration", "seconds", {"value": "8.1"}, manner=PERCENTILE) == (
        "opaque",
        {"value": "8.1"},
    )
    kind, parts = figure("rating", "points", {"a9": "3", "a0": "1"}, manner=NPS)
    assert (parts["counts"]["9"], parts["top"], parts["scale"]) == (3, ["9", "10"], ["0_to_10"])
    monoids.from_parts(kind, parts)


@pytest.mark.parametrize(
    ("one", "other", "locale", "alike"),
    [
        ("1380", "1,380", "en", True),
        ("1380", "1.380", "de", True),
        ("0.50", "0.5", "en", True),
        ("0", "", "en", False),
        ("1", "2", "en", False),
        ("many", "many", "en", True),
        ("many", "3", "en", False),
        ("", " ", "en", True),
    ],
)
def test_the_same_number_written_otherwise_is_no_change(one, other, locale, alike):
    assert same(one, other, locale) is alike


@pytest.mark.parametrize(
    ("value", "locale", "text"),
    [
        ("14380", "en", "14,380"),
        ("14380", "de", "14.380"),
        ("0.2500", "en", "0.25"),
        ("1234.5", "de", "1.234,5"),
        ("-1200", "en", "-1,200"),
        ("7", "en", "7"),
    ],
)
def test_long_numbers_are_spelled_in_groups(value, locale, text):
    assert spelled(Decimal(value), locale) == text


@given(st.decimals(-(10**9), 10**9, places=3), st.sampled_from(["en", "de"]))
def test_what_is_spelled_reads_back(value, locale):
    assert read(spelled(value, locale), locale) == value


@given(st.integers(2, 500), st.decimals(0, 500, places=1), st.decimals(0, 90, places=1))
def test_an_average_reads_back_as_it_was_typed(n, value, spread):
    given_ = {"value": str(value), "n": str(n), "sd": str(spread)}
    kind, parts = figure("mean", "hours", given_)
    back = typed("mean", "hours", monoids.to_parts(kind, monoids.from_parts(kind, parts)), kind)
    assert Decimal(back["value"]) == value
    assert abs(Decimal(back.get("sd", "0")) - spread) < Decimal("0.001")
