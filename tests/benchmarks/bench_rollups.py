"""P2 to P4, what rollups cost: `python tests/benchmarks/bench_rollups.py [--rows 1095000]`.

P2: one grain of one organization folded anew, against one INSERT..SELECT written by hand for
ratios by day alone (no revisions, units, weeks, other kinds, exact rounding) into a twin of the
table. P3: marking and draining 1,000 scattered late figures, against folding all anew; the bar
holds for a table of 11 million rows (--rows 11000000). P4: the same drain in an organization of
ten times the rows (figures of as many KPIs), with the number of statements. Times
are CPU of the process and its session. Needs DATABASE_URL and DATABASE_OWNER_URL.
"""

import argparse
import os
import random
import statistics
import sys
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django

django.setup()

from django.db import connection  # noqa: E402

from kpis.actions import measurements, rollups  # noqa: E402
from kpis.actions.rollups import cells, folding  # noqa: E402
from kpis.models import Kpi  # noqa: E402
from portal.models import Organization  # noqa: E402
from portal.tenancy.scope import acting_in  # noqa: E402
from tests import databases, factories  # noqa: E402
from tests.benchmarks.clocks import cpu  # noqa: E402

DAYS, LATE, ROUNDS = 365, 1000, 8
EACH_GRAIN, OF_ALL, TEN_TIMES = 1.3, 50, 1.5
FIRST = "2025-01-01"
KPI_ROWS = """
INSERT INTO kpis_kpi ({names})
SELECT {values} FROM kpis_kpi k, generate_series(1, %s) n WHERE k.id = %s
"""
FIGURES = """
INSERT INTO kpis_measurement (organization_id, kpi_id, unit_key, grain, day, revision, definition,
    is_withdrawn, grade, source, note, evidence, reason, content_hash, recorded_by, recorded_at,
    num, den, more, shape)
SELECT %s, k.id, 0, 1, date %s + n, 1, 1, false, 'measured', 'bench', '', '', '', md5('x'), 'x',
    now(), (k.id * 7 + n * 13) %% 97, 100, '{"kind": "ratio"}', 2
FROM kpis_kpi k, generate_series(0, %s) n WHERE k.slug LIKE 'bench-%%' ORDER BY n, k.id
"""
BY_HAND = """
INSERT INTO twin (organization_id, kpi_id, unit_key, grain, day, definition, num, den, more, value,
                  facts, grade, cannot_combine)
SELECT organization_id, kpi_id, unit_key, %s, date_trunc(%s, day::timestamp)::date,
       max(definition), sum(num), sum(den), '{"kind": "ratio"}', sum(num) / nullif(sum(den), 0),
       count(*), min(grade), false
FROM kpis_measurement WHERE organization_id = %s AND NOT is_withdrawn
GROUP BY organization_id, kpi_id, unit_key, date_trunc(%s, day::timestamp)::date
"""


def fill(slug, kpis):
    """An organization with so many KPIs, each with a year of daily figures."""
    home = Organization.objects.create(name=slug, slug=slug, created_at=factories.NOW)
    kpi = factories.rows(home)["kpi"]
    names = [field.column for field in Kpi._meta.concrete_fields if field.column != "id"]
    values = [
        "'bench-' || n" if name == "slug" else "'ratio'" if name == "kind" else f"k.{name}"
        for name in names
    ]
    with acting_in(home), connection.cursor() as cursor:
        made = KPI_ROWS.format(names=", ".join(names), values=", ".join(values))
        cursor.execute(made, [kpis, kpi.pk])
        cursor.execute(FIGURES, [home.pk, FIRST, DAYS - 1])
        cursor.execute("DELETE FROM kpis_dirtycell")
    return home


def rebuild(home):
    with acting_in(home):
        return rollups.rebuild(at=factories.NOW)


