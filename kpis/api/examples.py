"""Requests that a page can show for one KPI: its parts, and a period in which its figures fall."""

import datetime as dt
import json
from collections.abc import Mapping

from kpis.api.rows import wanted
from kpis.models import Kpi

PARTS: Mapping[str, Mapping[str, str]] = {
    "num and den": {"num": "18", "den": "240"},
    "n, mean and, where known, sd": {"n": "240", "mean": "31.5", "sd": "8.2"},
    "tp, fp, fn and tn": {"tp": "40", "fp": "3", "fn": "5", "tn": "192"},
    "value": {"value": "18"},
}


def period(cadence: str, today: dt.date) -> tuple[str, str]:
    """The last whole period of a cadence, as it is sent and in words."""
    first = today.replace(day=1)
    if cadence == "daily":
        return f"{today - dt.timedelta(days=1)}", "one day"
    if cadence == "monthly":
        return f"{first - dt.timedelta(days=1):%Y-%m}", "one month"
    if cadence in {"quarterly", "yearly"}:
        before = first.replace(month=(first.month - 1) // 3 * 3 + 1) - dt.timedelta(days=1)
        return f"{before.year}-Q{(before.month + 2) // 3}", "one quarter"
    year, week, _ = (today - dt.timedelta(days=7)).isocalendar()
    return f"{year}-W{week:02}", "one week"


def requests(kpi: Kpi, today: dt.date) -> dict[str, str]:
    """Body as JSON, the same as CSV, and the length of the period in words."""
    parts = PARTS[wanted(kpi.kind)]
    when, words = period(kpi.cadence, today)
    header = ",".join(["kpi", "period", *parts, "grade"])
    cells = ",".join([kpi.slug, when, *parts.values(), "measured"])
    body = {"period": when, "parts": dict(parts)}
    return {"json": json.dumps(body), "csv": f"{header}\n{cells}", "length": words}
