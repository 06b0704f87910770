"""The evidence gathered from what is on record, and the verdict that follows from it."""

import datetime as dt
from decimal import Decimal

import pytest

from deployments.actions import deployments, gates
from deployments.domain.gates import LABELS
from kpis import tasks
from kpis.actions import catalogue, kpi_sets, ledgers, measurements, readiness, rollups, verdicts
from kpis.domain.cost.parts import PARTS
from kpis.domain.verdict import judge
from kpis.evidence import collect
from kpis.models import CatalogueEntry, Verdict
from kpis.queries.verdicts import latest_verdicts
from portal.actions import jobs, units
from portal.domain.calendar import Grain
from portal.models import Job
from portal.tenancy.scope import acting_in
from tests.factories.people import MARA

DAY = dt.date(2026, 11, 24)
MONDAY = dt.date(2026, 11, 16)
WEEK = dt.timedelta(weeks=1)
EARLY = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)


@pytest.fixture
def minutes(lexora, deployment):
    """A primary outcome in minutes: before 45 (100 tasks), since then about 33."""
    with acting_in(lexora):
        kpi = kpi_sets.add_own(
            deployment=deployment,
            name="Minutes",
            kind="mean",
            unit="minutes",
            role="outcome",
            direction="down",
            is_primary=True,
            serves="Reading contracts",
            by=MARA,
            at=EARLY,
        )
        kpi_sets.set_target(kpi=kpi, valid_from=dt.date(2026, 9, 1), mwb="0.1", by=MARA, at=EARLY)
        kpi_sets.record_baseline(
            kpi=kpi,
            starts_on=dt.date(2026, 6, 1),
            ends_on=dt.date(2026, 8, 30),
            grade="measured",
            parts={"n": 100, "mean": 45.0, "sd": 18.0},
            periods=12,
            source="time sheets",
            period_values=[50, 49, 49, 47, 48, 46, 45, 46, 44, 43, 43, 41],
            by=MARA,
            at=EARLY,
        )
    return kpi


@pytest.fixture
def errors(lexora, deployment):
    """A quality guardrail counted as a share."""
    with acting_in(lexora):
        kpi = kpi_sets.add_own(
            deployment=deployment,
            name="Errors",
            kind="ratio",
            unit="fraction",
            role="quality",
            direction="down",
            is_guardrail=True,
            is_critical_measure=True,
            by=MARA,
            at=EARLY,
        )
        kpi_sets.set_target(
            kpi=kpi,
            valid_from=dt.date(2026, 9, 1),
            warning="0.15",
            target="0.10",
            by=MARA,
            at=EARLY,
        )
    return kpi


def record(lexora, kpi, kind, parts_by_week, reason="", **fields):
    facts = [
        measurements.Fact(kpi.pk, Grain.WEEK, MONDAY - ago * WEEK, kind, parts, **fields)
        for ago, parts in parts_by_week.items()
    ]
    with acting_in(lexora):
        measurements.record(facts=facts, source="test", by=MARA, at=EARLY, reason=reason)
        while rollups.drain().cells:
            pass


def evidence(lexora, deployment, as_of=DAY):
    with acting_in(lexora):
        return collect(deployment, as_of=as_of)


def kpi_of(found, key):
    return next(kpi for kpi in found["kpis"] if kpi["key"] == key)


def mean(values):
    return {"n": len(values), "sum": str(sum(values)), "sumsq": str(sum(v * v for v in values))}


def test_gates_that_nobody_recorded_are_not_met(lexora, deployment, now):
    assert evidence(lexora, deployment)["gates"] == dict.fromkeys(LABELS, "not_met")
    with acting_in(lexora):
        gates.record(
            deployment=deployment,
            key="dpia",
            state="met",
            evidence="DPO",
            by=MARA,
            at=now,
            valid_until=DAY - dt.timedelta(days=1),
        )
    assert evidence(lexora, deployment)["gates"]["dpia"] == "expired"


