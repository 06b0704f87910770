"""Versions of targets and thresholds: which of them holds on a day."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from kpis.models import Kpi, KpiTarget


def limit_of(target: KpiTarget | None) -> Decimal | None:
    """What is aimed at: the target, else the warning threshold."""
    if target is None:
        return None
    return target.warning if target.target is None else target.target


def limit_on(versions: Sequence[KpiTarget], day: dt.date) -> float | None:
    """What is aimed at on a day by the version that holds then; versions are oldest first."""
    begun = [version for version in versions if version.valid_from <= day]
    limit = limit_of(begun[-1]) if begun else None
    return None if limit is None else float(limit)


def targets(kpis: Iterable[Kpi], *, on: dt.date) -> dict[int, KpiTarget]:
    """The version of target and thresholds of each KPI that holds on the day; one statement."""
    rows = (
        KpiTarget.objects.filter(kpi_id__in=[kpi.pk for kpi in kpis], valid_from__lte=on)
        .order_by("kpi_id", "-valid_from", "-recorded_at")
        .distinct("kpi_id")
    )
    return {row.kpi_id: row for row in rows}
