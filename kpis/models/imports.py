"""Imports: a file as it came, how its columns were read, and what became of it."""

from typing import Any

from django.db import models

from portal.models import OrganizationOwned, OwnedKey, SameOrganization


class ImportRun(OrganizationOwned):
    """One uploaded file; figures exist only once its state is `written`."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Waiting for your confirmation"
        WRITTEN = "written", "Figures written"
        UNDONE = "undone", "Undone"

    number = models.PositiveIntegerField()
    deployment = OwnedKey("deployments.Deployment", related_name="imports")
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    content_hash = models.CharField(max_length=64)
    mapping: Any = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    rows_written = models.PositiveIntegerField(default=0)
    rows_unchanged = models.PositiveIntegerField(default=0)
    rows_empty = models.PositiveIntegerField(default=0)
    uploaded_by = models.CharField(max_length=254)
    uploaded_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True, blank=True)

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            SameOrganization("deployment"),
            models.UniqueConstraint(fields=["organization", "number"], name="import_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.file_name}"


class ImportMapping(OrganizationOwned):
    """How columns were read last time, remembered per deployment and header line."""

    deployment = OwnedKey("deployments.Deployment", related_name="+")
    header_hash = models.CharField(max_length=64)
    mapping: Any = models.JSONField()
    updated_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            SameOrganization("deployment"),
            models.UniqueConstraint(
                fields=["organization", "deployment", "header_hash"], name="mapping_per_header"
            ),
        ]

    def __str__(self) -> str:
        return self.header_hash[:12]
