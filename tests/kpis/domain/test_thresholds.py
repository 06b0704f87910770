"""Reference points, levels and hysteresis (method 4), with its printed examples."""

import math
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.domain.catalogue.thresholds import (
    Latch,
    Level,
    Reading,
    Standing,
    beyond,
    level_of,
    rule,
    run,
    standing,
    step,
)
from kpis.domain.errors import (
    ContradictoryThresholds,
    NegativeCount,
    NotANumber,
    UnknownKind,
)
from kpis.domain.policy import current
from kpis.domain.verdict import kpi_facts
from kpis.domain.verdict.figures import level_interval, value_of
from kpis.domain.verdict.schema import Figure, Kpi

POLICY = current()
SERIES = (0.14, 0.151, 0.149, 0.152, 0.153, 0.147, 0.144, 0.149, 0.143, 0.142)
WARN = rule(0.15, "down", target=0.10, policy=POLICY)
CRIT = rule(0.20, "down", target=0.10, policy=POLICY)
BOTH = {"warning": WARN, "critical": CRIT}
VALUES = st.one_of(st.none(), st.floats(0, 1))


def points(*values):
    return [Reading(value) for value in values]


def levels(readings, **rules):
    return run(readings, rules, policy=POLICY)


def test_the_printed_series_warns_from_the_second_breach_to_the_second_clear_value():
    # Method 4, lab example: warn .15, target .10, clear .145.
    assert WARN.clear == pytest.approx(0.145)
    found = [level is Level.WARNING for level in levels(points(*SERIES), warning=WARN)]
    assert found == [False] * 4 + [True] * 5 + [False]


def test_equal_to_a_threshold_is_not_beyond_it():
    assert [beyond(value, 0.15, "down") for value in (0.14, 0.15, 0.151)] == [False, False, True]
    assert [beyond(value, 5, "band", (10, 20)) for value in (5, 4.9, 25, 25.1)] == [
        False,
        True,
        False,
        True,
    ]


def test_one_confirmed_breach_raises_an_alarm_and_a_suspected_one_does_not():
    confirmed, suspected = Reading(0.2, 0.16, 0.24), Reading(0.2, 0.14, 0.26)
    assert levels([confirmed], warning=WARN) == [Level.WARNING]
    assert levels([suspected], warning=WARN) == [Level.SUSPECTED_WARNING]


def test_no_thresholds_is_ok_and_no_value_is_unknown():
    assert levels(points(0.1, None), warning=None) == [Level.OK, Level.UNKNOWN]


def test_a_missing_value_keeps_the_alarm():
    found = levels(points(0.2, 0.2, None, 0.14, None, 0.14), warning=WARN)
    assert found[1:] == [Level.WARNING] * 4 + [Level.OK]


def test_standing_is_the_level_before_the_newest_reading():
    rules = {"warning": WARN}
    assert standing(points(0.2, 0.2, 0.14), rules, policy=POLICY).__dict__ == {
        "level": "warning",
        "clear_periods": 1,
    }
    # Ended by two clear values, the newest included: the level before still stands.
    assert standing(points(0.2, 0.2, 0.14, 0.14), rules, policy=POLICY).clear_periods == 2
    assert standing(points(0.14, 0.2), rules, policy=POLICY).level is None
    assert standing([], rules, policy=POLICY).level is None


@given(st.lists(VALUES, max_size=12), st.integers(0, 12))
def test_missing_values_anywhere_change_no_alarm(values, at):
    at = min(at, len(values))
    longer = [*values[:at], None, *values[at:]]
    before, after = (
        [level is Level.WARNING for level in levels(points(*series), warning=WARN)]
        for series in (values, longer)
    )
    assert [*after[:at], *after[at + 1 :]] == before


