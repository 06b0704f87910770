"""Imports beside the record, in the hands of a worker, mended and taken back."""

import datetime as dt

import pytest
from django.utils import timezone

from kpis import tasks
from kpis.actions import imports
from kpis.actions.imports import CannotImport, preview, runs
from kpis.domain.imports.mapping import ColumnMapping, from_json
from kpis.models import Grade, ImportRun, Measurement
from portal.actions import jobs
from portal.models import AuditEvent, Job, Unit
from portal.tenancy.scope import acting_in
from tests.factories.figures import make_kpi, on_record
from tests.factories.people import MARA

TODAY = dt.date(2026, 11, 24)
HEAD = b"week,numerator,denominator,note\n"


@pytest.fixture
def share(lexora, now):
    kpi = make_kpi(lexora, now, "Share of errors")
    with acting_in(lexora):
        Unit.objects.create(slug="legal", name="Legal")
        Unit.objects.create(slug="sales", name="Sales")
    return kpi


@pytest.fixture
def small(monkeypatch):
    """Every file counts as large."""
    monkeypatch.setattr(runs, "LARGE", 10)


def columns(kpi):
    return {
        "week": "period",
        "numerator": f"figure:{kpi.slug}:num",
        "denominator": f"figure:{kpi.slug}:den",
        "note": "note",
    }


def bring(organization, kpi, content, *, at, grade="measured", reason="", write=True):
    with acting_in(organization):
        run = imports.upload(
            deployment=kpi.deployment, file_name="a.csv", content=content, by=MARA, at=at
        )
        mapping = from_json(run.mapping)
        if "numerator" in mapping.columns and "kpi" not in mapping.columns:
            mapping = ColumnMapping({**mapping.columns, **columns(kpi)})
        if write:
            imports.confirm(
                run=run, mapping=mapping, grade=grade, reason=reason, by=MARA, at=at, today=TODAY
            )
        else:
            run = imports.remap(run=run, mapping=mapping, said={}, at=at)
        return run


def report(organization, run, grade=""):
    with acting_in(organization):
        return preview.report(preview.look(run, today=TODAY, grade=grade))


def work(organization):
    """Do the waiting import jobs as a worker does."""
    with acting_in(organization):
        waiting = list(Job.objects.filter(kind="import", state="queued"))
    for job in waiting:
        claim = jobs.claim(job_id=job.pk, at=timezone.now())
        tasks.import_file(claim)


def test_a_preview_tells_new_corrected_unchanged_and_not_measured(lexora, share, now):
    bring(lexora, share, HEAD + b"2026-W40,1,10,\n2026-W41,2,10,counted\n", at=now)
    content = HEAD + b"2026-W40,1,10,\n2026-W41,3,10,\n2026-W42,4,10,\n2026-W43,,,\n"
    run = bring(lexora, share, content, at=now, write=False)

    told = report(lexora, run)
    assert (told["new"], told["corrected"], told["unchanged"], told["empty"]) == (1, 1, 1, 1)
    assert told["kpis"] == [
        {
            "slug": share.slug,
            "name": share.name,
            "new": 1,
            "corrected": 1,
            "unchanged": 1,
            "empty": 1,
        },
    ]
    assert [(one["row"], one["what"], one["old"], one["new"]) for one in told["changes"]] == [
        (3, "corrected", "20% (2 of 10)", "30% (3 of 10)"),
        (4, "new", "", "40% (4 of 10)"),
    ]


def test_another_grade_is_a_correction_and_a_missing_note_is_none(lexora, share, now):
    bring(lexora, share, HEAD + b"2026-W40,1,10,counted\n", at=now)
    run = bring(lexora, share, HEAD + b"2026-W40,1,10,\n", at=now, write=False)
    assert report(lexora, run, grade="measured")["unchanged"] == 1
    (change,) = report(lexora, run, grade="estimated")["changes"]
    assert (change["what"], change["old"]) == ("regraded", "10% (1 of 10), measured")


