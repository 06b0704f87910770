"""Rollups: folded from parts, in any order, with nothing lost between two connections."""

import datetime as dt
import threading
import time
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kpis import tasks
from kpis.actions import rollups
from kpis.actions.measurements import Fact
from kpis.models import DirtyCell, GrainCode, Rollup
from portal.actions import jobs, organizations
from portal.domain.calendar import Grain
from portal.models import Job
from portal.tenancy.scope import acting_in
from tests.factories.figures import MONDAY, WEEK, drain, make_kpi, record, share

DAY = dt.timedelta(days=1)


@pytest.fixture
def kpi(lexora, now):
    return make_kpi(lexora, now)


def folded(organization, unit_key=0):
    """(grain, first day) -> numerator, denominator, number of facts."""
    with acting_in(organization):
        rows = Rollup.objects.filter(unit_key=unit_key).order_by("grain", "day")
        return {
            (GrainCode(row.grain).label.lower(), row.day): (row.num, row.den, row.facts)
            for row in rows
        }


def the_rollup(organization, grain, **filters):
    with acting_in(organization):
        return Rollup.objects.get(grain=grain, unit_key=0, **filters)


def test_days_count_in_their_week_month_quarter_and_year(lexora, kpi, now):
    days = [dt.date(2026, 10, 31), dt.date(2026, 11, 1), dt.date(2026, 11, 2)]
    record(lexora, now, *[share(kpi, 1, 10, day=day, grain=Grain.DAY) for day in days])

    assert drain(lexora) == [3, 0]

    assert folded(lexora) == {
        ("week", dt.date(2026, 10, 26)): (2, 20, 2),
        ("week", dt.date(2026, 11, 2)): (1, 10, 1),
        ("month", dt.date(2026, 10, 1)): (1, 10, 1),
        ("month", dt.date(2026, 11, 1)): (2, 20, 2),
        ("quarter", dt.date(2026, 10, 1)): (3, 30, 3),
        ("year", dt.date(2026, 1, 1)): (3, 30, 3),
    }


def test_a_week_counts_whole_in_the_periods_of_its_thursday(lexora, kpi, now):
    record(lexora, now, share(kpi, 3, 10, day=dt.date(2025, 12, 29)))
    drain(lexora)
    assert folded(lexora) == {
        ("week", dt.date(2025, 12, 29)): (3, 10, 1),
        ("month", dt.date(2026, 1, 1)): (3, 10, 1),
        ("quarter", dt.date(2026, 1, 1)): (3, 10, 1),
        ("year", dt.date(2026, 1, 1)): (3, 10, 1),
    }


@pytest.mark.parametrize(
    ("fiscal_start", "quarter", "year"),
    [
        (1, dt.date(2026, 10, 1), dt.date(2026, 1, 1)),
        (4, dt.date(2026, 10, 1), dt.date(2026, 4, 1)),
        (12, dt.date(2026, 9, 1), dt.date(2025, 12, 1)),
    ],
)
def test_quarter_and_year_follow_the_fiscal_year(lexora, kpi, now, fiscal_start, quarter, year):
    lexora.fiscal_year_start = fiscal_start
    lexora.save()
    record(lexora, now, share(kpi, 3, 10))

    drain(lexora)

    assert folded(lexora) == {
        ("week", MONDAY): (3, 10, 1),
        ("month", dt.date(2026, 11, 1)): (3, 10, 1),
        ("quarter", quarter): (3, 10, 1),
        ("year", year): (3, 10, 1),
    }


def test_months_are_not_split_into_weeks(lexora, kpi, now):
    record(lexora, now, share(kpi, 3, 10, day=dt.date(2026, 11, 1), grain=Grain.MONTH))
    drain(lexora)
    assert [grain for grain, _ in folded(lexora)] == ["month", "quarter", "year"]


def test_a_share_of_two_weeks_is_never_the_average_of_two_averages(lexora, kpi, now):
    record(lexora, now, share(kpi, 5, 10), share(kpi, 90, 900, day=MONDAY + WEEK))
    drain(lexora)
    row = the_rollup(lexora, GrainCode.MONTH)
    assert (row.num, row.den, row.value) == (95, 910, Decimal("0.1043956044"))


def test_foreign_figures_stand_beside_each_other_and_are_not_combined(lexora, now):
    kpi = make_kpi(lexora, now, "Cost", kind="opaque", unit="currency")
    facts = [
        Fact(kpi.pk, Grain.WEEK, day, "opaque", {"value": value})
        for day, value in ((MONDAY, "310"), (MONDAY + WEEK, "288.5"))
    ]
    record(lexora, now, *facts)

    drain(lexora)

    month = the_rollup(lexora, GrainCode.MONTH)
    assert (month.value, month.cannot_combine, month.facts) == (None, True, 2)
    assert month.more == {"kind": "opaque", "values": ["288.5", "310"]}
    assert the_rollup(lexora, GrainCode.WEEK, day=MONDAY).value == 310