def each_grain(home, owner):
    """Grain -> seconds by us, seconds by hand; interleaved, the least of three."""
    found = {}
    for grain in rollups.FOLDED:
        ours, hand = [], []
        for _ in range(3):
            owner.execute("TRUNCATE twin, kpis_rollup")
            with acting_in(home), connection.cursor() as cursor:
                cursor.execute("SET LOCAL work_mem = '256MB'")
                cursor.execute("SET LOCAL jit = off")
                plain = folding.plain_of(cells._kpis().values())
                with cpu(ours):
                    assert len(cells._rebuild_plain(grain, plain, 1)) <= 1
                code = measurements.CODES[grain]
                with cpu(hand):
                    cursor.execute(BY_HAND, [code, grain.value, home.pk, grain.value])
        found[grain] = min(ours), min(hand)
    return found


@contextmanager
def without_years():
    """The grains of which the bar of P3 speaks."""
    kept, rollups.FOLDED = rollups.FOLDED, rollups.FOLDED[:3]
    yield
    rollups.FOLDED = kept


def late(home, pool):
    """Mark and drain 1,000 scattered cells of so many KPIs: mean seconds, statements of one."""
    dice, times, statements = random.Random(pool), [], 0
    with acting_in(home):
        keys = list(Kpi.objects.filter(slug__startswith="bench-").values_list("pk", flat=True))[
            :pool
        ]
    for _ in range(ROUNDS):
        first = measurements.dt.date.fromisoformat(FIRST)
        cells = {
            (dice.choice(keys), 0, 1, first + measurements.dt.timedelta(dice.randrange(DAYS)))
            for _ in range(LATE)
        }
        with cpu(times), acting_in(home):
            measurements.mark_dirty(cells=cells, at=factories.NOW)
            before = len(connection.queries_log)
            taken = rollups.drain().cells
        assert taken == len(cells), (taken, len(cells))
        statements = len(connection.queries_log) - before
    return statistics.mean(times), statements


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_095_000)
    parser.add_argument("--quick", action="store_true", help="leave out P2")
    given = parser.parse_args()
    kpis, quick, name = given.rows // DAYS, given.quick, f"bench_rollups_{os.getpid()}"
    over = []
    connection.force_debug_cursor = True
    with databases.test_database(name), databases.owner_connection(name) as owner:
        owner.execute("CREATE TABLE twin (LIKE kpis_rollup INCLUDING ALL)")
        owner.execute("GRANT INSERT ON twin TO plumbline_app")
        small, large = fill("small", max(1, kpis // 10)), fill("large", kpis)
        owner.execute("VACUUM ANALYZE kpis_measurement, kpis_kpi")
        for grain, (ours, hand) in each_grain(large, owner).items() if not quick else ():
            print(
                f"P2 {grain:8} {ours:6.2f} s, by hand {hand:6.2f} s: {ours / hand:.2f}x "
                f"(at most {EACH_GRAIN})"
            )
            over += [f"P2 {grain}"] if ours / hand > EACH_GRAIN else []
        whole, three = [], []
        with cpu(three), without_years():
            rebuild(large)
        with cpu(whole):
            count = rebuild(large)
        rebuild(small)
        owner.execute("VACUUM ANALYZE kpis_rollup")
        print(f"{kpis * DAYS:,} figures, {count:,} rollups folded anew in {whole[0]:.2f} s")
        few, one = late(small, kpis // 10)
        (many, other), (wide, _) = late(large, kpis // 10), late(large, kpis)
        with without_years():
            narrow, _ = late(large, kpis)
        share = three[0] / narrow
        print(
            f"P3 {LATE:,} late figures, week, month and quarter in {narrow * 1000:.0f} ms: "
            f"1/{share:.0f} of all (1/{OF_ALL} at 11 million rows)"
        )
        print(f"   with years {wide * 1000:.0f} ms: 1/{whole[0] / wide:.0f}")
        print(
            f"P4 {LATE:,} late figures at a tenth of the rows in {few * 1000:.0f} ms; ten times: "
            f"{many / few:.2f}x (at most {TEN_TIMES}); {one} and {other} statements"
        )
        over += ["P4"] if many / few > TEN_TIMES or one != other else []
        over += ["P3"] if kpis * DAYS > 10_000_000 and share < OF_ALL else []
    print("over the bar: " + ", ".join(over) if over else "all within the bars")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
