"""Changes of a KPI that is in the set: its part in it, its meaning, its end."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from deployments.models import Deployment
from kpis.actions import verdicts
from kpis.actions.kpi_sets import (
    CannotChange,
    add_from_catalogue,
    check_band,
    make_primary,
)
from kpis.domain.catalogue import shipped
from kpis.models import Baseline, CatalogueEntry, Kpi
from portal.actions import audit

FLAGS = {
    "is_primary": "primary outcome",
    "is_guardrail": "guardrail",
    "is_critical_measure": "must be known",
    "is_safety_critical": "critical for safety",
    "is_leading": "leading",
}
BASELINE_FIELDS = (
    "kpi",
    "definition",
    "starts_on",
    "ends_on",
    "parts",
    "periods",
    "period_values",
    "grade",
    "source",
)
FIELDS = {
    **FLAGS,
    "serves": "work it speaks about",
    "keeper": "who enters it",
    "cadence": "due",
    "band_low": "best from",
    "band_high": "best to",
}


def add_many(
    *,
    deployment: Deployment,
    keys: list[str],
    serves: str,
    by: str,
    at: dt.datetime,
    flags: dict[str, dict[str, bool]] | None = None,
) -> list[Kpi]:
    """Add KPIs of the catalogue in one go; those in the set already are left as they are.

    `flags` by key: is_primary, is_guardrail, … as in Kpi. All of them are added, or none.
    """
    with transaction.atomic():
        # Before the look at what is there: two that choose the same add it once.
        Deployment.objects.select_for_update().get(pk=deployment.pk)
        present = set(
            Kpi.objects.filter(deployment=deployment, retired_on=None).values_list(
                "catalogue_key", flat=True
            )
        )
        entries = CatalogueEntry.objects.in_bulk([key for key in keys if key not in present])
        added = [
            add_from_catalogue(
                deployment=deployment,
                entry=entries[key],
                serves=serves,
                by=by,
                at=at,
                **(flags or {}).get(key, {}),
            )
            for key in keys
            if key in entries
        ]
        return added


def change(*, kpi: Kpi, by: str, at: dt.datetime, **fields: Any) -> Kpi:
    """Change flags, the work a KPI speaks about, its range, keeper or cadence.

    Raises CannotChange.
    """
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        raise CannotChange(f"{unknown[0]} cannot be changed here.", unknown[0])
    with transaction.atomic():
        Deployment.objects.select_for_update(no_key=True).get(pk=kpi.deployment_id)
        fresh: Kpi = Kpi.objects.get(pk=kpi.pk)
        before = {FIELDS[name]: _word(getattr(fresh, name)) for name in fields}
        was_primary = fresh.is_primary
        for name, value in fields.items():
            setattr(fresh, name, value)
        if any(fields.get(name) is not None for name in ("band_low", "band_high")):
            check_band(fresh.band_low, fresh.band_high)
        if fresh.is_primary != was_primary:
            _set_role(fresh)
        old, new = audit.difference(
            before, {FIELDS[name]: _word(getattr(fresh, name)) for name in fields}
        )
        if not new:
            return fresh
        fresh.save(update_fields=[*fields, "role"])
        audit.record(
            by=by, at=at, verb="changed", subject=fresh, reference=fresh.slug, before=old, after=new
        )
        verdicts.ask(deployment_id=fresh.deployment_id, at=at)
        return fresh


def _set_role(kpi: Kpi) -> None:
    """A primary outcome has the role outcome; afterwards the KPI has its own role again."""
    entry = shipped.catalogue().kpis.get(kpi.catalogue_key)
    if kpi.is_primary:
        make_primary(kpi)
    elif entry is not None:
        kpi.role = entry.role


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def redefine(*, kpi: Kpi, definition_text: str, reason: str, by: str, at: dt.datetime) -> Kpi:
    """Give a KPI another meaning: figures of before and after are never joined."""
    if not definition_text.strip():
        raise CannotChange("Say what it counts from now on.", "definition_text")
    if not reason.strip():
        raise CannotChange("Say why its meaning changed.", "reason")
    with transaction.atomic():
        fresh: Kpi = Kpi.objects.select_for_update().get(pk=kpi.pk)
        if definition_text.strip() == fresh.definition_text.strip():
            raise CannotChange(_("This is what it counts already."), "definition_text")
        before = {"what it counts": fresh.definition_text, "definition": str(fresh.definition)}
        fresh.definition_text, fresh.definition = definition_text.strip(), fresh.definition + 1
        fresh.save(update_fields=["definition_text", "definition"])
        audit.record(
            by=by,
            at=at,
            verb="gave another meaning to",
            subject=fresh,
            reference=fresh.slug,
            before=before,
            reason=reason,
            after={"what it counts": fresh.definition_text, "definition": str(fresh.definition)},
        )
        verdicts.ask(deployment_id=fresh.deployment_id, at=at)
        return fresh


def retire(*, kpi: Kpi, on: dt.date, reason: str, by: str, at: dt.datetime) -> Kpi:
    """Take a KPI out of the set; its figures stay on record. Raises CannotChange."""
    if not reason.strip():
        raise CannotChange("Say why it is no longer measured.", "reason")
    with transaction.atomic():
        fresh: Kpi = Kpi.objects.select_for_update().get(pk=kpi.pk)
        if fresh.retired_on is not None:
            return fresh
        fresh.retired_on, fresh.is_primary = on, False
        _set_role(fresh)
        fresh.save(update_fields=["retired_on", "is_primary", "role"])
        audit.record(
            by=by,
            at=at,
            verb="took out of the KPI set",
            subject=fresh,
            reference=fresh.slug,
            after={"no longer measured from": on.isoformat()},
            reason=reason,
        )
        verdicts.ask(deployment_id=fresh.deployment_id, at=at)
        return fresh


def sign_baseline(*, baseline: Baseline, by: str, at: dt.datetime) -> Baseline:
    """Stand by a baseline: the same figures once more, signed. A signed one stays as it is, and
    so does one whose figures somebody has signed meanwhile."""
    if baseline.signed_by:
        return baseline
    with transaction.atomic():
        Kpi.objects.select_for_update(no_key=True).get(pk=baseline.kpi_id)
        kept = {name: getattr(baseline, name) for name in BASELINE_FIELDS}
        signed = Baseline.objects.filter(**kept, id__gt=baseline.id).exclude(signed_by="")
        if (row := signed.order_by("id").first()) is not None:
            return row
        row = Baseline.objects.create(**kept, signed_by=by, recorded_by=by, recorded_at=at)
        audit.record(
            by=by,
            at=at,
            verb="signed the baseline of",
            subject=row.kpi,
            reference=row.kpi.slug,
            after={"period": f"{row.starts_on} to {row.ends_on}", "known as": row.grade},
        )
        verdicts.ask(deployment_id=row.kpi.deployment_id, at=at)
        return row
