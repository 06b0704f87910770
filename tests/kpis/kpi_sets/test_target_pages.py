"""Targets and accepted deviations: per cent, ranges, notices, refused beside the field."""

import datetime as dt
from decimal import Decimal

import pytest

from kpis.actions import kpi_sets
from kpis.models import (
    Deviation,
    KpiTarget,
)
from portal.tenancy.scope import acting_in
from tests.factories.people import MARA
from tests.kpis.kpi_sets.pages import HERE, text_of


def test_a_target_is_typed_in_per_cent_and_kept_as_a_share(lexora, deployment, add, mara):
    add("error_rate")

    page = mara.post(
        f"{HERE}error_rate/target/",
        {
            "valid_from": "2026-11-01",
            "requirement": "15",
            "target": "10 %",
            "ceiling": "5",
            "warning": "12,5",
            "critical": "20",
            "mwb": "2",
            "margin": "1",
            "condition": "chat",
        },
    )

    assert page["Location"] == f"{HERE}error_rate/"
    with acting_in(lexora):
        row = KpiTarget.objects.get()
    found = [getattr(row, name) for name in kpi_sets.NUMBERS]
    assert found == [
        Decimal(one) if one else None
        for one in (".15", ".1", ".05", ".125", ".2", None, ".02", ".01")
    ]
    assert row.condition == "chat"


def test_a_requirement_met_before_ai_is_said(lexora, deployment, add, mara, now):
    (kpi,) = add("error_rate")
    with acting_in(lexora):
        kpi_sets.record_baseline(
            kpi=kpi,
            starts_on=dt.date(2026, 6, 1),
            ends_on=dt.date(2026, 8, 31),
            parts={"num": 8, "den": 100},
            grade="sampled",
            source="s",
            by=MARA,
            at=now,
        )

    page = mara.post(
        f"{HERE}error_rate/target/", {"valid_from": "2026-11-01", "requirement": "15"}, follow=True
    )

    assert "The requirement was met before AI; meeting it proves no benefit." in text_of(page)


def test_a_usual_range_fills_the_form_with_one_press_and_saves_nothing(
    lexora, deployment, add, mara
):
    add("hallucination_rate")
    address = f"{HERE}hallucination_rate/target/"
    assert 'href="?range=general#form"' in mara.get(address).content.decode()

    page = mara.get(f"{address}?range=regulated_domain")

    form = page.context["form"]
    shown = {name: form[name].value() for name in ("requirement", "warning", "critical")}
    assert shown == {"requirement": "1", "warning": "1", "critical": "3"}
    assert form["condition"].value() == "regulated_domain"
    with acting_in(lexora):
        assert KpiTarget.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"valid_from": ""}, {"valid_from": ["Enter a date."]}),
        (
            {"target": "4", "ceiling": "5"},
            {"target": ["The target lies beyond what is possible at best."]},
        ),
        (
            {"requirement": "15", "target": "20"},
            {"target": ["The target asks for less than what is required."]},
        ),
        (
            {"warning": "20", "critical": "15", "mwb": "0"},
            {
                "critical": ["Critical must be worse than warning, here higher."],
                "mwb": ["The smallest benefit worth having must be above zero."],
            },
        ),
        ({"warning": "lots"}, {"warning": ["“lots” is not a number."]}),
        ({"warning": "150"}, {"warning": ["A share lies between 0% and 100%."]}),
        ({"warning": "0.00001"}, {"warning": ["That is finer than can be kept; round it."]}),
        ({"condition": "moonlight"}, {"condition": ["Choose one from the list."]}),
    ],
)
def test_a_target_is_refused_beside_its_field(lexora, deployment, add, mara, given, errors):
    add("error_rate")
    said = {"valid_from": "2026-11-01", "reason": "Typed reason"}

    page = mara.post(f"{HERE}error_rate/target/", said | given)

    assert (page.status_code, page.context["form"].errors) == (422, errors)
    text = page.content.decode()
    assert "Typed reason" in text
    assert [one for one in given.values() if one and f'value="{one}"' not in text] in (
        [],
        ["moonlight"],
    )
    with acting_in(lexora):
        assert KpiTarget.objects.count() == 0


