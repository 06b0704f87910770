"""P6, what isolation by the database costs: `python tests/benchmarks/bench_isolation.py`.

The same statement as the application on the table with row-level security, and on a twin without
it that says WHERE organization_id = …: one key, a list of 50, an aggregate over a year, in an
organization among fifty. Interleaved, medians. Also refuses a sequential scan of the guarded table
for key and list. Needs DATABASE_URL and DATABASE_OWNER_URL.
"""

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django

django.setup()

from django.db import connection  # noqa: E402

from portal.models import Organization  # noqa: E402
from portal.tenancy.scope import acting_in  # noqa: E402
from tests import databases, factories  # noqa: E402

HOMES, DAYS, BAR = 50, 365, 1.15
ROUNDS = {"key": 2000, "list": 1000, "aggregate": 200}
FILL = """
INSERT INTO kpis_measurement (organization_id, kpi_id, unit_key, grain, day, revision, definition,
    is_withdrawn, grade, source, note, evidence, reason, content_hash, recorded_by, recorded_at,
    num, den, more, shape)
SELECT %s, k, 0, 1, date '2025-01-01' + n, 1, 1, false, 'measured', 'bench', '', '', '', md5('x'),
    'x', now(), (k + n) %% 97, 100, '{{"kind": "ratio"}}', 2
FROM generate_series(0, {days}) n, generate_series(1, %s) k
"""
ASKED = {
    "key": "SELECT * FROM {table} WHERE {where} kpi_id = 7 AND unit_key = 0 AND grain = 1"
    " AND day = '2025-06-01' ORDER BY revision DESC LIMIT 1",
    "list": "SELECT * FROM {table} WHERE {where} kpi_id = 7 AND unit_key = 0"
    " AND grain = 1 ORDER BY day DESC LIMIT 50",
    "aggregate": "SELECT kpi_id, sum(num), sum(den) FROM {table} WHERE {where} day >= '2025-01-01'"
    " GROUP BY kpi_id",
}


def fill(kpis):
    """Fifty organizations with a year of daily figures each; the middle one is asked."""
    homes = [
        Organization.objects.create(name=f"B{n}", slug=f"b{n}", created_at=factories.NOW)
        for n in range(HOMES)
    ]
    for home in homes:
        with acting_in(home), connection.cursor() as cursor:
            cursor.execute(FILL.format(days=DAYS - 1), [home.pk, kpis])
    return homes[HOMES // 2]


def milliseconds(cursor, statement):
    start = time.perf_counter()
    cursor.execute(statement)
    cursor.fetchall()
    return (time.perf_counter() - start) * 1000


def compared(home, name):
    """Median milliseconds under isolation and with an explicit WHERE, and the guarded plan."""
    guarded = ASKED[name].format(table="kpis_measurement", where="")
    explicit = ASKED[name].format(table="twin", where=f"organization_id = {home.pk} AND")
    ours, floor = [], []
    with acting_in(home), connection.cursor() as cursor:
        for _ in range(ROUNDS[name]):
            ours.append(milliseconds(cursor, guarded))
            floor.append(milliseconds(cursor, explicit))
        cursor.execute(f"EXPLAIN {guarded}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    return statistics.median(ours), statistics.median(floor), plan


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=547_500)
    kpis, name = parser.parse_args().rows // HOMES // DAYS, f"bench_isolation_{os.getpid()}"
    over = []
    with databases.test_database(name), databases.owner_connection(name) as owner:
        home = fill(max(kpis, 10))
        owner.execute("CREATE TABLE twin (LIKE kpis_measurement INCLUDING ALL)")
        owner.execute("GRANT SELECT ON twin TO plumbline_app")
        # The owner is bound by the isolation too, and copies one organization after the other.
        for key in Organization.objects.values_list("pk", flat=True):
            owner.execute("BEGIN")
            owner.execute(f"SET LOCAL app.organization TO '{key}'")
            owner.execute("INSERT INTO twin SELECT * FROM kpis_measurement")
            owner.execute("COMMIT")
        owner.execute("VACUUM ANALYZE kpis_measurement, twin")
        for asked in ASKED:
            ours, floor, plan = compared(home, asked)
            print(
                f"{asked:10} {ours:7.3f} ms, explicit WHERE {floor:7.3f} ms: {ours / floor:.2f}x "
                f"(at most {BAR})"
            )
            over += [asked] if ours / floor > BAR else []
            if asked != "aggregate" and "Seq Scan on kpis_measurement" in plan:
                over.append(f"{asked}, which scans the table")
    print("over the bar: " + ", ".join(over) if over else "all within the bars")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
