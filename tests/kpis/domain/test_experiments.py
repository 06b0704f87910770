"""A/B tests: printed references of method 7 (GrowthBook, confseq) and its refusals."""

import dataclasses
import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.domain.errors import (
    ContradictoryThresholds,
    EmptySeries,
    MethodError,
    NegativeCount,
    NotANumber,
    UnknownKind,
)
from kpis.domain.policy import current
from kpis.domain.statistics.change import Change
from kpis.domain.statistics.experiments import (
    Estimate,
    Plan,
    Sums,
    any_time,
    at_fixed_date,
    check_plan,
    decide,
    design_effect,
    holm,
    is_void,
    mixture_bound,
    mixture_rho,
    n_per_arm,
    relative_effect,
    srm_p,
)

POLICY, Z = current(), 1.959963984540054
CONTROL = Sums(1396.87, 52377.9767, 3000)
TREATMENT = Sums(2422.7, 134698.29, 3461)
PLAN = Plan(
    question="Do summaries shorten the first reading?",
    unit="user",
    primary="minutes",
    primary_role="outcome",
    mwb=0.1,
    n=3000,
    starts_on=dt.date(2026, 9, 7),
    ends_on=dt.date(2026, 9, 20),
    guardrails={"error_rate": 0.02},
)


def rounded(interval):
    return round(interval.value, 5), round(interval.lo, 5), round(interval.hi, 5)


def test_growthbook_reference_of_the_confidence_sequence():
    found = relative_effect(CONTROL, TREATMENT)
    assert round(found.se, 5) == 0.33341
    assert rounded(any_time(found, 1000)) == (0.50336, -0.55844, 1.56516)
    assert rounded(any_time(found, 5000))[1:] == (-0.50972, 1.51644)


def test_lab_value_at_the_fixed_date():
    found = at_fixed_date(relative_effect(CONTROL, TREATMENT), Z)
    assert (round(found.lo, 6), round(found.hi, 6)) == (-0.150115, 1.156837)


def test_confseq_reference_of_the_normal_mixture():
    rho = mixture_rho(100, alpha=0.05)
    assert round(rho, 5) == 12.60056
    assert round(mixture_bound(100, rho, alpha=0.05), 5) == 30.35209


def test_cases_needed_and_the_design_effect():
    assert design_effect(15, 0.05) == pytest.approx(1.7)
    assert n_per_arm(0.28, 0.24, policy=POLICY) == 1884
    assert n_per_arm(0.28, 0.24, policy=POLICY, effect=design_effect(15, 0.05)) == 3203


@pytest.mark.parametrize(
    ("counts", "p", "void"),
    [((5123, 4877), 0.0139, False), ((800, 920), 0.0038, False), ((800, 960), 0.0001, True)],
)
def test_sample_ratio_check(counts, p, void):
    found = srm_p(counts)
    assert round(found, 4) == p
    assert is_void(found, policy=POLICY) is void
    assert is_void(None, policy=POLICY) is True


def test_sample_ratio_against_shares_that_were_planned_unequal():
    assert srm_p([900, 100], [0.9, 0.1]) == 1


def test_equal_values_have_no_spread():
    a = Sums(0.1 * 30, 0.01 * 30, 30)
    b = Sums(0.1 * 31, 0.01 * 31, 31)
    assert relative_effect(a, b).se == pytest.approx(0, abs=1e-7)


def test_holm_of_the_lab_example():
    adjusted = holm([0.004, 0.011, 0.02, 0.041, 0.13, 0.6])
    assert [round(p, 3) for p in adjusted] == [0.024, 0.055, 0.08, 0.123, 0.26, 0.6]


