"""Runs of the recurring work, unique per period, so that two ticks cannot double one."""

from django.db import models


class ScheduledRun(models.Model):
    """The recurring work `schedule` was started for the period that began at `due_at` (UTC)."""

    schedule = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    started_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "due_at"], name="run_once_per_period")
        ]

    def __str__(self) -> str:
        return f"{self.schedule} {self.due_at:%Y-%m-%d %H:%M}"
