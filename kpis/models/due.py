"""Reads of what is due, for one grid or for the whole organization, in three statements."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from deployments.models import Deployment
from kpis.domain import policy
from kpis.domain.due import OPEN, Due, State, due, grain_of
from kpis.models.entry import Absence
from kpis.models.kpi import Kpi
from kpis.models.measurement import Grain, Rollup

# Far enough back to see how old the newest figure of a quarterly KPI is.
WINDOW = dt.timedelta(days=800)
CODES = {grain_of(cadence): Grain[grain_of(cadence).name] for cadence in
         ("weekly", "monthly", "quarterly", "yearly")}  # fmt: skip


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
    keys = [kpi.pk for kpi in kpis]
    measured = _days(
        Rollup.objects.filter(
            kpi_id__in=keys, unit_key=0, value__isnull=False, day__gte=today - WINDOW
        )
    )
    excused = _days(Absence.objects.filter(kpi_id__in=keys, day__gte=today - WINDOW))
    found = []
    for kpi in kpis:
        code = CODES[grain_of(kpi.cadence)]
        found.append(
            Waiting(
                kpi,
                due(
                    kpi.cadence, since=kpi.created_at.date(), today=today,
                    measured=measured.get((kpi.pk, code), set()),
                    excused=excused.get((kpi.pk, code), set()),
                    policy=policy.current(), fiscal_start=fiscal_start,
                ),
            )
        )  # fmt: skip
    return found


def _days(rows: "Iterable[Rollup] | Iterable[Absence]") -> dict[tuple[int, int], set[dt.date]]:
    found: dict[tuple[int, int], set[dt.date]] = {}
    for kpi_id, grain, day in rows.values_list("kpi_id", "grain", "day"):  # type: ignore[union-attr]
        found.setdefault((kpi_id, grain), set()).add(day)
    return found


def enterable(deployments: Iterable[Deployment]) -> list[Kpi]:
    """KPIs that people enter, in their order; what is computed from others is left out."""
    rows = Kpi.objects.filter(deployment__in=[one.pk for one in deployments], retired_on=None)
    return [kpi for kpi in rows.order_by("deployment_id", "position") if not kpi.derived_from]