def test_a_target_changed_for_days_that_have_passed_says_why(lexora, deployment, add, mara):
    add("error_rate")
    address = f"{HERE}error_rate/target/"
    mara.post(address, {"valid_from": "2020-01-01", "target": "10"})

    page = mara.post(address, {"valid_from": "2020-02-01", "target": "8"})
    assert page.context["form"].errors == {
        "reason": ["Say why it holds from a day that has passed."]
    }

    said = {"valid_from": "2020-02-01", "target": "8", "reason": "It was agreed then."}
    assert mara.post(address, said).status_code == 302


def test_what_is_never_judged_has_no_target(lexora, deployment, add, mara):
    add("engagement_depth")

    text = text_of(mara.get(f"{HERE}engagement_depth/target/"))

    assert "Engagement depth is shown, never judged" in text
    assert "Save the target" not in text


def test_use_has_an_expected_minimum(lexora, deployment, add, mara):
    add("ai_feature_adoption_rate")

    mara.post(
        f"{HERE}ai_feature_adoption_rate/target/",
        {"valid_from": "2026-11-01", "expected_min": "30"},
    )

    with acting_in(lexora):
        assert KpiTarget.objects.get().expected_min == Decimal("0.3")


@pytest.fixture
def breached(lexora, add, now):
    """Errors with a warning at 5% and critical at 10%."""
    (kpi,) = add("error_rate")
    with acting_in(lexora):
        kpi_sets.set_target(
            kpi=kpi, valid_from=dt.date(2026, 1, 1), warning=".05", critical=".1", by=MARA, at=now
        )
    return kpi


ACCEPTED = {
    "limit": "8",
    "reason": "Year end.",
    "approver": "Ines Duarte",
    "starts_on": "2026-11-20",
    "ends_on": "2999-12-31",
}


def test_a_deviation_is_accepted_and_ended(lexora, deployment, breached, mara):
    page = mara.post(f"{HERE}error_rate/deviation/", ACCEPTED)

    assert page["Location"] == f"{HERE}error_rate/"
    with acting_in(lexora):
        row = Deviation.objects.get()
    assert (row.limit, row.approver) == (Decimal("0.08"), "Ines Duarte")

    mara.post(f"{HERE}error_rate/deviation/end/", {"recorded_at": row.recorded_at.isoformat()})
    with acting_in(lexora):
        assert Deviation.objects.get().ended_early_on is not None


@pytest.mark.parametrize("at", ["", "yesterday", "2026-13-45T99:99", "2026-11-24T10:00:00"])
def test_a_moment_that_is_none_is_no_deviation(deployment, breached, mara, at):
    page = mara.post(f"{HERE}error_rate/deviation/end/", {"recorded_at": at})
    assert page.status_code == 404


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"limit": ""}, {"limit": ["Enter a number."]}),
        (
            {"limit": "4"},
            {"limit": ["This lies within the limits already; nothing would be accepted."]},
        ),
        ({"reason": ""}, {"reason": ["Say why it is accepted."]}),
        ({"approver": ""}, {"approver": ["Name the person who answers for it."]}),
        (
            {"ends_on": "2020-01-01"},
            {"ends_on": ["This day has passed; nothing would be accepted."]},
        ),
        (
            {"starts_on": "2999-12-31", "ends_on": "2999-12-30"},
            {"ends_on": ["The deviation ends before it begins."]},
        ),
    ],
)
def test_a_deviation_is_refused_beside_its_field(lexora, deployment, breached, mara, given, errors):
    page = mara.post(f"{HERE}error_rate/deviation/", ACCEPTED | given)

    assert (page.status_code, page.context["form"].errors) == (422, errors)
    with acting_in(lexora):
        assert Deviation.objects.count() == 0
