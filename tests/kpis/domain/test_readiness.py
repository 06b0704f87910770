"""Eight questions, eight contradictions: what the data says to each "yes"."""

import dataclasses
import datetime as dt

import pytest

from kpis.domain.cost.parts import PARTS
from kpis.domain.readiness import (
    QUESTIONS,
    REVIEW,
    RISK,
    SetFacts,
    SetKpi,
    contradicts,
    findings,
    is_expired,
)

AT = dt.datetime(2026, 9, 2, tzinfo=dt.UTC)


def kpi(key, category, **changes):
    return SetKpi(
        **{
            "key": key,
            "name": key.replace("_", " ").capitalize(),
            "category": category,
            "is_tied": True,
            "is_guarded": False,
            "has_value": True,
            "has_baseline": True,
            "has_threshold": True,
        }
        | changes
    )


REVIEWS = [kpi(key, "review_burden") for key in REVIEW]
RISKS = [kpi(key, "risk") for key in RISK]
READY = SetFacts(
    kpis=[
        kpi("task_time", "speed"),
        kpi("error_rate", "quality", is_guarded=True),
        kpi("total_cost", "cost"),
        kpi("staff_trust", "workforce"),
        *REVIEWS,
        *RISKS,
    ],
    costs_missing=[],
    to_confirm=[],
    days_since_review=10,
    review_days=180,
)


def with_kpi(key, **changes):
    """The ready set with one KPI changed."""
    kpis = [dataclasses.replace(one, **changes) if one.key == key else one for one in READY.kpis]
    return dataclasses.replace(READY, kpis=kpis)


def without(*categories):
    kpis = [one for one in READY.kpis if one.category not in categories]
    return dataclasses.replace(READY, kpis=kpis)


def changed(**fields):
    return dataclasses.replace(READY, **fields)


CONTRADICTIONS = [
    (
        "tied_to_use_case",
        with_kpi("task_time", is_tied=False),
        "1 of 14 does not name the work it should improve: Task time.",
    ),
    (
        "has_baseline",
        with_kpi("total_cost", has_baseline=False),
        "Nothing is on record from before AI about cost; 1 of 14 measures has no baseline.",
    ),
    ("benefits_and_side_effects", without("workforce"), "No measure covers workforce."),
    (
        "review_measured",
        with_kpi("correction_rate", has_value=False),
        "No recent figure for corrections.",
    ),
    (
        "risk_controls_measured",
        with_kpi("scope_drift", has_value=False),
        "No recent figure for use outside the scope.",
    ),
    (
        "costs_complete",
        changed(costs_missing=["rework", "setup"]),
        "2 of 13 cost parts have neither an amount nor a reason: rework and setup.",
    ),
    (
        "triggers_action",
        with_kpi("error_rate", has_threshold=False),
        "No threshold is set for Error rate.",
    ),
    (
        "kept_current",
        changed(to_confirm=["kpi_set", "thresholds"]),
        "The deployment changed; not confirmed since: KPI set and thresholds.",
    ),
]


def test_a_ready_set_agrees_with_every_yes():
    said = findings(READY)
    assert [one.question for one in said] == list(QUESTIONS)
    assert [one.question for one in said if contradicts("yes", one)] == []


@pytest.mark.parametrize(("question", "facts", "sentence"), CONTRADICTIONS)
def test_each_yes_is_contradicted_by_its_own_data(question, facts, sentence):
    said = {one.question: one for one in findings(facts)}
    assert (said[question].says, contradicts("yes", said[question])) == (sentence, True)
    assert [key for key, one in said.items() if not one.holds] == [question]


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (1, "The one guarded measure has a threshold that asks for a decision."),
        (2, "Both guarded measures have a threshold that asks for a decision."),
        (3, "All three guarded measures have a threshold that asks for a decision."),
        (13, "All 13 guarded measures have a threshold that asks for a decision."),
    ],
)
def test_measures_are_counted_in_words(count, sentence):
    guarded = [kpi(f"error_{number}", "quality", is_guarded=True) for number in range(count)]
    said = {one.question: one.says for one in findings(changed(kpis=guarded))}
    assert said["triggers_action"] == sentence


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (1, "The one KPI names the work it improves."),
        (2, "Both name the work they improve."),
        (14, "All 14 name the work they improve."),
    ],
)
def test_a_set_that_is_tied(count, sentence):
    kpis = [kpi(f"time_{number}", "speed") for number in range(count)]
    said = {one.question: one.says for one in findings(changed(kpis=kpis))}
    assert said["tied_to_use_case"] == sentence


@pytest.mark.parametrize(
    ("facts", "question", "sentence"),
    [
        (
            changed(costs_missing=["rework"]),
            "costs_complete",
            "1 of 13 cost parts has neither an amount nor a reason: rework.",
        ),
        (
            changed(days_since_review=1, review_days=0),
            "kept_current",
            "Nobody has looked at the set for 1 day.",
        ),
        (
            changed(days_since_review=181),
            "kept_current",
            "Nobody has looked at the set for 181 days.",
        ),
        (
            changed(kpis=[], review_days=0),
            "has_baseline",
            "Nothing is on record from before AI about time, quality, cost, workload and risk.",
        ),
    ],
)
def test_forms_for_one_many_and_none(facts, question, sentence):
    assert {one.question: one.says for one in findings(facts)}[question] == sentence


def test_eight_questions_have_eight_contradictions():
    assert [question for question, *_ in CONTRADICTIONS] == list(QUESTIONS)
    assert len(PARTS) == 13


def test_an_empty_set_holds_nothing_and_no_is_no_contradiction():
    empty = SetFacts([], list(PARTS.values()), [], 0, 180)
    said = findings(empty)
    assert [one.question for one in said if one.holds] == []
    assert [one.question for one in said if contradicts("no", one)] == []


@pytest.mark.parametrize(
    ("changed_at", "days", "expired"),
    [
        (None, 180, False),
        (None, 181, True),
        (AT - dt.timedelta(hours=1), 1, False),
        (AT + dt.timedelta(hours=1), 1, True),
    ],
)
def test_an_answer_ends_by_change_or_by_date(changed_at, days, expired):
    assert is_expired(AT, changed_at, AT + dt.timedelta(days=days), 180) is expired