@given(st.lists(st.floats(0, 1), max_size=20))
def test_an_alarm_ends_only_after_two_clear_values_in_a_row(values):
    found = levels(points(*values), warning=WARN)
    for at in range(1, len(values)):
        if found[at - 1] is Level.WARNING and found[at] is not Level.WARNING:
            assert max(values[at - 1 : at + 1]) < WARN.clear


@given(st.lists(st.floats(0, 1), max_size=15))
def test_directions_mirror_each_other(values):
    mirrored = rule(-0.15, "up", target=-0.10, policy=POLICY)
    down = levels(points(*values), warning=WARN)
    up = levels(points(*(-value for value in values)), warning=mirrored)
    assert down == up


@given(st.booleans(), st.integers(0, 3), st.integers(0, 3))
def test_unmeasured_data_change_no_counter(active, breaches, clears):
    latch = Latch(active, breaches, clears)
    assert step(latch, Reading(0.9, measured=False), WARN, policy=POLICY) == latch


@pytest.mark.parametrize(
    ("value", "lo", "hi"),
    [(math.nan, None, None), (math.inf, None, None), (0.1, math.nan, 0.2), (0.1, 0.0, math.nan)],
)
def test_a_reading_that_is_no_number_is_refused(value, lo, hi):
    with pytest.raises(NotANumber, match=r"^The (value|limits) of an? (period|interval) must be"):
        Reading(value, lo, hi)


def test_an_unknown_direction_is_no_silent_down():
    with pytest.raises(UnknownKind, match="“sideways” is not a direction of better."):
        beyond(1, 0.5, "sideways")
    with pytest.raises(ContradictoryThresholds, match="A range is needed"):
        beyond(1, 0.5, "band")
    assert beyond(1, 0.5, "context") is False


def test_decimals_count_as_written():
    # 1.1 - 1.0 is 0.10000000000000009 in floats, and 0.3 - 0.1 * 0.2 is 0.27999999999999997.
    assert beyond(1.1, 0.1, "band", (0.0, 1.0)) is False
    assert rule(0.3, "down", target=0.1, policy=POLICY).clear == 0.28
    assert not rule(0.7, "up", target=0.8, policy=POLICY).is_clear(Reading(0.71))


def test_a_band_clears_at_its_threshold():
    one = rule(5, "band", target=15, band=(10, 20), policy=POLICY)
    assert one.clear == 5
    assert [one.is_clear(Reading(value)) for value in (5, 5.1, 24.9, 25)] == [
        False,
        True,
        True,
        False,
    ]
    assert levels([Reading(26, 25.5, 27)], warning=one) == [Level.WARNING]
    # An interval on both sides of the band confirms nothing.
    assert levels([Reading(26, 4, 27)], warning=one) == [Level.SUSPECTED_WARNING]


@pytest.mark.parametrize(
    ("reading", "previous", "stood", "level"),
    [
        (Reading(0.14), None, None, "ok"),
        (Reading(0.15), Reading(0.19), None, "ok"),
        (Reading(0.16), None, None, "suspected_warning"),
        (Reading(0.16), Reading(0.19), None, "warning"),
        (Reading(0.16), Reading(0.19, measured=False), None, "suspected_warning"),
        (Reading(0.21), Reading(0.14), None, "suspected_critical"),
        # Confirmed comes before suspected, even of the higher threshold.
        (Reading(0.21, 0.16, 0.26), None, None, "warning"),
        (Reading(0.21), Reading(0.16), None, "warning"),
        (Reading(0.25, 0.21, 0.29), None, None, "critical"),
        (Reading(None), Reading(0.3), None, "unknown"),
        (Reading(None), None, ("warning", 0), "warning"),
        (Reading(0.1), None, ("warning", 1), "warning"),
        (Reading(0.1), None, ("critical", 2), "ok"),
        (Reading(0.1, measured=False), None, ("critical", 2), "critical"),
    ],
)
def test_the_first_level_that_applies(reading, previous, stood, level):
    # Method 4: critical, warning, suspected_critical, suspected_warning, ok.
    past = Standing(*(stood or (None, 0)))
    assert level_of(reading, BOTH, previous=previous, stood=past, policy=POLICY) == level


