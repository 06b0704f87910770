"""The pictures of docs/method.md are those that the code draws today."""

import xml.etree.ElementTree as ET

import pytest
from django.core.management import call_command

from kpis.domain.charts.states import alarm_chart, change_chart
from kpis.domain.errors import ContradictoryThresholds, EmptySeries
from kpis.domain.statistics.change import change_of
from kpis.management.commands import method_figures

SVG = "{http://www.w3.org/2000/svg}"
FIGURES = pytest.mark.parametrize("name", method_figures.FIGURES)


@pytest.fixture(scope="module")
def drawn():
    return dict(method_figures.drawn())


def test_the_command_draws_every_figure_as_it_is_kept(tmp_path):
    call_command("method_figures", to=tmp_path, verbosity=0)
    found = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}
    assert found == {
        path.name: path.read_text("utf-8") for path in method_figures.FOLDER.iterdir()
    }, "draw them anew: bin/method-figures"


@FIGURES
def test_a_figure_stands_alone_in_light_and_dark(drawn, name):
    root = ET.fromstring(drawn[name])
    style = root.findtext(f"{SVG}style")
    assert root.findtext(f"{SVG}title")
    assert root.findtext(f"{SVG}desc")
    assert "prefers-color-scheme: dark" in style
    assert "var(" not in style
    assert not {"script", "image", "a"} & {node.tag.removeprefix(SVG) for node in root.iter()}


@FIGURES
def test_labels_lie_inside_the_drawing_and_apart(drawn, name):
    root = ET.fromstring(drawn[name])
    left, top, width, height = map(float, root.get("viewBox").split())
    places = [(float(text.get("x")), float(text.get("y"))) for text in root.iter(f"{SVG}text")]
    assert len(set(places)) == len(places)
    assert all(left <= x <= left + width and top <= y <= top + height for x, y in places)


def test_every_state_of_a_change_has_a_row():
    states = [change_of(lo, hi, mwb=0.10, margin=0.05) for lo, hi in method_figures.EFFECTS]
    assert states == [
        "better_worthwhile",
        "better",
        "not_worse",
        "unclear",
        "worse_within_margin",
        "worse",
        "worse_beyond_margin",
    ]


def test_the_alarm_is_drawn_from_the_fifth_period_to_the_ninth():
    chart = method_figures.hysteresis()
    said = chart.description.split(": ", 1)[1]
    levels = [one.strip(".").split(" % ")[1] for one in said.split(", ")]
    assert levels == ["no alarm", "suspected"] * 2 + ["warning"] * 5 + ["no alarm"]
    assert [mark.path.count("M") for mark in chart.marks] == [1, 2, 3]


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(EmptySeries):
        change_chart([], mwb=0.1, margin=0.1, title="", unit_format=str)
    with pytest.raises(ContradictoryThresholds):
        change_chart([(1, 0)], mwb=0.1, margin=0.1, title="", unit_format=str)
    with pytest.raises(EmptySeries):
        alarm_chart([], [], warning=2, clear=1, title="", unit_format=str)
