"""P8 and P10, what pages cost: `python tests/benchmarks/bench_pages.py`.

P8: CPU and wall time of list pages of 50 rows through all middleware, against a floor in the same
run: a bare page with session, person, binding and three statements that shows 50 rows from ready
strings. P10: a deployment's results with 30 KPIs and a year of figures; the statement on its
rollups against the same answer from the daily measurements of its three teams. Needs DATABASE_URL
and DATABASE_OWNER_URL.
"""

import datetime as dt
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
from django.http import HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.urls import include, path  # noqa: E402

from deployments.models import Deployment  # noqa: E402
from kpis.models import GrainCode, Kpi, Measurement, Rollup  # noqa: E402
from portal.models import Membership, Organization, Unit, User  # noqa: E402
from portal.tenancy.scope import acting_in  # noqa: E402
from tests import databases, factories  # noqa: E402

ROWS, KPIS, DAYS, TEAMS, ROUNDS = 50, 30, 364, 3, 60
CPU, WALL, TAIL, DASHBOARD, SHARE = 2.0, 2.0, 4.0, 2.5, 10
FLOOR = """{% extends "base.html" %}{% block main %}<table>{% for row in rows %}<tr>
{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>{% endblock %}"""
WEEKLY = """SELECT kpi_id, day, value FROM kpis_rollup
    WHERE organization_id = %s AND grain = 2 AND unit_key = 0 AND kpi_id = ANY(%s)
    ORDER BY kpi_id, day"""
DAILY = """SELECT kpi_id, date_trunc('week', day::timestamp), sum(num) / nullif(sum(den), 0)
    FROM (SELECT DISTINCT ON (kpi_id, unit_key, grain, day) * FROM kpis_measurement
          WHERE organization_id = %s AND kpi_id = ANY(%s)
          ORDER BY kpi_id, unit_key, grain, day, revision DESC) newest
    GROUP BY 1, 2 ORDER BY 1, 2"""


ready = engines["django"].from_string(FLOOR)


def bare(request, organization):
    """Person, organization, binding, three statements, 50 ready rows."""
    member = Membership.objects.of(request.user).first()
    with acting_in(member.organization):
        units = dict(Unit.objects.values_list("pk", "name"))
        use = Deployment.objects.count()
        rows = [
            (name, units.get(unit, ""), owner, system, str(use))
            for name, unit, owner, system in Deployment.objects.order_by("name").values_list(
                "name", "unit_id", "owner_name", "system"
            )[:ROWS]
        ]
    return HttpResponse(ready.render({"rows": rows}, request))


urlpatterns = [
    path("bare/<slug:organization>/", bare),
    path("", include("portal.urls")),
]


def fill():
    """50 deployments; one with 30 KPIs, each with a year of daily figures and weekly rollups."""
    now, first = factories.NOW, dt.date(2025, 11, 24)
    home = Organization.objects.create(name="Bench", slug="bench", created_at=now)
    rows = factories.rows(home)
    user = User.objects.create_user("bench@bench.example")
    with acting_in(home):
        Membership.objects.create(organization=home, user=user, role="manager", created_at=now)
        for number in range(ROWS - 1):
            Deployment.objects.create(
                slug=f"place-{number}",
                name=f"Place {number}",
                use_case=rows["usecase"],
                unit=rows["unit"],
                owner_name="o",
                system="s",
                created_at=now,
            )
        for number in range(KPIS):
            kpi = Kpi.objects.create(
                deployment=rows["deployment"],
                slug=f"kpi-{number}",
                name=f"Kpi {number}",
                kind="ratio",
                unit="fraction",
                role="quality",
                direction="down",
                created_at=now,
            )
            cell = {
                "organization": home,
                "kpi_id": kpi.pk,
                "num": 7,
                "den": 100,
                "more": {"kind": "ratio"},
            }
            days = [first + dt.timedelta(days) for days in range(DAYS)]
            Measurement.objects.bulk_create(
                Measurement(
                    grain=GrainCode.DAY,
                    day=day,
                    unit_key=team + 1,
                    source="s",
                    content_hash="h",
                    recorded_by="x",
                    recorded_at=now,
                    **cell,
                )
                for day in days
                for team in range(TEAMS)
            )
            Rollup.objects.bulk_create(
                Rollup(
                    grain=GrainCode.WEEK,
                    day=day,
                    facts=7 * TEAMS,
                    grade="measured",
                    value=f"0.0{number % 7 + day.toordinal() % 3}",
                    **cell,
                )
                for day in days[::7]
            )
    return home, user, rows["deployment"].slug


def once(client, url):
    """CPU and wall milliseconds of one request."""
    cpu, wall = time.process_time(), time.perf_counter()
    answer = client.get(url)
    spent = (time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000
    assert answer.status_code == 200, answer.content[:500]
    return spent


def measured(client, urls):
    """URL -> (CPU minimum, wall median, wall 99th percentile), interleaved."""
    found = {url: [] for url in urls}
    for _ in range(ROUNDS):
        for url in urls:
            found[url].append(once(client, url))
    return {
        url: (
            min(cpu for cpu, _ in times),
            statistics.median(wall for _, wall in times),
            sorted(wall for _, wall in times)[int(0.99 * len(times))],
        )
        for url, times in found.items()
    }


def sql_ms(statement, home, keys):
    """Median milliseconds of one statement."""
    times = []
    with acting_in(home), connection.cursor() as cursor:
        for _ in range(15):
            start = time.perf_counter()
            cursor.execute(statement, [home.pk, keys])
            cursor.fetchall()
            times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main():
    hosts = {"ROOT_URLCONF": __name__, "ALLOWED_HOSTS": ["*"], "SECURE_SSL_REDIRECT": False}
    sys.modules.setdefault(__name__, sys.modules["__main__"])
    over = []
    with databases.test_database(f"bench_pages_{os.getpid()}"), override_settings(**hosts):
        home, user, place = fill()
        client = Client()
        client.force_login(user)
        floor, lists = "/bare/bench/", ["/o/bench/deployments/", "/o/bench/today/"]
        results = f"/o/bench/deployments/{place}/kpis/"
        for url in (floor, *lists, results):
            once(client, url)
        found = measured(client, [floor, *lists, results])
        least = found[floor]
        print(f"floor: {least[0]:.1f} ms CPU, {least[1]:.1f} ms p50, {least[2]:.1f} ms p99")
        for url in (*lists, results):
            cpu, wall, tail = found[url]
            most = DASHBOARD if url == results else WALL
            print(f"{url}: {cpu:.1f} ms CPU ({cpu / least[0]:.2f}x), {wall:.1f} ms p50")
            print(f"  {wall / least[1]:.2f}x (at most {most}), p99 {tail / wall:.2f}x own p50")
            over += [url] if wall / least[1] > most or tail / wall > TAIL else []
            over += [url] if url != results and cpu / least[0] > CPU else []
        with acting_in(home):
            keys = list(Kpi.objects.values_list("pk", flat=True))
        quick, slow = sql_ms(WEEKLY, home, keys), sql_ms(DAILY, home, keys)
        print(
            f"a year of 30 KPIs: {quick:.2f} ms from rollups, {slow:.2f} ms from measurements; "
            f"1/{slow / quick:.0f} (at most 1/{SHARE})"
        )
        over += ["rollups"] if slow / quick < SHARE else []
    print("over the bar: " + ", ".join(over) if over else "all within the bars")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
