"""Reads of rollups and targets that pages, verdicts and reviews share."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import QuerySet

from deployments.models import Deployment
from kpis.models.kpi import Baseline, Kpi, KpiTarget
from kpis.models.measurement import Grain, Measurement, Rollup
from kpis.models.verdict import Verdict

GRAIN_OF_CADENCE = {
    "daily": Grain.WEEK,
    "weekly": Grain.WEEK,
    "monthly": Grain.MONTH,
    "quarterly": Grain.QUARTER,
    "yearly": Grain.YEAR,
}


def series(
    kpis: Sequence[Kpi], *, since: dt.date | None = None, until: dt.date | None = None
) -> dict[int, list[Rollup]]:
    """Rollups of each KPI at the grain of its cadence, oldest first; one statement."""
    rows = Rollup.objects.filter(kpi_id__in=[kpi.pk for kpi in kpis], unit_key=0)
    if since is not None:
        rows = rows.filter(day__gte=since)
    if until is not None:
        rows = rows.filter(day__lte=until)
    by_kpi: dict[int, dict[int, list[Rollup]]] = {}
    for row in rows.order_by("kpi_id", "grain", "day"):
        by_kpi.setdefault(row.kpi_id, {}).setdefault(row.grain, []).append(row)
    return {kpi.pk: _best(kpi, by_kpi.get(kpi.pk, {})) for kpi in kpis}


def _best(kpi: Kpi, grains: Mapping[int, list[Rollup]]) -> list[Rollup]:
    """The grain of the cadence, or the finest coarser one in which figures arrive."""
    wanted = GRAIN_OF_CADENCE.get(kpi.cadence, Grain.WEEK)
    return next((grains[code] for code in Grain.values if code >= wanted and code in grains), [])


def targets(kpis: Iterable[Kpi], *, on: dt.date) -> dict[int, KpiTarget]:
    """The version of target and thresholds of each KPI that holds on the day; one statement."""
    rows = (
        KpiTarget.objects.filter(kpi_id__in=[kpi.pk for kpi in kpis], valid_from__lte=on)
        .order_by("kpi_id", "-valid_from", "-recorded_at")
        .distinct("kpi_id")
    )
    return {row.kpi_id: row for row in rows}


def baselines(kpis: Iterable[Kpi]) -> dict[int, Baseline]:
    """The newest baseline of each KPI for its present definition; one statement."""
    known = {kpi.pk: kpi for kpi in kpis}
    rows = Baseline.objects.filter(kpi_id__in=list(known)).order_by("kpi_id", "-recorded_at")
    found: dict[int, Baseline] = {}
    for row in rows:
        if row.definition == known[row.kpi_id].definition:
            found.setdefault(row.kpi_id, row)
    return found


def every_revision(kpi: Kpi) -> QuerySet[Measurement]:
    """Every revision of every figure of a KPI, newest period first."""
    rows: QuerySet[Measurement] = Measurement.objects.filter(kpi_id=kpi.pk)
    return rows.order_by("-day", "grain", "unit_key", "-revision")


def revisions(kpi: Kpi) -> list[Measurement]:
    """The newest 500 revisions of the figures of a KPI, newest period first."""
    return list(every_revision(kpi)[:500])


def latest_verdicts(deployments: Iterable[Deployment]) -> dict[int, Verdict]:
    """The newest verdict of each deployment; one statement."""
    rows = (
        Verdict.objects.filter(deployment__in=[one.pk for one in deployments])
        .order_by("deployment_id", "-made_at", "-id")
        .distinct("deployment_id")
    )
    return {row.deployment_id: row for row in rows}