def test_figures_of_teams_go_to_their_teams_with_their_grades(lexora, share, now):
    content = (
        b"week,kpi,team,numerator,denominator,how known\n"
        b"2026-W40,Share of errors,Legal,1,10,\n2026-W40,Share of errors,Sales,2,10,estimated\n"
    )
    bring(lexora, share, content, at=now, grade="sampled")
    with acting_in(lexora):
        teams = dict(Unit.objects.values_list("pk", "slug"))
        rows = Measurement.objects.order_by("num")
        found = [(teams[row.unit_key], int(row.num), row.grade) for row in rows]
    assert found == [("legal", 1, Grade.SAMPLED), ("sales", 2, Grade.ESTIMATED)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"week,kpi,numerator,denominator\n2026-10,Share of errors,1,9\n",
            "is on record by week in this quarter",
        ),
        (
            b"week,kpi,team,numerator,denominator\n2026-W41,Share of errors,Legal,1,9\n",
            "is on record for everybody in this period",
        ),
    ],
)
def test_what_would_count_twice_beside_the_record_is_a_fault(lexora, share, now, content, sentence):
    bring(lexora, share, HEAD + b"2026-W41,1,10,\n", at=now)
    run = bring(lexora, share, content, at=now, write=False)
    ((row, _, said),) = report(lexora, run)["faults"]
    assert (row, sentence in said) == (2, True)
    before = on_record(lexora)
    with pytest.raises(CannotImport, match="Mend the rows"):
        bring(lexora, share, content, at=now)
    assert on_record(lexora) == before


def test_a_mended_file_keeps_what_its_columns_mean(lexora, share, now):
    run = bring(lexora, share, b"w,top,all\n2026-W40,x,10\n", at=now, write=False)
    said = {
        "w": "period",
        "top": f"figure:{share.slug}:num",
        "all": f"figure:{share.slug}:den",
    }
    with acting_in(lexora):
        run = imports.remap(
            run=run, mapping=ColumnMapping(said, left_out=(2,)), said={"grade": "sampled"}, at=now
        )
        imports.resend(
            run=run,
            file_name="mended.csv",
            by=MARA,
            at=now,
            content=b"w,top,all,more\n2026-W40,1,10,x\n",
        )
        run.refresh_from_db()
        told = AuditEvent.objects.order_by("-pk").first()
    assert run.mapping == {"columns": {**said, "more": "ignore"}, "first_week": ""}
    assert (told.verb, told.after["file"]) == ("sent again", "mended.csv")
    assert report(lexora, run)["figures"] == 1


def test_rows_left_out_are_written_into_the_audit_trail(lexora, share, now):
    run = bring(lexora, share, HEAD + b"2026-W40,1,10,\n2026-W41,x,10,\n", at=now, write=False)
    with acting_in(lexora):
        mapping = ColumnMapping(columns(share), left_out=(3,))
        imports.confirm(
            run=run, mapping=mapping, grade="measured", reason="", by=MARA, at=now, today=TODAY
        )
        run.refresh_from_db()
        told = AuditEvent.objects.filter(verb="imported").get().after
    assert (told["rows left out"], run.report["skipped"]) == ("3", [[3, "You left this row out."]])


def test_names_and_columns_are_remembered_for_the_next_file_of_the_source(lexora, share, now):
    content = b"kpi,KW 40/2026,KW 41/2026\nErrors of the AI,10%,20%\n"
    run = bring(lexora, share, content, at=now, write=False)
    with acting_in(lexora):
        said = {"names": {"kpi:Errors of the AI": share.slug}}
        mapping = from_json({**run.mapping, **said})
        imports.confirm(
            run=run, mapping=mapping, grade="measured", reason="", by=MARA, at=now, today=TODAY
        )
    again = bring(
        lexora, share, b"kpi,KW 42/2026,KW 43/2026\nErrors of the AI,30%,40%\n", at=now, write=False
    )
    assert (report(lexora, again)["figures"], report(lexora, again)["fault_count"]) == (2, 0)


def receive(organization, kpi, content, at):
    with acting_in(organization):
        return imports.receive(
            deployment=kpi.deployment, file_name="large.csv", content=content, by=MARA, at=at
        )


def fresh(organization, run):
    with acting_in(organization):
        return ImportRun.objects.get(pk=run.pk)


LONG = b"week,kpi,numerator,denominator\n"


