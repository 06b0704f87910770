"""P1 to P7 of method 5.7 over generated deployments and over every worked case."""

import copy
import json

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kpis.domain.verdict import judge, resolve_all
from kpis.domain.verdict.table import SEVERITY
from tests.kpis.domain.deployments import cases
from tests.kpis.domain.verdict_cases import load

WORKED = [case for _, case in resolve_all(list(load().values()))]
RANK = {"critical": 4, "warning": 3, "suspected_critical": 2, "suspected_warning": 1}
thorough = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)
anything = cases() | st.sampled_from(WORKED)


def severity(case):
    return SEVERITY.index(judge(case)["decision"])


def changed(case, block, **fields):
    return {**case, block: {**(case.get(block) or {}), **fields}}


def without_adoption(case):
    return {**case, "kpis": [kpi for kpi in case["kpis"] if kpi["role"] != "adoption"]}


@thorough
@given(anything)
def test_p1_use_never_makes_it_less_severe(case):
    """Removing all adoption KPIs never makes the verdict more severe: it buys nothing off."""
    assert severity(without_adoption(case)) <= severity(case)


@thorough
@given(anything)
def test_p1_use_never_opens_an_expansion(case):
    before, after = judge(case), judge(without_adoption(case))
    assert set(after["expansion_blockers"]) <= set(before["expansion_blockers"])


@thorough
@given(cases(look=["review"], roles=["adoption"]))
def test_p2_use_alone_is_at_least_improve(case):
    assert severity(case) >= SEVERITY.index("improve")


BAD_NEWS = {
    "incident": lambda case: {
        **case,
        "as_of": case.get("as_of") or "2026-06-30",
        "incidents": [
            *(case.get("incidents") or []),
            {"category": "privacy", "severity": "serious", "occurred_on": "2026-06-01"},
        ],
    },
    "gate": lambda case: changed(case, "gates", dpia="expired"),
    "drift": lambda case: changed(case, "scope", out_of_scope={"num": 90, "den": 100}),
    "unapproved": lambda case: changed(case, "scope", unapproved=["west", "north", "south"]),
    "shadow": lambda case: changed(case, "scope", shadow={"num": 90, "den": 100}),
    "failed review": lambda case: changed(case, "deployment", human_review="symbolic"),
    "failed seeds": lambda case: changed(case, "review", seeded={"num": 0, "den": 40}),
    "few answers": lambda case: changed(case, "reporting", participation={"num": 10, "den": 100}),
    "fear": lambda case: changed(case, "reporting", afraid={"num": 90, "den": 100}),
    "no near misses": lambda case: changed(case, "reporting", incidents=2, near_misses=0),
    "changed set": lambda case: changed(case, "scope", changed_since_kpi_review=True),
}


@pytest.mark.parametrize("news", BAD_NEWS)
@settings(thorough, max_examples=20)
@given(anything)
def test_p3_bad_news_never_lowers_severity(news, case):
    assume(news != "gate" or case.get("gates") is not None)
    assert severity(BAD_NEWS[news](case)) >= severity(case)


@thorough
@given(anything, st.data())
def test_p4_more_errors_never_lower_severity(case, data):
    countable = [
        index
        for index, kpi in enumerate(case["kpis"])
        if kpi["kind"] in {"ratio", "rating"}
        and kpi.get("current")
        and kpi["role"] not in {"adoption", "context"}
        and kpi["direction"] in {"up", "down"}
    ]
    assume(countable)
    worse = copy.deepcopy(case)
    kpi = worse["kpis"][data.draw(st.sampled_from(countable))]
    num, den = kpi["current"]["num"], kpi["current"]["den"]
    low, high = (num, den) if kpi["direction"] == "down" else (0, num)
    kpi["current"]["num"] = data.draw(st.integers(low, high))
    assert severity(worse) >= severity(case)


@thorough
@given(anything, st.randoms(use_true_random=False))
def test_p5_order_of_inputs_is_irrelevant(case, shuffle):
    turned = copy.deepcopy(case)
    shuffle.shuffle(turned["kpis"])
    if turned.get("incidents"):
        shuffle.shuffle(turned["incidents"])
    blocks = list(turned.items())
    shuffle.shuffle(blocks)
    assert json.dumps(judge(dict(blocks))) == json.dumps(judge(case))


@thorough
@given(anything)
def test_p6_deleting_data_clears_no_alarm(case):
    empty = {**case, "kpis": [{**kpi, "current": None} for kpi in case["kpis"]]}
    levels = judge(empty)["kpi"]
    cleared = [
        kpi["key"]
        for kpi in case["kpis"]
        if kpi.get("latched_level") and levels[kpi["key"]]["level"] != kpi["latched_level"]
    ]
    assert cleared == []


@thorough
@given(anything)
def test_p7_same_inputs_same_bytes(case):
    first = json.dumps(judge(case))
    assert json.dumps(judge(json.loads(json.dumps(case, default=str)))) == first


@thorough
@given(anything)
def test_the_decision_is_the_highest_floor(case):
    record = judge(case)
    floors = {"S": "stop", "P": "pause", "R": "restrict", "I": "improve"}
    found = [floors[code[0]] for code in record["findings"]]
    assert all(SEVERITY.index(record["decision"]) >= SEVERITY.index(one) for one in found)
    assert (record["decision"] == "expand") == (
        not record["expansion_blockers"] and not record["findings"]
    )
    assert record["expansion_blocked"] is (record["decision"] != "expand")


@thorough
@given(anything)
def test_the_stricter_interval_confirms_no_level_alone(case):
    """What three standard errors confirm, 95 % confirm too."""
    between = judge({**case, "look": "between"})["kpi"]
    review = judge({**case, "look": "review"})["kpi"]
    for key, found in between.items():
        if found["data"] == review[key]["data"]:
            assert RANK.get(review[key]["level"], 0) >= RANK.get(found["level"], 0)


@thorough
@given(anything)
def test_sentences_of_any_deployment(case):
    record = judge(case)
    text = " ".join(record["reasons"])
    assert [
        w for w in ("success", "proven", "no harm", "significant", "None", "{") if w in text
    ] == []
    assert bool(record["because"]) == bool(record["findings"])
