"""API tokens: a program's way into one organization. The secret itself is never kept."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q

from portal.domain.tokens import holds
from portal.models.owned import OrganizationOwned


class ApiToken(OrganizationOwned):
    """Name, scopes and life of one token; `minute` and `requests` bound how often it is used.

    It holds only while its maker is a member who may issue tokens; one without a maker does not.
    """

    name = models.CharField(max_length=80)
    scopes: Any = models.JSONField(default=list)
    prefix = models.CharField(max_length=8)
    secret_hash = models.CharField(max_length=64)
    created_by = models.CharField(max_length=254)
    # The membership is (organization, maker), so a token can only ever lean on one of its own.
    maker = models.ForeignKey(
        "portal.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_on = models.DateField()
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    minute = models.PositiveBigIntegerField(default=0)
    requests = models.PositiveIntegerField(default=0)

    class Meta(OrganizationOwned.Meta):
        verbose_name = "API token"
        constraints = [
            *OrganizationOwned.Meta.constraints,
            models.UniqueConstraint(fields=["organization", "prefix"], name="token_prefix"),
            # The audit trail names tokens, so two that hold at once must not share a name.
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=Q(revoked_at=None),
                name="token_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def holds(self, today: dt.date) -> bool:
        return holds(expires_on=self.expires_on, revoked_at=self.revoked_at, today=today)
