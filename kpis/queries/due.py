"""Reads of what is due, for one grid or for the whole organization, in three statements."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Max, Q

from deployments.models import Deployment
from kpis.domain import policy
from kpis.domain.entering.due import GRAIN, LENGTH, OPEN, Due, State, due, grain_of, last_whole
from kpis.models import Absence, GrainCode, Kpi, Rollup

Key = tuple[int, int]


@dataclass(frozen=True)
class Waiting:
    """One KPI with what it waits for."""

    kpi: Kpi
    due: Due

    @property
    def is_open(self) -> bool:
        return self.due.state in OPEN

    @property
    def is_late(self) -> bool:
        return self.due.state in {State.LATE, State.STALE}


def waiting(kpis: Sequence[Kpi], *, today: dt.date, fiscal_start: int) -> list[Waiting]:
    """What each KPI waits for on a day; two statements for any number of KPIs."""
    near = _near(today, fiscal_start) & Q(kpi_id__in=[kpi.pk for kpi in kpis])
    rollups = Rollup.objects.filter(near, unit_key=0, value__isnull=False)
    absences = Absence.objects.filter(near)
    measured: dict[Key, dt.date] = {
        (kpi_id, grain): day
        for kpi_id, grain, day in rollups.values_list("kpi_id", "grain").annotate(Max("day"))
    }
    excused: dict[Key, dt.date] = {
        (kpi_id, grain): day
        for kpi_id, grain, day in absences.values_list("kpi_id", "grain").annotate(Max("day"))
    }
    return [
        Waiting(kpi, _due(kpi, measured, excused, today=today, fiscal_start=fiscal_start))
        for kpi in kpis
    ]


def _near(today: dt.date, fiscal_start: int) -> Q:
    """Whole periods of each grain, back to where a figure is out of date in any case."""
    found = Q()
    for grain in set(GRAIN.values()):
        newest = last_whole(today, grain, fiscal_start).start
        reach = dt.timedelta(days=round(3 * LENGTH[grain]))
        found |= Q(grain=GrainCode.of(grain), day__lte=newest, day__gte=newest - reach)
    return found


def _due(
    kpi: Kpi,
    measured: dict[Key, dt.date],
    excused: dict[Key, dt.date],
    *,
    today: dt.date,
    fiscal_start: int,
) -> Due:
    key = kpi.pk, GrainCode.of(grain_of(kpi.cadence)).value
    return due(
        kpi.cadence,
        since=kpi.created_at.date(),
        today=today,
        measured=[measured[key]] if key in measured else [],
        excused=[excused[key]] if key in excused else [],
        policy=policy.current(),
        fiscal_start=fiscal_start,
    )


def enterable(deployments: Iterable[Deployment]) -> list[Kpi]:
    """KPIs that people enter, in their order; what is computed from others is left out."""
    rows = Kpi.objects.filter(deployment__in=[one.pk for one in deployments], retired_on=None)
    return [kpi for kpi in rows.order_by("deployment_id", "position") if not kpi.derived_from]
