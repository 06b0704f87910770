"""What the API tells: deployments, KPI sets, series and figures, in a constant number of reads."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import Http404

from deployments.models import Deployment
from kpis.api.shapes import DEPLOYMENT, KPI
from kpis.domain.aggregation import storage
from kpis.models import Grain as GrainCode
from kpis.models import Kpi, Measurement, Rollup
from kpis.queries.series import GRAIN_OF_CADENCE, series
from portal.api.answers import Problem

DEPLOYMENT_FIELDS, KPI_FIELDS = tuple(DEPLOYMENT["properties"]), tuple(KPI["properties"])
Page = tuple[list[dict[str, Any]], str | None]


def deployments(*, after: str, limit: int) -> Page:
    """A page of deployments by slug, and where the next one begins."""
    rows = Deployment.objects.filter(slug__gt=after).order_by("slug")
    found = list(rows.values_list(*DEPLOYMENT_FIELDS)[: limit + 1])
    items = [dict(zip(DEPLOYMENT_FIELDS, row, strict=True)) for row in found[:limit]]
    return items, items[-1]["slug"] if len(found) > limit else None


def kpis(*, deployment: str, after: str, limit: int) -> Page:
    """A page of the KPI set of a deployment. Raises Http404 for an unknown one."""
    rows = Kpi.objects.filter(deployment_id=deployment_key(deployment), slug__gt=after)
    found = list(rows.order_by("slug").values_list(*KPI_FIELDS)[: limit + 1])
    items = [dict(zip(KPI_FIELDS, row, strict=True)) for row in found[:limit]]
    for item in items:
        item["retired_on"] = item["retired_on"] and item["retired_on"].isoformat()
    return items, items[-1]["slug"] if len(found) > limit else None


def deployment_key(slug: str) -> int:
    """Raises Http404 for a deployment that the organization does not have."""
    key = Deployment.objects.filter(slug=slug).values_list("pk", flat=True).first()
    if key is None:
        raise Http404
    return int(key)


def kpi(*, deployment: str, slug: str) -> Kpi:
    """Raises Http404 for a KPI that is not in the set of that deployment."""
    found = Kpi.objects.filter(slug=slug, deployment__slug=deployment).first()
    if found is None:
        raise Http404
    return found


def series_of(
    found: Kpi, *, since: dt.date | None, until: dt.date | None, grain: str
) -> dict[str, Any]:
    """The rollups of a KPI at a grain, by default that of its cadence, oldest first."""
    if grain:
        rows = Rollup.objects.filter(kpi_id=found.pk, unit_key=0, grain=GrainCode[grain.upper()])
        if since is not None:
            rows = rows.filter(day__gte=since)
        if until is not None:
            rows = rows.filter(day__lte=until)
        points = list(rows.order_by("day"))
        code = GrainCode[grain.upper()]
    else:
        points = series([found], since=since, until=until)[found.pk]
        due = GRAIN_OF_CADENCE.get(found.cadence, GrainCode.WEEK)
        code = GrainCode(points[0].grain) if points else due
    return {
        "kpi": found.slug,
        "unit": found.unit,
        "grain": code.name.lower(),
        "points": [_point(row) for row in points],
    }


def _point(row: Rollup) -> dict[str, Any]:
    stored = columns_of(row)
    return {
        "period": row.day.isoformat(),
        "kind": storage.kind_of(stored),
        "parts": as_text(storage.to_parts(stored)),
        "value": None if row.value is None else f"{row.value.normalize():f}",
        "grade": row.grade,
        "facts": row.facts,
        "definition": row.definition,
        "cannot_combine": row.cannot_combine,
    }


def measurements(found: Kpi, *, after: str, limit: int) -> Page:
    """A page of figures of the whole deployment, every revision, by grain and day."""
    rows = Measurement.objects.filter(kpi_id=found.pk, unit_key=0)
    if after:
        grain, day, revision = read_place(after)
        place = (found.organization_id, found.pk, 0, grain, day, revision)
        rows = rows.filter(pk__gt=place)
    page = list(rows.order_by("grain", "day", "revision")[: limit + 1])
    items = [measurement(row, found) for row in page[:limit]]
    last = page[limit - 1] if len(page) > limit else None
    return items, f"{last.grain}.{last.day}.{last.revision}" if last else None


def read_place(text: str) -> tuple[int, dt.date, int]:
    """Grain, day and revision that `after` names. Raises Problem."""
    try:
        grain, day, revision = text.split(".")
        return GrainCode(int(grain)).value, dt.date.fromisoformat(day), int(revision[:4])
    except ValueError as error:
        sentence = "“after” is not one that a page gave. Follow `next` instead."
        raise Problem(400, sentence, field="after") from error


def measurement(row: Measurement, found: Kpi) -> dict[str, Any]:
    """One revision of one figure."""
    stored = columns_of(row)
    value = storage.value_of(stored, found.unit)
    return {
        "period": row.day.isoformat(),
        "grain": GrainCode(row.grain).name.lower(),
        "revision": row.revision,
        "kind": storage.kind_of(stored),
        "parts": as_text(storage.to_parts(stored)),
        "value": None if value is None else f"{value:f}",
        "grade": row.grade,
        "withdrawn": row.is_withdrawn,
        "note": row.note,
        "reason": row.reason,
        "source": row.source,
        "recorded_by": row.recorded_by,
        "recorded_at": row.recorded_at.isoformat(),
    }


def columns_of(row: Rollup | Measurement) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (*storage.NUMBERS, "more")}


def as_text(value: Any) -> Any:
    """Every number as exact text, within lists and objects too."""
    if isinstance(value, dict):
        return {name: as_text(member) for name, member in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [as_text(item) for item in value]
    return value if value is None else str(value)
