"""Geometry of the charts, tested with plain numbers."""

import math
import re
from dataclasses import asdict, replace
from itertools import pairwise

import pytest

from kpis.domain.charts import Chart, bounds_of, meaning, process_chart, segments_from, sparkline
from kpis.domain.charts.periods import period_words, places
from kpis.domain.charts.scale import nice_ticks, spread
from kpis.domain.statistics.process_charts import ChartPoint, Segment, Signal, Stage
from kpis.presenters.drawings import process_svg, sparkline_svg

EIGHT = [f"2026-W{week}" for week in range(30, 38)]


def point(label, value, *, lower=None, upper=None, signal=Signal.COMMON):
    return ChartPoint(
        label=label,
        value=value,
        lower=lower,
        upper=upper,
        near_lower=None,
        near_upper=None,
        signal=signal,
    )


def segment(values, labels=EIGHT, *, limits=(2.0, 8.0), stage=Stage.TRIAL, signals=None):
    lower, upper = limits if stage != Stage.BUILDING else (None, None)
    points = tuple(
        point(label, value, lower=lower, upper=upper, signal=(signals or {}).get(at, Signal.COMMON))
        for at, (label, value) in enumerate(zip(labels, values, strict=False))
    )
    centre = None if stage == Stage.BUILDING else 5.0
    return Segment(
        method="xmr", stage=stage, centre=centre, points=points, sigma=None, screened=False
    )


def draw(*segments, **how) -> Chart:
    return process_chart(
        segments,
        **{"title": "Review time", "unit_format": "{:g} min".format, "direction": "down"} | how,
    )


def test_golden_geometry_of_a_small_chart():
    """By hand: values 1.52 to 8.48 (2 to 8 and 8 % room) on y 76 to 28, so 5 stands at 52."""
    chart = draw(segment([4, 5, 6, 5]), width=400, height=100)

    assert chart.grid == "M57.4 69.2H266M57.4 52H266M57.4 34.8H266"
    assert chart.line == "M63.4 58.9 128.9 52 194.5 45.1 260 52"
    assert chart.points == "M63.4 58.9h0M128.9 52h0M194.5 45.1h0M260 52h0"
    assert chart.trial_limits == "M57.4 31.3H266M57.4 72.7H266"
    assert chart.limits == ""
    assert chart.centre == "M57.4 52H266"
    assert [label.text for label in chart.labels] == [
        "2.5 min",
        "5 min",
        "7.5 min",
        "W31 2026",
        "W33",
        "upper limit 8 min",
        "average 5 min",
        "5 min",
        "lower limit 2 min",
    ]


def test_the_same_figures_give_the_same_bytes():
    how = {"title": "t", "unit_format": str, "direction": "up"}
    assert process_svg([segment([1, 2, 3])], **how) == process_svg([segment([1, 2, 3])], **how)


def test_limits_that_differ_by_point_are_steps_and_full_limits_are_not_dashed():
    points = (point("2026-W30", 5, lower=2, upper=8), point("2026-W31", 5, lower=3, upper=7))
    chart = draw(replace(segment([]), points=points, stage=Stage.FROZEN), width=400, height=100)
    assert chart.trial_limits == ""
    assert chart.limits == "M57.4 31.3H161.7V38.2H266M57.4 72.7H161.7V65.8H266"


def test_a_missing_period_leaves_a_gap_and_so_does_a_missing_value():
    labels = ["2026-W30", "2026-W31", "2026-W34", "2026-W35"]
    assert draw(segment([4, 5, 6, 5], labels)).line.count("M") == 2
    assert draw(segment([4, 5, math.nan, 5, 6])).line.count("M") == 2
    assert draw(segment([4, 5, 6, 5])).line.count("M") == 1


def test_segments_are_parted_and_each_keeps_its_limits():
    later = segment([6, 6, 6], ["2026-W38", "2026-W39", "2026-W40"], limits=(4.0, 9.0))
    chart = draw(segment([4, 5, 6]), later)
    assert chart.breaks.count("M") == 1
    assert chart.line.count("M") == 2
    assert chart.trial_limits.count("M") == 4


def test_special_causes_are_diamonds_by_meaning_and_leave_the_common_path():
    signals = {1: Signal.ABOVE_UPL, 2: Signal.BELOW_LPL}
    chart = draw(segment([4, 9, 1, 5], signals=signals))
    assert [mark.kind for mark in chart.marks] == ["concerning", "improving"]
    assert chart.points.count("M") == 2
    assert "above the upper limit: 1" in chart.description


@pytest.mark.parametrize(
    ("signal", "direction", "expected"),
    [
        (Signal.ABOVE_UPL, "up", "improving"),
        (Signal.ABOVE_UPL, "down", "concerning"),
        (Signal.SHIFT_LOW, "down", "improving"),
        (Signal.SHIFT_LOW, "band", "neutral"),
    ],
)
def test_meaning_follows_the_direction(signal, direction, expected):
    assert meaning(signal, direction) == expected


def test_few_points_are_a_line_and_a_sentence():
    chart = draw(segment([4, 5, 6], stage=Stage.BUILDING), target=3.0)
    assert chart.note == "building history: 3 of the 8 points that limits need"
    assert (chart.limits, chart.trial_limits, chart.centre) == ("", "", "")
    assert chart.description == (
        "3 weekly points, W30 to W32 2026. Building history: no limits yet. "
        "Latest point 6 min. Target 3 min."
    )


def test_description_says_what_the_picture_shows():
    chart = draw(segment([4, 5, 6, 5, 4, 5, 6, 5]), target=4.0, baseline=7.0)
    assert chart.description == (
        "8 weekly points, W30 to W37 2026. 8 of 8 vary as usual. Average 5 min, "
        "trial limits 2 min to 8 min. Latest point 5 min, within limits. "
        "Target 4 min. Before AI 7 min."
    )


