"""Deployments: registered once, changed with a trace that the evidence can follow."""

import datetime as dt
from collections.abc import Callable
from typing import Any, TypedDict, Unpack

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.module_loading import import_string

from deployments.domain.changes import (
    FIELD_WORDS,
    WORKFLOW_WORDS,
    Change,
    Words,
    changes,
    workflow,
)
from deployments.models import Deployment, DeploymentChange, UseCase
from portal.actions import audit, jobs, slugs
from portal.models import Unit

# Words of addresses, which a slug may not hide.
RESERVED = frozenset({"new"})
# Empty lists are allowed: nothing is approved then.
_LISTS = ["approved_tasks", "approved_groups", "approved_data"]


class Details(TypedDict, total=False):
    """What may be left out; the strictest answers of the model stand in."""

    unit: Unit | None
    vendor: str
    model_version: str
    model_changed_on: dt.date | None
    started_on: dt.date | None
    phase: str
    status: str
    risk_class: str
    effect_reach: str
    human_review: str
    regulated_domain: str
    approved_tasks: list[str]
    approved_groups: list[str]
    approved_data: list[str]
    expected_rhythm: str


class DeploymentFields(Details, total=False):
    """Everything that can be changed."""

    name: str
    use_case: UseCase
    owner_name: str
    system: str


def register(
    *,
    name: str,
    use_case: UseCase,
    owner_name: str,
    system: str,
    by: str,
    at: dt.datetime,
    **details: Unpack[Details],
) -> Deployment:
    """Register a deployment of the bound organization. Raises ValidationError per field."""
    with transaction.atomic():
        deployment = Deployment(
            slug=slugs.free(model=Deployment, name=name, fallback="deployment", reserved=RESERVED),
            name=name,
            use_case=use_case,
            owner_name=owner_name,
            system=system,
            created_at=at,
            **details,
        )
        deployment.clean_fields(exclude=_LISTS)
        deployment.save()
        audit.record(
            by=by,
            at=at,
            verb="registered",
            subject=deployment,
            reference=deployment.slug,
            after=_stated(deployment),
        )
    return deployment


def change(
    *,
    deployment: Deployment,
    on: dt.date,
    by: str,
    at: dt.datetime,
    reason: str = "",
    way_of_working: str = "",
    **fields: Unpack[DeploymentFields],
) -> Deployment:
    """Change the named fields as of a day; writes nothing when nothing differs.

    A change of model, vendor, scope, user groups, phase, status or risk is also a row of the
    change log, one per kind; `way_of_working` tells a change that no field holds and is a row of
    its own. A new model version without a date of its own is dated `on`; the row of a model
    change bears the model's date. Every change has the deployment judged anew.
    Raises ValidationError per field, for `phase` when its own KPIs are not in the set.
    """
    with transaction.atomic():
        rows = Deployment.objects.select_for_update(no_key=True, of=("self",))
        fresh: Deployment = rows.select_related("use_case", "unit").get(pk=deployment.pk)
        before, before_phase = describe(fresh), fresh.phase
        for field, value in fields.items():
            setattr(fresh, field, value)
        after = describe(fresh)
        if _model_moved(before, after) and before["model_changed_on"] == after["model_changed_on"]:
            fresh.model_changed_on = on
            after = describe(fresh)
        fresh.clean_fields(exclude=_LISTS)
        _check_phase(fresh, was=str(before_phase))
        found = changes(before, after)
        old, new = audit.difference(_readable(before), _readable(after))
        if way_of_working.strip():
            found.append(workflow(way_of_working))
            new[WORKFLOW_WORDS] = way_of_working.strip()
        if not new:
            return fresh
        fresh.save()
        for one in found:
            _log(fresh, one, on=on, by=by, at=at)
        audit.record(
            by=by,
            at=at,
            verb="changed",
            subject=fresh,
            reference=fresh.slug,
            before=old,
            after=new,
            reason=reason,
        )
        # A new model or a new scope caps the recommendation on the same day.
        jobs.enqueue(kind="verdict", key=str(fresh.pk), at=at)
    return fresh


def _check_phase(deployment: Deployment, *, was: str) -> None:
    """Refuse to enter a later phase whose own KPIs are missing; the way back is always open."""
    if deployment.phase == was:
        return
    why_not: Callable[..., str] = import_string(settings.PHASE_GATE)
    if said := why_not(deployment=deployment, was=was):
        raise ValidationError({"phase": said})


def describe(deployment: Deployment) -> dict[str, Words]:
    """Every field as readable words, by field name."""
    return {field: _word(deployment, field) for field in FIELD_WORDS}


def _word(deployment: Deployment, field: str) -> Words:
    value: Any = getattr(deployment, field)
    if isinstance(value, list):
        return [str(item) for item in value]
    if isinstance(value, dt.date):
        return f"{value.day} {value:%B %Y}"
    if value and (label := getattr(deployment, f"get_{field}_display", None)):
        return str(label())
    return "" if value is None else str(value)


def _readable(described: dict[str, Words]) -> dict[str, Words]:
    return {FIELD_WORDS[field]: words for field, words in described.items()}


def _stated(deployment: Deployment) -> dict[str, str]:
    """Words of the fields that say something, for the audit of a new deployment."""
    said = {key: words for key, words in _readable(describe(deployment)).items() if words}
    return audit.difference({}, said)[1]


def _model_moved(before: dict[str, Words], after: dict[str, Words]) -> bool:
    return before["model_version"] != after["model_version"]


def _log(
    deployment: Deployment, change: Change, *, on: dt.date, by: str, at: dt.datetime
) -> DeploymentChange:
    model_date = deployment.model_changed_on if "model version" in change.after else None
    row: DeploymentChange = DeploymentChange.objects.create(
        deployment=deployment,
        on=model_date or on,
        kind=change.kind,
        summary=change.summary,
        before=change.before,
        after=change.after,
        recorded_by=by,
        recorded_at=at,
    )
    return row
