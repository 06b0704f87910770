"""Units (teams) and their dated place in the tree."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q

from portal.models.owned import OrganizationOwned, OwnedKey, SameOrganization


class Unit(OrganizationOwned):
    """A team or department; its parent stands in `UnitPlacement`, with dates."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=160)

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            models.UniqueConstraint(fields=["organization", "slug"], name="unit_slug"),
        ]

    def __str__(self) -> str:
        return self.name


class UnitPlacement(OrganizationOwned):
    """Unit below a parent (None = top) from a day on, up to but without another."""

    unit = OwnedKey(Unit, related_name="placements")
    parent = OwnedKey(Unit, related_name="children", null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            SameOrganization("unit"),
            SameOrganization("parent"),
            models.UniqueConstraint(
                fields=["organization", "unit", "valid_from"], name="placement_start"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="placement_dates",
            ),
        ]

    @classmethod
    def tree_on(cls, day: dt.date) -> dict[int, int | None]:
        """Parent key of every unit placed on the day."""
        rows: Any = cls.objects.all()
        on_day = rows.filter(valid_from__lte=day).filter(Q(valid_to=None) | Q(valid_to__gt=day))
        return dict(on_day.values_list("unit_id", "parent_id"))