def test_direct_labels_do_not_collide():
    chart = draw(segment([5, 5, 5, 5]), target=5.0, baseline=5.1)
    beside = [float(label.y) for label in chart.labels if label.kind not in {"axis"}]
    gaps = [later - earlier for earlier, later in pairwise(beside)]
    assert len(beside) == 6
    assert min(gaps) >= 13.9
    assert chart.leaders != ""


def test_no_figures_at_all_is_a_chart_that_says_so():
    for nothing in ((), (segment([]),), (segment([math.nan]),)):
        chart = draw(*nothing)
        assert (chart.note, chart.description) == ("no figures yet", "No figures yet.")
        assert chart.line == ""


@pytest.mark.parametrize("values", [[0.0], [5.0] * 8, [-3.0, -3.0], [1e9, 1e-9], [0.0, 1e-12]])
def test_extreme_values_stay_inside_the_drawing(values):
    chart = draw(segment(values, limits=(None, None)))
    numbers = [float(one) for one in re.findall(r"-?\d+\.?\d*", chart.line)]
    assert all(0 <= number <= 720 for number in numbers)


def test_bounds_cut_limits_for_display_only_and_yield_to_figures_beyond_them():
    cut = draw(segment([0.1, 0.2], limits=(-0.2, 0.5)), bounds=(0.0, 1.0))
    assert "lower limit" not in "".join(label.text for label in cut.labels)
    assert "trial limits 0 min to 0.5 min" in cut.description
    beyond = draw(segment([-0.1, 0.2], limits=(-0.2, 0.5)), bounds=(0.0, 1.0))
    assert "trial limits -0.2 min to 0.5 min" in beyond.description


def test_bounds_of_units():
    assert bounds_of("fraction") == (0.0, 1.0)
    assert bounds_of("minutes") == (0.0, None)
    assert bounds_of("currency_per_task") == (None, None)


def test_segments_come_back_from_plain_json():
    one = segment([4, 5], signals={1: Signal.TREND_UP})
    assert segments_from([asdict(one)]) == (one,)


@pytest.mark.parametrize(
    ("low", "high", "count", "expected"),
    [
        (0, 1, 4, [0.0, 0.25, 0.5, 0.75, 1.0]),
        (0, 1, 5, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (43.5, 60, 4, [45.0, 50.0, 55.0, 60.0]),
        (-0.3, 0.3, 3, [-0.2, 0.0, 0.2]),
        (0.0012, 0.0031, 4, [0.0015, 0.002, 0.0025, 0.003]),
    ],
)
def test_ticks_are_round(low, high, count, expected):
    assert nice_ticks(low, high, count) == expected


def test_spread_moves_as_little_as_needed():
    assert spread([10, 50], 14, 0, 100) == [10, 50]
    assert spread([50, 50], 14, 0, 100) == [43, 57]
    assert spread([1, 2, 3], 14, 0, 100) == [0, 14, 28]
    assert spread([99, 100], 14, 0, 100) == [86, 100]


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("2026-W05", "W5 2026"),
        ("Week 40, 2026", "W40 2026"),
        ("2026-10", "Oct 2026"),
        ("October 2026", "Oct 2026"),
        ("2026-Q4", "Q4 2026"),
        ("FY2027 Q1", "Q1 FY2027"),
        ("5 October 2026", "5 Oct 2026"),
        ("2026-10-05", "5 Oct 2026"),
        ("2026", "2026"),
        ("2026-13", "2026-13"),
        ("sprint 7", "sprint 7"),
    ],
)
def test_periods_are_read_from_their_labels(label, words):
    assert period_words(label) == words


def test_places_step_over_the_turn_of_the_year_and_fall_back_to_the_order():
    assert places(["2026-W52", "2026-W53", "2027-W01"]) == ([0, 1, 2], "weekly")
    assert places(["2026-12", "2027-02"]) == ([0, 2], "monthly")
    assert places(["2026-10-05", "2026-10-12", "2026-10-26"]) == ([0, 1, 3], "weekly")
    assert places(["b", "a"]) == ([0, 1], "")
    assert places(["2026-W10", "2026-W09"]) == ([0, 1], "")


def test_sparkline_marks_the_latest_point_and_special_ones():
    chart = sparkline([5, 6, None, 7], signals=[Signal.COMMON, Signal.ABOVE_UPL], target=6)
    assert chart.line == "M4 30.1 45.3 18M128 5.9"
    assert chart.points == "M128 5.9h0"
    assert chart.marks[0].path == "M45.3 14.5l3.5 3.5-3.5 3.5-3.5-3.5z"
    assert chart.description == "3 points, from 5 to 7."
    assert sparkline([]).description == "No figures yet."


def test_svg_is_fit_for_a_strict_policy_and_escapes_titles():
    drawn = process_svg(
        [segment([4, 9, 5, 5], signals={1: Signal.ABOVE_UPL})],
        title="<script>alert(1)</script>",
        unit_format=str,
        direction="down",
        target=4.0,
    )
    assert "<script" not in drawn
    assert not re.search(r"\sstyle=|\son\w+=|<style|href", drawn)
    assert 'role="img"' in drawn
    assert "<title>&lt;script&gt;" in drawn
    assert "<desc>" in drawn
    assert drawn.count("<path") <= 10


def test_coordinates_are_the_same_in_every_language(settings):
    settings.LANGUAGE_CODE, settings.USE_THOUSAND_SEPARATOR = "de", True
    drawn = sparkline_svg([1.5, 2.5], width=1320)
    assert 'viewBox="0 0 1320 36"' in drawn
    assert "," not in re.search(r'd="([^"]*)"', drawn)[1]