def test_a_baseline_that_was_falling_carries_its_trend(lexora, deployment, minutes):
    # Method 2.5, lab example: z -4.006.
    record(lexora, minutes, "mean", {0: mean([30, 33, 36])})
    found = kpi_of(evidence(lexora, deployment), "minutes")
    assert round(found["baseline"]["trend_z"], 3) == -4.006
    assert (found["unit"], found["current"]["n"]) == ("min", 3)


def test_an_alarm_stands_until_two_clear_weeks_and_missing_weeks_end_nothing(
    lexora, deployment, errors
):
    weeks = {6: 30, 5: 30, 4: 5, 1: 30, 0: 5}
    record(lexora, errors, "ratio", {ago: {"num": n, "den": 100} for ago, n in weeks.items()})
    found = kpi_of(evidence(lexora, deployment), "errors")
    assert (found["latched_level"], found["clear_periods"]) == ("warning", 1)
    record(lexora, errors, "ratio", {-1: {"num": 5, "den": 100}})
    found = kpi_of(evidence(lexora, deployment, DAY + WEEK), "errors")
    assert (found["latched_level"], found["clear_periods"]) == ("warning", 2)


def test_weeks_without_a_figure_lower_the_coverage_and_excused_ones_do_not(
    lexora, deployment, errors
):
    record(lexora, errors, "ratio", {ago: {"num": 5, "den": 100} for ago in (5, 4, 1, 0)})
    found = kpi_of(evidence(lexora, deployment), "errors")
    assert found["coverage"] == round(4 / 6, 4)


def test_extra_scatter_of_the_newest_stretch_is_handed_on(lexora, deployment, errors):
    wild = {ago: {"num": 40 if ago % 2 else 2, "den": 200} for ago in range(9)}
    record(lexora, errors, "ratio", wild)
    assert kpi_of(evidence(lexora, deployment), "errors")["current"]["sigma_z"] > 3


def test_an_icon_is_handed_on_from_twelve_points(lexora, deployment, errors):
    steady = {ago: {"num": 10 + ago % 2, "den": 200} for ago in range(1, 13)}
    record(lexora, errors, "ratio", steady)
    assert kpi_of(evidence(lexora, deployment), "errors")["spc"] == "common"
    record(lexora, errors, "ratio", {0: {"num": 60, "den": 200}})
    assert kpi_of(evidence(lexora, deployment), "errors")["spc"] == "concerning"


def test_one_unit_alone_beyond_its_critical_limit_is_named(lexora, deployment, errors, now):
    with acting_in(lexora):
        teams = [
            units.create(name=name, parent=None, on=dt.date(2026, 1, 1), by=MARA, at=now)
            for name in ("Berlin", "Leeds")
        ]
        kpi_sets.set_target(
            kpi=errors,
            valid_from=dt.date(2026, 9, 2),
            warning="0.10",
            critical="0.20",
            by=MARA,
            at=EARLY,
        )
        type(errors).objects.filter(pk=errors.pk).update(is_safety_critical=True)
    for team, bad in zip(teams, (30, 2), strict=True):
        record(lexora, errors, "ratio", {0: {"num": bad, "den": 100}}, unit_key=team.pk)
    assert kpi_of(evidence(lexora, deployment), "errors")["confined_to"] == "Berlin"


