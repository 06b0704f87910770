"""Interviews and accepted deviations: what is kept, until when it holds, what is refused."""

import datetime as dt
from decimal import Decimal

import pytest

from kpis.actions import (
    deviations,
    interviews,
    kpi_sets,
)
from kpis.domain.entering.deviations import holds
from kpis.models import (
    BaselineInterview,
    Deviation,
)
from tests.factories.people import MARA
from tests.kpis.kpi_sets.acts import DAY, newest_event, target


def hold(deployment, now, *answers, **fields):
    said = [*answers, *[""] * (5 - len(answers))]
    given = {"held_on": DAY, "held_with": "two lawyers"} | fields
    return interviews.hold(deployment=deployment, answers=said, by=MARA, at=now, **given)


def test_an_interview_goes_on_where_it_stopped(here, deployment, now):
    hold(deployment, now, "An hour")
    hold(deployment, now + dt.timedelta(hours=1), "An hour", "In the annexes")
    hold(deployment, now + dt.timedelta(hours=2), "An hour", " In the annexes ")

    rows = BaselineInterview.objects.order_by("id")
    assert [[one["answer"] for one in row.answers][:2] for row in rows] == [
        ["An hour", ""],
        ["An hour", "In the annexes"],
    ]
    assert interviews.newest(deployment).pk == rows.last().pk


@pytest.mark.parametrize(
    ("answers", "fields", "field"),
    [([], {}, "answer-0"), (["An hour"], {"held_with": " "}, "held_with")],
)
def test_an_interview_without_anybody_or_anything_is_none(
    here, deployment, now, answers, fields, field
):
    with pytest.raises(kpi_sets.CannotChange) as refused:
        hold(deployment, now, *answers, **fields)

    assert (refused.value.field, BaselineInterview.objects.count()) == (field, 0)


def accept(kpi, now, **fields):
    given = {
        "limit": Decimal(25),
        "reason": "Year end.",
        "approver": "Ines Duarte",
        "starts_on": DAY,
        "ends_on": dt.date(2026, 12, 31),
    }
    return deviations.accept(kpi=kpi, by=MARA, at=now, **given | fields)


@pytest.fixture
def limited(own, now):
    """A KPI with a warning at 20 minutes and critical at 30."""
    kpi = own()
    target(kpi, now, target="15", warning="20", critical="30")
    return kpi


def test_a_deviation_holds_through_its_last_day_and_not_one_more(limited, now):
    row = accept(limited, now)

    days = [dt.date(2026, 11, 23), DAY, dt.date(2026, 12, 31), dt.date(2027, 1, 1)]
    found = [holds(row.starts_on, row.ends_on, row.ended_early_on, day) for day in days]
    assert found == [False, True, True, False]
    assert newest_event() == (
        "accepted a deviation of",
        "minutes",
        {},
        {"up to": "25", "from": "2026-11-24", "through": "2026-12-31", "approver": "Ines Duarte"},
        "Year end.",
    )


def test_a_deviation_ends_early_from_that_day_on_and_only_once(limited, now):
    row = accept(limited, now)

    ended = deviations.end(deviation=row, on=dt.date(2026, 12, 1), by=MARA, at=now)
    deviations.end(deviation=row, on=dt.date(2026, 12, 20), by=MARA, at=now)

    days = [dt.date(2026, 11, 30), dt.date(2026, 12, 1)]
    assert [holds(ended.starts_on, ended.ends_on, ended.ended_early_on, day) for day in days] == [
        True,
        False,
    ]
    assert Deviation.objects.get().ended_early_on == dt.date(2026, 12, 1)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"approver": ""}, "approver"),
        ({"ends_on": dt.date(2026, 11, 23)}, "ends_on"),
        ({"limit": Decimal(20)}, "limit"),
        ({"limit": Decimal(18)}, "limit"),
        ({"starts_on": dt.date(2026, 11, 1)}, ""),
    ],
)
def test_a_deviation_says_from_what_why_and_by_whom(limited, now, fields, field):
    with pytest.raises(kpi_sets.CannotChange) as refused:
        accept(limited, now, **fields)

    assert (refused.value.field, Deviation.objects.count()) == (field, 0)


def test_what_is_never_judged_cannot_deviate(own, now):
    with pytest.raises(kpi_sets.CannotChange, match="Only a KPI with a direction"):
        accept(own(direction="context"), now)
