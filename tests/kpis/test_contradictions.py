"""The checklist argues back (capability 12): with everything on record eight answers hold; take
one thing away and that answer is contradicted, in a sentence, until the data agrees."""

import datetime as dt

import pytest

from deployments.actions import deployments
from kpis.actions import catalogue, kpi_sets, ledgers, measurements, readiness, rollups, verdicts
from kpis.domain.cost.parts import PARTS
from kpis.domain.readiness import QUESTIONS
from kpis.evidence import readiness as read
from kpis.evidence import sources
from kpis.models import CatalogueEntry
from portal.domain.calendar import Grain
from portal.tenancy.scope import acting_in
from tests.factories.people import MARA

DAY, MONDAY, MONTH = dt.date(2026, 11, 24), dt.date(2026, 11, 16), dt.date(2026, 10, 1)
EARLY = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
SHARE = {"num": 1, "den": 50}
TIMES = {"n": 30, "sum_ms": 30 * 600_000, "sumsq": 30 * 600_000**2}
# Key -> (kind, parts of a figure, parts of a baseline, flags).
SET = {
    "task_time": ("duration", TIMES, {"n": 50, "mean": 12.0, "sd": 3.0}, {"is_primary": True}),
    "error_rate": ("ratio", SHARE, SHARE, {"is_guardrail": True}),
    "current_process_cost": ("money", {"minor": {"USD": 900}}, {"value": 11.0}, {}),
    "average_review_time": ("duration", TIMES, {"n": 50, "mean": 4.0, "sd": 1.0}, {}),
    "correction_rate": ("ratio", SHARE, None, {}),
    "reviewer_escalation_rate": ("ratio", SHARE, None, {}),
    "reviewer_workload": ("quotient", {"num": "30", "den": "40"}, None, {}),
    "near_misses": ("count", {"n": 2}, None, {}),
    "incident_reports": ("count", {"n": 1}, {"value": 1.0}, {}),
    "privacy_concerns": ("count", {"n": 0}, None, {}),
    "scope_drift": ("ratio", SHARE, None, {}),
    "failed_approval_gates": ("count", {"n": 0}, None, {}),
    "reporting_confidence": ("rating", {"counts": {"4": 9, "3": 3}, "top": ["4", "5"]}, None, {}),
}
WEEKLY = {"average_review_time", "correction_rate", "reviewer_escalation_rate", "reviewer_workload"}


@pytest.fixture
def build(lexora, deployment, now):
    """The whole set, but for what is named: a KPI, its figure, its baseline, a limit, a cost."""
    catalogue.load()

    def built(*, kpi="", figure="", baseline="", limit="", work="", cost="", change=False):
        for key, (kind, parts, before, flags) in SET.items():
            if key == kpi:
                continue
            with acting_in(lexora):
                entry = CatalogueEntry.objects.get(pk=key)
                serves = "" if key == work else "Reading contracts"
                made = kpi_sets.add_from_catalogue(
                    deployment=deployment, entry=entry, serves=serves, by=MARA, at=EARLY, **flags
                )
                if before is not None and key != baseline:
                    kpi_sets.record_baseline(
                        kpi=made,
                        starts_on=dt.date(2026, 6, 1),
                        ends_on=dt.date(2026, 8, 30),
                        parts=before,
                        grade="measured",
                        source="files",
                        by=MARA,
                        at=EARLY,
                    )
                if flags.get("is_guardrail") and key != limit:
                    kpi_sets.set_target(
                        kpi=made, valid_from=dt.date(2026, 9, 1), warning="0.1", by=MARA, at=EARLY
                    )
                if key != figure:
                    is_week = key in WEEKLY
                    fact = measurements.Fact(
                        made.pk,
                        Grain.WEEK if is_week else Grain.MONTH,
                        MONDAY if is_week else MONTH,
                        kind,
                        parts,
                    )
                    measurements.record(facts=[fact], source="records", by=MARA, at=now)
        with acting_in(lexora):
            while rollups.drain().cells:
                pass
            for part in PARTS:
                if part != cost:
                    ledgers.enter(
                        deployment=deployment,
                        starts_on=MONTH,
                        part=part,
                        by=MARA,
                        at=now,
                        not_applicable_because="not used",
                    )
            if change:
                deployments.change(
                    deployment=deployment,
                    on=DAY,
                    model_version="9",
                    by=MARA,
                    at=now - dt.timedelta(hours=1),
                )
            readiness.answer(
                deployment=deployment, answers=dict.fromkeys(QUESTIONS, "yes"), by=MARA, at=now
            )
            return read.checklist(sources.read(deployment, as_of=DAY), now=now)

    return built


