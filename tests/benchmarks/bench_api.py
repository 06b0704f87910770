"""P9, what a list of the API costs: `python tests/benchmarks/bench_api.py`.

CPU of the web process for 50 deployments and 50 KPIs, through all middleware, and its ratio to
a floor in the same run: a bare view that finds the organization, binds it and writes values()
by orjson, without token, limits, paging and checks. Needs DATABASE_URL and DATABASE_OWNER_URL.
"""

import datetime as dt
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django

django.setup()

import orjson  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.urls import include, path  # noqa: E402

from deployments.api.deployments import DeploymentsView  # noqa: E402
from deployments.models import Deployment  # noqa: E402
from kpis.api.kpis import KpisView  # noqa: E402
from kpis.models import Kpi  # noqa: E402
from portal.domain import tokens  # noqa: E402
from portal.models import ApiToken, Organization  # noqa: E402
from portal.tenancy.scope import acting_in  # noqa: E402
from tests import databases, factories  # noqa: E402

ROWS, ROUNDS, RUNS, BUDGET = 50, 60, 7, 1.8
HOME = "/o/bench/api/v1/"


def bare(request, organization, deployment=None):
    """Organization, binding, rows, JSON."""
    home = Organization.objects.get(slug=organization)
    with acting_in(home):
        if deployment is None:
            columns = DeploymentsView.columns.values()
            rows = list(Deployment.objects.order_by("slug").values(*columns)[:ROWS])
        else:
            found = Kpi.objects.filter(deployment__slug=deployment).order_by("slug")
            rows = list(found.values(*KpisView.columns.values())[:ROWS])
    return HttpResponse(orjson.dumps({"items": rows}), content_type="application/json")


urlpatterns = [
    path("bare/<slug:organization>/", bare),
    path("bare/<slug:organization>/<slug:deployment>/", bare),
    path("", include("portal.urls")),
]


def fill():
    """An organization with a token, 50 deployments, and 50 KPIs of the first."""
    now = factories.NOW
    home = Organization.objects.create(name="Bench", slug="bench", created_at=now)
    rows = factories.rows(home)
    with acting_in(home):
        ApiToken.objects.update(scopes=["figures:read"], expires_on=dt.date(2999, 1, 1))
        for number in range(ROWS - 1):
            Deployment.objects.create(
                slug=f"place-{number}",
                name=f"Place {number}",
                use_case=rows["usecase"],
                owner_name="o",
                system="s",
                created_at=now,
            )
            Kpi.objects.create(
                deployment=rows["deployment"],
                slug=f"kpi-{number}",
                name=f"Kpi {number}",
                kind="ratio",
                unit="fraction",
                role="quality",
                direction="down",
                created_at=now,
            )
    return rows["deployment"].slug


def cpu_ms(client, url, headers):
    """CPU per request of one run, in milliseconds."""
    with acting_in(Organization.objects.get(slug="bench")):
        # The bench asks more often than a program may.
        ApiToken.objects.update(requests=0, minute=0)
    start = time.process_time()
    for _ in range(ROUNDS):
        answer = client.get(url, headers=headers)
    spent = (time.process_time() - start) / ROUNDS * 1000
    assert answer.status_code == 200, answer.content
    assert len(answer.json()["items"]) == ROWS
    return spent


def main():
    token = tokens.written(factories.token_prefix("bench"), factories.secret("bench"))
    headers, worst = {"authorization": f"Bearer {token}"}, 0.0
    hosts = {"ROOT_URLCONF": __name__, "ALLOWED_HOSTS": ["*"], "SECURE_SSL_REDIRECT": False}
    sys.modules.setdefault(__name__, sys.modules["__main__"])
    with databases.test_database(f"bench_api_{os.getpid()}"), override_settings(**hosts):
        place, client = fill(), Client()
        for ours, floor in (
            (f"{HOME}deployments/", "/bare/bench/"),
            (f"{HOME}deployments/{place}/kpis/", f"/bare/bench/{place}/"),
        ):
            cpu_ms(client, ours, headers), cpu_ms(client, floor, {})
            # Interleaved, so that a busy machine slows both alike.
            pairs = [
                (cpu_ms(client, ours, headers), cpu_ms(client, floor, {})) for _ in range(RUNS)
            ]
            api, least = min(one for one, _ in pairs), min(one for _, one in pairs)
            worst = max(worst, api / least)
            print(f"{ours}: {api:.2f} ms CPU; floor {least:.2f} ms; {api / least:.2f}x")
    return 0 if worst <= BUDGET else 1


if __name__ == "__main__":
    sys.exit(main())