def test_parts_and_foreign_figures_cannot_be_combined_either(lexora, kpi, now):
    foreign = Fact(kpi.pk, Grain.WEEK, MONDAY + WEEK, "opaque", {"value": "0.28"})
    record(lexora, now, share(kpi, 5, 10), foreign)
    drain(lexora)
    month = the_rollup(lexora, GrainCode.MONTH)
    assert (month.num, month.den, month.value, month.cannot_combine) == (None, None, None, True)


def test_a_share_of_people_holds_for_its_own_period_only(lexora, now):
    kpi = make_kpi(lexora, now, "Users", kind="distinct")
    record(lexora, now, share(kpi, 6, 10), share(kpi, 8, 10, day=MONDAY + WEEK))
    drain(lexora)
    week, month = (
        the_rollup(lexora, GrainCode.WEEK, day=MONDAY),
        the_rollup(lexora, GrainCode.MONTH),
    )
    assert (week.value, week.cannot_combine) == (Decimal("0.6"), False)
    assert (month.value, month.cannot_combine) == (None, True)


def test_the_weakest_grade_travels_with_the_sum(lexora, kpi, now):
    grades = ["measured", "estimated", "sampled"]
    facts = [share(kpi, 1, 2, day=MONDAY + n * WEEK, grade=g) for n, g in enumerate(grades)]
    record(lexora, now, *facts)
    drain(lexora)
    assert the_rollup(lexora, GrainCode.MONTH).grade == "estimated"


def test_an_explicit_zero_has_a_rollup_and_a_silent_week_has_none(lexora, kpi, now):
    record(lexora, now, share(kpi, 0, 20))
    drain(lexora)
    weeks = {key: found for key, found in folded(lexora).items() if key[0] == "week"}
    assert weeks == {("week", MONDAY): (0, 20, 1)}
    assert the_rollup(lexora, GrainCode.WEEK).value == 0


def test_nothing_out_of_nothing_has_no_value(lexora, kpi, now):
    record(lexora, now, share(kpi, 0, 0))
    drain(lexora)
    assert the_rollup(lexora, GrainCode.WEEK).value is None


def test_units_add_up_to_the_whole(lexora, kpi, now):
    record(lexora, now, share(kpi, 1, 10, unit_key=7), share(kpi, 5, 10, unit_key=8))
    drain(lexora)
    week = ("week", MONDAY)
    assert [folded(lexora, unit)[week] for unit in (0, 7, 8)] == [
        (6, 20, 2),
        (1, 10, 1),
        (5, 10, 1),
    ]


def test_withdrawn_figures_leave_the_sums(lexora, kpi, now):
    record(lexora, now, share(kpi, 5, 10), share(kpi, 90, 900, day=MONDAY + WEEK))
    drain(lexora)

    record(lexora, now, share(kpi, 5, 10, withdrawn=True), reason="Another team's figure.")
    drain(lexora)

    quarter, year = ("quarter", dt.date(2026, 10, 1)), ("year", dt.date(2026, 1, 1))
    assert folded(lexora) == {
        ("week", MONDAY + WEEK): (90, 900, 1),
        ("month", dt.date(2026, 11, 1)): (90, 900, 1),
        quarter: (90, 900, 1),
        year: (90, 900, 1),
    }


def test_a_drain_takes_no_more_than_its_batch_and_never_looks_at_others(lexora, harbor, kpi, now):
    theirs = make_kpi(harbor, now, "Rolls sold")
    record(harbor, now, share(theirs, 1, 2))
    record(lexora, now, *[share(kpi, 1, 2, day=MONDAY + n * WEEK) for n in range(3)])

    assert drain(lexora, limit=2) == [2, 1, 0]

    with acting_in(harbor):
        assert (DirtyCell.objects.count(), Rollup.objects.count()) == (1, 0)


# A week of 2026 as (number, numerator, slack of the denominator, withdrawn), or how many to drain.
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from([0, 1, 8, 9, 39]), st.integers(0, 5), st.integers(0, 5), st.booleans()
        ),
        st.integers(1, 3),
    ),
    max_size=12,
)


