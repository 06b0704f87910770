"""The pages that are read: what stands on top, gains with their doubt, targets then, views, CSV."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest

from kpis.actions import deviations, kpi_changes, kpi_sets, measurements, rollups, verdicts
from portal.domain.calendar import Grain
from portal.tenancy.scope import acting_in
from tests.factories import flat
from tests.factories.people import MARA

DAY, MONDAY, WEEK = dt.date(2026, 11, 24), dt.date(2026, 11, 16), dt.timedelta(weeks=1)
EARLY = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
HERE = "/o/lexora/deployments/clause-summaries/"
KPIS, MINUTES = f"{HERE}kpis/", f"{HERE}kpis/minutes/"
HTMX = {"HTTP_HX_REQUEST": "true"}


def add(lexora, place, name, kind, role, *, baseline=None, target=None, **fields):
    with acting_in(lexora):
        kpi = kpi_sets.add_own(
            deployment=place,
            name=name,
            kind=kind,
            role=role,
            direction="down",
            by=MARA,
            at=EARLY,
            unit="minutes" if kind == "mean" else "fraction",
            **fields,
        )
        if baseline:
            kpi_sets.record_baseline(
                kpi=kpi,
                starts_on=dt.date(2026, 6, 1),
                ends_on=dt.date(2026, 8, 30),
                parts=baseline,
                grade="measured",
                periods=12,
                source="files",
                by=MARA,
                at=EARLY,
            )
        if target:
            kpi_sets.set_target(kpi=kpi, valid_from=EARLY.date(), by=MARA, at=EARLY, **target)
    return kpi


def enter(lexora, now, kpi, kind, by_week, **more):
    facts = [
        measurements.Fact(kpi.pk, Grain.WEEK, MONDAY - ago * WEEK, kind, parts, **more)
        for ago, parts in by_week.items()
    ]
    with acting_in(lexora):
        measurements.record(facts=facts, source="records", by=MARA, at=now)
        while rollups.drain().cells:
            pass


def judge(lexora, place, now):
    with acting_in(lexora):
        return verdicts.judge_deployment(deployment=place, as_of=DAY, by=MARA, at=now)


def mean(*values):
    return {"n": len(values), "sum": str(sum(values)), "sumsq": str(sum(v * v for v in values))}


@pytest.fixture
def faster(lexora, deployment, now):
    """Minutes per case halved: from 45 to about 22."""
    kpi = add(
        lexora,
        deployment,
        "Minutes",
        "mean",
        "outcome",
        is_primary=True,
        pair_with=["repeat-contacts"],
        baseline={"n": 100, "mean": 45.0, "sd": 18.0},
        target={"mwb": "0.1", "target": "30"},
    )
    enter(lexora, now, kpi, "mean", {ago: mean(20, 24, 22, 21, 23) for ago in range(8)})
    return kpi


@pytest.mark.parametrize(
    ("side", "words"),
    [
        (None, "Repeat contacts is not in the set."),
        ({}, "Repeat contacts is not measured."),
        ({ago: {"num": 30, "den": 100} for ago in range(8)}, "Repeat contacts got worse."),
        ({9: {"num": 5, "den": 100}}, "Repeat contacts is out of date."),
    ],
    ids=["absent", "not measured", "worse", "stale"],
)
def test_a_faster_answer_beside_a_bad_side_effect_is_never_green(
    lexora, deployment, faster, client_of, now, side, words
):
    if side is not None:
        kpi = add(
            lexora,
            deployment,
            "Repeat contacts",
            "ratio",
            "customer",
            is_guardrail=True,
            baseline={"num": 60, "den": 600},
            target={"margin": "0.02"},
        )
        if side:
            enter(lexora, now, kpi, "ratio", side)
    judge(lexora, deployment, now)
    text = flat(client_of("mara").get(KPIS))
    row = text[
        text.index(
            '<th scope="row"><a href="/o/lexora/deployments/clause-summaries/kpis/minutes/'
        ) :
    ]
    row = row[: row.index("</tr>")]
    assert "Unconfirmed gain" in row
    assert words in row
    assert "state-ok" not in row


def test_a_gain_with_a_good_side_effect_is_confirmed(lexora, deployment, faster, client_of, now):
    kpi = add(
        lexora,
        deployment,
        "Repeat contacts",
        "ratio",
        "customer",
        is_guardrail=True,
        baseline={"num": 60, "den": 600},
        target={"margin": "0.05"},
    )
    enter(lexora, now, kpi, "ratio", {ago: {"num": 9, "den": 100} for ago in range(8)})
    judge(lexora, deployment, now)
    text = client_of("mara").get(KPIS).content.decode()
    assert "Unconfirmed gain" not in text
    assert "Better, and worth it" in text


def test_more_use_changes_nothing_on_the_page_but_its_own_row(
    lexora, deployment, faster, client_of, now
):
    use = add(lexora, deployment, "Adoption", "ratio", "adoption", target={"expected_min": "0.3"})
    enter(lexora, now, use, "ratio", {0: {"num": 40, "den": 100}})
    before = judge(lexora, deployment, now)
    enter(lexora, now, use, "ratio", {-1: {"num": 95, "den": 100}})
    after = judge(lexora, deployment, now + dt.timedelta(minutes=1))
    assert (after.decision, after.record["findings"]) == (
        before.decision,
        before.record["findings"],
    )
    text = client_of("mara").get(KPIS).content.decode()
    assert "people use it, which says nothing about whether it helps" in text


def test_the_primary_outcome_stands_on_top_with_before_target_and_change(
    lexora, deployment, faster, client_of, now
):
    judge(lexora, deployment, now)
    text = flat(client_of("ines").get(KPIS))
    top = text[text.index('id="primary"') : text.index('id="results"')]
    assert "the one result this is for" in top
    for words in ("22 min", "45 min", "≤ 30 min", "Better than before by", "n 5"):
        assert words in top
    assert "Data up to <b>22 Nov 2026</b>" in text


@pytest.mark.parametrize(
    ("view", "found"),
    [
        ("pairs", ()),
        ("sections", ("Business",)),
        ("layers", ("Business: does it deliver value?",)),
        ("engineering", ()),
        ("staff", ()),
        ("nonsense", ()),
    ],
)
def test_views_keep_their_address_and_work_without_scripts(
    deployment, faster, client_of, view, found
):
    text = flat(client_of("mara").get(f"{KPIS}?view={view}"))
    assert "<h1>" in text
    for heading in found:
        assert f'colspan="6">{heading}</th>' in text
    shown = view if view != "nonsense" else "pairs"
    assert f'id="view-{shown}" href="?view={shown}"' in text
    current = text[text.index(f'id="view-{shown}"') :]
    assert 'aria-current="true"' in current[: current.index(">")]


def test_a_part_is_a_fragment_and_going_back_gives_the_whole_page(deployment, faster, client_of):
    mara = client_of("mara")
    part = flat(mara.get(f"{KPIS}panel/?view=layers", **HTMX))
    assert part.lstrip().startswith('<div class="stack" id="panel">')
    assert 'id="freshness" hx-swap-oob="true"' in part
    whole = flat(mara.get(KPIS, **HTMX, HTTP_HX_HISTORY_RESTORE_REQUEST="true"))
    assert whole.lstrip().startswith("<!DOCTYPE html>")


def test_the_side_says_readiness_review_and_cost(deployment, faster, client_of):
    mara = client_of("mara")
    text = mara.get(f"{HERE}side/", **HTMX).content.decode()
    for words in ("KPI readiness", "0 of 8", "Human review", "Full cost", "0 of 13 parts"):
        assert words in text
    assert mara.get(f"{HERE}side/")["Location"] == KPIS


def test_earlier_periods_keep_the_target_they_had(lexora, deployment, faster, client_of, now):
    with acting_in(lexora):
        kpi_sets.set_target(
            kpi=faster, valid_from=MONDAY - 2 * WEEK, target="25", mwb="0.1", by=MARA, at=now
        )
    text = client_of("mara").get(MINUTES).content.decode()
    table = text[text.index("Target then") :]
    rows = [row.split("</tr>")[0] for row in table.split("<tr>")[1:9]]
    assert ["30 min" in row for row in rows] == [False] * 3 + [True] * 5
    assert ["25 min" in row for row in rows] == [True] * 3 + [False] * 5
    assert 'class="chart-target"' in text
    assert "Before AI 45 min, plausibly" in text
    assert "No signal is not proof of no change." in text


def test_an_accepted_deviation_stands_beside_the_breach_until_its_last_day(
    lexora, deployment, client_of, now
):
    kpi = add(
        lexora,
        deployment,
        "Errors",
        "ratio",
        "quality",
        is_guardrail=True,
        target={"warning": "0.1", "target": "0.05"},
    )
    enter(lexora, now, kpi, "ratio", {ago: {"num": 30, "den": 100} for ago in range(3)})
    with acting_in(lexora):
        deviations.accept(
            kpi=kpi,
            limit=Decimal("0.35"),
            reason="New forms are on their way.",
            approver="Ines",
            starts_on=DAY,
            ends_on=dt.date(2999, 12, 1),
            by=MARA,
            at=now,
        )
    judge(lexora, deployment, now)
    mara = client_of("mara")
    assert "accepted until 1 Dec 2999" in mara.get(KPIS).content.decode()
    text = mara.get(f"{KPIS}errors/").content.decode()
    for words in (
        "Beyond warning",
        "accepted until 1 Dec 2999",
        "up to <b>35%</b>",
        "Ines answers",
    ):
        assert words in text


def test_where_better_cannot_be_told_from_worse_the_needed_cases_are_named(
    lexora, deployment, client_of, now
):
    kpi = add(
        lexora,
        deployment,
        "Errors",
        "ratio",
        "quality",
        is_guardrail=True,
        baseline={"num": 30, "den": 600},
        target={"margin": "0.02"},
    )
    enter(lexora, now, kpi, "ratio", {0: {"num": 3, "den": 50}})
    judge(lexora, deployment, now)
    text = client_of("mara").get(f"{KPIS}errors/").content.decode()
    assert "about 1,865 cases on each side would tell" in text


def test_a_kpi_that_is_no_longer_measured_still_has_its_page(
    lexora, deployment, faster, client_of, now
):
    with acting_in(lexora):
        kpi_changes.retire(kpi=faster, on=DAY, reason="Another one is better.", by=MARA, at=now)
    text = client_of("mara").get(MINUTES).content.decode()
    assert "No longer measured since 24 Nov 2026" in text
    assert "Set the target" not in text


def test_the_csv_holds_every_revision_and_no_cell_is_a_formula(
    lexora, deployment, faster, client_of, now
):
    with acting_in(lexora):
        for number, note in enumerate(("=1+1", " @SUM(A1)", "-2", "＝cmd", "harmless")):
            fact = measurements.Fact(
                faster.pk, Grain.WEEK, MONDAY, "mean", mean(30 + number), note=note
            )
            measurements.record(
                facts=[fact], source="+sheet", reason=f"counted {number}", by=MARA, at=now
            )
    answer = client_of("ines").get(f"{MINUTES}figures.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert len(rows) == 8 + 5
    newest = [row for row in rows if row["period starts"] == "2026-11-16"]
    assert [row["note"] for row in newest] == [
        "harmless",
        "'＝cmd",
        "-2",
        " '@SUM(A1)",
        "'=1+1",
        "",
    ]
    assert {row["source"] for row in newest[:5]} == {"'+sheet"}
    assert [row["value"] for row in newest] == ["34", "33", "32", "31", "30", "22"]
    assert answer["Content-Disposition"] == 'attachment; filename="minutes.csv"'


def test_every_rule_is_shown_with_what_it_looked_at(lexora, deployment, faster, client_of, now):
    judge(lexora, deployment, now)
    text = flat(client_of("ines").get(f"{HERE}rules/"))
    assert "Rule I4_NO_BENEFIT" in text
    assert "If two reviews in a row showed a worthwhile benefit." in text
    assert "In high-risk or regulated use: is a gate missing?</b> Yes." in text
    assert "Is a serious incident open?</b> No." in text
    assert "Minutes: no level; better than before by" in text
