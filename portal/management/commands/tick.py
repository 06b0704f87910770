"""The one clock of the installation: sweeps the queue and starts recurring work."""

import signal
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from portal.actions import schedules


class Command(BaseCommand):
    help = "Wake due jobs and start recurring work, again and again (or once with --once)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="tick once and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(SystemExit(0)))
        while True:
            # What fails is in the log already; the next tick tries it again.
            schedules.tick(at=timezone.now())
            if options["once"]:
                return
            time.sleep(settings.JOB_SWEEP_SECONDS)
