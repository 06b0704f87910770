"""The worked cases of the method, each exactly; and exact outputs beyond what they name."""

import copy
import json

import pytest

from kpis.domain.policy import BadPolicy, current, entries
from kpis.domain.verdict import digest, judge, resolve_all
from tests.kpis.domain.verdict_cases import faults, load, resolve

CASES = load()
RESOLVED = dict(resolve_all(list(CASES.values())))


@pytest.mark.parametrize("name", CASES)
def test_worked_case(name):
    assert faults(judge(RESOLVED[name]), CASES[name]["expected"]) == []


def test_no_case_is_lost():
    assert len(CASES) == 157


@pytest.mark.parametrize("name", CASES)
def test_both_readings_of_a_case_agree(name):
    """The command and the tests resolve inheritance each on their own."""
    without_null = {
        block: value for block, value in resolve(CASES[name], CASES).items() if value is not None
    }
    given = {block: value for block, value in RESOLVED[name].items() if block != "id"}
    assert given == {**without_null, "kpis": without_null["kpis"]}


@pytest.mark.parametrize("name", CASES)
def test_same_facts_same_bytes_in_any_order(name):
    case = RESOLVED[name]
    turned = copy.deepcopy(dict(reversed(case.items())))
    turned["kpis"] = [dict(reversed(kpi.items())) for kpi in reversed(turned["kpis"])]
    if turned.get("incidents"):
        turned["incidents"].reverse()
    assert json.dumps(judge(turned)) == json.dumps(judge(case))


def case_of(*kpis, **blocks):
    return {"id": "x", "kpis": list(kpis), **blocks}


def kpi(**given):
    return {"key": "a", "role": "quality", "kind": "ratio", "direction": "down", **given}


def judged(*kpis, **blocks):
    return judge(case_of(*kpis, **blocks))


def test_the_record_has_these_fields_in_this_order():
    assert list(judged()) == [
        "id",
        "decision",
        "findings",
        "watch",
        "counter_evidence",
        "expansion_blocked",
        "expansion_blockers",
        "certainty",
        "certainty_minus",
        "kpi",
        "not_measured",
        "too_few",
        "review",
        "reporting",
        "assumed",
        "reasons",
        "because",
        "watch_sentences",
        "counter_sentences",
        "not_measured_sentences",
        "would_change_if",
        "policy",
        "rules",
        "digest",
    ]


def test_nothing_known_is_judged_as_strictly_as_can_be():
    record = judge({})
    assert record["decision"] == "improve"
    assert record["findings"] == ["I4_NO_OUTCOME"]
    assert record["assumed"] == ["effect_reach", "human_review", "risk_class"]
    assert record["certainty"] == "very_low"
    assert record["expansion_blockers"] == ["X1", "X2", "X3", "X4", "X6", "X7", "X8", "X9"]
    assert record["reporting"] == {
        "expected_reports_at_4pct_yield": None,
        "prob_of_observed_or_fewer": None,
        "flags": [],
    }


def test_effect_limits_are_rounded_to_six_decimals():
    """Limits computed on their own with scipy.stats.t."""
    record = judge(RESOLVED["K1"])
    assert record["kpi"]["task_minutes"] == {
        "data": "measured",
        "level": "ok",
        "change": "better_worthwhile",
        "lo": 0.274073,
        "hi": 0.346259,
    }


def test_an_infinite_limit_is_shown_as_none():
    new = kpi(kind="rate", current={"num": 4, "exposure": 90}, baseline={"num": 0, "exposure": 90})
    found = judged(new)["kpi"]["a"]
    assert (found["change"], found["lo"]) == ("unclear", None)
    assert found["hi"] is not None


