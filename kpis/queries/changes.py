"""Changes of deployments as figures need them."""

import datetime as dt
from collections.abc import Sequence

from deployments.domain.changes import NEW_PROCESS
from deployments.models import DeploymentChange
from kpis.models import Kpi


def breaks_of(kpis: Sequence[Kpi]) -> dict[int, list[dt.date]]:
    """Days on which a deployment changed so that figures before and after are not one process."""
    rows = DeploymentChange.objects.filter(
        deployment__in={kpi.deployment_id for kpi in kpis}, kind__in=NEW_PROCESS
    ).order_by("on")
    found: dict[int, list[dt.date]] = {}
    for row in rows:
        found.setdefault(row.deployment_id, []).append(row.on)
    return found
