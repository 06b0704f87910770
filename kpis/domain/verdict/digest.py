"""The digest of the inputs: the same facts in any order have the same name (method 5.8)."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from kpis.domain.verdict.evidence import NOT_INPUTS


def digest(case: Mapping[str, Any]) -> str:
    """SHA-256 of a case that was read: canonical JSON, KPIs by key, incidents by their JSON."""
    inputs = {name: value for name, value in case.items() if name not in NOT_INPUTS}
    if inputs.get("kpis"):
        inputs["kpis"] = sorted(inputs["kpis"], key=lambda kpi: str(kpi["key"]))
    if inputs.get("incidents"):
        inputs["incidents"] = sorted(inputs["incidents"], key=canonical)
    return hashlib.sha256(canonical(inputs).encode()).hexdigest()


def canonical(value: Any) -> str:
    """JSON with sorted keys, without spaces, dates as ISO text."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
    )


def _plain(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in evidence")
