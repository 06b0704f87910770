"""Setting up what to measure: what the actions write, note, wake and refuse."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from deployments.actions import deployments
from kpis.actions import (
    kpi_changes,
    kpi_sets,
    verdicts,
)
from kpis.models import (
    Baseline,
    CatalogueEntry,
    Kpi,
    KpiTarget,
)
from portal.models import Job
from tests.factories.people import MARA
from tests.kpis.kpi_sets.acts import DAY, newest_event, target


@pytest.fixture
def add(here, deployment, now):
    """Put KPIs of the catalogue into the set."""

    def added(*keys, **flags):
        return kpi_changes.add_many(
            deployment=deployment,
            keys=list(keys),
            serves="Contract review",
            by=MARA,
            at=now,
            flags=dict.fromkeys(keys, flags),
        )

    return added


def woken():
    return set(Job.objects.values_list("kind", "key"))


def test_what_is_added_carries_what_the_catalogue_says(add, deployment):
    (kpi,) = add("error_rate", is_guardrail=True)

    said = (kpi.slug, kpi.name, kpi.kind, kpi.unit, kpi.role, kpi.direction, kpi.serves)
    assert said == (
        "error_rate",
        "Error rate in AI-supported work",
        "ratio",
        "fraction",
        "quality",
        "down",
        "Contract review",
    )
    assert (kpi.is_guardrail, kpi.pair_with, kpi.category) == (
        True,
        ["average_review_time"],
        "quality",
    )
    assert woken() == {("verdict", str(deployment.pk))}


def test_what_is_in_the_set_already_is_left_alone(add):
    add("error_rate")

    assert [kpi.slug for kpi in add("error_rate", "correction_rate")] == ["correction_rate"]


def test_all_are_added_or_none(here, add):
    with pytest.raises(kpi_sets.CannotChange, match="use is not a benefit"):
        add("error_rate", "active_users", is_primary=True)

    assert Kpi.objects.count() == 0


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        (
            "ai_feature_adoption_rate",
            "AI feature adoption rate cannot be the primary outcome: use is not a benefit.",
        ),
        (
            "first_draft_time",
            "Time to first draft covers only a part of the work, so it cannot be primary.",
        ),
        (
            "correction_rate",
            "Correction rate cannot be the primary outcome: it is no outcome of the work.",
        ),
    ],
)
def test_what_can_never_be_primary_is_refused_in_words(add, key, sentence):
    with pytest.raises(kpi_sets.CannotChange) as refused:
        add(key, is_primary=True)

    assert (str(refused.value), refused.value.field) == (sentence, "is_primary")


def test_the_primary_outcome_has_the_role_outcome_and_gives_it_back(add, now):
    (kpi,) = add("error_rate", is_primary=True)
    assert kpi.role == "outcome"

    changed = kpi_changes.change(kpi=kpi, is_primary=False, by=MARA, at=now)
    assert changed.role == "quality"

    assert kpi_changes.change(kpi=kpi, is_primary=True, by=MARA, at=now).role == "outcome"


def test_three_primaries_are_the_most(own):
    for name in ("One", "Two", "Three"):
        own(name, is_primary=True)

    with pytest.raises(kpi_sets.CannotChange, match="at most 3 primary outcomes"):
        own("Four", is_primary=True)


def test_a_retired_kpi_is_taken_up_again_with_its_figures(add, now):
    (kpi,) = add("error_rate")
    kpi_changes.retire(kpi=kpi, on=DAY, reason="Nobody counted it.", by=MARA, at=now)
    assert newest_event() == (
        "took out of the KPI set",
        "error_rate",
        {},
        {"no longer measured from": "2026-11-24"},
        "Nobody counted it.",
    )

    (again,) = add("error_rate")

    assert (again.pk, again.retired_on, Kpi.objects.count()) == (kpi.pk, None, 1)
    assert newest_event()[0] == "took up again in the KPI set"


def test_an_own_name_measured_in_another_way_is_no_continuation(own, now):
    kpi_changes.retire(kpi=own("Minutes"), on=DAY, reason="r", by=MARA, at=now)

    with pytest.raises(kpi_sets.CannotChange, match="Give this one a name of its own"):
        own("Minutes", kind="count", unit="items")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "…"}, "name"),
        ({"kind": "guess"}, "kind"),
        ({"direction": "band"}, "band_low"),
        ({"direction": "band", "band_low": "1"}, "band_low"),
        ({"direction": "band", "band_low": "2", "band_high": "1"}, "band_high"),
    ],
)
def test_an_own_kpi_that_says_nothing_is_refused_by_field(own, fields, field):
    with pytest.raises(kpi_sets.CannotChange) as refused:
        own(**fields)

    assert (refused.value.field, Kpi.objects.count()) == (field, 0)


def test_a_change_of_the_part_is_noted_in_words(own, deployment, now):
    kpi = own()
    kpi_changes.change(
        kpi=kpi, is_guardrail=True, serves="Contract review", keeper=MARA, by=MARA, at=now
    )

    assert newest_event() == (
        "changed",
        "minutes",
        {"guardrail": "no", "work it speaks about": "nothing", "who enters it": "nothing"},
        {"guardrail": "yes", "work it speaks about": "Contract review", "who enters it": MARA},
        "",
    )


def test_another_meaning_starts_another_definition(own, now):
    kpi = own(definition_text="Minutes to the draft")

    changed = kpi_changes.redefine(
        kpi=kpi,
        definition_text="Minutes to the sign-off",
        reason="A draft is no result.",
        by=MARA,
        at=now,
    )

    assert (changed.definition, changed.definition_text) == (2, "Minutes to the sign-off")


@pytest.mark.parametrize(
    ("text", "reason", "field"),
    [("", "r", "definition_text"), ("x", " ", "reason"), ("As before", "r", "definition_text")],
)
def test_another_meaning_says_what_and_why(own, now, text, reason, field):
    kpi = own(definition_text="As before")

    with pytest.raises(kpi_sets.CannotChange) as refused:
        kpi_changes.redefine(kpi=kpi, definition_text=text, reason=reason, by=MARA, at=now)

    assert refused.value.field == field


def test_earlier_periods_keep_the_target_they_had(own, now):
    kpi = own()
    target(kpi, now, dt.date(2026, 9, 1), target="30")
    target(kpi, now + dt.timedelta(minutes=1), dt.date(2026, 12, 1), target="25", condition="chat")

    rows = KpiTarget.objects.order_by("valid_from").values_list("valid_from", "target", "condition")
    assert list(rows) == [
        (dt.date(2026, 9, 1), Decimal(30), ""),
        (dt.date(2026, 12, 1), Decimal(25), "chat"),
    ]
    assert newest_event() == (
        "set the target of",
        "minutes",
        {"target": "30.000000"},
        {"target": "25", "valid from": "2026-12-01"},
        "",
    )


def test_the_same_version_again_writes_nothing(own, now):
    kpi = own()
    first = target(kpi, now, target="30", mwb="0.1")

    again = target(kpi, now + dt.timedelta(minutes=1), target="30.0", mwb="0.10")

    assert (again.pk, KpiTarget.objects.count()) == (first.pk, 1)


def test_every_contradiction_is_named_by_its_field(own, now):
    with pytest.raises(kpi_sets.CannotChange) as refused:
        target(own(), now, target="9", ceiling="10", warning="20", critical="15", mwb="0")

    error = refused.value
    assert [error.field, *(field for field, _ in error.others)] == ["target", "critical", "mwb"]
    assert KpiTarget.objects.count() == 0


@pytest.mark.parametrize("condition", ["general", "scenario_contract_summary", "nonsense"])
def test_a_target_is_meant_for_a_condition_of_the_catalogue(own, now, condition):
    with pytest.raises(kpi_sets.CannotChange, match="Choose a condition from the list"):
        target(own(), now, target="30", condition=condition)


def baseline(kpi, now, **fields):
    given = {
        "starts_on": dt.date(2026, 6, 1),
        "ends_on": dt.date(2026, 8, 31),
        "source": "time sheets",
        "parts": {"n": 120, "mean": 41.0, "sd": 12.0},
        "grade": "measured",
        "periods": 13,
    }
    return kpi_sets.record_baseline(kpi=kpi, by=MARA, at=now, **given | fields)


def test_a_baseline_is_signed_once_by_a_row_of_its_own(own, now):
    row = baseline(own(), now, grade="estimated")
    later = now + dt.timedelta(minutes=1)

    signed = kpi_changes.sign_baseline(baseline=row, by=MARA, at=later)

    assert (signed.pk != row.pk, signed.signed_by, signed.parts, signed.grade) == (
        True,
        MARA,
        row.parts,
        "estimated",
    )
    assert kpi_changes.sign_baseline(baseline=signed, by="ines", at=later).pk == signed.pk
    assert Baseline.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends_on": dt.date(2026, 5, 1)}, "ends_on"),
        ({"periods": 8, "period_values": [50.0, 49.0]}, "values"),
        ({"parts": {"num": 3}}, ""),
    ],
)
def test_a_baseline_that_contradicts_itself_is_refused(own, now, fields, field):
    with pytest.raises(kpi_sets.CannotChange) as refused:
        baseline(own(), now, **fields)

    assert (refused.value.field, Baseline.objects.count()) == (field, 0)


def test_a_new_model_leaves_the_set_to_be_confirmed_and_caps_a_green_verdict(
    add, deployment, now, run_verdicts
):
    add("error_rate")
    first = run_verdicts()
    deployments.change(
        deployment=deployment, on=DAY, model_version="9", by=MARA, at=now + dt.timedelta(hours=1)
    )

    second = run_verdicts()

    assert "I10_STALE_KPI_SET" not in first.record["findings"]
    assert "I10_STALE_KPI_SET" in second.record["findings"]


@pytest.fixture
def run_verdicts(deployment, now):
    """Do the work that waits as the worker would, and give the newest verdict."""

    def run():
        assert ("verdict", str(deployment.pk)) in woken()
        Job.objects.all().delete()
        return verdicts.judge_deployment(
            deployment=deployment, as_of=DAY, by="rules", at=now + dt.timedelta(hours=2)
        )

    return run


def test_a_phase_opens_once_its_kpis_are_in_the_set_and_no_figure_is_needed(add, deployment, now):
    add(
        "cost_per_query",
        "eval_benchmark_score",
        "hallucination_rate",
        "latency_p50",
        "latency_p95",
        "ai_feature_adoption_rate",
        "task_completion_rate",
    )
    with pytest.raises(ValidationError, match="Beta asks for Regeneration rate in the KPI set"):
        deployments.change(deployment=deployment, on=DAY, phase="beta", by=MARA, at=now)

    (last,) = add("regeneration_rate")
    changed = deployments.change(deployment=deployment, on=DAY, phase="beta", by=MARA, at=now)
    assert changed.phase == "beta"

    kpi_changes.retire(kpi=last, on=DAY, reason="r", by=MARA, at=now)
    with pytest.raises(ValidationError, match="General availability asks for"):
        deployments.change(
            deployment=deployment, on=DAY, phase="general_availability", by=MARA, at=now
        )


def test_a_kpi_of_the_catalogue_named_alone_is_added_as_well(here, deployment, now):
    entry = CatalogueEntry.objects.get(pk="output_correctness")
    kpi = kpi_sets.add_from_catalogue(deployment=deployment, entry=entry, by=MARA, at=now)
    assert (kpi.slug, kpi.is_primary, kpi.retired_on) == ("output_correctness", False, None)