def expected(known):
    """What the newest revisions add up to, worked out from the calendar of 2026 alone."""
    sums = {}
    for monday, (num, den) in known.items():
        thursday = monday + 3 * DAY
        for home in (
            ("week", monday),
            ("month", thursday.replace(day=1)),
            ("quarter", thursday.replace(month=(thursday.month - 1) // 3 * 3 + 1, day=1)),
            ("year", thursday.replace(month=1, day=1)),
        ):
            was = sums.get(home, (0, 0, 0))
            sums[home] = (was[0] + num, was[1] + den, was[2] + 1)
    return sums


@hypothesis_settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_any_order_of_figures_corrections_and_drains_gives_the_same_rows(lexora, kpi, now, steps):
    known = {}
    with transaction.atomic():
        for step in steps:
            if isinstance(step, int):
                with acting_in(lexora):
                    rollups.drain(limit=step)
                continue
            number, num, slack, withdrawn = step
            day = dt.date(2025, 12, 29) + number * WEEK
            fact = share(kpi, num, num + slack, day=day, withdrawn=withdrawn)
            record(lexora, now, fact, reason="Counted again.")
            known.pop(day, None) if withdrawn else known.update({day: (num, num + slack)})
        drain(lexora)
        assert folded(lexora) == expected(known)
        transaction.set_rollback(True)


def waiting(seconds=10):
    """Whether another connection comes to wait for a lock of this one."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return True
        time.sleep(0.02)
    return False


def beside(work):
    """Run work on a connection of its own; its errors come out of `join`."""
    errors = []

    def run():
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()

    def join():
        thread.join(20)
        assert (thread.is_alive(), errors) == (False, [])

    return join


@pytest.mark.django_db(transaction=True)
def test_a_correction_while_its_cell_is_drained_is_not_lost(lexora, kpi, now):
    record(lexora, now, share(kpi, 5, 10))
    with acting_in(lexora):
        rollups.drain()
        join = beside(lambda: record(lexora, now, share(kpi, 6, 10), reason="Counted again."))
        assert waiting()
    join()
    stale = the_rollup(lexora, GrainCode.WEEK).num

    assert (stale, drain(lexora), the_rollup(lexora, GrainCode.WEEK).num) == (5, [1, 0], 6)


@pytest.mark.django_db(transaction=True)
def test_a_drain_leaves_alone_what_is_being_corrected_at_that_moment(lexora, kpi, now):
    record(lexora, now, share(kpi, 5, 10))
    taken = []
    with acting_in(lexora):
        record(lexora, now, share(kpi, 6, 10), reason="Counted again.")
        beside(lambda: taken.extend(drain(lexora)))()

    assert (taken, drain(lexora), the_rollup(lexora, GrainCode.WEEK).num) == ([0], [1, 0], 6)


@pytest.mark.django_db(transaction=True)
def test_two_drains_of_one_period_come_one_after_the_other(lexora, kpi, now):
    record(lexora, now, share(kpi, 5, 10), share(kpi, 90, 900, day=MONDAY + WEEK))
    with acting_in(lexora):
        rollups.drain(limit=1)
        join = beside(lambda: drain(lexora, limit=1))
        assert waiting()
    join()
    month = ("month", dt.date(2026, 11, 1))
    assert folded(lexora)[month] == (95, 910, 2)


@pytest.mark.django_db(transaction=True)
def test_a_drain_that_breaks_off_leaves_every_mark(lexora, kpi, now):
    record(lexora, now, share(kpi, 5, 10))

    with pytest.raises(ZeroDivisionError), acting_in(lexora):
        rollups.drain()
        raise ZeroDivisionError

    assert (folded(lexora), drain(lexora)) == ({}, [1, 0])


def test_another_fiscal_year_folds_quarters_and_years_anew(lexora, kpi, now):
    days = [dt.date(2026, 1, 31), dt.date(2026, 2, 1), dt.date(2026, 11, 2)]
    record(lexora, now, *[share(kpi, 1, 10, day=day, grain=Grain.DAY) for day in days])
    drain(lexora)
    told = {name: getattr(lexora, name) for name in ("name", "time_zone", "currency", "profile")}

    organizations.change(organization=lexora, fiscal_year_start=2, by="ada", at=now, **told)
    with acting_in(lexora):
        waiting = Job.objects.get(kind="rebuild", state="queued")
    tasks.rebuild(jobs.claim(job_id=waiting.pk, at=now))

    long = {key: row for key, row in folded(lexora).items() if key[0] in {"quarter", "year"}}
    assert long == {
        ("quarter", dt.date(2025, 11, 1)): (1, 10, 1),
        ("quarter", dt.date(2026, 2, 1)): (1, 10, 1),
        ("quarter", dt.date(2026, 11, 1)): (1, 10, 1),
        ("year", dt.date(2025, 2, 1)): (1, 10, 1),
        ("year", dt.date(2026, 2, 1)): (2, 20, 2),
    }
    with acting_in(lexora):
        assert Job.objects.get(pk=waiting.pk).state == "done"


def test_other_settings_fold_nothing_anew(lexora, kpi, now):
    told = {name: getattr(lexora, name) for name in ("time_zone", "profile", "fiscal_year_start")}

    organizations.change(organization=lexora, name="L", currency="EUR", by="ada", at=now, **told)

    with acting_in(lexora):
        assert not Job.objects.filter(kind="rebuild").exists()
