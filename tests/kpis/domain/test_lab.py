"""Simulated values of the method ([lab] of 1.4 and 2.6), each within its own sampling error.

`python tests/benchmarks/lab_method.py` prints all of them at 40,000 runs.
"""

import pytest

from tests.benchmarks.lab_method import false_alarms, power, spread_of_sigma, weekly_looks

RUNS = 1000


def close(found, printed, runs=RUNS):
    """Within three standard errors of the printed share, and half of its last digit."""
    return abs(found - printed) <= 3 * (printed * (1 - printed) / runs) ** 0.5 + 0.01


@pytest.mark.parametrize(
    ("base", "lag", "among_twelve", "newest"),
    [
        (8, 0, 0.35, 0.081),
        (12, 0, 0.29, 0.058),
        (20, 0, 0.24, 0.042),
        (24, 0, 0.22, 0.038),
        (12, 0.3, 0.54, 0.15),
    ],
)
def test_false_alarms_of_a_stable_process(base, lag, among_twelve, newest):
    found = false_alarms(base, RUNS, lag=lag)
    assert (close(found[0], among_twelve), close(found[1], newest)) == (True, True), found


def test_of_ten_kpis_one_is_falsely_special_in_45_and_concerning_in_25_per_cent():
    newest = 0.058
    assert round(1 - (1 - newest) ** 10, 2) == 0.45
    assert round(1 - (1 - newest / 2) ** 10, 2) == pytest.approx(0.25, abs=0.011)


@pytest.mark.parametrize(("shift", "shares"), [(1, (0.29, 0.61, 0.73)), (2, (0.69, 0.96, 0.99))])
def test_power_within_four_eight_and_twelve_points(shift, shares):
    found = power(shift, RUNS)
    assert all(close(one, share) for one, share in zip(found.values(), shares, strict=True)), found


@pytest.mark.parametrize(
    ("count", "printed"), [(6, 0.39), (8, 0.34), (12, 0.27), (20, 0.21), (24, 0.19)]
)
def test_how_sure_limits_are_of_the_spread(count, printed):
    assert round(spread_of_sigma(count, 200_000), 2) == printed


@pytest.mark.parametrize(
    ("z", "least", "most"), [(1.959963984540054, 0.18, 0.21), (3.0, 0.014, 0.016)]
)
def test_looking_every_week_for_twelve_weeks(z, least, most):
    assert least - 0.002 <= weekly_looks(z, 50_000) <= most + 0.002


def test_a_reader_needs_151_seconds_for_600_words():
    # Method 6.1: mean 238 words a minute, Brysbaert 2019.
    assert round(600 / 238 * 60) == 151
