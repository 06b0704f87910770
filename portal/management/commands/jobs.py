"""`jobs`: what waits, runs and was parked, and why; `--again` gives one another chance."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count, Min
from django.utils import timezone

from portal.actions import jobs
from portal.models import Job


class Command(BaseCommand):
    help = "List the jobs by kind and state, then every parked one; --again KEY queues it anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", type=int, metavar="KEY", help="queue a parked job anew")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["again"] is not None:
            self._again(options["again"])
            return
        rows = Job.objects.everywhere().exclude(state=Job.State.DONE)
        counts = rows.values("kind", "state").annotate(number=Count("pk"), oldest=Min("due_at"))
        for row in counts.order_by("kind", "state"):
            line = "{state:8} {kind:16} {number:6}  oldest due {oldest:%Y-%m-%d %H:%M} UTC"
            self.stdout.write(line.format(**row))
        parked = rows.filter(state=Job.State.PARKED).select_related("organization")
        for job in parked.order_by("pk"):
            self.stdout.write(
                f"{job.pk}: {job.kind} {job.key} of {job.organization.slug}, parked "
                f"{job.finished_at:%Y-%m-%d %H:%M} UTC: {job.error_code}"
            )

    def _again(self, key: int) -> None:
        job = Job.objects.everywhere().filter(pk=key, state=Job.State.PARKED).first()
        if job is None:
            raise CommandError(f"There is no parked job {key}.")
        try:
            waiting = jobs.again(job=job, at=timezone.now())
        except KeyError:
            raise CommandError(f"This version knows no work of kind {job.kind}.") from None
        self.stdout.write(f"Job {waiting} waits for a worker.")