def test_scope_review_and_reporting_come_from_their_kpis(lexora, deployment, now):
    catalogue.load()
    wanted = {
        "scope_drift": ("ratio", {"num": 9, "den": 60}),
        "overreliance_signals": ("ratio", {"num": 4, "den": 20}),
        "unedited_approval_rate": ("ratio", {"num": 199, "den": 200}),
        "prompts_or_logins": ("count", {"n": 12000}),
        "near_misses": ("count", {"n": 0}),
        "incident_reports": ("count", {"n": 2}),
        "reporting_confidence": (
            "rating",
            {"counts": {"1": 3, "2": 4, "3": 5, "4": 6, "5": 2}, "top": ["4", "5"]},
        ),
    }
    for key, (kind, parts) in wanted.items():
        with acting_in(lexora):
            kpi = kpi_sets.add_from_catalogue(
                deployment=deployment, entry=CatalogueEntry.objects.get(pk=key), by=MARA, at=now
            )
        record(lexora, kpi, kind, {0: parts})
    found = evidence(lexora, deployment)
    assert found["scope"]["out_of_scope"] == {"num": 9, "den": 60}
    assert found["review"] == {
        "unedited_approved": {"num": 199, "den": 200},
        "seeded": {"num": 16, "den": 20},
    }
    assert found["reporting"] == {
        "uses": 12000,
        "reports": 2,
        "near_misses": 0,
        "incidents": 2,
        "afraid": {"num": 7, "den": 20},
    }
    assert judge(found)["reporting"]["flags"] == ["no_near_misses"]


@pytest.fixture
def green(lexora, deployment, minutes, errors, now):
    """A deployment with every gate met, its outcome better and its guardrail held."""
    with acting_in(lexora):
        deployments.change(
            deployment=deployment,
            on=dt.date(2026, 8, 31),
            risk_class="limited",
            human_review="effective",
            started_on=dt.date(2026, 8, 31),
            by=MARA,
            at=EARLY - dt.timedelta(days=1),
        )
        for key in LABELS:
            gates.record(
                deployment=deployment, key=key, state="met", evidence="on file", by=MARA, at=now
            )
        kpi_sets.record_baseline(
            kpi=errors,
            starts_on=dt.date(2026, 6, 1),
            ends_on=dt.date(2026, 8, 30),
            parts={"num": 50, "den": 600},
            grade="measured",
            periods=12,
            source="sample",
            by=MARA,
            at=EARLY,
        )
    record(lexora, minutes, "mean", {ago: mean([20, 24, 22, 21, 23]) for ago in range(8)})
    record(lexora, errors, "ratio", {ago: {"num": 3, "den": 100} for ago in range(8)})
    return deployment


def decision(lexora, place, at):
    with acting_in(lexora):
        fresh = type(place).objects.get(pk=place.pk)
        return verdicts.judge_deployment(deployment=fresh, as_of=DAY, by=MARA, at=at)


def work(lexora, at):
    """Do what waits for a worker: every job that judges."""
    with acting_in(lexora):
        waiting = list(Job.objects.filter(kind="verdict", state="queued"))
    for job in waiting:
        tasks.verdict(jobs.claim(job_id=job.pk, at=at))


def newest(lexora, place):
    with acting_in(lexora):
        found = latest_verdicts([place])[place.pk]
    return found.decision, found.record["findings"]


def test_a_new_model_version_caps_a_green_deployment_the_same_day(lexora, green, now, monkeypatch):
    monkeypatch.setattr(tasks.timezone, "now", lambda: now)
    work(lexora, now)
    assert newest(lexora, green) == ("continue", [])

    with acting_in(lexora):
        deployments.change(deployment=green, on=DAY, model_version="9", by=MARA, at=now)
    work(lexora, now)
    assert newest(lexora, green) == ("improve", ["I10_STALE_KPI_SET"])

    later = now + dt.timedelta(minutes=1)
    with acting_in(lexora):
        for part in ("kpi_set", "baselines", "thresholds"):
            readiness.confirm(deployment=green, part=part, by=MARA, at=later)
    monkeypatch.setattr(tasks.timezone, "now", lambda: later)
    work(lexora, later)
    assert newest(lexora, green) == ("continue", [])
    with acting_in(lexora):
        said = Verdict.objects.filter(deployment=green).order_by("id")
        assert [one.decision for one in said] == ["continue", "improve", "continue"]


