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


# Days that pass by themselves: block -> fields.
DAYS: Mapping[str, frozenset[str]] = {
    "deployment": frozenset({"days_since_start"}),
    "scope": frozenset({"days_since_kpi_review"}),
}
KPI_DAYS = frozenset({"age_cadences", "i2_open_days"})


def without_days(case: Mapping[str, Any]) -> dict[str, Any]:
    """The case as plain JSON without what changes with the day alone."""
    plain: dict[str, Any] = json.loads(canonical(case))
    plain.pop("as_of", None)
    for block, fields in DAYS.items():
        if isinstance(plain.get(block), dict):
            plain[block] = {k: v for k, v in plain[block].items() if k not in fields}
    plain["kpis"] = [
        {k: v for k, v in kpi.items() if k not in KPI_DAYS} for kpi in plain.get("kpis") or []
    ]
    return plain
