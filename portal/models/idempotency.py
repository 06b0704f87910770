"""Answers that are kept for a day, so that a request that comes twice is done once."""

from django.db import models

from portal.models.owned import OrganizationOwned


class KeptAnswer(OrganizationOwned):
    """The answer to one request of a token, under the key that the program chose for it."""

    caller = models.CharField(max_length=8)
    key = models.CharField(max_length=120)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    content = models.BinaryField(default=b"")
    kept_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            models.UniqueConstraint(fields=["organization", "caller", "key"], name="kept_answer"),
        ]
        indexes = [models.Index(fields=["organization", "kept_at"], name="kept_answer_age")]

    def __str__(self) -> str:
        return f"{self.status} for {self.key}"
