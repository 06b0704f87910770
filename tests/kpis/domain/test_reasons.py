"""The sentences of a verdict: their order, their numbers, and what they never say."""

import datetime as dt
import re

import pytest

from kpis.domain.verdict import exits, judge, resolve_all, templates
from kpis.domain.verdict.phrases import percent, plain
from kpis.domain.verdict.table import FINDINGS
from kpis.domain.verdict.watch import WATCH
from tests.kpis.domain.verdict_cases import load

RESOLVED = dict(resolve_all(list(load().values())))
FORBIDDEN = re.compile(r"success|proven|no harm|significant|!|\{|\}|None|  ", re.IGNORECASE)
COUNTER = [
    "USE_IS_NOT_SUCCESS",
    "PROXY_BETTER",
    "WORSE_WITHIN_MARGIN",
    "FAST_BUT_SEEDS_CAUGHT",
    "BENEFIT_DESPITE_HARM",
    "BASELINE_ALREADY_CHANGING",
    "INCIDENTS_NOT_INTERPRETABLE",
]


@pytest.mark.parametrize("name", RESOLVED)
def test_wording(name):
    reasons = judge(RESOLVED[name])["reasons"]
    assert [line for line in reasons if FORBIDDEN.search(line)] == []
    assert [line for line in reasons if not line.endswith(".") or len(line) > 190] == []
    assert len(reasons) == len(set(reasons))


@pytest.mark.parametrize("name", RESOLVED)
def test_order_of_sentences(name):
    record = judge(RESOLVED[name])
    parts = [
        "because",
        "watch_sentences",
        "counter_sentences",
        "not_measured_sentences",
        "would_change_if",
    ]
    expected = [templates.RECOMMENDATION[record["decision"]]]
    expected += [line for line in record["reasons"] if line == templates.REASON["held"]]
    expected += [line for part in parts for line in record[part]]
    reasons = [line for line in record["reasons"] if not line.startswith("Decide by")]
    assert reasons == list(dict.fromkeys(expected))


@pytest.mark.parametrize("name", RESOLVED)
def test_everything_found_is_said(name):
    record = judge(RESOLVED[name])
    assert bool(record["because"]) == bool(record["findings"])
    assert bool(record["watch_sentences"]) == bool(record["watch"])
    assert bool(record["counter_sentences"]) == bool(record["counter_evidence"])
    assert len(record["not_measured_sentences"]) >= len(record["not_measured"])


def test_every_code_has_its_sentence_and_every_finding_its_exit():
    codes = [code for code, _, _ in FINDINGS] + [code for code, _ in WATCH] + COUNTER
    spoken = {key.split(":")[0] for key in templates.REASON}
    assert [code for code in codes if code not in spoken] == []
    assert [code for code, _, _ in FINDINGS if code not in exits.EXIT] == []


def test_the_templates_praise_nothing():
    lines = [*templates.REASON.values(), *templates.RECOMMENDATION.values(), *exits.EXIT.values()]
    assert [line for line in lines if re.search(r"success|proven|no harm|significant", line)] == []


def test_the_legal_start_up_in_words():
    assert judge({**RESOLVED["C01"], "as_of": dt.date(2026, 6, 30)})["reasons"] == [
        "Improve before anything is expanded.",
        "Latency p50 s: 3.2, for the second period in a row above the warning limit of 2.",
        "Latency p95 s: 8.1, for the second period in a row above the warning limit of 5.",
        "Regeneration rate: 28% (336 of 1,200), plausibly 25.53% to 30.61%: above the warning "
        "limit of 15%.",
        "Hallucination rate must be known, but nobody measures it.",
        "Contract review minutes, the outcome, cannot be judged: nobody measures it.",
        "Adoption is 40% (1,200 of 3,000): people use it, which says nothing about whether it "
        "helps.",
        "Contract review minutes is not measured.",
        "Hallucination rate is not measured.",
        "This would change if latency p50 s were back within its limits and not worse than before.",
        "Decide by 2026-09-28; until then this recommendation holds.",
    ]


def test_a_pause_is_looked_at_again_after_thirty_days():
    case = {"as_of": "2026-06-30", "incidents": [{"category": "data_leak", "severity": "serious"}]}
    reasons = judge(case)["reasons"]
    assert reasons[1] == "A serious data leak incident is open."
    assert reasons[-1] == "Decide by 2026-07-30; until then this recommendation holds."


