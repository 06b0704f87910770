"""The KPI set of a deployment: KPIs, dated targets, baselines."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from deployments.models import Deployment
from kpis.actions import verdicts
from kpis.domain import monoids
from kpis.domain.errors import MethodError
from kpis.models import Baseline, CatalogueEntry, Kpi, KpiTarget
from portal.actions import audit
from portal.models import Organization
from portal.tenancy.scope import current_organization_id

NUMBERS = (
    "requirement",
    "target",
    "ceiling",
    "warning",
    "critical",
    "expected_min",
    "mwb",
    "margin",
)
# Fields of the catalogue's entry that a KPI of a set keeps as its own.
COPIED = ("kind", "unit", "role", "direction", "cadence")


# Words of addresses, which a slug may not hide.
RESERVED = frozenset({"add", "choose", "confirm", "interview", "panel", "set"})


class CannotChange(ValueError):
    """A change of the KPI set was refused; the message is a sentence."""


def add_from_catalogue(
    *,
    deployment: Deployment,
    entry: CatalogueEntry,
    by: str,
    at: dt.datetime,
    **changes: Any,
) -> Kpi:
    """Put a KPI of the catalogue into the deployment's set; `changes` override its defaults."""
    document = entry.document
    derived = document.get("derived_from") or []
    fields = {name: getattr(entry, name) for name in COPIED} | {
        "name": entry.name,
        "catalogue_key": entry.key,
        "is_leading": entry.indicator == "leading",
        "is_self_reported": bool(document.get("self_reported")),
        "measured_by_review": bool(document.get("measured_by_review")),
        "n_unit": document.get("n_unit") or "item",
        "proxy_for": document.get("proxy_for") or "",
        "derived_from": [derived] if isinstance(derived, str) else list(derived),
        "pair_with": list(document.get("pair_with") or []),
        "definition_text": _definition(document),
        "category": entry.category,
        "other_names": [entry.key, *(document.get("aliases") or [])],
    }
    if entry.kind == "ratio" and document.get("proportion") is False:
        fields["kind"] = "quotient"
    return _add(deployment, entry.key, fields | changes, by=by, at=at)


def add_own(
    *, deployment: Deployment, name: str, kind: str, by: str, at: dt.datetime, **fields: Any
) -> Kpi:
    """Put a KPI of the organization's own into the set; kind and direction are for good."""
    return _add(deployment, slugify(name), {"name": name, "kind": kind} | fields, by=by, at=at)


def _definition(document: Mapping[str, Any]) -> str:
    top, bottom = document.get("numerator"), document.get("denominator")
    return f"{top} / {bottom}" if top and bottom else str(document.get("definition") or "")


def _add(
    deployment: Deployment, slug: str, fields: Mapping[str, Any], *, by: str, at: dt.datetime
) -> Kpi:
    slug = slugify(slug)[:80]
    if not slug:
        raise CannotChange("Give the KPI a name with letters in it.")
    if slug in RESERVED:
        slug = f"{slug}-kpi"
    if fields["kind"] not in {kind.value for kind in monoids.MONOIDS}:
        raise CannotChange(f"“{fields['kind']}” is not a kind of measure.")
    with transaction.atomic():
        Deployment.objects.select_for_update().get(pk=deployment.pk)
        rows = Kpi.objects.filter(deployment=deployment)
        if rows.filter(slug=slug).exists():
            raise CannotChange(f"“{fields['name']}” is already in this set.")
        last = rows.aggregate(last=Max("position"))["last"] or 0
        currency = fields.get("currency") or _currency(str(fields.get("unit", "")))
        kpi = Kpi.objects.create(
            **{**fields, "currency": currency}, deployment=deployment, slug=slug,
            position=last + 1, created_at=at,
        )  # fmt: skip
        audit.record(
            by=by, at=at, verb="added to the KPI set", subject=kpi, reference=slug,
            after={"deployment": deployment.name, "role": kpi.role, "kind": kpi.kind},
        )  # fmt: skip
        verdicts.ask(deployment_id=deployment.pk, at=at)
        return kpi


def _currency(unit: str) -> str:
    if not unit.startswith("currency"):
        return ""
    return Organization.objects.get(pk=current_organization_id()).currency


