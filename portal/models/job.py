"""The queue of record: a row per piece of background work; Celery only wakes workers.

A job carries keys and codes, never content, so it may be swept across organizations.
"""

from typing import Any

from django.db import models
from django.db.models import Q

from portal.tenancy.scope import current_organization_id


class JobManager(models.Manager["Job"]):
    """Jobs of the bound organization; `everywhere` is for worker, sweep and tick."""

    def get_queryset(self) -> models.QuerySet["Job"]:
        return super().get_queryset().filter(organization_id=current_organization_id())

    def everywhere(self) -> models.QuerySet["Job"]:
        return models.QuerySet(self.model, using=self._db)


class Job(models.Model):
    """One piece of work: claimed with a lease, finished only by the holder of that lease."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        PARKED = "parked", "Stopped after three attempts"

    organization = models.ForeignKey(
        "portal.Organization", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    arguments: Any = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=32, blank=True)
    done_steps = models.PositiveIntegerField(default=0)
    all_steps = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "key"],
                condition=Q(state="queued"),
                name="job_waits_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state__in=["queued", "running"]), name="job_open"
            ),
            models.Index(fields=["organization", "kind", "-id"], name="job_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} ({self.state})"

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.QUEUED, self.State.RUNNING}
