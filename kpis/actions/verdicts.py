"""Verdicts: collect the evidence of a deployment, let the rules judge it, keep both."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from deployments.models import Deployment, DeploymentChange
from kpis.domain import storage
from kpis.domain.verdict import judge
from kpis.models import Baseline, Kpi, KpiTarget, Rollup, Verdict
from kpis.models import Grain as GrainCode
from kpis.models.queries import GRAIN_OF_CADENCE, baselines, series, targets
from portal.actions import audit
from portal.domain.calendar import Grain, period_of
from portal.models import Organization
from portal.tenancy.scope import current_organization_id

AS_POINT = {"count", "money", "gauge", "distinct", "score", "confusion", "percentile", "opaque"}
DAYS = {1: 1, 2: 7, 3: 30, 4: 91, 5: 365}
# Changes after which the KPI set must be looked at again (method 5.3, I10).
SET_CHANGES = ("model", "scope", "user_group", "phase", "vendor")


def judge_deployment(
    *, deployment: Deployment, as_of: dt.date, by: str, at: dt.datetime
) -> Verdict:
    """The verdict on the evidence as it stands; the same evidence gives the verdict on record."""
    evidence = collect(deployment, as_of=as_of)
    record = judge(evidence)
    with transaction.atomic():
        verdict, is_new = Verdict.objects.get_or_create(
            deployment=deployment,
            digest=record["digest"],
            # New rules under the same policy make a verdict of their own.
            policy=f"{record['policy']}, {record['rules']}",
            defaults={
                "as_of": as_of, "decision": record["decision"], "certainty": record["certainty"],
                "evidence": evidence, "record": record, "made_at": at,
            },
        )  # fmt: skip
        if is_new:
            audit.record(
                by=by, at=at, verb="computed the verdict on", subject=deployment,
                reference=deployment.slug,
                after={"recommendation": record["decision"], "certainty": record["certainty"]},
            )  # fmt: skip
        return verdict


def latest(deployments: Sequence[Deployment]) -> dict[int, Verdict]:
    """The newest verdict of each deployment; one statement."""
    rows = (
        Verdict.objects.filter(deployment__in=[one.pk for one in deployments])
        .order_by("deployment_id", "-made_at")
        .distinct("deployment_id")
    )
    return {row.deployment_id: row for row in rows}


def collect(deployment: Deployment, *, as_of: dt.date) -> dict[str, Any]:
    """The evidence of one deployment in the format of method 5.8; JSON-safe."""
    organization = Organization.objects.get(pk=current_organization_id())
    kpis = list(Kpi.objects.filter(deployment=deployment, retired_on=None).order_by("position"))
    found, limits, before = series(kpis, until=as_of), targets(kpis, on=as_of), baselines(kpis)
    quarter = period_of(as_of, Grain.QUARTER, organization.fiscal_year_start)
    current = _quarter_rollups(kpis, quarter.start)
    started = deployment.started_on
    evidence: dict[str, Any] = {
        "id": deployment.slug,
        "as_of": as_of.isoformat(),
        "deployment": {
            "phase": deployment.phase,
            "profile": organization.profile if organization.profile == "small" else None,
            "risk_class": deployment.risk_class,
            "effect_reach": deployment.effect_reach,
            "human_review": deployment.human_review,
            "days_since_start": max(0, (as_of - started).days) if started else None,
        },
        "kpis": [
            _kpi(
                kpi,
                found[kpi.pk],
                limits.get(kpi.pk),
                before.get(kpi.pk),
                current.get(kpi.pk),
                as_of,
            )
            for kpi in kpis
            if kpi.role != "context"
        ],
        "scope": _scope(deployment, kpis, as_of),
        "evidence": {"design": _design(kpis, before)},
    }  # fmt: skip
    return evidence


def _quarter_rollups(kpis: Sequence[Kpi], start: dt.date) -> dict[int, Rollup]:
    rows = Rollup.objects.filter(
        kpi_id__in=[kpi.pk for kpi in kpis], unit_key=0, grain=GrainCode.QUARTER, day=start
    )
    return {row.kpi_id: row for row in rows}


def _scope(deployment: Deployment, kpis: Sequence[Kpi], as_of: dt.date) -> dict[str, Any]:
    reviewed = max((kpi.created_at.date() for kpi in kpis), default=None)
    changed = DeploymentChange.objects.filter(
        deployment=deployment, kind__in=SET_CHANGES, on__lte=as_of
    ).order_by("-on")
    newest = changed.first()
    stale = bool(newest and reviewed and newest.on > reviewed)
    days = (as_of - reviewed).days if reviewed else 0
    return {"changed_since_kpi_review": stale, "days_since_kpi_review": max(0, days)}


def _design(kpis: Sequence[Kpi], known: Mapping[int, Baseline]) -> str:
    has_baseline = any(kpi.is_primary and kpi.pk in known for kpi in kpis)
    return "before_after" if has_baseline else "after_only"


def _kpi(
    kpi: Kpi,
    rows: Sequence[Rollup],
    target: KpiTarget | None,
    baseline: Baseline | None,
    quarter: Rollup | None,
    as_of: dt.date,
) -> dict[str, Any]:
    source = quarter if quarter is not None and not quarter.cannot_combine else None
    source = source or (rows[-1] if rows else None)
    kind, current = parts_of(source, kpi.unit)
    entry: dict[str, Any] = {
        "key": kpi.slug,
        "name": kpi.name,
        "role": kpi.role,
        "kind": kind or (kpi.kind if kpi.kind not in AS_POINT else "point"),
        "direction": kpi.direction,
        "current": current,
        "n_unit": kpi.n_unit,
        "primary": kpi.is_primary,
        "guardrail": kpi.is_guardrail,
        "critical_measure": kpi.is_critical_measure,
        "safety_critical": kpi.is_safety_critical,
        "leading": kpi.is_leading,
        "self_reported": kpi.is_self_reported,
        "measured_by_review": kpi.measured_by_review,
        "enterprise_only": kpi.is_enterprise_only,
        "two_periods": beyond_before(kpi, rows, target),
        "age_cadences": _age(kpi, rows, as_of),
    }
    if kpi.proxy_for:
        entry["proxy_for"] = kpi.proxy_for
    if kpi.derived_from:
        entry["derived_from"] = list(kpi.derived_from)
    if kpi.direction == "band":
        entry |= _band(kpi, target)
    for name in ("warning", "critical", "mwb", "margin", "expected_min"):
        if target is not None and getattr(target, name) is not None:
            entry[name] = _float(getattr(target, name))
    if baseline is not None and _comparable(entry["kind"], baseline.parts):
        entry["baseline"] = {
            **baseline.parts,
            "points": baseline.periods,
            "estimated": baseline.grade == "estimated",
        }
    return entry


def _band(kpi: Kpi, target: KpiTarget | None) -> dict[str, Any]:
    """The range of a band KPI; without one it is shown for reading and judged by nothing."""
    low = kpi.band_low
    if low is None and target is not None:
        low = target.expected_min
    if low is None:
        return {"direction": "context"}
    high = 1.0 if kpi.band_high is None else float(kpi.band_high)
    return {"band": [float(low), high]}


def _comparable(kind: str, parts: Mapping[str, Any]) -> bool:
    return ("value" in parts) == (kind == "point")


def parts_of(row: Rollup | None, unit: str) -> tuple[str, dict[str, Any] | None]:
    """Kind and parts of a rollup as the verdict reads them; ("", None) where nothing is known."""
    if row is None:
        return "", None
    kind = storage.kind_of({"more": row.more})
    stored = {name: getattr(row, name) for name in (*storage.NUMBERS, "more")}
    parts = storage.to_parts(stored)
    if kind in {"mean", "duration"}:
        return kind, _moments(row, storage.scale(kind, unit))
    if kind == "rating":
        return kind, None
    if kind in AS_POINT or kind not in {"ratio", "rate", "uptime"}:
        return "point", None if row.value is None else {"value": _float(row.value)}
    if kind == "rate":
        return kind, {"num": int(parts["events"]), "exposure": float(parts["exposure"])}
    return kind, {key: int(value) for key, value in parts.items()}


def _moments(row: Rollup, scale: int) -> dict[str, Any] | None:
    if row.den is None or row.num is None or row.den == 0:
        return None
    n, mean = int(row.den), row.num / row.den
    spread = (row.squares or Decimal(0)) - row.den * mean * mean
    deviation = math.sqrt(max(0.0, float(spread)) / (n - 1)) if n > 1 and row.squares else None
    return {
        "n": n, "mean": float(mean) / scale,
        "sd": None if deviation is None else round(deviation / scale, 9),
    }  # fmt: skip


def beyond_before(kpi: Kpi, rows: Sequence[Rollup], target: KpiTarget | None) -> bool | str:
    """Whether the last two measured periods were beyond the same thresholds (method 4)."""
    values = [row.value for row in rows if row.value is not None][-2:]
    if target is None or len(values) < 2 or kpi.direction not in {"up", "down"}:
        return False
    sign = 1 if kpi.direction == "down" else -1

    def both(limit: Decimal | None) -> bool:
        return limit is not None and all(sign * value > sign * limit for value in values)

    def now(limit: Decimal | None) -> bool:
        return limit is not None and sign * values[-1] > sign * limit

    if both(target.critical) or (both(target.warning) and not now(target.critical)):
        return True
    return "warning" if both(target.warning) else False


def _age(kpi: Kpi, rows: Sequence[Rollup], as_of: dt.date) -> float:
    if not rows:
        return 0
    length = DAYS[GRAIN_OF_CADENCE.get(kpi.cadence, rows[-1].grain)]
    last = rows[-1].day + dt.timedelta(days=DAYS[rows[-1].grain])
    return round(max(0, (as_of - last).days) / length, 2)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
