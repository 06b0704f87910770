"""P1, how fast figures are recorded: `python tests/benchmarks/bench_ingest.py [--rows 60000]`.

Recording as the application (kinds and parts checked, revisions and grains looked up, figures,
marks, job and audit trail written) against two rivals in the same run, both into a twin of the
table with the same keys but without isolation: COPY of ready bytes, which is the floor, and
bulk_create(update_conflicts=True). Times are CPU of the process and its session. Needs
DATABASE_URL and DATABASE_OWNER_URL.
"""

import argparse
import datetime as dt
import os
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django

django.setup()

from django.db import connection, models, transaction  # noqa: E402

from kpis.actions import measurements  # noqa: E402
from kpis.actions.measurements import Fact  # noqa: E402
from kpis.models import Kpi, Measurement  # noqa: E402
from portal.domain.calendar import Grain  # noqa: E402
from portal.models import Organization  # noqa: E402
from portal.tenancy.scope import acting_in  # noqa: E402
from tests import databases, factories  # noqa: E402
from tests.benchmarks.clocks import cpu  # noqa: E402

KPIS, ROUNDS = 30, 3
SLOWER, FASTER = 6.0, 2.5
TABLES = "kpis_measurement, kpis_dirtycell, portal_auditevent, twin"
COLUMNS = [field.column for field in Measurement._meta.concrete_fields if field.column]
OWNER = "GRANT SELECT, INSERT, UPDATE, DELETE ON twin TO plumbline_app"


class Twin(models.Model):
    """The table of measurements without isolation, so that COPY and updates are possible."""

    pk = models.CompositePrimaryKey(
        "organization_id", "kpi_id", "unit_key", "grain", "day", "revision"
    )
    organization_id = models.BigIntegerField()
    for _field in Measurement._meta.concrete_fields:
        if _field.column and _field.name not in {"pk", "organization"}:
            locals()[_field.name] = _field.clone()
    del _field

    class Meta:
        app_label = "kpis"
        managed = False
        db_table = "twin"


def fill():
    now = factories.NOW
    home = Organization.objects.create(name="Bench", slug="bench", created_at=now)
    place = factories.rows(home)["deployment"]
    with acting_in(home):
        for number in range(KPIS):
            Kpi.objects.create(
                deployment=place,
                slug=f"kpi-{number}",
                name=f"Kpi {number}",
                kind="ratio",
                unit="fraction",
                role="quality",
                direction="down",
                created_at=now,
            )
        return home, list(Kpi.objects.filter(slug__startswith="kpi-").values_list("pk", flat=True))


def facts(keys, rows, shift=0):
    """Daily figures of all KPIs, as a file or a program would bring them."""
    first = dt.date(2010, 1, 1)
    return [
        Fact(
            keys[n % len(keys)],
            Grain.DAY,
            first + dt.timedelta(n // len(keys)),
            "ratio",
            {"num": n % 97 + shift, "den": 100},
        )
        for n in range(rows)
    ]


def record(home, given, reason=""):
    times = []
    with cpu(times), acting_in(home):
        done = measurements.record(
            facts=given, source="bench", by="bench", at=factories.NOW, reason=reason
        )
    return times[0], done


def as_bytes(home):
    """What is on record, as COPY wants it."""
    with acting_in(home), connection.cursor() as cursor:
        names = ", ".join(COLUMNS)
        with cursor.copy(f"COPY (SELECT {names} FROM kpis_measurement) TO STDOUT") as copy:
            data = b"".join(copy)
    return [data[at : at + 1_000_000] for at in range(0, len(data), 1_000_000)]


def copied(blocks):
    times = []
    with cpu(times), transaction.atomic(), connection.cursor() as cursor:
        with cursor.copy(f"COPY twin ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for block in blocks:
                copy.write(block)
    return times[0]


def upserted(home):
    with acting_in(home):
        rows = [Twin(**values) for values in Measurement.objects.values(*COLUMNS)]
    key = ["organization_id", "kpi_id", "unit_key", "grain", "day", "revision"]
    times = []
    with cpu(times):
        Twin.objects.bulk_create(
            rows,
            batch_size=5000,
            update_conflicts=True,
            unique_fields=key,
            update_fields=[name for name in COLUMNS if name not in key],
        )
    return times[0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=60_000)
    rows, name = parser.parse_args().rows, f"bench_ingest_{os.getpid()}"
    times = {"COPY": [], "record": [], "bulk_create": [], "again": [], "corrected": []}
    with databases.test_database(name), databases.owner_connection(name) as owner:
        home, keys = fill()
        owner.execute("CREATE TABLE twin (LIKE kpis_measurement INCLUDING ALL)")
        owner.execute(OWNER)
        given, corrected = facts(keys, rows), facts(keys, rows, shift=1)
        for _ in range(ROUNDS):
            owner.execute(f"TRUNCATE {TABLES}")
            spent, done = record(home, given)
            assert done.written == rows
            times["record"].append(spent)
            blocks = as_bytes(home)
            times["COPY"].append(copied(blocks))
            owner.execute("TRUNCATE twin")
            times["bulk_create"].append(upserted(home))
            spent, done = record(home, given)
            assert done.unchanged == rows
            times["again"].append(spent)
            spent, done = record(home, corrected, reason="Counted again.")
            assert done.revised == rows
            times["corrected"].append(spent)
    floor, ours = statistics.median(times["COPY"]), statistics.median(times["record"])
    for what, found in times.items():
        spent = statistics.median(found)
        print(
            f"{what:12} {rows / spent / 1000:6.0f} k rows a CPU second  {spent / floor:5.2f}x COPY"
        )
    rival = statistics.median(times["bulk_create"]) / ours
    print(f"{rows:,} figures: {ours / floor:.2f}x the floor (at most {SLOWER})")
    print(f"{rival:.2f}x faster than bulk_create(update_conflicts) (at least {FASTER})")
    return 0 if ours / floor <= SLOWER and rival >= FASTER else 1


if __name__ == "__main__":
    sys.exit(main())
