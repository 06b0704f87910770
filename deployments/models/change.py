"""The change log of a deployment: what changed, when, and what it means for the evidence."""

from typing import Any

from django.db import models

from deployments.models.deployment import Deployment
from portal.models import OrganizationOwned, OwnedKey, SameOrganization
from portal.tenancy.constraints import AppendOnly


class DeploymentChange(OrganizationOwned):
    """One change of scope, model, phase or user group; opens a new chart segment."""

    deployment = OwnedKey(Deployment, related_name="changes")
    on = models.DateField()
    kind = models.CharField(max_length=24)
    summary = models.CharField(max_length=300)
    before: Any = models.JSONField(default=dict)
    after: Any = models.JSONField(default=dict)
    recorded_by = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            AppendOnly(),
            SameOrganization("deployment"),
        ]
        indexes = [models.Index(fields=["organization", "deployment", "-on"], name="change_newest")]

    def __str__(self) -> str:
        return f"{self.on}: {self.summary}"
