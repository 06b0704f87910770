"""Imports: a file as it came, how its columns were read, and what became of it."""

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Length, Substr

from portal.models import OrganizationOwned, OwnedKey, OwnedManager, SameOrganization


class ImportRuns(OwnedManager["ImportRun"]):
    """Imports of the bound organization."""

    def light(self) -> models.QuerySet["ImportRun"]:
        """Without the file itself, which may weigh 10 MB; with its `size` and its first bytes."""
        head = Substr("content", 1, 4, output_field=models.BinaryField())
        heavy = self.select_related("deployment").defer("content", "cells", "faults")
        return heavy.annotate(size=Length("content"), head=head)


class ImportRun(OrganizationOwned):
    """One uploaded file; figures exist only once its state is `written`."""

    class State(models.TextChoices):
        READING = "reading", "Being read"
        REFUSED = "refused", "Could not be read"
        UPLOADED = "uploaded", "Waiting for your confirmation"
        WRITING = "writing", "Being written"
        WRITTEN = "written", "Figures written"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"

    number = models.PositiveIntegerField()
    deployment = OwnedKey("deployments.Deployment", related_name="imports")
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    content_hash = models.CharField(max_length=64)
    # The rows of the file as text, packed, while it waits: a spreadsheet is parsed once.
    cells = models.BinaryField(null=True, blank=True)
    mapping: Any = models.JSONField(default=dict)
    # What reading a large file gave (see kpis.actions.imports.preview), and all its faults.
    report: Any = models.JSONField(default=dict, blank=True)
    faults = models.BinaryField(null=True, blank=True)
    # What a person asked a worker to do: grade, reason, by.
    wish: Any = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    rows_written = models.PositiveIntegerField(default=0)
    rows_unchanged = models.PositiveIntegerField(default=0)
    rows_empty = models.PositiveIntegerField(default=0)
    uploaded_by = models.CharField(max_length=254)
    uploaded_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ImportRuns] = ImportRuns()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            SameOrganization("deployment"),
            models.UniqueConstraint(fields=["organization", "number"], name="import_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.file_name}"

    @property
    def is_in_work(self) -> bool:
        """Whether a worker has it: nothing can be asked of it until that ends."""
        return self.state in {self.State.READING, self.State.WRITING, self.State.UNDOING}


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
