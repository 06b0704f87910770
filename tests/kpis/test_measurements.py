"""Recording of figures: once, with a trace, whole or not at all."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import ProgrammingError, transaction

from kpis.actions import measurements
from kpis.actions.measurements import CannotRecord, Fact, Outcome, staging
from kpis.models import DirtyCell, Grade, GrainCode, Kpi, Measurement
from portal.domain.calendar import Grain
from portal.models import AuditEvent, Job
from portal.tenancy.scope import acting_in
from tests.factories.figures import MONDAY, WEEK, make_kpi, on_record, record, share
from tests.factories.people import MARA


def refusal(organization, at, *facts, reason=""):
    """The sentence of the refusal, after which nothing is changed."""
    before = on_record(organization)
    with pytest.raises(CannotRecord) as refused:
        record(organization, at, *facts, reason=reason)
    assert on_record(organization) == before
    return str(refused.value)


@pytest.fixture(params=[1, staging.COPIED_FROM], ids=["copied", "few"], autouse=True)
def _both_ways(request, monkeypatch):
    """Whether few figures or many come at once, the rules are the same."""
    monkeypatch.setattr(staging, "COPIED_FROM", request.param)


@pytest.fixture
def kpi(lexora, now):
    return make_kpi(lexora, now)


def test_a_figure_is_kept_with_where_it_came_from(lexora, kpi, now):
    outcome = record(lexora, now, share(kpi, 18, 20, note="week of the fair"))

    with acting_in(lexora):
        row = Measurement.objects.get()
    assert outcome == Outcome(written=1, cells=[(kpi.pk, 0, GrainCode.WEEK, MONDAY)])
    assert (row.num, row.den, row.grade, row.source) == (18, 20, Grade.MEASURED, "the archive")
    assert (row.note, row.recorded_by, row.recorded_at) == ("week of the fair", MARA, now)


def test_the_same_figures_twice_add_nothing(lexora, kpi, now):
    facts = [share(kpi, 18, 20), share(kpi, 17, 20, day=MONDAY + WEEK)]
    record(lexora, now, *facts)
    before = on_record(lexora)
    with acting_in(lexora):
        DirtyCell.objects.all().delete()
        events = AuditEvent.objects.count()

    outcome = record(lexora, now, *facts, source="the same again")

    assert (outcome, on_record(lexora)) == (Outcome(unchanged=2), before)
    with acting_in(lexora):
        assert (DirtyCell.objects.count(), AuditEvent.objects.count()) == (0, events)


def test_a_correction_needs_a_reason(lexora, kpi, now):
    record(lexora, now, share(kpi, 18, 20))
    sentence = refusal(lexora, now, share(kpi, 17, 20), reason="  ")
    assert sentence == (
        "The figure for 02 November 2026 differs from the one on record. Say why it is corrected."
    )


def test_a_correction_is_a_revision_and_the_old_figure_stays_readable(lexora, kpi, now):
    record(lexora, now, share(kpi, 18, 20))

    outcome = record(lexora, now, share(kpi, 17, 20), reason="One clause was counted twice.")

    assert (outcome.written, outcome.revised) == (0, 1)
    assert on_record(lexora) == [(MONDAY, 1, 18, 20), (MONDAY, 2, 17, 20)]
    with acting_in(lexora):
        assert list(Measurement.objects.order_by("revision").values_list("reason", flat=True)) == [
            "",
            "One clause was counted twice.",
        ]


def test_a_day_within_the_week_names_the_week(lexora, kpi, now):
    record(lexora, now, share(kpi, 18, 20))
    outcome = record(lexora, now, share(kpi, 18, 20, day=MONDAY + dt.timedelta(days=3)))
    assert outcome == Outcome(unchanged=1)


def test_a_kpi_of_another_organization_is_unknown(lexora, harbor, kpi, now):
    theirs = make_kpi(harbor, now, "Rolls sold")

    sentence = refusal(lexora, now, share(kpi, 1, 2), share(theirs, 1, 2))

    assert sentence == "One of the KPIs is not in this organization's sets."
    assert on_record(harbor) == []


def test_a_numerator_above_the_denominator_is_refused_with_all_that_came_with_it(lexora, kpi, now):
    good, bad = share(kpi, 18, 20), share(kpi, 21, 20, day=MONDAY + WEEK)

    sentence = refusal(lexora, now, good, bad)

    assert sentence == (
        "Clauses found, 09 November 2026: The numerator 21 is above the denominator 20."
    )
    with acting_in(lexora):
        assert DirtyCell.objects.count() == 0


@pytest.mark.parametrize(
    ("num", "den", "sentence"),
    [
        (None, 20, "The numerator is missing."),
        (-1, 20, "The numerator cannot be below zero."),
        (float("nan"), 20, "The numerator is not a finite number."),
        (1.5, 20, "The numerator must be a whole number, not 1.5."),
        ("many", 20, "The numerator “many” is not a number."),
        (True, 20, "The numerator must be a number, not True."),
    ],
)
def test_what_is_no_count_is_refused(lexora, kpi, now, num, den, sentence):
    said = refusal(lexora, now, share(kpi, num, den))
    assert said == f"Clauses found, 02 November 2026: {sentence}"


def test_parts_of_another_kind_are_refused(lexora, kpi, now):
    sentence = refusal(lexora, now, Fact(kpi.pk, Grain.WEEK, MONDAY, "mean", {"n": 1, "sum": 2}))
    assert sentence == "Clauses found is a ratio; a mean cannot be recorded for it."


def test_two_figures_for_one_period_are_refused(lexora, kpi, now):
    sentence = refusal(lexora, now, share(kpi, 1, 2), share(kpi, 2, 2), reason="Because.")
    assert sentence == "Two of these figures are for the same period. Give one of them."


def test_a_refusal_carries_the_kpi_that_it_speaks_of(lexora, kpi, now):
    other = make_kpi(lexora, now, "Clauses found late")
    record(lexora, now, share(other, 1, 2))
    month = share(other, 1, 2, day=MONDAY.replace(day=1), grain=Grain.MONTH)
    wrong_kind = Fact(other.pk, Grain.WEEK, MONDAY, "mean", {"n": 1, "sum": 2})
    refused = {
        "another kind": [wrong_kind],
        "impossible parts": [share(other, 3, 2, day=MONDAY + WEEK)],
        "another grain": [month],
        "twice": [share(other, 1, 2, day=MONDAY + WEEK)] * 2,
        "no reason": [share(other, 2, 2)],
        "unknown": [share(kpi, 1, 2), Fact(0, Grain.WEEK, MONDAY, "ratio", {"num": 1, "den": 2})],
    }
    blamed = {}
    for name, facts in refused.items():
        with pytest.raises(CannotRecord) as error:
            record(lexora, now, share(kpi, 1, 2), *facts)
        blamed[name] = error.value.kpi_id
    assert blamed == dict.fromkeys(refused, other.pk) | {"unknown": None}
    assert on_record(lexora) == [(MONDAY, 1, 1, 2)]


@pytest.mark.parametrize(
    ("standing", "grain", "day"),
    [
        (dt.date(2026, 11, 2), Grain.MONTH, dt.date(2026, 12, 1)),
        (dt.date(2026, 11, 2), Grain.DAY, dt.date(2026, 10, 1)),
        # The Thursday of this week is 1 October: it counts in the fourth quarter.
        (dt.date(2026, 9, 28), Grain.MONTH, dt.date(2026, 10, 1)),
        (dt.date(2026, 11, 2), Grain.YEAR, dt.date(2026, 1, 1)),
    ],
)
def test_two_grains_in_one_quarter_are_refused(lexora, kpi, now, standing, grain, day):
    record(lexora, now, share(kpi, 18, 20, day=standing))
    sentence = refusal(lexora, now, share(kpi, 70, 80, day=day, grain=grain))
    assert sentence.endswith("Adding both would count the same work twice.")


def test_a_week_is_refused_where_its_whole_year_is_on_record(lexora, kpi, now):
    record(lexora, now, share(kpi, 700, 800, day=dt.date(2026, 1, 1), grain=Grain.YEAR))
    assert refusal(lexora, now, share(kpi, 18, 20)) == (
        "Clauses found has figures by week and year in the quarter of 02 November 2026. "
        "Adding both would count the same work twice."
    )


@pytest.mark.parametrize(
    ("standing", "day"),
    [
        (dt.date(2026, 9, 28), dt.date(2026, 9, 1)),
        (dt.date(2026, 9, 21), dt.date(2026, 10, 1)),
    ],
)
def test_another_quarter_may_have_another_grain(lexora, kpi, now, standing, day):
    record(lexora, now, share(kpi, 18, 20, day=standing))
    outcome = record(lexora, now, share(kpi, 70, 80, day=day, grain=Grain.MONTH))
    assert outcome.written == 1


def test_withdrawn_figures_make_room_for_another_grain(lexora, kpi, now):
    record(lexora, now, share(kpi, 18, 20))
    record(lexora, now, share(kpi, 18, 20, withdrawn=True), reason="Given by month instead.")
    assert record(lexora, now, share(kpi, 70, 80, grain=Grain.MONTH)).written == 1


def test_zero_is_a_figure_and_silence_is_none(lexora, kpi, now):
    record(lexora, now, share(kpi, 0, 20))
    assert on_record(lexora) == [(MONDAY, 1, Decimal(0), Decimal(20))]


def test_recording_leaves_a_line_in_the_audit_trail(lexora, kpi, now):
    facts = [share(kpi, 18, 20), share(kpi, 19, 20, day=MONDAY + WEEK)]
    record(lexora, now, *facts, reason="First figures")

    with acting_in(lexora):
        event = AuditEvent.objects.order_by("-pk").first()
    assert (event.verb, event.subject, event.reason, event.after) == (
        "recorded figures of",
        "clauses-found",
        "First figures",
        {
            "figures": "2",
            "periods": "02 November 2026 to 09 November 2026",
            "source": "the archive",
        },
    )


def test_recording_marks_the_cell_and_queues_one_rollup(lexora, kpi, now):
    record(lexora, now, share(kpi, 18, 20))
    record(lexora, now, share(kpi, 19, 20, unit_key=7))

    with acting_in(lexora):
        cells = DirtyCell.objects.order_by("unit_key").values_list("kpi_id", "unit_key", "day")
        assert list(cells) == [(kpi.pk, 0, MONDAY), (kpi.pk, 7, MONDAY)]
        # Adding the KPI woke a verdict of its own.
        rollups = Job.objects.exclude(kind="verdict")
        assert list(rollups.values_list("kind", "key", "state")) == [("rollup", "all", "queued")]


def test_a_failing_caller_leaves_neither_figure_nor_mark_nor_job(lexora, kpi, now):
    with pytest.raises(ZeroDivisionError), acting_in(lexora):
        measurements.record(facts=[share(kpi, 1, 2)], source="", by=MARA, at=now)
        raise ZeroDivisionError
    with acting_in(lexora):
        rollups = Job.objects.filter(kind="rollup")
        assert (Measurement.objects.count(), DirtyCell.objects.count(), rollups.count()) == (
            0,
            0,
            0,
        )


@pytest.mark.parametrize("change", [lambda rows: rows.update(num=1), lambda rows: rows.delete()])
def test_the_database_refuses_to_change_a_figure(lexora, kpi, now, change):
    record(lexora, now, share(kpi, 18, 20))

    with acting_in(lexora), pytest.raises(ProgrammingError), transaction.atomic():
        change(Measurement.objects.filter(kpi_id=kpi.pk))

    assert on_record(lexora) == [(MONDAY, 1, 18, 20)]


def test_figures_of_one_organization_are_unseen_by_another(lexora, harbor, kpi, now):
    record(lexora, now, share(kpi, 18, 20))
    assert (on_record(harbor), len(on_record(lexora))) == ([], 1)


def test_share_of_people_is_kept_as_its_two_counts(lexora, now):
    kpi = make_kpi(lexora, now, "Users", kind="distinct")
    record(lexora, now, share(kpi, 1200, 3000))
    with acting_in(lexora):
        assert Measurement.objects.get().more == {"kind": "ratio", "alone": True}
        assert Kpi.objects.get(pk=kpi.pk).kind == "distinct"


NASTY = "a\tb\\n\nc\r“ü” \\. NULL \\N"


def test_what_people_write_arrives_as_they_wrote_it(lexora, kpi, now):
    fact = share(kpi, 18, 20, note=NASTY, evidence="https://x.example/?a=1&b=%s")
    record(lexora, now, fact)
    with acting_in(lexora):
        row = Measurement.objects.get()
    assert (row.note, row.evidence) == (fact.note, fact.evidence)


def everything(organization):
    """Every column of every figure and mark, and the lines of the audit trail."""
    with acting_in(organization):
        figures = list(Measurement.objects.order_by("kpi_id", "day", "revision").values())
        marks = list(DirtyCell.objects.order_by("kpi_id", "day").values())
        return figures, marks, list(AuditEvent.objects.order_by("pk").values("verb", "after"))


def whole_day(kpis, number, shift):
    """A figure of each kind on a day, in parts that differ with `shift`."""
    day = MONDAY - number * dt.timedelta(days=1)
    return [
        Fact(kpi.pk, Grain.DAY, day, kpi.kind, parts(number + shift), unit_key=number % 3)
        for kpi, parts in kpis
    ]


def test_many_at_once_leave_what_one_after_the_other_leave(lexora, now, monkeypatch):
    kinds = {
        "ratio": lambda n: {"num": n, "den": 100},
        "mean": lambda n: {"n": n + 1, "sum": f"{n}.25", "sumsq": "187.125"},
        "duration": lambda n: {"n": n + 1, "sum_ms": n, "max": n, "buckets": {"12": n}},
        "money": lambda n: {"minor": {"EUR": n, "USD": -n}},
        "rating": lambda n: {"counts": {"1": n, "5": 2}, "invited": 90, "top": ["5"]},
    }
    kpis = [(make_kpi(lexora, now, kind, kind), parts) for kind, parts in kinds.items()]
    days = [whole_day(kpis, number, 0) for number in range(12)]
    corrected = [fact for number in (3, 4) for fact in whole_day(kpis, number, 1)]

    def after(*batches):
        with acting_in(lexora), transaction.atomic():
            for batch in batches:
                record(lexora, now, *batch, reason="Counted again.")
            left = everything(lexora)
            transaction.set_rollback(True)
        return left[:2]

    whole = [fact for day in days for fact in day]
    monkeypatch.setattr(staging, "COPIED_FROM", 3)
    many = after(whole, [*whole[:9], *corrected[:7]], [*whole[:9], *corrected])
    monkeypatch.setattr(staging, "COPIED_FROM", 1000)
    assert after(*[[fact] for fact in [*whole, *corrected]]) == many
    assert len(many[0]) == 12 * 5 + 2 * 5
