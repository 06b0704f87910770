"""A KPI over time: figures put together by week, month, quarter or year."""

import datetime as dt
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kpis.api.kpis import kpi_of
from kpis.api.numbers import as_text
from kpis.domain.aggregation import storage
from kpis.models import Grade, GrainCode, Kpi, Rollup
from kpis.queries.series import GRAIN_OF_CADENCE, series
from portal.api import parameters
from portal.api.base import View
from portal.domain.calendar import Grain
from portal.domain.roles import Permission
from portal.domain.tokens import Scope

GRAINS = ("week", "month", "quarter", "year")


class PointSerializer(serializers.Serializer[Any]):
    """One period of a series."""

    period = serializers.DateField(help_text="Its first day.")
    kind = serializers.CharField(help_text="The kind of which the parts are.")
    parts = serializers.DictField(help_text="Exact decimals as text; rarer kinds also hold lists.")
    value = serializers.CharField(
        allow_null=True, help_text="Derived from the parts, in the unit of the KPI."
    )
    grade = serializers.ChoiceField(Grade.values, help_text="How the weakest figure is known.")
    facts = serializers.IntegerField(help_text="How many figures were put together.")
    definition = serializers.IntegerField()
    cannot_combine = serializers.BooleanField(help_text="Its figures cannot be added up.")


class SeriesSerializer(serializers.Serializer[Any]):
    """The periods of a KPI, oldest first."""

    kpi = serializers.CharField(help_text="Slug of the KPI.")
    unit = serializers.CharField(help_text="Unit of the values.")
    grain = serializers.ChoiceField([grain.value for grain in Grain], help_text="Their length.")
    points = PointSerializer(many=True)


class SeriesView(View):
    """A KPI over time: figures put together by week, month, quarter or year, oldest first."""

    reads = Scope.READ
    permission = Permission.SEE_KPIS
    operations: ClassVar[dict[str, str]] = {"GET": "series"}

    @extend_schema(
        responses=SeriesSerializer,
        parameters=[
            OpenApiParameter("from", dt.date, description="First day of the oldest period."),
            OpenApiParameter("to", dt.date, description="Later periods are left out."),
            OpenApiParameter(
                "grain",
                str,
                enum=GRAINS,
                description="Length of the periods; without it the one in which figures are due.",
            ),
        ],
    )
    def get(self, request: Request, deployment: str, kpi: str) -> Response:
        """A KPI over time: figures put together by week, month, quarter or year, oldest first.

        `value` is null where figures cannot be combined.
        """
        query = parameters.said_once(request, ["from", "to", "grain"])
        since = parameters.day("from", query.get("from", ""))
        until = parameters.day("to", query.get("to", ""))
        grain = parameters.one_of("grain", query.get("grain", ""), GRAINS)
        found = kpi_of(deployment=deployment, slug=kpi)
        code, points = _points(found, since=since, until=until, grain=grain)
        return Response(
            {
                "kpi": found.slug,
                "unit": found.unit,
                "grain": code.name.lower(),
                "points": [_point(row) for row in points],
            }
        )


def _points(
    kpi: Kpi, *, since: dt.date | None, until: dt.date | None, grain: str
) -> tuple[GrainCode, list[Rollup]]:
    """The rollups of a KPI at a grain, by default that of its cadence, oldest first."""
    if not grain:
        points = series([kpi], since=since, until=until)[kpi.pk]
        due = GRAIN_OF_CADENCE.get(kpi.cadence, GrainCode.WEEK)
        return GrainCode(points[0].grain) if points else due, points
    code = GrainCode[grain.upper()]
    rows = Rollup.objects.filter(kpi_id=kpi.pk, unit_key=0, grain=code)
    if since is not None:
        rows = rows.filter(day__gte=since)
    if until is not None:
        rows = rows.filter(day__lte=until)
    return code, list(rows.order_by("day"))


def _point(row: Rollup) -> dict[str, Any]:
    stored = row.stored
    return {
        "period": row.day,
        "kind": storage.kind_of(stored),
        "parts": as_text(storage.to_parts(stored)),
        "value": as_text(row.value),
        "grade": row.grade,
        "facts": row.facts,
        "definition": row.definition,
        "cannot_combine": row.cannot_combine,
    }
