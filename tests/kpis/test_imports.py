"""Import of the files as they came: whole, once, undone with a reason."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from kpis.actions import catalogue, imports, kpi_sets
from kpis.actions.imports import CannotImport, preview
from kpis.actions.measurements import Outcome
from kpis.domain.imports.mapping import ColumnMapping, from_json
from kpis.domain.imports.table import UnreadableFile
from kpis.models import CatalogueEntry, GrainCode, ImportRun, Kpi, Measurement, Rollup
from portal.models import AuditEvent
from portal.tenancy.scope import acting_in
from tests.factories.figures import drain, make_kpi, on_record
from tests.factories.people import MARA

FILES = Path(__file__).resolve().parents[2] / "reviews/demo/data"
TODAY = dt.date(2026, 11, 24)
FIRST_WEEK = dt.date(2026, 7, 6)
WEEK = dt.timedelta(days=7)
SHARES = b"week,seen_within_4_hours,attendances\n"
START_UP = (
    "ai_feature_adoption_rate",
    "engagement_depth",
    "regeneration_rate",
    "thumbs_down_rate",
    "human_handoff_rate",
    "latency_p50",
    "latency_p95",
    "cost_per_query",
    "hallucination_rate",
)


@pytest.fixture
def emergency(lexora, now):
    """Attendances and those seen within four hours, as one share."""
    return make_kpi(
        lexora, now, "Seen within four hours", definition_text="seen within 4 hours / attendances"
    )


@pytest.fixture
def cost(lexora, now):
    return make_kpi(
        lexora,
        now,
        "Average cost",
        kind="opaque",
        unit="currency",
        direction="down",
        other_names=["average_cost_per_transaction"],
    )


@pytest.fixture
def start_up(lexora, now):
    """Nine KPIs of the catalogue at one deployment."""
    catalogue.load()
    first = make_kpi(lexora, now, "Hours saved", kind="count")
    with acting_in(lexora):
        for key in START_UP:
            entry = CatalogueEntry.objects.get(pk=key)
            kpi_sets.add_from_catalogue(deployment=first.deployment, entry=entry, by=MARA, at=now)
    return first


@pytest.fixture
def bring(lexora, now):
    """Upload content for a KPI's deployment and confirm it as proposed."""

    def brought(
        kpi, content, name="file.csv", reason="", columns=None, grade="measured", first=FIRST_WEEK
    ):
        with acting_in(lexora):
            run = imports.upload(
                deployment=kpi.deployment, file_name=name, content=content, by=MARA, at=now
            )
            proposed = from_json(run.mapping)
            mapping = ColumnMapping(columns or proposed.columns, first.isoformat())
            outcome = imports.confirm(
                run=run, mapping=mapping, grade=grade, reason=reason, by=MARA, at=now, today=TODAY
            )
            run.refresh_from_db()
            return run, outcome

    return brought


def undo(organization, run, at, reason="The wrong file."):
    with acting_in(organization):
        return imports.undo(run=run, reason=reason, by=MARA, at=at)


def the_file(name):
    return (FILES / name).read_bytes()


def published():
    rows = the_file("nhs_emergency_weekly.csv").decode().splitlines()[1:]
    return [tuple(int(cell) for cell in row.split(",")) for row in rows]


def test_twenty_weeks_of_attendances_arrive_as_they_were_published(lexora, emergency, bring):
    run, outcome = bring(emergency, the_file("nhs_emergency_weekly.csv"))

    weeks = [FIRST_WEEK + n * WEEK for n in range(20)]
    figures = [(day, 1, num, den) for day, (_, num, den) in zip(weeks, published(), strict=True)]
    assert on_record(lexora) == figures
    assert (outcome.written, run.state, run.rows_written) == (20, "written", 20)


def test_the_quarters_of_the_attendances_are_exact_sums(lexora, emergency, bring):
    bring(emergency, the_file("nhs_emergency_weekly.csv"))
    drain(lexora)

    with acting_in(lexora):
        rows = Rollup.objects.filter(grain=GrainCode.QUARTER).order_by("day")
        found = list(rows.values_list("day", "num", "den", "facts", "value"))
    # Weeks 1 to 12 have their Thursday by 24 September, week 13 begins on 28 September.
    assert found == [
        (dt.date(2026, 7, 1), 3_249_396, 3_412_998, 12, Decimal("0.9520650173")),
        (dt.date(2026, 10, 1), 2_075_379, 2_174_972, 8, Decimal("0.9542095255")),
    ]


