"""The verdicts that hold."""

from collections.abc import Iterable

from deployments.models import Deployment
from kpis.models import Verdict


def latest_verdicts(deployments: Iterable[Deployment]) -> dict[int, Verdict]:
    """The newest verdict of each deployment; one statement."""
    rows = (
        Verdict.objects.filter(deployment__in=[one.pk for one in deployments])
        .order_by("deployment_id", "-made_at", "-id")
        .distinct("deployment_id")
    )
    return {row.deployment_id: row for row in rows}
