"""What stands on the page of one KPI beside its chart: what the rules see, targets, baselines."""

from collections.abc import Iterable
from typing import Any

from kpis.chart_data import value_before
from kpis.domain import wording
from kpis.domain.verdict.explain import one_kpi
from kpis.models import Baseline, Grade, Kpi, KpiTarget, Verdict
from portal.models import Organization

NUMBERS = {
    "requirement": "Required", "target": "Target", "ceiling": "Possible at best",
    "warning": "Warning", "critical": "Critical", "mwb": "Smallest benefit worth having",
    "margin": "Largest worsening accepted", "expected_min": "Expected at least",
}  # fmt: skip
# These are shares of the value before for all kinds but shares, where they are points.
EFFECTS = {"mwb", "margin"}


def judged(kpi: Kpi, verdict: Verdict | None) -> list[str]:
    """What the rules saw of the KPI in the newest verdict; empty where there is none."""
    return [] if verdict is None else one_kpi(verdict.evidence, kpi.slug)


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


def baseline_rows(
    kpi: Kpi, rows: Iterable[Baseline], organization: Organization
) -> list[dict[str, Any]]:
    """Every baseline on record, newest first."""
    return [
        {
            "value": wording.say(
                value_before(row.parts), kpi.unit, currency=kpi.currency,
                locale=organization.locale,
            ),
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "grade": Grade(row.grade).label,
            "source": row.source,
            "periods": row.periods,
            "signed_by": row.signed_by,
            "other_definition": row.definition != kpi.definition,
        }
        for row in rows
    ]  # fmt: skip