def against(found):
    return {line.asked.key: line.finding.says for line in found.contradictions}


def test_with_everything_on_record_all_eight_hold(build):
    found = build()
    assert (against(found), found.held) == ({}, 8)


BASELINE_GONE = "Nothing is on record from before AI about {}; {} of {} measures have no baseline."


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        (
            {"work": "scope_drift"},
            {"tied_to_use_case": "1 of 13 does not name the work it should improve: Scope drift."},
        ),
        ({"baseline": "error_rate"}, {"has_baseline": BASELINE_GONE.format("quality", 9, 13)}),
        (
            {"kpi": "current_process_cost"},
            {
                "has_baseline": BASELINE_GONE.format("cost", 8, 12),
                "benefits_and_side_effects": "No measure covers cost.",
            },
        ),
        (
            {"figure": "reviewer_escalation_rate"},
            {"review_measured": "No recent figure for escalations."},
        ),
        (
            {"figure": "privacy_concerns"},
            {"risk_controls_measured": "No recent figure for privacy concerns."},
        ),
        (
            {"cost": "rework"},
            {"costs_complete": "1 of 13 cost parts has neither an amount nor a reason: rework."},
        ),
        (
            {"limit": "error_rate"},
            {"triggers_action": "No threshold is set for Error rate in AI-supported work."},
        ),
        (
            {"change": True},
            {
                "kept_current": "The deployment changed; not confirmed since: KPI set, baselines "
                "and thresholds."
            },
        ),
    ],
    ids=QUESTIONS,
)
def test_each_answer_is_contradicted_when_its_data_is_missing(build, taken, expected):
    assert against(build(**taken)) == expected


def test_eight_times_yes_without_any_data_are_eight_different_messages(lexora, deployment, now):
    with acting_in(lexora):
        readiness.answer(
            deployment=deployment, answers=dict.fromkeys(QUESTIONS, "yes"), by=MARA, at=now
        )
        found = read.checklist(sources.read(deployment, as_of=DAY), now=now)
    said = against(found)
    assert list(said) == list(QUESTIONS)
    assert len(set(said.values())) == 8


def test_the_contradiction_stands_on_the_page_in_the_evidence_and_ends_with_the_data(
    lexora, deployment, build, client_of, now
):
    build(cost="rework")
    page = "/o/lexora/deployments/clause-summaries/readiness/"
    said = "1 of 13 cost parts has neither an amount nor a reason: rework."
    text = client_of("mara").get(page).content.decode()
    assert "Seven of eight hold. One answer disagrees with the data." in text
    assert f"The data says otherwise.</b> {said}" in " ".join(text.split())
    with acting_in(lexora):
        verdict = verdicts.judge_deployment(deployment=deployment, as_of=DAY, by=MARA, at=now)
        assert verdict.evidence["readiness"]["costs_complete"] == {
            "answer": "yes",
            "state": "contradicted",
            "data_says": said,
            "data_agrees": False,
        }
        ledgers.enter(
            deployment=deployment,
            starts_on=MONTH,
            part="rework",
            by=MARA,
            at=now,
            not_applicable_because="counted in the minutes",
        )
    assert "All eight hold." in client_of("mara").get(page).content.decode()


def test_answers_end_by_date(build, lexora, deployment, now):
    build()
    with acting_in(lexora):
        known = sources.read(deployment, as_of=DAY)
        last = read.checklist(known, now=now + dt.timedelta(days=180))
        over = read.checklist(known, now=now + dt.timedelta(days=180, seconds=1))
    assert (last.held, last.ends_at) == (8, now + dt.timedelta(days=180))
    assert {line.state for line in over.lines} == {"expired"}
    assert over.ends_at is None