def test_no_thresholds_are_ok_and_no_value_is_never_ok():
    assert level_of(Reading(9), {}, policy=POLICY) is Level.OK
    assert level_of(Reading(None), {}, policy=POLICY) is Level.UNKNOWN


LIMITS = {
    "down": ((0.15, 0.20), None, (0.10, 0.15, 0.16, 0.20, 0.21, 0.26)),
    "up": ((0.85, 0.80), None, (0.90, 0.85, 0.84, 0.80, 0.79, 0.74)),
    "band": ((0.1, 0.2), (0.4, 0.5), (0.45, 0.3, 0.29, 0.2, 0.6, 0.61, 0.7, 0.71)),
}
PASTS = (None, ("warning", 1), ("critical", 1), ("critical", 2))


@pytest.mark.parametrize("direction", LIMITS)
def test_the_verdict_gives_the_same_level(direction):
    (warning, critical), band, values = LIMITS[direction]
    rules = {
        name: rule(limit, direction, band=band, policy=POLICY)
        for name, limit in (("warning", warning), ("critical", critical))
    }
    for value, n, earlier, past in product(values, (None, 100, 5000), values, PASTS):
        kind = "point" if n is None else "ratio"
        figure = Figure(value=value) if n is None else Figure(num=round(value * n), den=n)
        found = level_interval(kind, figure, 1.96)
        now = value_of(kind, figure)
        reading = Reading(now) if found is None else Reading(now, found.lo, found.hi)
        twice = [
            name for name in ("critical", "warning") if rules[name].is_breach(Reading(earlier))
        ]
        latch, clears = past or (None, 0)
        kpi = Kpi(
            key="k",
            role="outcome",
            kind=kind,
            direction=direction,
            band=band,
            warning=warning,
            critical=critical,
            latched_level=latch,
            clear_periods=clears,
            two_periods=True if len(twice) == 2 else (twice or [False])[0],
        )
        judged = kpi_facts._latched(
            kpi, "measured", kpi_facts._judged_level(kpi, figure, "measured", 1.96), POLICY
        )
        mine = level_of(
            reading, rules, previous=Reading(earlier), stood=Standing(latch, clears), policy=POLICY
        )
        assert mine == judged, (direction, value, n, earlier, past)


@given(st.lists(VALUES, max_size=12), st.lists(st.integers(0, 12), max_size=4))
def test_missing_values_inserted_anywhere_change_no_level_of_the_others(values, places):
    longer: list = list(values)
    for at in places:
        longer.insert(at, None)
    found = levels(points(*longer), **BOTH)
    kept = [level for level, value in zip(found, longer, strict=True) if value is not None]
    alone = levels(points(*values), **BOTH)
    assert kept == [level for level, value in zip(alone, values, strict=True) if value is not None]


@given(st.integers(0, 6))
def test_missing_values_alone_are_unknown(n):
    assert levels(points(*[None] * n), **BOTH) == [Level.UNKNOWN] * n


@given(st.lists(VALUES, max_size=15))
def test_both_thresholds_mirror(values):
    mirrored = {
        "warning": rule(-0.15, "up", target=-0.10, policy=POLICY),
        "critical": rule(-0.20, "up", target=-0.10, policy=POLICY),
    }
    negated = [None if value is None else -value for value in values]
    assert levels(points(*values), **BOTH) == levels(points(*negated), **mirrored)


def test_a_warning_still_stands_when_the_critical_alarm_above_it_has_cleared():
    rules = {"warning": WARN, "critical": rule(0.20, "down", target=0.10, policy=POLICY)}
    series = points(0.21, 0.21, 0.147, 0.147, 0.147)
    stood = [
        (found.level, found.clear_periods)
        for end in (3, 4, 5)
        for found in [standing(series[:end], rules, policy=POLICY)]
    ]
    assert stood == [("critical", 1), ("warning", 0), ("warning", 0)]