def test_a_worker_reads_writes_and_takes_back(lexora, share, now, small):
    run = receive(lexora, share, LONG + b"2026-W40,Share of errors,1,10\n", now)
    assert (run.state, on_record(lexora)) == ("reading", [])
    work(lexora)
    run = fresh(lexora, run)
    assert (run.state, run.report["new"], run.report["fault_count"]) == ("uploaded", 1, 0)

    with acting_in(lexora):
        imports.ask_to_write(
            run=run,
            mapping=from_json(run.mapping),
            grade="sampled",
            reason="",
            by=MARA,
            at=now,
        )
    assert (fresh(lexora, run).state, on_record(lexora)) == ("writing", [])
    work(lexora)
    run = fresh(lexora, run)
    assert (run.state, run.rows_written, len(on_record(lexora))) == ("written", 1, 1)

    with acting_in(lexora):
        imports.ask_to_undo(run=run, reason="The wrong file.", by=MARA, at=now)
    work(lexora)
    run = fresh(lexora, run)
    assert (run.state, run.report["undone"]["count"]) == ("undone", 1)
    with acting_in(lexora):
        assert Measurement.objects.order_by("-revision").first().is_withdrawn


def test_a_worker_that_dies_leaves_nothing_half_done(lexora, share, now, small, monkeypatch):
    run = receive(lexora, share, LONG + b"2026-W40,Share of errors,1,10\n", now)
    work(lexora)
    with acting_in(lexora):
        imports.ask_to_write(
            run=fresh(lexora, run),
            mapping=from_json(fresh(lexora, run).mapping),
            grade="measured",
            reason="",
            by=MARA,
            at=now,
        )
        job = Job.objects.get(kind="import", state="queued")
    claim = jobs.claim(job_id=job.pk, at=timezone.now())

    class Killed(BaseException):
        pass

    def die(**_):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "finish", die)
        with pytest.raises(Killed):
            tasks.import_file(claim)
    assert (fresh(lexora, run).state, on_record(lexora)) == ("writing", [])

    later = timezone.now() + dt.timedelta(hours=1)
    tasks.import_file(jobs.claim(job_id=job.pk, at=later))
    assert (fresh(lexora, run).state, len(on_record(lexora))) == ("written", 1)


def test_a_worker_that_cannot_write_gives_the_import_back_with_the_reason(
    lexora, share, now, small
):
    run = receive(lexora, share, LONG + b"2026-W40,Share of errors,1,10\n", now)
    work(lexora)
    with acting_in(lexora):
        imports.ask_to_write(
            run=fresh(lexora, run),
            mapping=from_json(fresh(lexora, run).mapping),
            grade="measured",
            reason="",
            by=MARA,
            at=now,
        )
    bring(lexora, share, HEAD + b"2026-W40,5,10,\n", at=now)
    work(lexora)
    run = fresh(lexora, run)
    assert run.state == "uploaded"
    assert "Say why it is corrected" in run.report["refused"]


def test_a_large_file_that_is_no_table_is_refused_by_the_worker(lexora, share, now, small):
    run = receive(lexora, share, b"only one column\n1\n2\n", now)
    work(lexora)
    run = fresh(lexora, run)
    assert (run.state, run.report["complaint"][:26]) == ("refused", "Only one column was found.")


def test_work_that_gave_up_can_be_started_again(lexora, share, now, small):
    run = receive(lexora, share, LONG + b"2026-W40,Share of errors,1,10\n", now)
    with acting_in(lexora):
        Job.objects.filter(kind="import").update(state="parked")
        imports.ask_again(run=run, at=now)
    work(lexora)
    assert fresh(lexora, run).state == "uploaded"
    with acting_in(lexora), pytest.raises(CannotImport, match="Nothing waits"):
        imports.ask_again(run=run, at=now)


def test_figures_cannot_be_asked_for_while_rows_need_mending(lexora, share, now, small):
    run = receive(lexora, share, LONG + b"2026-W40,Share of errors,x,10\n", now)
    work(lexora)
    run = fresh(lexora, run)
    with acting_in(lexora), pytest.raises(CannotImport, match="Mend the rows"):
        imports.ask_to_write(
            run=run,
            mapping=from_json(run.mapping),
            grade="measured",
            reason="",
            by=MARA,
            at=now,
        )
