"""Gates: what must be in place before and while an AI deployment is in use."""

from django.db import models

from deployments.domain.gates import LABELS, STATES
from deployments.models.deployment import Deployment
from portal.models import OrganizationOwned, OwnedKey, SameOrganization
from portal.tenancy.constraints import AppendOnly


class Gate(OrganizationOwned):
    """What somebody recorded about one gate; the newest row holds, until `valid_until` if given."""

    deployment = OwnedKey(Deployment, related_name="gates")
    key = models.CharField(max_length=16, choices=list(LABELS.items()))
    state = models.CharField(max_length=16, choices=list(STATES.items()))
    evidence = models.CharField(max_length=300, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    recorded_by = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            AppendOnly(),
            SameOrganization("deployment"),
            models.UniqueConstraint(
                fields=["organization", "deployment", "key", "recorded_at"], name="gate_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.state}"
