"""Import of a large file: `python tests/benchmarks/bench_import.py`.

A CSV of 100,000 rows (10 KPIs x 20 teams x 500 days) goes the way of the page: kept, read by the
job with its preview, written by the job in one transaction, sent again unchanged, undone. Prints
seconds of each step, rows a second and the peak memory of the process. The floor is Python's own
csv module splitting the same bytes. Needs DATABASE_URL and DATABASE_OWNER_URL.
"""

import csv
import datetime as dt
import io
import os
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django

django.setup()

from django.utils import timezone  # noqa: E402

from kpis import tasks  # noqa: E402
from kpis.actions import imports  # noqa: E402
from kpis.domain.imports.mapping import from_json  # noqa: E402
from kpis.models import ImportRun, Kpi, Measurement  # noqa: E402
from portal.actions import jobs  # noqa: E402
from portal.models import Job, Organization, Unit  # noqa: E402
from portal.tenancy.scope import acting_in  # noqa: E402
from tests import databases, factories  # noqa: E402

KPIS, TEAMS, DAYS = 10, 20, 500
ROWS = KPIS * TEAMS * DAYS
BY = "bench@bench.example"


def fill() -> Organization:
    now = factories.NOW
    home = Organization.objects.create(name="Bench", slug="bench", created_at=now)
    place = factories.rows(home)["deployment"]
    with acting_in(home):
        for number in range(KPIS):
            Kpi.objects.create(
                deployment=place,
                slug=f"share-{number}",
                name=f"Share {number}",
                kind="ratio",
                unit="fraction",
                role="quality",
                direction="down",
                created_at=now,
            )
        for number in range(TEAMS):
            Unit.objects.create(slug=f"team-{number}", name=f"Team {number}")
    return home


def content() -> bytes:
    first = dt.date(2025, 1, 1)
    lines = ["date;measure;team;numerator;denominator;note"]
    for day in range(DAYS):
        said = f"{first + dt.timedelta(days=day):%d.%m.%Y}"
        for kpi in range(KPIS):
            lines += [
                f"{said};Share {kpi};Team {team};{(day + kpi + team) % 97};{100 + team};"
                for team in range(TEAMS)
            ]
    return "\r\n".join(lines).encode("utf-8-sig")


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(what: str, work) -> float:  # type: ignore[no-untyped-def]
    before, start = peak(), time.perf_counter()
    work()
    spent = time.perf_counter() - start
    print(
        f"{what:<22} {spent:7.2f} s {ROWS / spent:10,.0f} rows/s   "
        f"peak {peak():,.0f} MB (+{peak() - before:,.0f})"
    )
    return spent


def work_off(home: Organization) -> None:
    """Do the waiting import job as a worker does."""
    with acting_in(home):
        job = Job.objects.filter(kind="import", state="queued").get()
    claim = jobs.claim(job_id=job.pk, at=timezone.now())
    assert claim is not None
    tasks.import_file(claim)


def bring(home: Organization, data: bytes) -> ImportRun:
    with acting_in(home):
        place = Kpi.objects.get(slug="share-0").deployment
        run = imports.receive(
            deployment=place, file_name="large.csv", content=data, by=BY, at=timezone.now()
        )
    work_off(home)
    with acting_in(home):
        run.refresh_from_db()
    assert (run.state, run.report["fault_count"], run.report["figures"]) == ("uploaded", 0, ROWS)
    return run


def write(home: Organization, run: ImportRun) -> None:
    with acting_in(home):
        imports.ask_to_write(
            run=run,
            mapping=from_json(run.mapping),
            grade="measured",
            reason="",
            by=BY,
            at=timezone.now(),
        )
    work_off(home)
    with acting_in(home):
        run.refresh_from_db()
    assert run.state == "written", run.report


def undo(home: Organization, run: ImportRun) -> None:
    with acting_in(home):
        imports.ask_to_undo(run=run, reason="bench", by=BY, at=timezone.now())
    work_off(home)


def main() -> int:
    data = content()
    print(f"{ROWS:,} rows, {len(data) / 1024 / 1024:.1f} MB; at start {peak():,.0f} MB")
    with databases.test_database(f"bench_import_{os.getpid()}"):
        home = fill()
        text = io.StringIO(data.decode("utf-8-sig"), newline="")
        timed("floor: csv module", lambda: list(csv.reader(text, delimiter=";")))
        runs: list[ImportRun] = []
        preview = timed("to the preview", lambda: runs.append(bring(home, data)))
        written = timed("to written", lambda: write(home, runs[0]))
        timed("same file, preview", lambda: runs.append(bring(home, data)))
        assert runs[1].report["unchanged"] == ROWS
        timed("undone", lambda: undo(home, runs[0]))
        with acting_in(home):
            assert Measurement.objects.filter(is_withdrawn=True).count() == ROWS
    print(f"from sending to written: {preview + written:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
