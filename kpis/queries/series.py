"""Reads of rollups and targets that pages, verdicts and reviews share."""

import datetime as dt
from collections.abc import Mapping, Sequence

from kpis.models import GrainCode, Kpi, Rollup

GRAIN_OF_CADENCE = {
    "daily": GrainCode.WEEK,
    "weekly": GrainCode.WEEK,
    "monthly": GrainCode.MONTH,
    "quarterly": GrainCode.QUARTER,
    "yearly": GrainCode.YEAR,
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
    wanted = GRAIN_OF_CADENCE.get(kpi.cadence, GrainCode.WEEK)
    return next(
        (grains[code] for code in GrainCode.values if code >= wanted and code in grains), []
    )
