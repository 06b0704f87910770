"""Writing of the audit trail."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models

from portal.models import AuditEvent


def record(
    *,
    by: str,
    at: dt.datetime,
    verb: str,
    subject: models.Model,
    reference: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditEvent:
    """Add one event in the caller's transaction; before and after hold readable words.

    `reference` is the outward name of the thing (slug or number), never a database key.
    """
    return AuditEvent.objects.create(
        at=at,
        actor=by,
        verb=verb,
        subject_type=str(subject._meta.verbose_name),
        subject=reference[:200],
        subject_name=str(subject)[:200],
        before=dict(before or {}),
        after=dict(after or {}),
        reason=reason,
    )


def difference(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, str]]:
    """The changed entries only, as words, before and after."""
    changed = [key for key in after if before.get(key) != after[key]]
    return (
        {key: _words(before.get(key)) for key in changed},
        {key: _words(after[key]) for key in changed},
    )


def _words(value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "nothing"
    return str(value)
