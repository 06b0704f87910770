"""Charts against published and reproduced reference values, to the digits that were printed."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.domain.errors import (
    ContradictoryThresholds,
    EmptySeries,
    MethodError,
    NegativeCount,
    NotANumber,
    NumeratorAboveDenominator,
    UnknownKind,
)
from kpis.domain.statistics import process_charts as charts
from tests.kpis.domain.published_series import (
    ATTENDED,
    COST,
    SEEN,
    SHIFT,
    SHIFT_NEW,
    TREND,
    TREND_NEW,
    VIGNETTE,
)

# A busy machine is no fault.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
# R: set.seed(123); rnorm(20), as in the tests of NHSRplotthedots 0.2.2.
NORMAL = [
    -0.56047565,
    -0.23017749,
    1.55870831,
    0.07050839,
    0.12928774,
    1.71506499,
    0.46091621,
    -1.26506123,
    -0.68685285,
    -0.44566197,
    1.22408180,
    0.35981383,
    0.40077145,
    0.11068272,
    -0.55584113,
    1.78691314,
    0.49785048,
    -1.96661716,
    0.70135590,
    -0.47279141,
]
SPIKE = [*NORMAL[:14], 10, *NORMAL[15:]]


def names(values):
    return [str(number) for number in range(len(values))]


def chart(values, **options):
    return charts.xmr_chart(names(values), values, **options)


def signals(segment):
    return [point.signal.value for point in segment.points]


def to_digits(values, digits):
    return tuple(round(value, digits) for value in values)


@pytest.mark.parametrize(
    ("values", "screen", "digits", "expected"),
    [
        (NORMAL, True, 6, (0.1416238, -3.01138, 3.294627)),
        (NORMAL, False, 6, (0.1416238, -3.01138, 3.294627)),
        (SPIKE, True, 6, (0.6694159, -2.383666, 3.722497)),
        (SPIKE, False, 6, (0.6694159, -4.596625, 5.935457)),
        (VIGNETTE, True, 2, (1.94, -0.72, 4.60)),
        (VIGNETTE, False, 2, (1.94, -3.06, 6.95)),
        (SHIFT, True, 4, (20.5, 14.9382, 26.0618)),
        (TREND, True, 4, (50.25, 43.4791, 57.0209)),
        (COST[:20], True, 2, (300.5, 279.78, 321.22)),
    ],
)
def test_limits_of_single_values(values, screen, digits, expected):
    found = charts.xmr_limits(values, screen=screen)
    # The means of NHSRplotthedots are printed to seven digits.
    mean = round(found.mean, 7 if digits == 6 else digits)
    assert (mean, *to_digits((found.lower, found.upper), digits)) == expected


def test_a_step_of_exactly_the_limit_is_screened():
    # Ten steps of 7.733 and one of 32.67: their mean is 10, and 3.267 times that is 32.67.
    values = [0, 7.733, 0, 7.733, 0, 7.733, 40.403, 32.67, 40.403, 32.67, 40.403, 32.67]
    assert (
        charts.xmr_limits(values, screen=False).amr,
        charts.xmr_limits(values).amr,
    ) == (10, 7.733)
    assert charts.xmr_limits(values, screen=False).upper_range == 32.67


def test_mean_moving_range_and_near_limits():
    cost, shift, trend = map(charts.xmr_limits, (COST[:20], SHIFT, TREND))
    assert round(cost.amr, 6) == 7.789474
    assert to_digits((shift.amr, shift.near_lower, shift.near_upper), 4) == (
        2.0909,
        16.7921,
        24.2079,
    )
    assert to_digits((trend.amr, trend.near_lower, trend.near_upper), 4) == (
        2.5455,
        45.7361,
        54.7639,
    )


def test_the_limits_of_qicharts2_follow_from_the_same_spread():
    segment = chart(COST, base=20)
    assert to_digits((300.5 - 3 * segment.sigma, 300.5 + 3 * segment.sigma), 6) == (
        279.783315,
        321.216685,
    )


def test_only_the_last_two_weeks_of_the_cost_series_signal():
    assert signals(chart(COST, base=20)) == ["common"] * 38 + ["above_upl"] * 2


@pytest.mark.parametrize(("week", "lower", "upper"), [(0, 94.013, 96.567), (19, 93.9975, 96.5824)])
def test_prime_limits_of_the_attendances(week, lower, upper):
    found = charts.prime_limits(SEEN, ATTENDED, raw=True)
    digits = 3 if week == 0 else 4
    assert to_digits((100 * found.lower[week], 100 * found.upper[week]), digits) == (lower, upper)


def test_centre_and_extra_spread_of_the_attendances():
    ratio, rate = (
        charts.prime_limits(SEEN, ATTENDED, rate=kind, raw=True) for kind in (False, True)
    )
    assert (round(ratio.centre, 7), round(ratio.sigma_z, 4), round(rate.sigma_z, 4)) == (
        0.9528997,
        10.6404,
        2.3092,
    )


def test_ratio_and_rate_have_the_same_raw_limits():
    ratio, rate = (
        charts.prime_limits(SEEN, ATTENDED, rate=kind, raw=True) for kind in (False, True)
    )
    assert ratio.lower == pytest.approx(rate.lower, rel=1e-12)
    assert ratio.upper == pytest.approx(rate.upper, rel=1e-12)


def test_no_week_of_the_attendances_is_outside_its_limits():
    segment = charts.prime_chart(names(SEEN), SEEN, ATTENDED)
    assert {"above_upl", "below_lpl"} & set(signals(segment)) == set()


def test_a_quiet_short_series_gets_no_narrower_limits_than_chance():
    num, den = [50, 50, 50, 50], [100, 100, 100, 100]
    found = charts.prime_limits(num, den)
    assert (found.sigma_z, round(found.lower[0], 4), round(found.upper[0], 4)) == (0, 0.35, 0.65)


def test_plain_limits_would_call_16_of_20_weeks_unusual():
    # Method 1.2, lab: why plain p charts are not offered.
    found = charts.prime_limits(SEEN, ATTENDED, raw=True)
    plain = [(upper - found.centre) / found.sigma_z for upper in found.upper]
    shares = [seen / all_ for seen, all_ in zip(SEEN, ATTENDED, strict=True)]
    outside = [abs(y - found.centre) > half for y, half in zip(shares, plain, strict=True)]
    assert sum(outside) == 16


def test_the_factors_are_the_rounded_ones_of_the_health_service():
    # Method 1.1: exact d2 1.1284, so 3 / d2 is 2.6587, and D4 is 3.2665.
    d2, d3 = 2 / math.pi**0.5, (2 - 4 / math.pi) ** 0.5
    assert [round(one, 4) for one in (d2, 3 / d2, 1 + 3 * d3 / d2)] == [1.1284, 2.6587, 3.2665]
    assert (charts.XMR_FACTOR, charts.RANGE_FACTOR, charts.D2) == (
        2.66,
        3.267,
        1.128,
    )
    assert round(3 / charts.D2, 2) == charts.XMR_FACTOR


@UNHURRIED
@given(st.lists(st.integers(0, 50), min_size=2, max_size=30), st.booleans())
def test_with_equal_denominators_the_prime_chart_is_the_xmr_chart(num, rate):
    # Method 1.2: raw sigma_z, no screening, and 3 / 1.128 in place of 2.66.
    prime = charts.prime_limits(num, [50] * len(num), rate=rate, raw=True)
    single = charts.xmr_limits([one / 50 for one in num], screen=False)
    half = 3 / charts.D2 * single.amr
    assert prime.centre == pytest.approx(single.mean, abs=1e-12)
    if 0 < sum(num) < 50 * len(num):
        assert prime.upper == pytest.approx([single.mean + half] * len(num), abs=1e-9)
        assert prime.lower == pytest.approx([single.mean - half] * len(num), abs=1e-9)


@pytest.mark.parametrize(("num", "rate"), [([0] * 8, False), ([9] * 8, False), ([0] * 8, True)])
def test_none_or_all_has_limits_at_the_centre_and_no_signal(num, rate):
    segment = charts.prime_chart(names(num), num, [9] * 8, rate=rate)
    assert {(p.lower, p.upper, p.signal.value) for p in segment.points} == {
        (num[0] / 9, num[0] / 9, "common")
    }


def test_a_shift_starts_in_the_baseline_and_ends_below_the_mean():
    found = signals(chart(SHIFT + SHIFT_NEW, base=12))
    assert found == (
        ["common"] * 11
        + ["shift_high"] * 8
        + ["above_upl"]
        + ["two_in_three_high"] * 3
        + ["common"] * 3
    )


def test_a_trend_starts_in_the_baseline_and_ends_with_the_first_fall():
    found = signals(chart(TREND + TREND_NEW, base=12))
    assert found == (
        ["common"] * 11 + ["trend_up"] * 8 + ["common"] + ["two_in_three_high"] * 2 + ["common"] * 3
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 1, 1, 1, 1, 1, 1], "shift_high"),
        ([1, 1, 1, 1, 1, 1], "common"),
        ([1, 1, 1, 0, 1, 1, 1, 1], "common"),
        ([-3, -2, -1, 0, 1, 2, 3], "trend_up"),
        ([3, 2, 1, 0, -1, -2, -3], "trend_down"),
        ([-3, -2, -1, 0, 1, 2], "common"),
        ([-3, -2, -1, -1, 0, 1, 2], "common"),
        ([10.0], "common"),
        ([10.1], "above_upl"),
        ([-10.1], "below_lpl"),
        ([9, 1, 9], "two_in_three_high"),
        ([-9, -1, -9], "two_in_three_low"),
        ([9, -1, 9], "common"),
        ([5, 5, 5], "common"),
        ([11, 1, 9], "common"),
    ],
)
def test_each_rule_at_its_edge(values, expected):
    bounds = [(-10.0, -5.0, 5.0, 10.0)] * len(values)
    assert charts.signals_of(values, 0.0, bounds)[-1].value == expected


@pytest.mark.parametrize("value", [4.0, 63.03, 0.1, 1e-9, 123456.789])
@pytest.mark.parametrize("count", [8, 11, 20, 25])
def test_equal_values_have_limits_at_the_mean_and_no_signal(value, count):
    # In floats the mean of 25 times 63.03 lies below 63.03, and so would both limits.
    found = chart([value] * count)
    assert set(signals(found)) == {"common"}
    assert {(p.lower, p.upper) for p in found.points} == {(value, value)}


def test_a_value_at_the_mean_breaks_a_run():
    # The mean is 0.2 exactly; in floats it is 0.19999999999999998.
    values = [0.1, 0.3] * 3 + [0.2] + [0.1, 0.3] * 3 + [0.2]
    assert chart(values).centre == 0.2
    assert signals(chart([*values, 0.3, 0.3, 0.3, 0.2, 0.3, 0.3, 0.3], base=14))[-7:] == (
        ["common"] * 7
    )


@UNHURRIED
@given(st.integers(-999, 999), st.integers(1, 40), st.integers(0, 3))
def test_equal_decimals_never_signal(value, count, places):
    assert set(signals(chart([value / 10**places] * count))) == {"common"}


def test_rules_use_limits_that_display_would_clip():
    # A share cannot be below zero, but its limit can: only the drawing stops at zero.
    found = chart([0.0, 0.02, 0.0, 0.03, 0.01, 0.0, 0.02, 0.01])
    assert found.points[0].lower < 0
    assert set(signals(found)) == {"common"}


def test_each_segment_is_judged_by_its_own_limits():
    before, after = chart([10, 12] * 4), chart([30, 32] * 4)
    assert {*signals(before), *signals(after)} == {"common"}
    assert "above_upl" in signals(chart([10, 12] * 4 + [30, 32] * 4, base=8))


def told(values, centre, bounds):
    """The rules of method 1.3, one window after another, as somebody would check them by hand."""
    side = [(value > centre) - (value < centre) for value in values]
    near = [
        1 if far < value <= high else -1 if low <= value < close else 0
        for value, (low, close, far, high) in zip(values, bounds, strict=True)
    ]

    def within(at, length):
        starts = range(max(0, at - length + 1), min(at, len(values) - length) + 1)
        return [range(start, start + length) for start in starts]

    def label(at):
        low, _, _, high = bounds[at]
        if values[at] > high or values[at] < low:
            return "above_upl" if values[at] > high else "below_lpl"
        for window in within(at, 7):
            steps = {(values[i + 1] > values[i]) - (values[i + 1] < values[i]) for i in window[:-1]}
            if steps in ({1}, {-1}):
                return "trend_up" if steps == {1} else "trend_down"
        for window in within(at, 3):
            sides = {side[i] for i in window}
            beyond = [near[i] for i in window if near[i]]
            if near[at] and len(sides) == 1 and len(beyond) >= 2:
                return "two_in_three_high" if near[at] > 0 else "two_in_three_low"
        for window in within(at, 7):
            sides = {side[i] for i in window}
            if sides in ({1}, {-1}):
                return "shift_high" if sides == {1} else "shift_low"
        return "common"

    return [label(at) for at in range(len(values))]


@UNHURRIED
@given(st.lists(st.integers(-13, 13), min_size=1, max_size=30), st.integers(-2, 2))
def test_the_rules_as_they_are_told(values, centre):
    bounds = [(-10, -5, 5, 10)] * len(values)
    assert [one.value for one in charts.signals_of(values, centre, bounds)] == told(
        values, centre, bounds
    )


RISING = st.lists(st.sampled_from([1, 1, 1, 1, 1, 1, 0, -1]), min_size=8, max_size=30)


@UNHURRIED
@given(RISING, st.sampled_from([1, -1]))
def test_trends_as_they_are_told(steps, sign):
    values = [sign * sum(steps[:at]) / 2 for at in range(len(steps))]
    bounds = [(-10, -5, 5, 10)] * len(values)
    assert [one.value for one in charts.signals_of(values, 0, bounds)] == told(values, 0, bounds)


@pytest.mark.parametrize(
    ("count", "stage"),
    [
        (1, "building"),
        (7, "building"),
        (8, "trial"),
        (11, "trial"),
        (12, "provisional"),
        (19, "provisional"),
        (20, "frozen"),
        (21, "frozen"),
    ],
)
def test_limits_are_trusted_by_the_number_of_points(count, stage):
    segment = chart([float(number % 3) for number in range(count)])
    assert segment.stage == stage
    assert (segment.points[0].upper is None) is (stage == "building")


def test_frozen_limits_do_not_move_with_later_points():
    assert chart(COST).points[0].upper == chart(COST[:20]).points[0].upper


# Tests of NHSRplotthedots 0.2.2: (lower, upper) with target 4.
@pytest.mark.parametrize(
    ("lower", "upper", "up", "down"),
    [
        (1, 3, "fail", "pass"),
        (5, 7, "pass", "fail"),
        (1, 5, "hit_or_miss", "hit_or_miss"),
        (4, 9, "hit_or_miss", "hit_or_miss"),
        (1, 4, "hit_or_miss", "hit_or_miss"),
    ],
)
def test_assurance_says_whether_the_target_will_be_met(lower, upper, up, down):
    found = [
        charts.assurance_of(lower, upper, 4, direction) for direction in ("up", "down", "band")
    ]
    assert found == [up, down, "none"]


@pytest.mark.parametrize(
    ("direction", "icon"),
    [("up", "improving"), ("down", "concerning"), ("neutral", "special"), ("band", "special")],
)
def test_the_icon_is_coloured_by_the_direction(direction, icon):
    assert charts.variation_icon(chart(COST, base=20), direction) == icon


def test_every_signal_has_words():
    assert all(charts.rule_in_words(signal) for signal in charts.Signal)


@pytest.mark.parametrize(
    ("work", "error"),
    [
        (lambda: charts.xmr_limits([]), EmptySeries),
        (lambda: charts.xmr_limits([1, float("inf")]), NotANumber),
        (lambda: charts.xmr_chart(["a"], [1, 2]), MethodError),
        (lambda: charts.xmr_limits([1, float("nan")]), NotANumber),
        (lambda: charts.xmr_limits([1, True]), NotANumber),
        (lambda: charts.xmr_limits([1, "2"]), NotANumber),
        (lambda: charts.xmr_limits([1, None]), NotANumber),
        (lambda: charts.xmr_limits([1e308, -1e308]), NotANumber),
        (lambda: charts.xmr_chart("ab", [1, 2], base=0), MethodError),
        (lambda: charts.xmr_chart("ab", [1, 2], base=3), MethodError),
        (lambda: charts.xmr_chart("ab", [1, 2], base=-1), MethodError),
        (lambda: charts.xmr_chart("ab", [1, 2], base=True), NotANumber),
        (lambda: charts.prime_chart("ab", [1, 2], [3, 3], base=3), MethodError),
        (lambda: charts.prime_limits([], []), EmptySeries),
        (lambda: charts.prime_limits([-1], [1]), NegativeCount),
        (lambda: charts.prime_limits([0], [-1], rate=True), NegativeCount),
        (lambda: charts.prime_limits([float("nan")], [1]), NotANumber),
        (lambda: charts.prime_limits([1], [float("inf")]), NotANumber),
        (lambda: charts.signals_of([], 0, []), EmptySeries),
        (lambda: charts.signals_of([1], float("nan"), [(0, 1, 2, 3)]), NotANumber),
        (lambda: charts.signals_of([1], 0, [(3, 2, 1, 0)]), ContradictoryThresholds),
        (lambda: charts.signals_of([1], 0, []), MethodError),
        (lambda: charts.assurance_of(1, 3, float("nan"), "up"), NotANumber),
        (lambda: charts.assurance_of(3, 1, 2, "up"), ContradictoryThresholds),
        (lambda: charts.assurance_of(1, 3, 2, "sideways"), UnknownKind),
        (lambda: charts.variation_icon(chart([1, 2] * 5), "sideways"), UnknownKind),
        (lambda: charts.prime_limits([2], [1]), NumeratorAboveDenominator),
        (lambda: charts.prime_limits([0], [0]), EmptySeries),
        (lambda: charts.prime_limits([1, 2], [3]), MethodError),
    ],
)
def test_what_is_no_series_is_refused(work, error):
    with pytest.raises(error) as refused:
        work()
    assert str(refused.value).endswith(".")


@UNHURRIED
@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=40))
def test_a_mirrored_series_has_mirrored_signals(values):
    pairs = [("above_upl", "below_lpl"), ("trend_up", "trend_down"), ("shift_high", "shift_low")]
    pairs += [("two_in_three_high", "two_in_three_low"), ("common", "common")]
    mirror = dict(pairs) | {low: high for high, low in pairs}
    mirrored = signals(chart([-value for value in values]))
    assert mirrored == [mirror[signal] for signal in signals(chart(values))]