def set_target(
    *, kpi: Kpi, valid_from: dt.date, by: str, at: dt.datetime, reason: str = "", **numbers: Any
) -> KpiTarget:
    """Add a dated version of target and thresholds; earlier periods keep theirs.

    Raises CannotChange when the numbers contradict each other or the direction.
    """
    values = {name: _decimal(numbers.get(name)) for name in NUMBERS}
    _check_target(kpi, values)
    with transaction.atomic():
        before = KpiTarget.objects.filter(kpi=kpi).order_by("-valid_from", "-recorded_at").first()
        target = KpiTarget.objects.create(
            kpi=kpi, valid_from=valid_from, reason=reason, recorded_by=by, recorded_at=at, **values
        )
        was = {name: getattr(before, name) for name in NUMBERS} if before else {}
        words_before, words_after = audit.difference(was, values)
        audit.record(
            by=by, at=at, verb="set the target of", subject=kpi, reference=kpi.slug,
            before=words_before, after=words_after | {"valid from": valid_from.isoformat()},
            reason=reason,
        )  # fmt: skip
        verdicts.ask(deployment_id=kpi.deployment_id, at=at)
        return target


def _decimal(value: Any) -> Decimal | None:
    return None if value is None or value == "" else Decimal(str(value))


def _check_target(kpi: Kpi, values: Mapping[str, Decimal | None]) -> None:
    warning, critical = values["warning"], values["critical"]
    worse = {"up": lambda a, b: a < b, "down": lambda a, b: a > b, "band": lambda a, b: a > b}
    if warning is not None and critical is not None:
        is_worse = worse.get(kpi.direction)
        if is_worse is None or not is_worse(critical, warning):
            raise CannotChange("The critical threshold must be worse than the warning threshold.")
    if values["mwb"] is not None and values["mwb"] <= 0:
        raise CannotChange("The minimum worthwhile benefit must be above zero.")
    if values["margin"] is not None and values["margin"] < 0:
        raise CannotChange("The tolerated worsening cannot be below zero.")
    _check_order(kpi, values)


def _check_order(kpi: Kpi, values: Mapping[str, Decimal | None]) -> None:
    low, mid, high = values["requirement"], values["target"], values["ceiling"]
    if kpi.direction not in {"up", "down"}:
        return
    sign = 1 if kpi.direction == "up" else -1
    if mid is not None and high is not None and sign * mid > sign * high:
        raise CannotChange("The target lies beyond what is technically possible.")
    if mid is not None and low is not None and sign * mid < sign * low:
        raise CannotChange("The target is weaker than the requirement.")


def record_baseline(
    *,
    kpi: Kpi,
    starts_on: dt.date,
    ends_on: dt.date,
    parts: Mapping[str, Any],
    grade: str,
    source: str,
    by: str,
    at: dt.datetime,
    periods: int = 1,
    period_values: list[float] | None = None,
    signed_by: str = "",
) -> Baseline:
    """Keep how it was before AI. `parts`: of the KPI's kind, {n, mean, sd} for means and times,
    {value} for a single figure. Raises CannotChange for parts that are none."""
    if ends_on < starts_on:
        raise CannotChange("The baseline ends before it begins.")
    try:
        _check_parts(kpi.kind, parts)
    except MethodError as error:
        raise CannotChange(str(error)) from error
    with transaction.atomic():
        baseline = Baseline.objects.create(
            kpi=kpi, definition=kpi.definition, starts_on=starts_on, ends_on=ends_on,
            parts=dict(parts), grade=grade, source=source, periods=periods,
            period_values=period_values or [], signed_by=signed_by, recorded_by=by, recorded_at=at,
        )  # fmt: skip
        audit.record(
            by=by, at=at, verb="recorded the baseline of", subject=kpi, reference=kpi.slug,
            after={"period": f"{starts_on} to {ends_on}", "known as": grade, "source": source},
        )  # fmt: skip
        verdicts.ask(deployment_id=kpi.deployment_id, at=at)
        return baseline


def _check_parts(kind: str, parts: Mapping[str, Any]) -> None:
    if set(parts) in ({"value"}, {"n", "mean", "sd"}):
        return
    monoids.from_parts(kind, parts)
