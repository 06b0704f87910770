"""A use case: the work AI is meant to help with, and why."""

from django.db import models

from portal.models import OrganizationOwned, OwnedKey, SameOrganization


class UseCase(OrganizationOwned):
    """Work, pain and owner; several deployments may serve one use case."""

    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=160)
    work = models.TextField()
    pain = models.TextField(blank=True)
    owner_name = models.CharField(max_length=160)
    unit = OwnedKey("portal.Unit", null=True, blank=True, related_name="use_cases")
    created_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            SameOrganization("unit"),
            models.UniqueConstraint(fields=["organization", "slug"], name="use_case_slug"),
        ]

    def __str__(self) -> str:
        return self.name
