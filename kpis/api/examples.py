"""Requests that a page can show for one KPI: its parts, and a period in which its figures fall."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kpis.api.rows import wanted
from kpis.domain.entering.due import last_whole
from kpis.models import Kpi
from portal.domain.calendar import Grain

PARTS: Mapping[str, Mapping[str, str]] = {
    "num and den": {"num": "18", "den": "240"},
    "n, mean and, where known, sd": {"n": "240", "mean": "31.5", "sd": "8.2"},
    "tp, fp, fn and tn": {"tp": "40", "fp": "3", "fn": "5", "tn": "192"},
    "value": {"value": "18"},
}


# The API takes no period longer than a quarter; every other cadence is shown by its weeks.
SENT: Mapping[str, tuple[Grain, Any]] = {
    "daily": (Grain.DAY, _("one day")),
    "monthly": (Grain.MONTH, _("one month")),
    "quarterly": (Grain.QUARTER, _("one quarter")),
    "yearly": (Grain.QUARTER, _("one quarter")),
}


def period(cadence: str, today: dt.date, fiscal_start: int) -> tuple[str, str]:
    """The last whole period of a cadence, as it is sent and in words."""
    grain, length = SENT.get(cadence, (Grain.WEEK, _("one week")))
    return last_whole(today, grain, fiscal_start).code, str(length)


def requests(kpi: Kpi, today: dt.date, fiscal_start: int) -> dict[str, str]:
    """Body as JSON, the same as CSV, and the length of the period in words."""
    parts = PARTS[wanted(kpi.kind)]
    when, words = period(kpi.cadence, today, fiscal_start)
    header = ",".join(["kpi", "period", *parts, "grade"])
    cells = ",".join([kpi.slug, when, *parts.values(), "measured"])
    body = {"period": when, "parts": dict(parts)}
    return {"json": json.dumps(body), "csv": f"{header}\n{cells}", "length": words}
