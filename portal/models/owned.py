"""The base of every row that belongs to an organization."""

from typing import Any

from django.db import models

from portal.tenancy.constraints import OrganizationStays, SameOrganization, TenantIsolation
from portal.tenancy.scope import current_organization_id

__all__ = ["OrganizationOwned", "OwnedKey", "OwnedManager", "SameOrganization"]


class OwnedManager(models.Manager[Any]):
    """Rows of the bound organization; raises NoOrganization when none is bound."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(organization_id=current_organization_id())


class OwnedKey(models.ForeignKey[Any, Any]):
    """Reference to a row of the same organization; `SameOrganization` makes the database check it."""

    def __init__(self, to: Any, **kwargs: Any) -> None:
        kwargs = {"on_delete": models.PROTECT, "db_constraint": False, "db_index": False} | kwargs
        super().__init__(to, **kwargs)


class OrganizationOwned(models.Model):
    """Abstract: carries the organization, is isolated by the database, never leaves it."""

    organization = models.ForeignKey(
        "portal.Organization",
        on_delete=models.PROTECT,
        default=current_organization_id,
        editable=False,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )

    objects = OwnedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        constraints: list[models.BaseConstraint] = [TenantIsolation(), OrganizationStays()]
