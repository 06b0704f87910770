"""Every page costs the same number of statements at 5, 50 and 500 rows of everything."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deployments.models import Deployment, DeploymentChange, UseCase
from kpis.models import (
    Absence,
    Baseline,
    CostEntry,
    Deviation,
    ImportRun,
    Kpi,
    KpiTarget,
    Measurement,
    ReadinessAnswer,
    Rollup,
    Verdict,
)
from portal.models import ApiToken, AuditEvent, Membership, User
from portal.tenancy.scope import acting_in
from reviews.models import Review
from tests import factories
from tests.isolation.addresses import INSIDE, POST_ONLY, address, filled

SIZES = (5, 50, 500)
# Session, person, memberships, saving points and the binding of the organization are among them.
MOST = 12
# These stand on the whole evidence of a deployment, some fourteen tables, on everything that
# waits for somebody, ten tables, or on a file held against the record; each is read once.
WHOLE = {
    "kpis:list",
    "kpis:panel",
    "kpis:entry",
    "kpis:confirm",
    "kpis:ledger",
    "kpis:review_reality",
    "kpis:set",
    "kpis:interview",
    "kpis:detail",
    "kpis:readiness",
    "reviews:today",
    "kpis:import",
    "kpis:import_faults",
}
MOST_WHOLE = 26


def grow(home, rows, old, new):
    """Rows of every list, those with the numbers old to new."""
    now, day, numbers = factories.NOW, factories.DAY, range(old, new)
    place, kpi = rows["deployment"], rows["kpi"]
    at = {"recorded_by": "x", "recorded_at": now}
    users = User.objects.bulk_create([User(email=f"p{number}@grown.example") for number in numbers])
    with acting_in(home):
        own = {"organization": home}
        Membership.objects.bulk_create(
            [Membership(user=user, name="P", role="staff", created_at=now, **own) for user in users]
        )
        uses = UseCase.objects.bulk_create(
            [
                UseCase(
                    slug=f"u-{n}", name=f"U {n}", work="w", owner_name="o", created_at=now, **own
                )
                for n in numbers
            ]
        )
        places = Deployment.objects.bulk_create(
            [
                Deployment(
                    slug=f"d-{n}",
                    name=f"D {n}",
                    use_case=use,
                    owner_name="o",
                    system="s",
                    created_at=now,
                    **own,
                )
                for n, use in zip(numbers, uses, strict=True)
            ]
        )
        kpis = Kpi.objects.bulk_create(
            [_kpi(one, f"g-{n}", now, own) for n in numbers for one in (place,)]
            + [_kpi(one, f"k-{one.slug}", now, own) for one in places]
        )
        Verdict.objects.bulk_create(
            [
                Verdict(
                    deployment=one,
                    as_of=day,
                    decision="continue",
                    certainty="low",
                    evidence={},
                    record=factories.VERDICT,
                    digest=one.slug,
                    policy="p",
                    made_at=now,
                    **own,
                )
                for one in places
            ]
        )
        for one in kpis:
            one.cell = {
                "kpi_id": one.pk,
                "grain": 2,
                "num": 1,
                "den": 10,
                "more": {"kind": "ratio"},
                **own,
            }
        Measurement.objects.bulk_create(
            [Measurement(day=day, source="s", content_hash="h", **one.cell, **at) for one in kpis]
        )
        Rollup.objects.bulk_create(
            [Rollup(day=day, facts=1, grade="measured", value="0.1", **one.cell) for one in kpis]
        )
        weeks = [day - dt.timedelta(weeks=number + 1) for number in numbers]
        cell = kpis[0].cell | {"kpi_id": kpi.pk}
        Measurement.objects.bulk_create(
            [Measurement(day=week, source="s", content_hash="h", **cell, **at) for week in weeks]
        )
        Rollup.objects.bulk_create(
            [Rollup(day=week, facts=1, grade="measured", value="0.1", **cell) for week in weeks]
        )
        later = [now + dt.timedelta(seconds=number + 1) for number in numbers]
        _answers(place, kpi, kpis, numbers, later, own)


def _kpi(place, slug, now, own):
    return Kpi(
        deployment=place,
        slug=slug,
        name=f"K {slug}",
        kind="ratio",
        unit="fraction",
        role="quality",
        direction="down",
        created_at=now,
        **own,
    )


def _answers(place, kpi, kpis, numbers, later, own):
    day, by = factories.DAY, "x"
    for n, at in zip(numbers, later, strict=True):
        said = {"recorded_by": by, "recorded_at": at}
        KpiTarget.objects.create(kpi=kpi, valid_from=day, warning="0.2", **said)
        Baseline.objects.create(
            kpi=kpi, starts_on=day, ends_on=day, parts={"num": 1, "den": 9}, source="s", **said
        )
        Deviation.objects.create(
            kpi=kpi, limit=1, reason="r", approver="a", starts_on=day, ends_on=day, **said
        )
        Absence.objects.create(kpi=kpis[0], grain=2, day=day, reason="r", **said)
        DeploymentChange.objects.create(
            deployment=place, on=day, kind="model", summary=f"model {n}", **said
        )
        CostEntry.objects.create(deployment=place, starts_on=day, part="licences", amount=n, **said)
        ReadinessAnswer.objects.create(
            deployment=place, question="has_baseline", answer="yes", answered_by=by, answered_at=at
        )
        ImportRun.objects.create(
            number=50_000 + n,
            deployment=place,
            file_name="f.csv",
            content=b"week,a\n1,2\n",
            content_hash=str(n),
            uploaded_by=by,
            uploaded_at=at,
        )
        ApiToken.objects.create(
            name=f"T {n}",
            scopes=["figures:read"],
            prefix=factories.token_prefix("grown", n),
            secret_hash=f"{n:064}",
            created_by=by,
            created_at=at,
            expires_on=dt.date(2999, 1, 1),
        )
        AuditEvent.objects.create(at=at, actor=by, verb="did", subject_type="thing", subject=f"{n}")
        Review.objects.create(
            slug=f"r-{n}",
            label=f"R {n}",
            starts_on=day + dt.timedelta(n),
            ends_on=day,
            opened_by=by,
            opened_at=at,
        )


@pytest.fixture(autouse=True)
def _clock_stands(time_machine):
    """A session notes once a minute that it is in use: one statement more, were the run slow."""
    time_machine.move_to(dt.datetime.now(tz=dt.UTC), tick=False)


@pytest.fixture
def addresses(lexora):
    rows = factories.rows(lexora)
    urls = {
        name: address(name, "lexora", filled(name, rows))
        for name in INSIDE
        if name not in POST_ONLY
    }
    return rows, urls


def statements(clients, urls):
    """Address -> statements of the role that may open it."""
    found = {}
    for name, url in urls.items():
        for client in clients:
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(url)
            if answer.status_code == 200:
                found[name] = len(asked)
                break
    return found


def test_no_page_asks_more_when_there_is_more(lexora, as_role, addresses):
    rows, urls = addresses
    clients = [as_role(lexora, "manager"), as_role(lexora, "administrator")]
    counts, before = {}, 0
    # A session's first request of the day notes that it came.
    statements(clients, urls)
    for size in SIZES:
        grow(lexora, rows, before, size)
        for name, asked in statements(clients, urls).items():
            counts.setdefault(name, []).append(asked)
        before = size

    uneven = {name: asked for name, asked in counts.items() if len(set(asked)) > 1}
    assert uneven == {}
    many = {
        name: asked[0]
        for name, asked in counts.items()
        if asked[0] > (MOST_WHOLE if name in WHOLE else MOST)
    }
    assert many == {}
    assert len(counts) > 40
