"""The one clock of the installation: sweeps the queue and starts recurring work."""

import logging
import signal
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from portal.actions import schedules

log = logging.getLogger("plumbline.tick")


class Command(BaseCommand):
    help = "Wake due jobs and start recurring work, again and again (or once with --once)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="tick once and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(SystemExit(0)))
        while True:
            try:
                schedules.tick(at=timezone.now())
            except DatabaseError:
                log.exception("the database did not answer; trying again")
                close_old_connections()
            if options["once"]:
                return
            time.sleep(settings.JOB_SWEEP_SECONDS)