@pytest.mark.parametrize(
    ("given", "level"),
    [
        ({"band": [1.0, 2.0], "warning": 0.1, "current": {"value": 2.1}}, "ok"),
        ({"band": [1.0, 2.0], "warning": 0.1, "current": {"value": 2.11}}, "suspected_warning"),
        ({"band": [1.0, 2.0], "warning": 0.1, "current": {"value": 0.9}}, "ok"),
        (
            {"band": [1.0, 2.0], "warning": 0.1, "current": {"value": 0.8}, "two_periods": True},
            "warning",
        ),
        (
            {
                "band": [1.0, 2.0],
                "warning": 0.1,
                "critical": 0.2,
                "current": {"value": 0.7},
                "two_periods": "warning",
            },
            "warning",
        ),
        (
            {
                "band": [1.0, 2.0],
                "warning": 0.1,
                "critical": 0.2,
                "current": {"value": 0.7},
                "two_periods": True,
            },
            "critical",
        ),
    ],
)
def test_band_with_the_decimals_as_written(given, level):
    assert judged(kpi(kind="point", direction="band", **given))["kpi"]["a"]["level"] == level


@pytest.mark.parametrize(
    ("current", "change"),
    [(72.0, "point_only"), (72.01, "worse"), (0.36, "point_only")],
)
def test_a_cost_must_rise_beyond_its_margin(current, change):
    before = 60.0 if current > 1 else 0.3
    cost = kpi(
        role="cost",
        kind="point",
        two_periods=True,
        baseline={"value": before},
        current={"value": current},
    )
    assert judged(cost)["kpi"]["a"]["change"] == change


def test_a_clear_counts_only_when_measured():
    latched = {"latched_level": "critical", "clear_periods": 2, "warning": 0.5, "critical": 0.6}
    good = {"num": 3, "den": 100}
    assert judged(kpi(current=good, **latched))["kpi"]["a"]["level"] == "ok"
    assert judged(kpi(current=good, coverage=0.79, **latched))["kpi"]["a"]["level"] == "critical"
    assert judged(kpi(current=None, **latched))["kpi"]["a"]["level"] == "critical"


def test_uptime_is_a_single_figure_until_its_spread_is_known():
    seconds = {"up_s": 2_588_000, "observed_s": 2_592_000}
    given = {"kind": "uptime", "direction": "up", "warning": 0.999}
    alone = judged(kpi(current=seconds, baseline=seconds, **given))["kpi"]["a"]
    assert (alone["level"], alone["change"]) == ("suspected_warning", "point_only")
    known = {**seconds, "sigma_z": 2.0}
    assert judged(kpi(current=known, baseline=known, **given))["kpi"]["a"]["level"] == "warning"


def test_word_none_says_the_same_as_an_absent_field():
    given = kpi(current={"num": 3, "den": 100})
    with_none = {**given, "latched_level": "none", "spc": "none"}
    assert judged(given)["kpi"] == judged(with_none)["kpi"]


@pytest.mark.parametrize(
    ("last", "decision"), [("pause", "pause"), ("expand", "continue"), (None, "continue")]
)
def test_between_reviews_the_stricter_decision_stays(last, decision):
    record = judged(look="between", history={"last_decision": last})
    assert (record["decision"], record["findings"], record["watch"]) == (decision, [], [])
    assert record["expansion_blockers"][-1] == "BETWEEN_REVIEWS"


def test_digest_names_the_inputs_and_nothing_else():
    case = case_of(kpi(current=None), title="one", assumptions=["guess"])
    assert digest(case) == digest({**case, "id": "y", "title": "two", "expected": {}})
    assert digest(case) != digest({**case, "look": "between"})
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_another_policy_is_another_version():
    strict = current().changed("house rules 3", out_of_scope_limit=0.01)
    case = case_of(scope={"out_of_scope": {"num": 8, "den": 200}})
    assert "R2_SCOPE_DRIFT" not in judge(case)["findings"]
    record = judge(case, strict)
    assert "R2_SCOPE_DRIFT" in record["findings"]
    assert (record["policy"], record["digest"]) == ("house rules 3", digest(case))
    with pytest.raises(BadPolicy, match="version"):
        current().changed(current().version, out_of_scope_limit=0.01)
    with pytest.raises(BadPolicy, match="mood"):
        current().changed("x", mood=1)
    with pytest.raises(BadPolicy, match="floor_ratio"):
        current().changed("x", floor_ratio=0)


def test_every_policy_entry_has_a_sentence():
    assert [one.name for one in entries() if not one.sentence.endswith(".")] == []