def incident(**given):
    return {"category": "data_leak", "severity": "serious", **given}


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        (
            {"incidents": [incident(status="contained_cause_unknown")]},
            "A serious data leak incident is contained, but its cause is not known.",
        ),
        (
            {"incidents": [incident(status="closed")]},
            "A serious data leak incident was closed without a date.",
        ),
        (
            {"incidents": [incident(status="closed", closed_on="2026-06-01")]},
            "A serious data leak incident was closed on 2026-06-01, less than 90 days ago.",
        ),
        (
            {"incidents": [incident(severity="moderate", due_on="2026-06-29")]},
            "Work after a moderate data leak incident was due on 2026-06-29 and is not done.",
        ),
        (
            {"incidents": [incident(severity="moderate")]},
            "Work after a moderate data leak incident is not done, and nobody set a date for it.",
        ),
        (
            {"scope": {"out_of_scope": {"num": 9, "den": 20}}},
            "Too few cases to judge use outside the approved purpose: 20, and 30 are needed.",
        ),
        (
            {"experiment": {"srm_p": 0.5}},
            "The experiment does not count: nobody recorded its result.",
        ),
        (
            {"look": "between", "history": {"last_decision": "pause"}},
            "The last review decided so, and nothing between two reviews lifts it.",
        ),
        (
            {
                "review": {"seeded": {"num": 11, "den": 20}},
                "deployment": {"human_review": "symbolic"},
            },
            "The human review failed: 11 of 20 (55%) planted errors were caught, and 80% are "
            "required.",
        ),
        (
            {
                "review": {"seeded": {"num": 19, "den": 20}},
                "deployment": {"human_review": "symbolic"},
            },
            "The human review failed: it was recorded as symbolic.",
        ),
        (
            {
                "review": {
                    "bursts": {"num": 40, "den": 40},
                    "unedited_approved": {"num": 900, "den": 900},
                }
            },
            "The human review failed: nearly everything is approved without an edit; many "
            "approvals "
            "follow each other within seconds.",
        ),
        ({"look": "review"}, "Nobody recorded the risk class; high risk was assumed."),
    ],
)
def test_a_sentence_says_which_of_two_things_it_is(blocks, said):
    assert said in judge({"as_of": "2026-06-30", **blocks})["reasons"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"kind": "mean", "n_unit": "period", "current": {"n": 4, "mean": 1.0}},
            "it has too few cases to judge (4 periods, 5 are needed)",
        ),
        (
            {"kind": "rating", "current": {"num": 1, "den": 1}},
            "it has too few cases to judge (1 answer, 10 are needed)",
        ),
        (
            {"kind": "ratio", "current": {"num": 9, "den": 90}, "coverage": 0.7},
            "its figures cover 70% of the work, 80% are needed",
        ),
        (
            {"kind": "ratio", "current": {"num": 9, "den": 90}, "age_cadences": 3},
            "its figures are out of date (older than 2 reporting periods)",
        ),
    ],
)
def test_what_is_missing_is_said_in_numbers(given, said):
    kpi = {"key": "err", "role": "quality", "direction": "down", "critical_measure": True, **given}
    assert f"Err must be known, but {said}." in judge({"kpis": [kpi]})["because"]


def test_a_kpi_may_be_called_as_a_wording_is():
    """Names of KPIs choose no template, and their line ends no lines."""
    names = ["share", "old", "changed", "due", "undated", "two\nlines"]
    kpis = [
        {
            "key": name,
            "role": "quality",
            "kind": "point",
            "direction": "down",
            "warning": 1,
            "leading": True,
            "spc": "concerning",
            "critical_measure": True,
            "current": {"value": 2},
        }
        for name in names
    ]
    reasons = judge({"kpis": kpis})["reasons"]
    perhaps = "2, perhaps above the warning limit of 1; chance could explain it."
    assert [line for line in reasons if line.endswith(perhaps)] == [
        f"{name}: {perhaps}" for name in ("Changed", "Due", "Old", "Share", "Two lines", "Undated")
    ]
    assert not any("\n" in line for line in reasons)


def test_a_kpi_is_called_as_people_call_it():
    kpi = {
        "key": "err",
        "name": "Wrong answers",
        "role": "quality",
        "kind": "ratio",
        "direction": "down",
        "critical_measure": True,
    }
    said = judge({"kpis": [kpi]})["reasons"]
    assert "Wrong answers must be known, but nobody measures it." in said
    assert "Wrong answers is not measured." in said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (3.2, "3.2"),
        (0.0001234, "0.0001234"),
        (12345.6, "12,346"),
        (-7, "-7"),
        (1000, "1,000"),
        (8.842, "8.842"),
        (100.0, "100"),
        (1.5e300, "1.5e+300"),
        (4e-12, "4e-12"),
    ],
)
def test_numbers(value, said):
    assert plain(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0%"), (1, "100%"), (0.15, "15%"), (0.99846, "99.85%"), (0.00002, "0.002%")],
)
def test_percentages(value, said):
    assert percent(value) == said