@pytest.mark.parametrize(
    ("primary", "guardrail", "p", "adopt", "reasons"),
    [
        (Change.BETTER, Change.NOT_WORSE, 0.4, True, ()),
        (Change.BETTER_WORTHWHILE, Change.BETTER, 0.4, True, ()),
        (Change.UNCLEAR, Change.BETTER, 0.4, False, ("The primary outcome is unclear.",)),
        (
            Change.BETTER,
            Change.WORSE_WITHIN_MARGIN,
            0.4,
            False,
            ("Error rate is worse within margin.",),
        ),
        (Change.BETTER, Change.UNCLEAR, 0.4, False, ("Error rate is unclear.",)),
        (
            Change.BETTER,
            Change.NOT_WORSE,
            0.0009,
            False,
            ("The groups were not split as planned, or nobody checked.",),
        ),
    ],
)
def test_adopted_only_when_everything_holds(primary, guardrail, p, adopt, reasons):
    found = decide(primary, {"Error rate": guardrail}, p, policy=POLICY)
    assert (found.adopt, found.reasons) == (adopt, reasons)
    assert found.void is (p < 0.001)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"question": " "}, MethodError),
        ({"unit": "request"}, UnknownKind),
        ({"primary_role": "adoption"}, UnknownKind),
        ({"mwb": 0}, ContradictoryThresholds),
        ({"guardrails": {"error_rate": -0.1}}, ContradictoryThresholds),
        ({"mwb": math.nan}, NotANumber),
        ({"guardrails": {"error_rate": math.nan}}, NotANumber),
        ({"primary": " "}, MethodError),
        ({"guardrails": {"minutes": 0.1}}, MethodError),
        ({"n": 1}, NegativeCount),
        ({"ends_on": dt.date(2026, 9, 13)}, ContradictoryThresholds),
        ({"ends_on": dt.date(2026, 9, 22)}, ContradictoryThresholds),
    ],
)
def test_a_plan_that_cannot_be_judged_is_refused(changes, error):
    assert check_plan(PLAN, policy=POLICY) is PLAN
    with pytest.raises(error):
        check_plan(dataclasses.replace(PLAN, **changes), policy=POLICY)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: srm_p([0, 0]), EmptySeries),
        (lambda: srm_p([5]), ContradictoryThresholds),
        (lambda: srm_p([5, -1]), NegativeCount),
        (lambda: srm_p([5, True]), NotANumber),
        (lambda: srm_p([5, 5.5]), NotANumber),
        (lambda: relative_effect(Sums(1, 1, True), TREATMENT), NotANumber),
        (lambda: relative_effect(Sums(1, -1, 10), TREATMENT), NegativeCount),
        (lambda: any_time(Estimate(math.nan, 0.1, 9), 100), NotANumber),
        (lambda: any_time(Estimate(0.1, 0.1, 9), math.nan), NotANumber),
        (lambda: any_time(Estimate(0.1, 0.1, 9), 0), ContradictoryThresholds),
        (lambda: at_fixed_date(Estimate(0.1, math.inf, 9), Z), NotANumber),
        (lambda: at_fixed_date(Estimate(0.1, -0.1, 9), Z), NegativeCount),
        (lambda: design_effect(math.nan, 0.1), NotANumber),
        (lambda: design_effect(2, 1.1), ContradictoryThresholds),
        (lambda: holm([math.nan]), NotANumber),
        (lambda: holm([True]), NotANumber),
        (lambda: is_void(True, policy=POLICY), NotANumber),
        (lambda: relative_effect(Sums(0, 0, 10), TREATMENT), EmptySeries),
        (lambda: relative_effect(Sums(math.nan, 1, 10), TREATMENT), NotANumber),
        (lambda: n_per_arm(0.2, 0.2, policy=POLICY), ContradictoryThresholds),
        (lambda: holm([1.2]), NotANumber),
        (lambda: srm_p([5, 5], [math.nan, 0.5]), ContradictoryThresholds),
        (lambda: srm_p([5, 5], [1.0, 0.0]), ContradictoryThresholds),
        (lambda: srm_p([5, 5], [0.9, 0.9]), ContradictoryThresholds),
        (lambda: srm_p([5, 5], [0.5]), ContradictoryThresholds),
        (lambda: is_void(math.nan, policy=POLICY), NotANumber),
        (lambda: decide(Change.BETTER, {}, math.nan, policy=POLICY), NotANumber),
        (lambda: relative_effect(Sums(10, 1, 10), TREATMENT), ContradictoryThresholds),
        (lambda: any_time(Estimate(0.1, 0.1, 0), 100), EmptySeries),
        (lambda: n_per_arm(0.28, 0.24, policy=POLICY, effect=0.5), ContradictoryThresholds),
        (lambda: n_per_arm(0.28, 0.24, policy=POLICY, effect=math.nan), ContradictoryThresholds),
        (lambda: mixture_rho(0, alpha=0.05), ContradictoryThresholds),
        (lambda: mixture_bound(-1, 12.6, alpha=0.05), ContradictoryThresholds),
        (lambda: design_effect(0, 0.1), ContradictoryThresholds),
    ],
)
def test_bad_input_has_a_name(call, error):
    with pytest.raises(error):
        call()


@given(st.integers(100, 100_000), st.integers(100, 100_000))
def test_looking_any_time_is_never_tighter_than_looking_once(n, planned):
    found = relative_effect(Sums(n, 3 * n, n), Sums(1.1 * n, 3.2 * n, n))
    once, always = at_fixed_date(found, Z), any_time(found, planned)
    assert always.lo < once.lo < once.hi < always.hi
