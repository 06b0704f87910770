"""Figures as they were recorded, with every revision."""

from django.db.models import QuerySet

from kpis.models import Kpi, Measurement


def every_revision(kpi: Kpi) -> QuerySet[Measurement]:
    """Every revision of every figure of a KPI, newest period first."""
    rows: QuerySet[Measurement] = Measurement.objects.filter(kpi_id=kpi.pk)
    return rows.order_by("-day", "grain", "unit_key", "-revision")


def revisions(kpi: Kpi) -> list[Measurement]:
    """The newest 500 revisions of the figures of a KPI, newest period first."""
    return list(every_revision(kpi)[:500])
