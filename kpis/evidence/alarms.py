"""Alarms that stand from earlier periods, with hysteresis (method 4)."""

from typing import Any

from kpis.evidence.sources import Sources
from kpis.models import Kpi


def standing(sources: Sources, kpi: Kpi) -> dict[str, Any]:
    return {}
