"""Run by the fault tests beside a portal that is being killed.

`python -m tests.faults.writer write` records figures until its input ends and prints the number
of each batch that was acknowledged; `check LAST` compares what is there with what must be there;
`enqueue` prints how long each of ten writes that wake a worker took, in seconds.
"""

import datetime as dt
import json
import select
import sys
import time

import django

FIRST, BATCH_DAYS, BLOCKS, KPIS = dt.date(2025, 1, 1), 60, 6, 3
SLUG = "harbor"


def figures(batch):
    """(KPI number, day) -> numerator, denominator of a batch; every visit corrects its block."""
    start = FIRST + dt.timedelta(days=batch % BLOCKS * BATCH_DAYS)
    days = [start + dt.timedelta(days=number) for number in range(BATCH_DAYS)]
    return {
        (kpi, day): ((7 * batch + day.toordinal() * (kpi + 1)) % 50, 50 + kpi)
        for kpi in range(KPIS)
        for day in days
    }


def write():
    from django.db import Error, connection
    from django.utils import timezone

    from portal.actions import organizations
    from portal.domain.calendar import Grain
    from tests.factories.figures import make_kpi, record, share

    now = timezone.now()
    harbor = organizations.create(
        name="Harbor",
        slug=SLUG,
        time_zone="UTC",
        currency="EUR",
        locale="en",
        fiscal_year_start=4,
        profile="small",
        by="writer",
        at=now,
    )
    kpis = [make_kpi(harbor, now, f"Share {number}") for number in range(KPIS)]
    batch = 0
    while not select.select([sys.stdin], [], [], 0)[0]:
        facts = [
            share(kpis[kpi], num, den, day=day, grain=Grain.DAY)
            for (kpi, day), (num, den) in figures(batch).items()
        ]
        try:
            record(harbor, timezone.now(), *facts, reason=f"batch {batch}")
        except Error:
            connection.close()
            time.sleep(0.1)
            continue
        print(batch, flush=True)
        batch += 1


def enqueue():
    from django.utils import timezone

    from portal.actions import jobs, organizations
    from portal.models import Organization
    from portal.tenancy.scope import acting_in

    home = Organization.objects.filter(slug=SLUG).first() or organizations.create(
        name="Harbor",
        slug=SLUG,
        time_zone="UTC",
        currency="EUR",
        locale="en",
        fiscal_year_start=4,
        profile="small",
        by="writer",
        at=timezone.now(),
    )
    durations = []
    for number in range(10):
        begun = time.monotonic()
        with acting_in(home):
            jobs.enqueue(kind="heartbeat", key=str(number), at=timezone.now())
        durations.append(time.monotonic() - begun)
    print(json.dumps(durations))


def check(last):
    """What is wrong, in JSON; all lists are empty when nothing was lost."""
    from deployments.models import Deployment
    from kpis.models import DirtyCell, Kpi, Measurement, Rollup, Verdict
    from portal.models import Job, Organization
    from portal.tenancy.scope import acting_in

    with acting_in(Organization.objects.get(slug=SLUG)):
        number = {kpi.pk: int(kpi.slug[-1]) for kpi in Kpi.objects.all()}
        found = {}
        for row in Measurement.objects.order_by("revision"):
            found.setdefault((number[row.kpi_id], row.day), []).append((row.num, row.den))
        kept = {
            (number[row.kpi_id], row.grain, row.day): (row.num, row.den, row.facts)
            for row in Rollup.objects.all()
        }
        dirty = DirtyCell.objects.count()
        judged = Verdict.objects.values("deployment")
        never = list(Deployment.objects.exclude(pk__in=judged).values_list("slug", flat=True))
        again = Job.objects.filter(attempts__gt=1).count()
        jobs = sorted(set(Job.objects.values_list("kind", "state")))
    recorded = {}
    for batch in range(last + 1):
        for cell, pair in figures(batch).items():
            recorded.setdefault(cell, []).append(pair)
    sums = reference(found)
    print(
        json.dumps(
            {
                "figures lost": differences(found, recorded),
                "rollups wrong": differences(kept, sums),
                "marks left": dirty,
                "never judged": never,
                "jobs": jobs,
                "taken up again": again,
                "seen": [len(found), len(kept)],
            }
        )
    )


def differences(found, expected):
    keys = [key for key in {*found, *expected} if found.get(key) != expected.get(key)]
    return [f"{key}: {found.get(key)} not {expected.get(key)}" for key in keys[:5]]


def reference(found):
    """Sums of the newest revisions for a fiscal year from April, by the calendar alone."""
    sums = {}
    for (kpi, day), revisions in found.items():
        month = day.replace(day=1)
        into = (month.month - 4) % 12
        quarter = month.replace(month=(month.month - 1) // 3 * 3 + 1)
        year = dt.date(month.year - (month.month < 4), 4, 1)
        assert (into >= 9) is (month.month < 4)
        monday = day - dt.timedelta(days=day.weekday())
        for home in enumerate((monday, month, quarter, year), start=2):
            was = sums.get((kpi, *home), (0, 0, 0))
            num, den = revisions[-1]
            sums[kpi, *home] = (was[0] + num, was[1] + den, was[2] + 1)
    return sums


if __name__ == "__main__":
    django.setup()
    verbs = {"write": write, "enqueue": enqueue, "check": lambda: check(int(sys.argv[2]))}
    verbs[sys.argv[1]]()
