"""What stands on the page of one KPI beside its chart: what the rules see, targets, baselines."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from kpis.domain import wording
from kpis.domain.entering.deviations import holds
from kpis.evidence.baselines import span_before, value_before
from kpis.evidence.finish import finish
from kpis.evidence.processes import segments
from kpis.evidence.sources import Sources
from kpis.models import Baseline, Deviation, Grade, Kpi, KpiTarget, Verdict
from kpis.presenters import charts, verdicts
from kpis.presenters.drawings import stack_svg
from kpis.presenters.results import KpiRow
from portal.models import Organization

NUMBERS = {
    "requirement": "Required",
    "target": "Target",
    "ceiling": "Possible at best",
    "warning": "Warning",
    "critical": "Critical",
    "mwb": "Smallest benefit worth having",
    "margin": "Largest worsening accepted",
    "expected_min": "Expected at least",
}
# These are shares of the value before for all kinds but shares, where they are points.
EFFECTS = {"mwb", "margin"}


@dataclass(frozen=True)
class Primary:
    """The primary outcome as it stands on top: its row, its chart, what the rules say of it."""

    row: KpiRow
    chart: str
    change: str


@dataclass(frozen=True)
class Times:
    """Draft against finished result: bars on one axis, the finding, whether it is a loss."""

    chart: str
    finding: str
    parts: str
    is_loss: bool
    source: str


def primaries(rows: Sequence[KpiRow], known: Sources, verdict: Verdict | None) -> list[Primary]:
    """The primary outcomes of a set, one as a rule."""
    return [_primary(row, known, verdict) for row in rows if row.kpi.is_primary]


def _primary(row: KpiRow, known: Sources, verdict: Verdict | None) -> Primary:
    kpi = row.kpi
    found = known.rows.get(kpi.pk, [])
    stretches = segments(
        kpi, found, known.breaks(), fiscal_start=known.organization.fiscal_year_start
    )
    lines = charts.lines_of(found, known.targets.get(kpi.pk, []), known.baselines.get(kpi.pk))
    say = partial(
        wording.say, unit=kpi.unit, currency=kpi.currency, locale=known.organization.locale
    )
    points = sum(len(one.points) for one in stretches)
    return Primary(
        row,
        charts.drawn(kpi, stretches, lines, say, height=176) if points > 1 else "",
        verdicts.change_of_kpi(verdict, kpi.slug),
    )


def times(known: Sources) -> Times | None:
    """Draft, review and finished result on one axis (capability 4); None where not known."""
    found = finish(known)
    if found is None:
        return None
    one = found.times
    bars = [("Before AI", [("work", round(one.before, 1))]), ("With AI", one.parts)]
    drawn = stack_svg(bars, title="Minutes from start to finished result", unit="min")
    return Times(drawn, one.finding(), one.parts_words, one.is_loss, found.source)


def target_rows(
    kpi: Kpi, rows: Iterable[KpiTarget], organization: Organization
) -> list[dict[str, Any]]:
    """Every version of the target, newest first, its numbers in words."""
    return [
        {
            "valid_from": row.valid_from,
            "condition": row.condition,
            "numbers": _numbers(kpi, row, organization),
            "reason": row.reason,
            "recorded_at": row.recorded_at,
            "recorded_by": row.recorded_by,
        }
        for row in rows
    ]


def _numbers(kpi: Kpi, row: KpiTarget, organization: Organization) -> list[tuple[str, str]]:
    how = {"currency": kpi.currency, "locale": organization.locale}
    found = []
    for name, label in NUMBERS.items():
        value = getattr(row, name)
        if value is None:
            continue
        if name in EFFECTS:
            is_share = kpi.unit.startswith("fraction")
            text = wording.say(value, "fraction", locale=organization.locale)
            found.append((label, f"{text[:-1]} points" if is_share else text))
        else:
            found.append((label, wording.say(value, kpi.unit, **how)))
    return found


def deviation_rows(
    kpi: Kpi, rows: Iterable[Deviation], organization: Organization, day: dt.date
) -> list[dict[str, Any]]:
    """Accepted deviations, each with its limit in words and whether it holds on the day."""
    how = {"currency": kpi.currency, "locale": organization.locale}
    return [
        {
            "one": row,
            "limit": wording.say(row.limit, kpi.unit, **how),
            "holds": holds(row.starts_on, row.ends_on, row.ended_early_on, day),
        }
        for row in rows
    ]


def baseline_rows(
    kpi: Kpi, rows: Iterable[Baseline], organization: Organization
) -> list[dict[str, Any]]:
    """Every baseline on record, newest first."""
    return [
        {
            "value": wording.say(
                value_before(row.parts),
                kpi.unit,
                currency=kpi.currency,
                locale=organization.locale,
            ),
            "span": _span(row, kpi, organization),
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "grade": Grade(row.grade).label,
            "source": row.source,
            "periods": row.periods,
            "signed_by": row.signed_by,
            "other_definition": row.definition != kpi.definition,
        }
        for row in rows
    ]


def _span(row: Baseline, kpi: Kpi, organization: Organization) -> str:
    """ "38 min to 44 min", empty where the parts allow no interval."""
    found = span_before(row.parts)
    if found is None:
        return ""
    how = {"currency": kpi.currency, "locale": organization.locale}
    return " to ".join(wording.say(round(one, 4), kpi.unit, **how) for one in found)
