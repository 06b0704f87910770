"""Intervals against published values ([ref]) and values computed for the method ([lab])."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.domain import errors
from kpis.domain.statistics.intervals import (
    Z95,
    Moments,
    difference_in_differences,
    effective_n,
    garwood,
    log_moments,
    mean_difference,
    mean_level,
    newcombe,
    poisson_at_most,
    rate_ratio,
    ratio_of_geometric_means,
    ratio_of_means,
    t_quantile,
    tail,
    wilson,
    z_for,
    zero_events_upper,
)


def limits(interval, digits):
    return round(interval.lo, digits), round(interval.hi, digits)


@pytest.mark.parametrize(
    ("num", "den", "lo", "hi"),
    [(81, 263, 0.2553, 0.3662), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_newcombe_1998_stat_med_17_857(num, den, lo, hi):
    assert limits(wilson(num, den), 4) == (lo, hi)


@pytest.mark.parametrize(
    ("new", "old", "lo", "hi"),
    [((56, 70), (48, 80), 0.0524, 0.3339), ((10, 10), (0, 20), 0.6791, 1.0)],
)
def test_difference_as_newcombe_1998_stat_med_17_873_method_10(new, old, lo, hi):
    assert limits(newcombe(wilson(*new), wilson(*old)), 4) == (lo, hi)


def test_wilson_of_the_legal_start_up_lab():
    assert limits(wilson(336, 1200), 3) == (0.255, 0.306)


def test_extra_spread_of_nhs_week_1_lab():
    """Mohammed 2013 (PowerBI-SPC test pprime), sigma_z 10.6404."""
    assert round(effective_n(280_443, 10.6404)) == 2477
    assert limits(wilson(266_501, 280_443), 4) == (0.9495, 0.9511)
    assert limits(wilson(266_501, 280_443, sigma_z=10.6404), 4) == (0.9410, 0.9582)


def test_less_spread_than_chance_narrows_nothing():
    assert wilson(58, 820, sigma_z=0.3) == wilson(58, 820)


@pytest.mark.parametrize(("events", "lo", "hi"), [(0, 0.0, 3.6889), (5, 1.6235, 11.6683)])
def test_garwood_lab(events, lo, hi):
    assert limits(garwood(events, 1), 4) == (lo, hi)


def test_exact_rate_ratio_lab():
    found = rate_ratio(30, 10_000, 45, 10_000)
    assert round(found.value, 3) == 0.667
    assert limits(found, 4) == (0.4055, 1.0817)


def test_rate_ratio_without_events():
    assert rate_ratio(0, 900, 0, 950) is None
    fresh = rate_ratio(3, 900, 0, 950)
    assert (fresh.value, fresh.hi) == (math.inf, math.inf)
    assert 0 < fresh.lo < math.inf
    assert rate_ratio(0, 900, 3, 950).lo == 0


@pytest.mark.parametrize(("n", "percent"), [(200, 1.487), (1000, 0.299)])
def test_no_event_in_n_lab(n, percent):
    assert round(zero_events_upper(n) * 100, 3) == percent


NEW, OLD = Moments(120, 33, 15), Moments(100, 45, 18)


def test_ratio_of_means_lab():
    found = ratio_of_means(NEW, OLD)
    assert round(found.value, 4) == 0.7333
    assert limits(found, 4) == (0.6546, 0.8216)


def test_degrees_of_freedom_of_the_ratio_lab():
    v1, v0 = 15**2 / (120 * 33**2), 18**2 / (100 * 45**2)
    df = (v1 + v0) ** 2 / (v1**2 / 119 + v0**2 / 99)
    assert round(df, 1) == 217.3


def test_welch_difference_lab():
    found = mean_difference(NEW, OLD)
    assert found.value == -12
    assert limits(found, 2) == (-16.46, -7.54)


def test_typical_task_lab():
    before = log_moments([12, 18, 25, 31, 22, 40, 16, 27, 35, 20])
    after = log_moments([9, 14, 17, 22, 15, 30, 12, 19, 26, 14])
    found = ratio_of_geometric_means(after, before)
    assert round(found.value, 4) == 0.7239
    assert limits(found, 4) == (0.5123, 1.0229)


def test_difference_in_differences_lab():
    sides = [(140, 33, 15), (120, 45, 18), (130, 42, 17), (125, 44, 18)]
    found = difference_in_differences(*(Moments(*side) for side in sides))
    assert found.value == -10
    assert limits(found, 2) == (-15.92, -4.08)


@pytest.mark.parametrize(("k", "z"), [(1, 1.959964), (2, 2.2414), (3, 2.3940)])
def test_bonferroni_as_method_2_6(k, z):
    assert round(z_for(k), 4) == round(z, 4)


def test_tails_as_method_2():
    assert Z95 == 1.959963984540054
    assert round(tail(Z95), 10) == 0.05
    assert round(tail(3.0), 4) == 0.0027
    assert t_quantile(119, Z95) == pytest.approx(1.9800999, abs=1e-6)  # tabulated


def test_expected_reports_lab():
    """12,000 uses and 4,000 uses, 5 of 100 audited outputs wrong, no report (method 6.2)."""
    least = wilson(5, 100).lo * 0.04
    assert round(12_000 * least, 2) == 10.34
    assert f"{poisson_at_most(0, 12_000 * least):.1e}" == "3.2e-05"
    assert round(4_000 * least, 2) == 3.45
    assert round(poisson_at_most(0, 4_000 * least), 3) == 0.032


def test_means_without_spread_or_cases_have_no_interval():
    assert mean_level(1, 5.0, 1.0) is None
    assert mean_level(9, 5.0, None) is None
    assert ratio_of_means(Moments(9, 0.0, 1.0), OLD) is None
    assert mean_difference(Moments(1, 5.0, 1.0), OLD) is None
    assert difference_in_differences(NEW, OLD, NEW, Moments(9, 1.0, None)) is None
    assert limits(ratio_of_means(Moments(9, 6.0, 0.0), Moments(9, 3.0, 0.0)), 3) == (2.0, 2.0)


@pytest.mark.parametrize(
    ("refused", "call"),
    [
        (errors.NotANumber, lambda: wilson(math.nan, 3)),
        (errors.NotANumber, lambda: garwood(1, math.inf)),
        (errors.NotANumber, lambda: mean_level(5, math.nan, 1.0)),
        (errors.NotANumber, lambda: log_moments([1.0, 0.0])),
        (errors.NegativeCount, lambda: wilson(-1, 3)),
        (errors.NegativeCount, lambda: garwood(-1, 3)),
        (errors.NegativeCount, lambda: ratio_of_means(Moments(5, 1.0, -1.0), OLD)),
        (errors.NegativeCount, lambda: zero_events_upper(-1)),
        (errors.NumeratorAboveDenominator, lambda: wilson(4, 3)),
        (errors.EmptySeries, lambda: wilson(0, 0)),
        (errors.EmptySeries, lambda: garwood(0, 0)),
        (errors.EmptySeries, lambda: zero_events_upper(0)),
        (errors.EmptySeries, lambda: log_moments([])),
    ],
)
def test_refused_with_a_name(refused, call):
    with pytest.raises(refused):
        call()


shares = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
counts, sizes = st.integers(0, 300), st.floats(0.5, 1e5)
moments = st.builds(Moments, st.integers(2, 400), st.floats(0.1, 1e3), st.floats(0.01, 500))


def contains(wide, narrow):
    return wide.lo <= narrow.lo <= narrow.value <= narrow.hi <= wide.hi


@given(shares, shares)
def test_three_sigma_contains_95_percent_of_shares(new, old):
    assert contains(wilson(*new, z=3.0), wilson(*new))
    wide = newcombe(wilson(*new, z=3.0), wilson(*old, z=3.0))
    narrow = newcombe(wilson(*new), wilson(*old))
    assert wide.lo <= narrow.lo + 1e-12
    assert wide.hi >= narrow.hi - 1e-12


@given(counts, sizes, counts, sizes)
def test_three_sigma_contains_95_percent_of_rates(new, e1, old, e0):
    assert contains(garwood(new, e1, 3.0), garwood(new, e1))
    if new + old:
        assert contains(rate_ratio(new, e1, old, e0, 3.0), rate_ratio(new, e1, old, e0))


@given(moments, moments)
def test_three_sigma_contains_95_percent_of_means(new, old):
    assert contains(mean_level(*new, z=3.0), mean_level(*new))
    assert contains(ratio_of_means(new, old, 3.0), ratio_of_means(new, old))
