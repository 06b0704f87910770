"""The audit trail: who did what to which thing, before and after in words, and why."""

from typing import Any

from django.db import models

from portal.models.owned import OrganizationOwned
from portal.tenancy.constraints import AppendOnly


class AuditEvent(OrganizationOwned):
    """One action. Holds names, not foreign keys, so that it outlives what it speaks of."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=254)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    subject_name = models.CharField(max_length=200, blank=True)
    before: Any = models.JSONField(default=dict)
    after: Any = models.JSONField(default=dict)
    reason = models.TextField(blank=True)

    class Meta(OrganizationOwned.Meta):
        constraints = [*OrganizationOwned.Meta.constraints, AppendOnly()]
        indexes = [models.Index(fields=["organization", "-at", "-id"], name="audit_newest")]

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.subject}"
