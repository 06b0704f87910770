"""Baselines that hold for the present definition of a KPI."""

from collections.abc import Iterable

from kpis.models import Baseline, Kpi


def baselines(kpis: Iterable[Kpi]) -> dict[int, Baseline]:
    """The newest baseline of each KPI for its present definition; one statement."""
    known = {kpi.pk: kpi for kpi in kpis}
    rows = Baseline.objects.filter(kpi_id__in=list(known)).order_by("kpi_id", "-recorded_at")
    found: dict[int, Baseline] = {}
    for row in rows:
        if row.definition == known[row.kpi_id].definition:
            found.setdefault(row.kpi_id, row)
    return found
