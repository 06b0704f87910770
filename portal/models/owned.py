"""The base of every row that belongs to an organization."""

from typing import Any, ClassVar, TypeVar

from django.db import models

from portal.tenancy.constraints import OrganizationStays, SameOrganization, TenantIsolation
from portal.tenancy.scope import current_organization_id

__all__ = ["OrganizationOwned", "OwnedKey", "OwnedManager", "SameOrganization"]


Row = TypeVar("Row", bound=models.Model, covariant=True)


class OwnedManager(models.Manager[Row]):
    """Rows of the bound organization; raises NoOrganization when none is bound."""

    def get_queryset(self) -> models.QuerySet[Row]:
        return super().get_queryset().filter(organization_id=current_organization_id())


class OwnedKey(models.ForeignKey[Any, Any]):
    """Reference to a row of the same organization, checked by `SameOrganization`."""

    def __init__(self, to: Any, **kwargs: Any) -> None:
        fixed: dict[str, Any] = {"db_constraint": False, "db_index": False}
        super().__init__(to, **{"on_delete": models.PROTECT} | fixed | kwargs)


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
        constraints: ClassVar[list[models.BaseConstraint]] = [
            TenantIsolation(),
            OrganizationStays(),
        ]
