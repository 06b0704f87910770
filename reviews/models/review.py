"""The quarterly review and its frozen editions."""

from typing import Any

from django.db import models

from portal.models import OrganizationOwned, OwnedKey, SameOrganization
from portal.tenancy.constraints import AppendOnly


class Review(OrganizationOwned):
    """One quarter under review; `slug` such as 2026-q4 names it outward."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    slug = models.SlugField(max_length=20)
    label = models.CharField(max_length=40)
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    opened_by = models.CharField(max_length=254)
    opened_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            models.UniqueConstraint(fields=["organization", "slug"], name="review_slug"),
        ]

    def __str__(self) -> str:
        return self.label


class Edition(OrganizationOwned):
    """The review's document, frozen; a later one supersedes it, none ever changes."""

    review = OwnedKey(Review, related_name="editions")
    number = models.PositiveSmallIntegerField()
    document: Any = models.JSONField()
    digest = models.CharField(max_length=64)
    supersedes_digest = models.CharField(max_length=64, blank=True)
    frozen_by = models.CharField(max_length=254)
    frozen_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            AppendOnly(),
            SameOrganization("review"),
            models.UniqueConstraint(
                fields=["organization", "review", "number"], name="edition_number"
            ),
        ]

    def __str__(self) -> str:
        return f"edition {self.number}"


class EditionPdf(OrganizationOwned):
    """The PDF of an edition: a function of its document alone, so it is written once."""

    edition = OwnedKey(Edition, related_name="pdfs")
    content = models.BinaryField()
    content_hash = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField()
    rendered_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            AppendOnly(),
            SameOrganization("edition"),
            models.UniqueConstraint(fields=["organization", "edition"], name="one_pdf_per_edition"),
        ]

    def __str__(self) -> str:
        return self.content_hash[:12]
