"""Figures: every revision of them read, and new ones sent one by one or many at a time.

Many go from the parser through the reader of rows to the record and from there by COPY; no object
of REST framework is made for a row.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import FilterSet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kpis.api import recording, rows
from kpis.api.figures import (
    CSV_COLUMNS,
    GRADES,
    MOST_ROWS,
    FigureSerializer,
    MeasurementSerializer,
    RecordedRowsSerializer,
    RecordedSerializer,
    RowSerializer,
)
from kpis.api.kpis import deployment_key, kpi_of
from kpis.api.measurement import COLUMNS, STORED, present_columns
from kpis.api.recording import RowError, Sender, row_error
from kpis.api.rows import Calendar, Sent, Unusable
from kpis.models import GrainCode, Kpi, Measurement
from portal.api import parameters, problems
from portal.api.base import View
from portal.api.filters import Day, Flag, OneOf
from portal.api.idempotency import once
from portal.api.lists import ListView
from portal.api.parsers import CSV, JSON, CsvBytes, StrictJson
from portal.api.problems import Problem
from portal.domain.calendar import Grain
from portal.domain.roles import Permission
from portal.domain.tokens import Scope

CSV_WORDS = f"A header line out of {','.join(CSV_COLUMNS)}; kpi and period are needed."


class OfGrain(OneOf):
    def filter(self, qs: Any, value: str) -> Any:
        return qs.filter(grain=GrainCode[value.upper()]) if value else qs


class MeasurementFilters(FilterSet):
    grain = OfGrain([grain.value for grain in Grain], description=gettext_lazy("Its length."))
    grade = OneOf(GRADES, description=gettext_lazy("How it is known."))
    since = Day(field_name="day", lookup_expr="gte", description=gettext_lazy("First day."))
    until = Day(field_name="day", lookup_expr="lte", description=gettext_lazy("Last day."))
    withdrawn = Flag(field_name="is_withdrawn", description=gettext_lazy("Taken back."))


class Figures(View):
    """What sending needs: the organization's calendar, and who sends."""

    def calendar(self) -> Calendar:
        return Calendar(self.today, self.organization.fiscal_year_start)

    def sender(self) -> Sender:
        return Sender(self.by, self.now)


class MeasurementsView(Figures, ListView):
    """Every figure of a KPI as it came in, all revisions, oldest first."""

    reads, writes = Scope.READ, Scope.WRITE
    permission = Permission.SEE_KPIS
    operations: ClassVar[dict[str, str]] = {"GET": "list_measurements", "POST": "send_figure"}
    serializer_class = MeasurementSerializer
    filters = MeasurementFilters
    columns: ClassVar[dict[str, str]] = COLUMNS | {name: name for name in STORED}
    orders: ClassVar[dict[str, tuple[str, ...]]] = {
        "period": ("grain", "day", "revision"),
        "-period": ("-grain", "-day", "-revision"),
    }
    kpi: Kpi

    def rows(self, **kwargs: str) -> Any:
        self.kpi = kpi_of(deployment=kwargs["deployment"], slug=kwargs["kpi"])
        return Measurement.objects.filter(kpi_id=self.kpi.pk, unit_key=0)

    def present(self, row: dict[str, Any]) -> dict[str, Any]:
        stored = {name: row.pop(name) for name in STORED}
        return present_columns(row, stored, self.kpi)

    @extend_schema(
        request=FigureSerializer, responses={200: RecordedSerializer, 201: RecordedSerializer}
    )
    @once
    def post(self, request: Request, deployment: str, kpi: str) -> Response:
        """Send one figure.

        The same figure again changes nothing (200). A different one for a period on record needs
        a reason (409 without).
        """
        parameters.said_once(request, [])
        found = kpi_of(deployment=deployment, slug=kpi)
        row = request.data
        if found.retired_on is not None and not rows.shape_faults(row, rows.FIGURE_MEMBERS):
            sentence = _("%(kpi)s was retired and takes no more figures.")
            raise Problem(409, sentence % {"kpi": found.name}, field="kpi")
        try:
            sent = rows.read_row(1, row, self.calendar(), kpi=found, kpis={})
        except Unusable as error:
            faults = [{"field": field, "message": message} for field, message in error.faults]
            raise problems.of_fields(faults) from error
        word, recorded = recording.one(sent, sender=self.sender())
        return Response(recorded, status=200 if word == "unchanged" else 201)


class DeploymentMeasurementsView(Figures):
    """Many figures of one deployment."""

    reads = writes = Scope.WRITE
    permission = Permission.ENTER_FIGURES
    operations: ClassVar[dict[str, str]] = {"POST": "send_figures"}
    parser_classes = [StrictJson, CsvBytes]

    @extend_schema(
        request={
            JSON: RowSerializer(many=True),
            CSV: {"type": "string", "description": CSV_WORDS},
        },
        responses=RecordedRowsSerializer,
        parameters=[
            OpenApiParameter(
                "keep_good",
                str,
                enum=["true", "false"],
                description="With true the rows without a fault are written, the others listed.",
            )
        ],
    )
    @once
    def post(self, request: Request, deployment: str) -> Response:
        """Send many figures, as JSON or CSV: all of them are written or none (422)."""
        query = parameters.said_once(request, ["keep_good"])
        flag = parameters.one_of("keep_good", query.get("keep_good", ""), ["true", "false"])
        kpis = recording.kpis_of(deployment_key(deployment))
        sent, errors = read_rows(request.data, kpis, self.calendar())
        recorded = recording.many(sent, errors, keep_good=flag == "true", sender=self.sender())
        return Response(recorded)


def read_rows(
    data: Any, kpis: Mapping[str, Kpi], calendar: Calendar
) -> tuple[list[Sent], list[RowError]]:
    """Every row of a JSON list or a CSV: read, or with its faults. Raises Problem."""
    if isinstance(data, bytes):
        numbered = list(rows.csv_rows(data))
    elif isinstance(data, list):
        numbered = list(enumerate(data, start=1))
    else:
        sentence = _("Send a list of figures, or one figure to the address of its KPI.")
        raise Problem(422, sentence)
    if len(numbered) > MOST_ROWS:
        raise rows.too_many(len(numbered))
    if not numbered:
        raise Problem(422, _("There is no figure in this request."))
    sent, errors = list[Sent](), list[RowError]()
    for number, row in numbered:
        try:
            if isinstance(row, Unusable):
                raise row
            sent.append(rows.read_row(number, row, calendar, kpi=None, kpis=kpis))
        except Unusable as error:
            errors += [row_error(number, field, message) for field, message in error.faults]
    return sent, errors