def test_forty_weeks_of_average_cost_are_shown_and_never_added_up(lexora, cost, bring):
    content = the_file("unit_cost_weekly.csv")
    _, outcome = bring(cost, content, first=FIRST_WEEK - 20 * WEEK)
    drain(lexora)

    with acting_in(lexora):
        weeks = Rollup.objects.filter(grain=GrainCode.WEEK).order_by("day")
        quarters = Rollup.objects.filter(grain=GrainCode.QUARTER)
        assert [int(row.value) for row in weeks[:4]] == [310, 288, 297, 298]
        assert outcome.written == weeks.count() == 40
        assert set(quarters.values_list("value", "cannot_combine")) == {(None, True)}


def test_the_start_up_gives_eight_figures_and_one_silence(lexora, start_up, bring):
    run, _ = bring(start_up, the_file("legal_start_up.csv"), name="legal_start_up.csv")

    with acting_in(lexora):
        slugs = dict(Kpi.objects.values_list("pk", "slug"))
        rows = Measurement.objects.all()
        given = {slugs[row.kpi_id]: (row.num, row.den, row.more.get("values")) for row in rows}
    assert given == {
        "ai_feature_adoption_rate": (1200, 3000, None),
        "engagement_depth": (None, None, ["15"]),
        "regeneration_rate": (336, 1200, None),
        "thumbs_down_rate": (144, 1200, None),
        "human_handoff_rate": (60, 1200, None),
        "latency_p50": (None, None, ["3.2"]),
        "latency_p95": (None, None, ["8.1"]),
        "cost_per_query": (None, None, ["0.08"]),
    }
    assert (run.rows_written, run.rows_empty) == (8, 1)


def test_the_same_file_again_changes_nothing(lexora, emergency, bring):
    content = the_file("nhs_emergency_weekly.csv")
    bring(emergency, content)
    before = on_record(lexora)

    run, outcome = bring(emergency, content)

    assert (outcome, on_record(lexora)) == (Outcome(unchanged=20), before)
    assert (run.number, run.rows_written, run.rows_unchanged) == (2, 0, 20)


def test_a_corrected_file_needs_a_reason_and_revises_one_figure(lexora, emergency, bring):
    bring(emergency, SHARES + b"1,90,100\n2,80,100\n")
    corrected = SHARES + b"1,90,100\n2,85,100\n"

    with pytest.raises(CannotImport, match="Say why it is corrected"):
        bring(emergency, corrected)
    _, outcome = bring(emergency, corrected, reason="The ward counted again.")

    assert (outcome.revised, outcome.unchanged) == (1, 1)
    assert on_record(lexora)[-2:] == [
        (FIRST_WEEK + WEEK, 1, 80, 100),
        (FIRST_WEEK + WEEK, 2, 85, 100),
    ]


def test_undoing_takes_the_figures_out_and_keeps_them_readable(lexora, emergency, bring, now):
    run, _ = bring(emergency, SHARES + b"1,90,100\n2,80,100\n")
    drain(lexora)

    assert undo(lexora, run, now) == 2
    drain(lexora)

    with acting_in(lexora):
        rows = Measurement.objects.order_by("day", "revision")
        told = list(rows.values_list("revision", "is_withdrawn", "reason"))
        assert told == [(1, False, ""), (2, True, "The wrong file.")] * 2
        assert Rollup.objects.count() == 0
        assert ImportRun.objects.get().state == "undone"
        assert AuditEvent.objects.order_by("-pk").first().verb == "undid"


def test_undoing_leaves_a_figure_that_was_corrected_since(lexora, emergency, bring, now):
    run, _ = bring(emergency, SHARES + b"1,90,100\n2,80,100\n")
    bring(emergency, SHARES + b"2,85,100\n", reason="The ward counted again.")

    assert undo(lexora, run, now) == 1
    drain(lexora)

    with acting_in(lexora):
        assert Rollup.objects.get(grain=GrainCode.QUARTER).num == 85


def test_undoing_a_correction_lets_the_earlier_figure_stand_again(lexora, emergency, bring, now):
    bring(emergency, SHARES + b"2,80,100\n")
    correction, _ = bring(emergency, SHARES + b"2,85,100\n", reason="The ward counted again.")

    assert undo(lexora, correction, now) == 1
    drain(lexora)

    assert on_record(lexora) == [
        (FIRST_WEEK + WEEK, 1, 80, 100),
        (FIRST_WEEK + WEEK, 2, 85, 100),
        (FIRST_WEEK + WEEK, 3, 80, 100),
    ]
    with acting_in(lexora):
        assert Rollup.objects.get(grain=GrainCode.QUARTER).num == 80


