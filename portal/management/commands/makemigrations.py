"""`makemigrations`, and then the snapshot that the isolation check compares with."""

from typing import Any

from django.core.management import call_command
from django.core.management.commands.makemigrations import Command as MakeMigrations


class Command(MakeMigrations):
    def handle(self, *app_labels: Any, **options: Any) -> None:
        super().handle(*app_labels, **options)
        if not (options["dry_run"] or options["check_changes"]):
            call_command("isolation_snapshot")
