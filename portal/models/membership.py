"""Membership: the door through which a person enters an organization.

The table is read before any organization is bound, so row-level security cannot guard it.
Therefore it has no general manager: rows are reached by person or by bound organization only.
"""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext

from portal.domain.roles import Permission, Role, may
from portal.tenancy.scope import current_organization_id

if TYPE_CHECKING:
    from portal.models.user import User


class DoorManager(models.Manager["Membership"]):
    """Rows of the bound organization by default; `of` is the only other way in."""

    def get_queryset(self) -> models.QuerySet["Membership"]:
        return super().get_queryset().filter(organization_id=current_organization_id())

    def of(self, user: "User") -> models.QuerySet["Membership"]:
        """Active memberships of one person, in every organization."""
        rows: models.QuerySet[Membership] = models.QuerySet(self.model, using=self._db)
        return rows.filter(user=user, is_active=True, user__is_active=True).select_related(
            "organization"
        )

    def ever_of(self, user: "User") -> models.QuerySet["Membership"]:
        """Every membership of one person, past ones included, in every organization.

        For what may become of the account itself; none of it is shown to an organization.
        """
        rows: models.QuerySet[Membership] = models.QuerySet(self.model, using=self._db)
        return rows.filter(user=user)

    def names(self) -> dict[str, str]:
        """Names by e-mail address of the people of the bound organization."""
        return dict(self.values_list("user__email", "name"))

    def who_may(self, permission: Permission) -> dict[str, str]:
        """Names by address of those of the bound organization who hold the permission."""
        rows = self.filter(is_active=True, user__is_active=True).select_related("user")
        return {one.user.email: one.name for one in rows if one.may(permission)}


class Membership(models.Model):
    """One role of one person in one organization, under the name they have there."""

    organization = models.ForeignKey(
        "portal.Organization", on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160, blank=True)
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = DoorManager()

    class Meta:
        # The word under which the audit trail has people since its first event.
        verbose_name = "user"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user"], name="membership_once_per_organization"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.user.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.role = Role(self.role).value
        super().save(*args, **kwargs)

    @property
    def role_label(self) -> str:
        """The role in the reader's language."""
        return gettext(self.role)

    def may(self, permission: Permission) -> bool:
        return self.is_active and may(self.role, permission)
