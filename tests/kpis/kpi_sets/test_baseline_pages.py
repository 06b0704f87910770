"""Baseline and interview: locale, grade, estimates, resumed, refused beside the field."""

import datetime as dt

import pytest

from deployments.actions import deployments
from kpis.models import (
    Baseline,
    BaselineInterview,
)
from portal.tenancy.scope import acting_in
from tests.factories.people import MARA
from tests.kpis.kpi_sets.pages import HERE, text_of

BASE = {
    "value": "41,5",
    "n": "120",
    "sd": "12",
    "starts_on": "2026-06-01",
    "ends_on": "2026-08-31",
    "periods": "13",
    "source": "Time sheets",
    "grade": "measured",
}
MINUTES = f"{HERE}task_time/baseline/"


def test_a_baseline_is_recorded_and_signed(lexora, deployment, add, mara):
    add("task_time")

    page = mara.post(MINUTES, BASE | {"signed": "on"})

    assert page["Location"] == f"{HERE}task_time/"
    with acting_in(lexora):
        row = Baseline.objects.get()
    assert (row.parts, row.grade, row.periods, row.source, row.signed_by) == (
        {"n": 120, "mean": 41.5, "sd": 12.0},
        "measured",
        13,
        "Time sheets",
        MARA,
    )


def test_decimals_are_read_in_the_locale(lexora, deployment, add, mara):
    add("task_time")
    lexora.locale = "de"
    lexora.save()

    mara.post(MINUTES, BASE | {"value": "1.250", "sd": "1,5", "values": "1,5; 2,25", "periods": 2})

    with acting_in(lexora):
        row = Baseline.objects.get()
    assert (row.parts["mean"], row.parts["sd"], row.period_values) == (1250.0, 1.5, [1.5, 2.25])


def test_what_nobody_counted_is_kept_as_an_estimate(lexora, deployment, add, mara):
    add("error_rate")
    said = {name: BASE[name] for name in ("starts_on", "ends_on", "periods", "source")}
    address = f"{HERE}error_rate/baseline/?interview"

    page = mara.post(address, said | {"about": "8,5", "grade": "measured"})
    assert page.context["form"].errors == {
        "grade": ["What was not counted is estimated or assumed."]
    }

    page = mara.post(address, said | {"about": "8,5", "grade": "estimated"})
    assert page["Location"] == f"{HERE}interview/"
    with acting_in(lexora):
        row = Baseline.objects.get()
    assert (row.parts, row.grade) == ({"value": 0.085}, "estimated")


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"value": "", "n": "", "sd": ""}, {"value": ["Enter the figure from before AI."]}),
        ({"value": "fast"}, {"value": ["“fast” is not a number."]}),
        ({"n": ""}, {"n": ["Of how many cases? A spread alone says little."]}),
        ({"starts_on": "soon"}, {"starts_on": ["Enter a date such as 2026-08-14."]}),
        ({"ends_on": "2026-05-01"}, {"ends_on": ["The baseline ends before it begins."]}),
        ({"periods": "0"}, {"periods": ["Enter 1 or more."]}),
        ({"values": "50; 49"}, {"values": ["2 values are listed, but 13 periods."]}),
        (
            {"values": "50 then 49"},
            {
                "values": [
                    "“50 then 49” is not a number. Separate the numbers by semicolons: 50; 49; 47."
                ]
            },
        ),
        ({"source": ""}, {"source": ["Say where the figure comes from."]}),
        ({"grade": "hoped"}, {"grade": ["Choose one from the list."]}),
    ],
)
def test_a_baseline_is_refused_beside_its_field_and_nothing_is_lost(
    lexora, deployment, add, mara, given, errors
):
    add("task_time")

    page = mara.post(MINUTES, BASE | {"source": "Typed source"} | given)

    assert (page.status_code, page.context["form"].errors) == (422, errors)
    if "source" not in given:
        assert 'value="Typed source"' in page.content.decode()
    with acting_in(lexora):
        assert Baseline.objects.count() == 0


def test_before_ai_ends_when_people_began_to_work_with_it(lexora, deployment, add, mara, now):
    add("task_time")
    with acting_in(lexora):
        deployments.change(
            deployment=deployment,
            on=dt.date(2026, 8, 1),
            started_on=dt.date(2026, 8, 1),
            by=MARA,
            at=now,
        )

    page = mara.post(MINUTES, BASE)
    assert page.context["form"].errors == {
        "ends_on": [
            "People have worked with it since 1 August 2026. End before that day, or say below "
            "that these worked without it."
        ]
    }

    assert mara.post(MINUTES, BASE | {"without_ai": "on"}).status_code == 302
    with acting_in(lexora):
        assert Baseline.objects.get().source == "Time sheets (without AI, at the same time)"


def test_the_interview_is_kept_and_goes_on(lexora, deployment, add, mara):
    add("error_rate")
    page = f"{HERE}interview/"
    said = {"held_on": "2026-11-20", "held_with": "two lawyers", "answer-0": "An hour"}

    assert mara.post(page, said)["Location"] == page
    shown = mara.get(page)
    assert "1 of 5 questions answered, 0 of 8 measures known from before AI" in text_of(shown)
    assert "An hour</textarea>" in shown.content.decode()
    assert "error_rate/baseline/?interview" in shown.content.decode()
    assert "Add the 7 that are not in the set" in text_of(shown)

    mara.post(page, said | {"answer-4": "The reading"})
    assert "2 of 5 questions answered" in text_of(mara.get(page))
    with acting_in(lexora):
        assert BaselineInterview.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"held_with": ""}, {"held_with": ["Say with whom you talked."]}),
        ({"held_on": "2999-01-01"}, {"held_on": ["This day has not come yet."]}),
        ({"answer-1": ""}, {"answer-0": ["Write down at least one answer."]}),
    ],
)
def test_an_interview_is_refused_beside_its_field(lexora, deployment, mara, given, errors):
    said = {"held_on": "2026-11-20", "held_with": "two lawyers", "answer-1": "Typed answer"}

    page = mara.post(f"{HERE}interview/", said | given)

    assert (page.status_code, page.context["form"].errors) == (422, errors)
    if "answer-1" not in given:
        assert "Typed answer</textarea>" in page.content.decode()