def test_what_was_judged_before_is_judged_again_when_it_comes_back(lexora, green, errors, now):
    first = decision(lexora, green, now)
    many, few = {"num": 99, "den": 100}, {"num": 3, "den": 100}
    record(lexora, errors, "ratio", {0: many, 1: many}, reason="counted again")
    second = decision(lexora, green, now + dt.timedelta(minutes=1))
    record(lexora, errors, "ratio", {0: few, 1: few}, reason="the first count was right")
    third = decision(lexora, green, now + dt.timedelta(minutes=2))
    assert [one.decision for one in (first, second, third)] == ["continue", "improve", "continue"]
    assert (first.digest == third.digest, first.pk == third.pk) == (True, False)


def test_a_day_on_which_nothing_else_moved_makes_no_verdict(lexora, green, now):
    first = decision(lexora, green, now)
    with acting_in(lexora):
        fresh = type(green).objects.get(pk=green.pk)
        day = dt.timedelta(days=1)
        again = verdicts.judge_deployment(deployment=fresh, as_of=DAY + day, by=MARA, at=now + day)
    assert again.pk == first.pk


def test_the_answers_and_what_the_data_says_are_kept_in_the_evidence(lexora, green, now):
    with acting_in(lexora):
        readiness.answer(
            deployment=green,
            answers={"costs_complete": "yes", "has_baseline": "no"},
            by=MARA,
            at=now,
        )
    kept = decision(lexora, green, now).evidence["readiness"]
    assert {key: (one["answer"], one["state"]) for key, one in kept.items()} == {
        "tied_to_use_case": (None, "open"),
        "has_baseline": ("no", "no"),
        "benefits_and_side_effects": (None, "open"),
        "review_measured": (None, "open"),
        "risk_controls_measured": (None, "open"),
        "costs_complete": ("yes", "contradicted"),
        "triggers_action": (None, "open"),
        "kept_current": (None, "open"),
    }
    assert kept["costs_complete"]["data_says"].startswith("13 of 13 cost parts have neither")


def test_the_net_value_is_withheld_until_the_ledger_is_complete(lexora, green, now):
    quarter = dt.date(2026, 10, 1)
    where = {"deployment": green, "starts_on": quarter, "by": MARA, "at": now}
    with acting_in(lexora):
        ledgers.set_basis(
            **where,
            tasks=1000,
            accepted=1000,
            hourly_rate=Decimal(48),
            minutes_before=Decimal(45),
            minutes_draft=Decimal(10),
            minutes_review=Decimal(12),
            hours_used_for="capacity",
            grade="measured",
        )
        parts = list(PARTS)
        for part in parts[:-1]:
            ledgers.enter(**where, part=part, not_applicable_because="not used")
    assert "value" not in evidence(lexora, green)
    with acting_in(lexora):
        ledgers.enter(**where, part=parts[-1], hours=Decimal(10))
    found = evidence(lexora, green)["value"]
    assert 0 < found["net_value_low"] < found["net_value_high"]
    assert "X4" not in decision(lexora, green, now).record["expansion_blockers"]


def test_the_review_before_counts_for_the_next_quarter(lexora, green, now):
    first = decision(lexora, green, now)
    assert first.record["kpi"]["minutes"]["change"] == "better_worthwhile"
    assert evidence(lexora, green)["history"]["previous_review_better"] is False
    found = evidence(lexora, green, dt.date(2027, 1, 12))["history"]
    assert found == {"previous_review_better": True, "consecutive_no_benefit_reviews": 0}


def test_gathering_costs_the_same_statements_for_any_set(
    lexora, deployment, now, django_assert_num_queries
):
    def cost(count):
        with acting_in(lexora):
            for number in range(count):
                kpi_sets.add_own(
                    deployment=deployment,
                    name=f"K{count} {number}",
                    kind="count",
                    unit="items",
                    role="operational",
                    direction="down",
                    by=MARA,
                    at=now,
                )
            with django_assert_num_queries(14):
                collect(deployment, as_of=DAY)

    cost(1)
    cost(20)