def told(direction, limit, target, band, series):
    """A plain account of one warning in exact decimals: what method 4 says, step by step."""
    limit, gap = exactly(limit), abs(exactly(limit) - exactly(target if target else limit)) / 10
    sign = -1 if direction == "up" else 1

    def bad(value):
        if direction == "band":
            return max(exactly(band[0]) - value, value - exactly(band[1])) - limit
        return sign * (value - limit)

    on, breaches, clears, found = False, 0, 0, []
    for given_, width, measured in series:
        if given_ is None:
            found.append("warning" if on else "unknown")
            continue
        value, width = exactly(given_), None if width is None else exactly(width)
        confirmed = width is not None and bad(value) > width
        again = breaches > 0 and bad(value) > 0
        if measured:
            breaches = breaches + 1 if bad(value) > 0 else 0
            clears = clears + 1 if on and bad(value) < -gap else 0
            on = clears < 2 if on else (confirmed or breaches >= 2)
            clears = clears if on else 0
        if on or confirmed or again:
            found.append("warning")
        else:
            found.append("suspected_warning" if bad(value) > 0 else "ok")
    return found


def exactly(number):
    return Fraction(str(number))


STEPS = st.integers(-60, 60)
READINGS = st.lists(
    st.tuples(st.one_of(st.none(), STEPS), st.sampled_from([None, 0.001, 0.02]), st.booleans()),
    max_size=14,
)


@given(
    st.sampled_from(
        [
            ("up", 0.85, 0.9, None),
            ("down", 0.15, 0.1, None),
            ("down", 0.15, None, None),
            ("up", 0.3, None, None),
            ("band", 0.1, None, (1.0, 1.5)),
        ]
    ),
    READINGS,
)
def test_an_alarm_goes_as_it_is_told(how, steps):
    direction, limit, target, band = how
    edge = limit if band is None else band[1] + limit
    series = [
        (None if step is None else round(edge + step / 1000, 4), width, measured)
        for step, width, measured in steps
    ]
    readings = [
        Reading(value, measured=measured)
        if value is None or width is None
        else Reading(value, round(value - width, 4), round(value + width, 4), measured)
        for value, width, measured in series
    ]
    one = rule(limit, direction, target=target, band=band, policy=POLICY)
    assert levels(readings, warning=one) == told(direction, limit, target, band, series)


@pytest.mark.parametrize(
    ("error", "call"),
    [
        (NotANumber, lambda: rule(math.nan, "down", policy=POLICY)),
        (NotANumber, lambda: rule(True, "down", policy=POLICY)),
        (NotANumber, lambda: rule(0.1, "down", target=math.inf, policy=POLICY)),
        (UnknownKind, lambda: rule(0.1, "sideways", policy=POLICY)),
        (ContradictoryThresholds, lambda: rule(0.1, "context", policy=POLICY)),
        (ContradictoryThresholds, lambda: rule(0.1, "band", policy=POLICY)),
        (ContradictoryThresholds, lambda: rule(0.1, "band", band=(2, 1), policy=POLICY)),
        (NegativeCount, lambda: rule(-0.1, "band", band=(1, 2), policy=POLICY)),
        (ContradictoryThresholds, lambda: Reading(0.1, 0.3, 0.2)),
        (NotANumber, lambda: Reading(True)),
        (NotANumber, lambda: Reading("0.1")),
    ],
)
def test_thresholds_that_cannot_be_are_refused(error, call):
    with pytest.raises(error) as refused:
        call()
    assert str(refused.value).endswith(".")


def test_partial_data_confirm_a_level_and_raise_no_alarm():
    # Method 5.2: the level of partial data as usual; they change no counter.
    partial = Reading(0.2, 0.16, 0.24, measured=False)
    assert levels([partial, Reading(0.14)], warning=WARN) == [Level.WARNING, Level.OK]
