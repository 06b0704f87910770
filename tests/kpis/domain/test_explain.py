"""Every rule shown with its inputs agrees with the verdict on every worked case."""

import pytest

from kpis.domain.verdict import judge
from kpis.domain.verdict.explain import TABLE, every_rule, one_kpi
from kpis.domain.verdict.table import FINDINGS
from kpis.domain.verdict.watch import WATCH
from tests.kpis.domain.verdict_cases import load, resolve

CASES = load()


@pytest.mark.parametrize("name", sorted(CASES))
def test_what_fired_is_what_the_verdict_found(name):
    case = resolve(CASES[name], CASES)
    record, lines = judge(case), every_rule(case)
    fired = [line.code for line in lines if line.fired]
    assert fired == [*record["findings"], *record["watch"]]
    said = [text for line in lines if line.fired for text in line.sentences]
    because = dict.fromkeys([*record["because"], *record["watch_sentences"]])
    assert list(dict.fromkeys(said)) == list(because)


def test_every_rule_stands_in_the_table_once_and_says_what_it_looked_at():
    codes = [code for code, *_ in (*FINDINGS, *WATCH)]
    assert list(TABLE) == codes
    lines = every_rule({"kpis": []})
    assert [line.code for line in lines] == codes
    assert [line.code for line in lines if not line.inputs or not line.asks.endswith("?")] == []


def test_between_reviews_the_other_rules_are_not_evaluated():
    lines = every_rule({**resolve(CASES["K1"], CASES), "look": "between"})
    silent = {line.code for line in lines if not line.evaluated}
    assert {"I2_BLIND_SPOT", "W_EARLY"} <= silent
    assert "P3_GATE" not in silent
    assert not any(line.fired for line in lines if not line.evaluated)


def test_a_rule_that_did_not_fire_shows_its_inputs():
    lines = {line.code: line for line in every_rule(resolve(CASES["K1"], CASES))}
    assert lines["P3_GATE"].inputs == (
        "A named owner: met.",
        "The legal basis: met.",
        "The data protection impact assessment: met.",
        "A way to work without the AI: met.",
        "Human oversight: met.",
    )
    assert lines["I2_BLIND_SPOT"].sentences == ()


@pytest.mark.parametrize(
    ("given", "level"),
    [
        ({"current": None}, "cannot be told"),
        ({"current": {"num": 0, "den": 9}}, "cannot be told"),
        (
            {"current": None, "latched_level": "warning"},
            "the alarm of an earlier period (warning limit) has not been cleared",
        ),
        ({"current": {"num": 2, "den": 200}}, "within its limits"),
    ],
)
def test_the_level_of_a_kpi_is_told_whatever_its_data(given, level):
    kpi = {"key": "a", "role": "quality", "kind": "ratio", "direction": "down", "warning": 0.1}
    assert f"Level: {level}." in one_kpi({"kpis": [{**kpi, **given}]}, "a")


def test_none_seen_is_not_none():
    """Zero events in 200 are compatible with up to 1.487 % [lab], if cases are independent."""
    kpi = {"key": "a", "role": "quality", "kind": "ratio", "direction": "down"}
    said = one_kpi({"kpis": [{**kpi, "current": {"num": 0, "den": 200}}]}, "a")
    assert said[1:3] == [
        "None in 200 is compatible with up to 1.49%.",
        "Its range assumes independent cases.",
    ]
    spread = one_kpi({"kpis": [{**kpi, "current": {"num": 9, "den": 200, "sigma_z": 1.1}}]}, "a")
    assert [line.split(":")[0] for line in spread] == ["Figure judged", "Change"]


def test_one_kpi_is_shown_with_the_ranges_that_the_rules_judged():
    case = resolve(CASES["K1"], CASES)
    key = next(kpi["key"] for kpi in case["kpis"] if kpi.get("primary"))
    lines = one_kpi(case, key)
    assert [line.split(":")[0] for line in lines] == ["Figure judged", "Before AI", "Change"]
    assert all("plausibly" in line for line in lines[:2])
    assert one_kpi(case, "nothing_like_it") == []
