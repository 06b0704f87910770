"""Laws of intervals: containment, symmetry, and limits found by another way."""

import math
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from kpis.domain.statistics.intervals import (
    Z95,
    Moments,
    difference_in_differences,
    effective_n,
    garwood,
    mean_difference,
    mean_level,
    newcombe,
    rate_ratio,
    ratio_of_geometric_means,
    ratio_of_means,
    tail,
    wilson,
    z_for,
)

# A busy machine is no fault.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
SHARES = st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
RATES = st.tuples(st.integers(0, 500), st.floats(0.01, 1e6))
MEANS = st.builds(Moments, st.integers(2, 400), st.floats(0.1, 1e3), st.floats(0.01, 500))
LOGS = st.builds(Moments, st.integers(2, 400), st.floats(-3, 8), st.floats(0.01, 3))
SPREADS = st.floats(0, 20)
# From one standard error by 95 % (one to three primaries) to the three of looks between reviews.
WIDTHS = [1.0, 1.644854, Z95, z_for(2), z_for(3), 3.0]


def newcombe_of(new, old, spread, *, z):
    return newcombe(wilson(*new, z, spread), wilson(*old, z, spread))


# Each interval with what it is computed from.
INTERVALS = {
    "wilson": (lambda share, spread, *, z: wilson(*share, z, spread), (SHARES, SPREADS)),
    "newcombe": (newcombe_of, (SHARES, SHARES, SPREADS)),
    "garwood": (lambda rate, *, z: garwood(*rate, z), (RATES,)),
    "rate ratio": (lambda new, old, *, z: rate_ratio(*new, *old, z), (RATES, RATES)),
    "mean": (lambda side, *, z: mean_level(*side, z), (MEANS,)),
    "difference of means": (mean_difference, (MEANS, MEANS)),
    "ratio of means": (ratio_of_means, (MEANS, MEANS)),
    "ratio of typical tasks": (ratio_of_geometric_means, (LOGS, LOGS)),
    "difference in differences": (difference_in_differences, (MEANS,) * 4),
}


def at_most(a, b):
    """a <= b, apart from the last digits; infinities compare as they are."""
    return a <= b or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)


@pytest.mark.parametrize("name", INTERVALS)
@UNHURRIED
@given(data=st.data())
def test_a_wider_interval_contains_every_narrower_one(name, data):
    work, sides = INTERVALS[name]
    sample = data.draw(st.tuples(*sides))
    found = [work(*sample, z=z) for z in WIDTHS]
    if found[0] is None:
        return
    for narrow, wide in pairwise(found):
        assert narrow.value == wide.value
        assert at_most(wide.lo, narrow.lo)
        assert at_most(narrow.lo, narrow.value)
        assert at_most(narrow.value, narrow.hi)
        assert at_most(narrow.hi, wide.hi)


@UNHURRIED
@given(SHARES, SPREADS)
def test_wilson_limits_solve_the_score_equation(share, spread):
    """At each limit p, the estimate lies exactly z standard errors of p away."""
    num, den = share
    found, n = wilson(num, den, Z95, spread), effective_n(den, spread)
    for limit in (found.lo, found.hi):
        if 0 < limit < 1:
            error = math.sqrt(limit * (1 - limit) / n)
            assert abs(found.value - limit) == pytest.approx(Z95 * error, rel=1e-6, abs=1e-9)


@UNHURRIED
@given(SHARES, SPREADS)
def test_more_spread_never_narrows(share, spread):
    plain, spread_out = wilson(*share), wilson(*share, sigma_z=spread)
    assert spread_out.hi - spread_out.lo >= plain.hi - plain.lo - 1e-12


@UNHURRIED
@given(SHARES)
def test_what_is_not_good_is_bad(share):
    num, den = share
    good, bad = wilson(num, den), wilson(den - num, den)
    assert (good.lo, good.hi) == pytest.approx((1 - bad.hi, 1 - bad.lo), abs=1e-12)


@UNHURRIED
@given(SHARES, SHARES)
def test_a_difference_turned_round_changes_its_sign(new, old):
    there = newcombe(wilson(*new), wilson(*old))
    back = newcombe(wilson(*old), wilson(*new))
    assert (there.lo, there.hi) == pytest.approx((-back.hi, -back.lo), abs=1e-12)
    assert -1 - 1e-12 <= there.lo <= there.hi <= 1 + 1e-12


@UNHURRIED
@given(RATES)
def test_garwood_limits_leave_half_a_tail_each(rate):
    events, exposure = rate
    found = garwood(events, exposure)
    above = stats.poisson.cdf(events, found.hi * exposure)
    assert above == pytest.approx(tail(Z95) / 2, rel=1e-6)
    if events:
        below = stats.poisson.sf(events - 1, found.lo * exposure)
        assert below == pytest.approx(tail(Z95) / 2, rel=1e-6)


@UNHURRIED
@given(RATES, RATES)
def test_a_rate_ratio_leaves_half_a_tail_each(new, old):
    (k1, e1), (k0, e0) = new, old
    found = rate_ratio(k1, e1, k0, e0)
    if k0 and found.hi < math.inf:
        share = found.hi * e1 / (found.hi * e1 + e0)
        assert stats.binom.cdf(k1, k1 + k0, share) == pytest.approx(0.025, rel=1e-6)
    if k1:
        share = found.lo * e1 / (found.lo * e1 + e0)
        assert stats.binom.sf(k1 - 1, k1 + k0, share) == pytest.approx(0.025, rel=1e-6)


@UNHURRIED
@given(st.tuples(st.integers(1, 500), st.floats(0.01, 1e6)), RATES.filter(lambda rate: rate[0]))
def test_a_rate_ratio_turned_round_is_its_inverse(new, old):
    there, back = rate_ratio(*new, *old), rate_ratio(*old, *new)
    assert (there.lo, there.value, there.hi) == pytest.approx(
        (1 / back.hi, 1 / back.value, 1 / back.lo), rel=1e-9
    )


@UNHURRIED
@given(MEANS, MEANS)
def test_a_ratio_of_means_turned_round_is_its_inverse(new, old):
    there, back = ratio_of_means(new, old), ratio_of_means(old, new)
    assert there.value * back.value == pytest.approx(1)
    if max(there.hi, back.hi) < math.inf:
        assert there.lo * back.hi == pytest.approx(1)


@UNHURRIED
@given(MEANS, MEANS, st.floats(0.01, 100))
def test_minutes_or_seconds_give_the_same_ratio(new, old, factor):
    scaled = [Moments(side.n, side.mean * factor, side.sd * factor) for side in (new, old)]
    plain, other = ratio_of_means(new, old), ratio_of_means(*scaled)
    assert (other.lo, other.value, other.hi) == pytest.approx((plain.lo, plain.value, plain.hi))


@UNHURRIED
@given(MEANS, MEANS)
def test_a_limit_of_a_difference_is_where_welch_has_5_percent(new, old):
    found = mean_difference(new, old)
    for limit in (found.lo, found.hi):
        test = stats.ttest_ind_from_stats(
            new.mean - limit, new.sd, new.n, old.mean, old.sd, old.n, equal_var=False
        )
        assert test.pvalue == pytest.approx(0.05, rel=1e-5)


@UNHURRIED
@given(MEANS)
def test_the_interval_of_a_mean_is_that_of_t(side):
    error = side.sd / math.sqrt(side.n)
    lo, hi = stats.t.interval(0.95, side.n - 1, side.mean, error)
    found = mean_level(*side)
    assert (found.lo, found.hi) == pytest.approx((lo, hi), rel=1e-9, abs=1e-9)
