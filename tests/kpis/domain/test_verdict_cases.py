"""The worked cases of the method, each exactly."""

import copy
import json

import pytest

from kpis.domain.verdict import BadEvidence, judge
from tests.kpis.domain.verdict_cases import faults, load, resolve

CASES = load()


@pytest.mark.parametrize("name", CASES)
def test_worked_case(name):
    record = judge(resolve(CASES[name], CASES))
    assert faults(record, CASES[name]["expected"]) == []


@pytest.mark.parametrize("name", CASES)
def test_same_facts_same_bytes_in_any_order(name):
    case = resolve(CASES[name], CASES)
    turned = copy.deepcopy(case)
    turned["kpis"].reverse()
    turned["incidents"] = list(reversed(turned.get("incidents") or []))
    if case.get("incidents") is None:
        case["incidents"] = []
    assert json.dumps(judge(turned), default=str) == json.dumps(judge(case), default=str)


@pytest.mark.parametrize("name", CASES)
def test_removing_all_adoption_never_makes_it_more_severe(name):
    order = ["expand", "continue", "improve", "restrict", "pause", "stop"]
    case = resolve(CASES[name], CASES)
    before = judge(case)["decision"]
    case["kpis"] = [kpi for kpi in case["kpis"] if kpi["role"] != "adoption"]
    assert order.index(judge(case)["decision"]) <= order.index(before)


@pytest.mark.parametrize("name", CASES)
def test_wording_never_praises(name):
    said = " ".join(judge(resolve(CASES[name], CASES))["reasons"]).casefold()
    found = [word for word in ("success", "proven", "no harm", "significant", "!") if word in said]
    assert found == []


K1 = resolve(CASES["K1"], CASES)


def changed(**kpi):
    case = copy.deepcopy(K1)
    case["kpis"][0].update(kpi)
    return case


@pytest.mark.parametrize(
    ("case", "place"),
    [
        (changed(current={"value": float("nan")}), "input_drift_index"),
        (changed(current={"value": float("inf")}), "input_drift_index"),
        (changed(kind="guess"), "kind"),
        (changed(role="boss"), "role"),
        (changed(mwb=0), "mwb"),
        (changed(margin=-0.1), "margin"),
        (changed(warning=0.3, critical=0.2), "critical"),
        (changed(key="task_minutes"), "task_minutes"),
        (changed(colour="red"), "colour"),
        (K1 | {"weather": {}}, "weather"),
        (K1 | {"review": {"bursts": {"num": 5, "den": 3}}}, "review.bursts"),
        (K1 | {"review": {"bursts": {"num": -5, "den": 3}}}, "review.bursts"),
        (K1 | {"gates": {"owner": "maybe"}}, "gates.owner"),
        (K1 | {"evidence": {"down": ["mood"]}}, "evidence.down"),
        (K1 | {"incidents": [{"category": "x", "severity": "huge"}]}, "severity"),
    ],
)
def test_bad_evidence_is_refused_with_its_place(case, place):
    with pytest.raises(BadEvidence) as refused:
        judge(case)
    assert place in str(refused.value)
