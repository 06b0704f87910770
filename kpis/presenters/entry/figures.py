"""Figures of the grid in words: a value, what it was before, what is usual."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from kpis.domain import wording
from kpis.domain.aggregation import monoids, storage
from kpis.evidence.processes import segments
from kpis.models import Kpi, Rollup
from portal.domain.calendar import Period, period_of
from portal.models import Organization

# Kinds whose value is a part of a whole.
SHARES = frozenset({"ratio", "rating", "uptime", "confusion"})


def say(kpi: Kpi, kind: str, parts: Mapping[str, object], organization: Organization) -> str:
    """The value of parts in words; empty where they give none."""
    value = monoids.value(kind, monoids.from_parts(kind, parts))
    if value is None:
        return ""
    return in_words(kpi, value / storage.scale(kind, kpi.unit), organization)


def in_words(kpi: Kpi, value: Decimal | float | None, organization: Organization) -> str:
    """A value in the unit of the KPI, as people of the organization write it."""
    return wording.say(
        value,
        kpi.unit,
        currency=kpi.currency,
        locale=organization.locale,
    )


def before(
    kpi: Kpi, found: Sequence[Rollup], period: Period, organization: Organization
) -> tuple[str, str]:
    """The newest earlier figure, and of which period it is where that is not the one before."""
    earlier = [row for row in found if row.day < period.start and row.value is not None]
    if not earlier:
        return "—", ""
    newest = earlier[-1]
    start = organization.fiscal_year_start
    last = period_of(period.start - dt.timedelta(days=1), period.grain, start)
    label = period_of(newest.day, period.grain, start).short
    return in_words(kpi, newest.value, organization), "" if newest.day == last.start else label


def usual(
    kpi: Kpi, found: Sequence[Rollup], breaks: Sequence[dt.date], organization: Organization
) -> str:
    """Between what the process moves by itself; "building" while there are too few periods."""
    stretches = segments(kpi, found, breaks, fiscal_start=organization.fiscal_year_start)
    point = stretches[-1].points[-1] if stretches and stretches[-1].points else None
    if point is None:
        return "—"
    if point.lower is None or point.upper is None:
        return "building"
    low, high = point.lower, point.upper
    if kpi.unit != "points":
        low = max(0.0, low)
    if kpi.kind in SHARES:
        high = min(1.0, high)
    return f"{in_words(kpi, low, organization)} – {in_words(kpi, high, organization)}"