def test_undoing_needs_a_reason_and_works_once(lexora, emergency, bring, now):
    run, _ = bring(emergency, SHARES + b"1,90,100\n")
    with pytest.raises(CannotImport, match="Say why this import is undone"):
        undo(lexora, run, now, reason=" ")
    undo(lexora, run, now)
    with pytest.raises(CannotImport, match="Only an import that was written"):
        undo(lexora, run, now)


def test_the_file_can_be_brought_again_after_undoing(lexora, emergency, bring, now):
    run, _ = bring(emergency, SHARES + b"1,90,100\n")
    undo(lexora, run, now)

    bring(emergency, SHARES + b"1,90,100\n", reason="It was right after all.")
    drain(lexora)

    with acting_in(lexora):
        assert Rollup.objects.get(grain=GrainCode.WEEK).num == 90


@pytest.mark.parametrize(
    "row", [b"2,many,100\n", b"2,110,100\n", b"2,80,\n", b"30,80,100\n", b"1,80,100\n"]
)
def test_one_bad_row_keeps_the_whole_file_out(lexora, emergency, bring, row):
    with pytest.raises(CannotImport) as refused:
        bring(emergency, SHARES + b"1,90,100\n" + row)
    assert str(refused.value) == "Mend the rows named below, then upload the file again."
    assert on_record(lexora) == []


def test_text_in_a_number_is_named_with_its_row(lexora, emergency, now):
    with acting_in(lexora):
        run = imports.upload(
            deployment=emergency.deployment,
            file_name="a.csv",
            by=MARA,
            at=now,
            content=SHARES + b"1,90,100\n2,many,100\n",
        )
        mapping = ColumnMapping(from_json(run.mapping).columns, FIRST_WEEK.isoformat())
        (fault,) = preview.look(run, today=TODAY, mapping=mapping).reading.faults
    assert (fault.row, fault.column, fault.sentence) == (
        3,
        "seen_within_4_hours",
        "“many” is not a number. Empty the cell if it was not measured.",
    )


def test_a_figure_of_a_kpi_that_is_not_in_the_set_keeps_the_file_out(lexora, start_up, bring):
    content = b"kpi,period,value\nengagement_depth,week 8,15\nmoon_phase,week 8,1\n"
    with pytest.raises(CannotImport, match="Mend the rows"):
        bring(start_up, content)
    assert on_record(lexora) == []


def test_columns_that_give_no_figure_are_refused(lexora, emergency, bring):
    columns = {"week": "period", "seen_within_4_hours": "ignore", "attendances": "ignore"}
    with pytest.raises(CannotImport):
        bring(emergency, SHARES + b"1,90,100\n", columns=columns)
    assert on_record(lexora) == []


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x00\x01\x02", SHARES])
def test_a_file_without_a_table_is_refused_before_it_is_kept(lexora, emergency, bring, content):
    with pytest.raises((UnreadableFile, CannotImport)) as refused:
        bring(emergency, content)
    assert str(refused.value).endswith(".")
    assert on_record(lexora) == []


def test_a_file_of_silences_is_refused(lexora, emergency, bring):
    with pytest.raises(CannotImport, match="There is no figure in this file"):
        bring(emergency, SHARES + b"1,,\n2,,\n")
    assert on_record(lexora) == []


def test_a_grade_that_does_not_exist_is_refused(lexora, emergency, bring):
    with pytest.raises(CannotImport, match="Say how these figures are known"):
        bring(emergency, SHARES + b"1,90,100\n", grade="rumour")


def test_how_columns_were_read_is_remembered_for_the_same_header(lexora, emergency, bring, now):
    slug = emergency.slug
    columns = {
        "week": "period",
        "good": f"figure:{slug}:num",
        "all": f"figure:{slug}:den",
    }
    bring(emergency, b"week,good,all\n1,90,100\n", columns=columns)
    with acting_in(lexora):
        run = imports.upload(
            deployment=emergency.deployment,
            file_name="b.csv",
            by=MARA,
            at=now,
            content=b"week,good,all\n2,80,100\n",
        )
    assert run.mapping == {"columns": columns, "first_week": FIRST_WEEK.isoformat()}
