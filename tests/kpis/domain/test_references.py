"""Reference points (method 4): their order, progress, and what proves no benefit."""

import math

import pytest

from kpis.domain.catalogue.references import References, check, contradictions, met_before, progress
from kpis.domain.errors import ContradictoryThresholds, NotANumber, UnknownKind


def test_progress_of_the_printed_example():
    # Method 4: lower better, B .30, T .10, v .22 -> 40 %.
    assert progress(0.22, 0.30, 0.10) == pytest.approx(0.40)
    assert progress(0.22, 0.10, 0.10) is None
    assert progress(0.22, None, 0.10) is None
    fine = References(direction="down", requirement=0.15, target=0.10, ceiling=0.05)
    assert check(fine) is fine


@pytest.mark.parametrize(
    ("baseline", "met"), [(0.15, True), (0.10, True), (0.16, False), (None, False)]
)
def test_a_requirement_met_before_proves_nothing(baseline, met):
    note = met_before(baseline, 0.15, "down")
    assert note == ("The requirement was met before AI; meeting it proves no benefit." * met)


@pytest.mark.parametrize(
    ("given_", "field", "sentence"),
    [
        (
            {"direction": "up", "target": 0.9, "ceiling": 0.8},
            "target",
            "The target 0.9 lies beyond 0.8, the best that can be reached.",
        ),
        (
            {"direction": "down", "target": 0.2, "requirement": 0.1},
            "target",
            "The target 0.2 is weaker than the requirement 0.1.",
        ),
        (
            {"direction": "up", "ceiling": 0.5, "requirement": 0.6},
            "ceiling",
            "The best that can be reached, 0.5, does not meet the requirement 0.6.",
        ),
        (
            {"direction": "down", "warning": 0.2, "critical": 0.2},
            "critical",
            "The critical threshold 0.2 must be worse than the warning threshold 0.2, that "
            "is above "
            "it.",
        ),
        (
            {"direction": "up", "warning": 0.8, "critical": 0.9},
            "critical",
            "The critical threshold 0.9 must be worse than the warning threshold 0.8, that "
            "is below "
            "it.",
        ),
        (
            {"direction": "band", "warning": 2, "critical": 1},
            "critical",
            "The critical distance 1 must be above the warning distance 2.",
        ),
        (
            {"direction": "band", "warning": -1},
            "warning",
            "The distance outside the range cannot be below zero.",
        ),
        (
            {"direction": "context", "critical": 1},
            "warning",
            "A KPI that is only shown has no thresholds.",
        ),
        (
            {"direction": "up", "mwb": 0},
            "mwb",
            "The smallest worthwhile benefit must be above zero.",
        ),
        (
            {"direction": "up", "margin": -0.1},
            "margin",
            "The tolerated worsening cannot be below zero.",
        ),
    ],
)
def test_contradictions_are_refused_by_name(given_, field, sentence):
    references = References(**given_)
    with pytest.raises(ContradictoryThresholds) as refused:
        check(references)
    assert str(refused.value) == sentence
    assert contradictions(references) == {field: sentence}


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_none_are_refused(bad):
    with pytest.raises(NotANumber):
        check(References(direction="up", target=bad))


def test_an_unknown_direction_is_refused():
    with pytest.raises(UnknownKind):
        check(References(direction="sideways"))


def test_a_target_stricter_than_its_warning_is_allowed():
    strict = References(direction="down", target=0.2, warning=0.1)
    assert check(strict) is strict


@pytest.mark.parametrize("bad", [math.nan, math.inf, True])
def test_progress_of_no_number_is_refused(bad):
    with pytest.raises(NotANumber):
        progress(bad, 0.3, 0.1)
