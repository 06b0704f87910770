"""Reads of the "today" page: every deployment with its recommendation, in a few statements."""

import datetime as dt
from collections.abc import Sequence

from deployments.models import Deployment, DeploymentChange
from kpis.domain.confirmation import PARTS, parts_to_confirm
from kpis.evidence.sources import SET_CHANGES
from kpis.models import Confirmation, Kpi
from kpis.models.queries import latest_verdicts
from reviews.domain import headline
from reviews.domain.today import Line, ordered

OVER = ("stopped",)


def today(day: dt.date) -> list[Line]:
    """One line per deployment that is not over, worst first; a constant number of statements."""
    places = list(Deployment.objects.exclude(status__in=OVER).order_by("name"))
    judged, open_parts = latest_verdicts(places), to_confirm(places, day)
    lines = []
    for place in places:
        verdict = judged.get(place.pk)
        record = verdict.record if verdict else {}
        rows = ["some"] if record.get("kpi") else []
        lines.append(
            Line(
                slug=place.slug, name=place.name, owner=place.owner_name,
                decision=verdict.decision if verdict and rows else None,
                because=headline.because(record, rows),
                to_confirm=len(open_parts.get(place.pk, ())),
            )
        )  # fmt: skip
    return ordered(lines)


def to_confirm(places: Sequence[Deployment], day: dt.date) -> dict[int, tuple[str, ...]]:
    """The parts of each KPI set that nobody looked at since the deployment changed."""
    keys = [place.pk for place in places]
    changed: dict[int, dt.datetime] = {}
    for change in DeploymentChange.objects.filter(
        deployment__in=keys, kind__in=SET_CHANGES, on__lte=day
    ):
        known = changed.get(change.deployment_id, change.recorded_at)
        changed[change.deployment_id] = max(known, change.recorded_at)
    first: dict[int, dt.datetime] = {}
    kpis = Kpi.objects.filter(deployment__in=keys, retired_on=None)
    for key, at in kpis.values_list("deployment_id", "created_at"):
        first[key] = min(first.get(key, at), at)
    seen = {key: dict.fromkeys(PARTS, at) for key, at in first.items()}
    for one in Confirmation.objects.filter(deployment__in=keys):
        if one.deployment_id in seen:
            parts = seen[one.deployment_id]
            parts[one.part] = max(parts[one.part], one.confirmed_at)
    return {key: parts_to_confirm(changed.get(key), seen[key]) for key in seen}
