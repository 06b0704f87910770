"""Invitations: an organization asks for a person; membership begins when the person accepts."""

import datetime as dt

from django.db import models
from django.db.models import Q

from portal.domain.invitations import Standing, standing
from portal.domain.roles import Role
from portal.models.owned import OrganizationOwned


class Invitation(OrganizationOwned):
    """An address, the name and role it was invited under, and the digest of the link's secret.

    `secret_hash` is empty until the link has been made: a mailed link is made when it is sent.
    """

    class State(models.TextChoices):
        OPEN = Standing.OPEN.value
        WITHDRAWN = Standing.WITHDRAWN.value
        ACCEPTED = Standing.ACCEPTED.value
        SUPERSEDED = Standing.SUPERSEDED.value

    address = models.EmailField(max_length=254)
    name = models.CharField(max_length=160)
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    invited_by = models.CharField(max_length=254)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    secret_hash = models.CharField(max_length=64, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "address"],
                condition=Q(state="open"),
                name="invitation_open_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "secret_hash"],
                condition=~Q(secret_hash=""),
                name="invitation_secret",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.address

    def standing(self, at: dt.datetime) -> Standing:
        return standing(state=self.state, expires_at=self.expires_at, at=at)
