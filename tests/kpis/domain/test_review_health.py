"""Is the human review real? Values of method 6.1."""

import pytest

from kpis.domain.errors import EmptySeries, NegativeCount
from kpis.domain.oversight.human_review import (
    fastest_plausible_s,
    overreliance,
    review_health,
    seeded_result,
    signals,
)
from kpis.domain.policy import current
from kpis.domain.statistics.intervals import Z95, Share

POLICY = current()


def health(**given):
    blank = {"recorded": "effective", "fast": None, "unedited": None, "bursts": None}
    return review_health(**{**blank, "caught": None, **given}, policy=POLICY, z=Z95)


@pytest.mark.parametrize(
    ("planted", "passes_at", "fails_at"), [(20, 20, 12), (30, 29, 19), (40, 37, 27), (60, 55, 41)]
)
def test_planted_errors_lab(planted, passes_at, fails_at):
    def result(caught):
        return seeded_result(Share(caught, planted), policy=POLICY, z=Z95)

    assert result(passes_at) == "pass"
    assert result(passes_at - 1) == "inconclusive"
    assert result(fails_at) == "fail"
    assert result(fails_at + 1) == "inconclusive"


@pytest.mark.parametrize(
    ("caught", "result"),
    [
        (None, "none"),
        (Share(0, 0), "none"),
        (Share(0, 1), "too_few"),
        (Share(0, 9), "too_few"),
        (Share(0, 10), "fail"),
        (Share(16, 16), "too_few"),
        (Share(10, 19), "fail"),
    ],
)
def test_few_planted_errors(caught, result):
    assert seeded_result(caught, policy=POLICY, z=Z95) == result


def test_the_fastest_plausible_reading_lab():
    assert fastest_plausible_s(600, policy=POLICY) == 60
    with pytest.raises(NegativeCount):
        fastest_plausible_s(-1, policy=POLICY)


def test_signals_from_thirty_cases_on():
    found = signals(Share(30, 30), Share(400, 400), Share(5, 29), policy=POLICY, z=Z95)
    assert found == ("fast", "unedited")
    assert signals(Share(29, 29), None, Share(29, 29), policy=POLICY, z=Z95) == ()


def test_two_signals_fail_a_review_unless_planted_errors_pass():
    two = {"fast": Share(80, 400), "bursts": Share(90, 400)}
    assert health(**two).failed
    assert not health(**two, caught=Share(38, 40)).failed
    assert not health(fast=Share(80, 400)).failed


def test_a_recorded_formality_and_missed_errors_fail_whatever_else():
    assert health(recorded="symbolic", caught=Share(40, 40)).failed
    assert health(caught=Share(11, 20)).failed
    assert not health().failed


def test_overreliance():
    assert overreliance(Share(30, 40)) == 0.25
    with pytest.raises(EmptySeries):
        overreliance(Share(0, 0))
