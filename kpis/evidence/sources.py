"""Everything on record that a verdict may look at, read once in a constant number of statements."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import TruncMonth

from deployments.domain.changes import ASKS_FOR_REVIEW, NEW_PROCESS
from deployments.models import Deployment, DeploymentChange, Gate
from kpis.models import (
    Absence,
    Baseline,
    Confirmation,
    CostEntry,
    GrainCode,
    Kpi,
    KpiTarget,
    LedgerBasis,
    Rollup,
    Verdict,
)
from kpis.queries.baselines import baselines
from kpis.queries.series import series
from portal.domain.calendar import Grain, Period, period_of
from portal.models import Organization, Unit
from portal.tenancy.scope import current_organization_id

# Changes that make a KPI set, its baselines and its thresholds "to be confirmed" (method 4).
SET_CHANGES: Sequence[str] = ASKS_FOR_REVIEW
# Changes after which figures are another process (method 1.4).
PROCESS_CHANGES: Sequence[str] = NEW_PROCESS


@dataclass(frozen=True)
class Sources:
    """What is on record about one deployment as of a day; lists are oldest first."""

    deployment: Deployment
    organization: Organization
    as_of: dt.date
    quarter: Period
    kpis: Sequence[Kpi]
    rows: dict[int, list[Rollup]]
    targets: dict[int, list[KpiTarget]]
    baselines: dict[int, Baseline]
    changes: Sequence[DeploymentChange]
    quarterly: dict[int, Rollup] = field(default_factory=dict)
    by_unit: dict[int, list[Rollup]] = field(default_factory=dict)
    unit_names: dict[int, str] = field(default_factory=dict)
    absences: dict[int, list[Absence]] = field(default_factory=dict)
    confirmations: Sequence[Confirmation] = ()
    gates: Sequence[Gate] = ()
    earlier: Sequence[Verdict] = ()
    costs: Sequence[CostEntry] = ()
    bases: Sequence[LedgerBasis] = ()

    def by_key(self, catalogue_key: str) -> Kpi | None:
        """The KPI of the set that comes from this entry of the catalogue."""
        return next((kpi for kpi in self.kpis if kpi.catalogue_key == catalogue_key), None)

    def target_on(self, kpi: Kpi, day: dt.date) -> KpiTarget | None:
        """The version of a KPI's target that holds on a day."""
        known = [one for one in self.targets.get(kpi.pk, []) if one.valid_from <= day]
        return known[-1] if known else None

    def breaks(self) -> list[dt.date]:
        """Days from which on figures are another process."""
        return [one.on for one in self.changes if one.kind in PROCESS_CHANGES]


def read(deployment: Deployment, *, as_of: dt.date) -> Sources:
    """Read the sources of one deployment of the bound organization."""
    known = measures(deployment, as_of=as_of)
    keys, quarter = [kpi.pk for kpi in known.kpis], known.quarter
    at_quarter = Rollup.objects.filter(kpi_id__in=keys, grain=GrainCode.QUARTER, day=quarter.start)
    here = {"deployment": deployment}
    return replace(
        known,
        **_split(list(at_quarter)),
        unit_names=dict(Unit.objects.values_list("pk", "name")),
        absences=_grouped(Absence.objects.filter(kpi_id__in=keys, day__gte=quarter.start)),
        confirmations=list(Confirmation.objects.filter(**here).order_by("confirmed_at")),
        gates=list(Gate.objects.filter(**here).order_by("recorded_at", "id")),
        earlier=_monthly(Verdict.objects.filter(**here, as_of__lt=quarter.start)),
        costs=list(
            CostEntry.objects.filter(**here, starts_on=quarter.start).order_by("recorded_at", "id")
        ),
        bases=list(
            LedgerBasis.objects.filter(**here, starts_on=quarter.start).order_by(
                "recorded_at", "id"
            )
        ),
    )


def measures(deployment: Deployment, *, as_of: dt.date, also: Kpi | None = None) -> Sources:
    """The KPIs with figures, targets, baselines and the changes of the deployment; no more.

    KPIs that are no longer measured are left out, but for the one that is asked for.
    """
    organization = Organization.objects.get(pk=current_organization_id())
    in_set = Q(retired_on=None) if also is None else Q(retired_on=None) | Q(pk=also.pk)
    kpis = list(Kpi.objects.filter(in_set, deployment=deployment).order_by("position"))
    targets = KpiTarget.objects.filter(kpi__in=[kpi.pk for kpi in kpis], valid_from__lte=as_of)
    changes = DeploymentChange.objects.filter(deployment=deployment, on__lte=as_of)
    return Sources(
        deployment=deployment,
        organization=organization,
        as_of=as_of,
        quarter=period_of(as_of, Grain.QUARTER, organization.fiscal_year_start),
        kpis=kpis,
        rows=series(kpis, until=as_of),
        targets=_grouped(targets.order_by("kpi_id", "valid_from", "recorded_at")),
        baselines=baselines(kpis),
        changes=list(changes.order_by("on", "id")),
    )


def _monthly(rows: QuerySet[Verdict]) -> list[Verdict]:
    """The newest verdict of each month, without its evidence: quarters are made of months."""
    months = rows.defer("evidence").annotate(month=TruncMonth("as_of"))
    return list(months.order_by("month", "-made_at", "-id").distinct("month"))


def _split(rows: Sequence[Rollup]) -> dict[str, Any]:
    units: dict[int, list[Rollup]] = {}
    for row in rows:
        if row.unit_key:
            units.setdefault(row.kpi_id, []).append(row)
    return {"quarterly": {row.kpi_id: row for row in rows if not row.unit_key}, "by_unit": units}


def _grouped(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.kpi_id, []).append(row)
    return found
