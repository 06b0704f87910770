"""Write down what the migrations make of an empty database; see portal/tenancy/snapshot.py."""

import os
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.tenancy import catalogue, snapshot
from portal.tenancy.roles import as_owner


class Command(BaseCommand):
    help = (
        "Migrate an empty database on a throw-away server and write portal/tenancy/snapshot.json,"
        " with which check_isolation compares. Run after every change of a migration."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--connected",
            action="store_true",
            help="migrate and read the connected database, which must be empty",
        )

    def handle(self, *args: Any, connected: bool, **options: Any) -> None:
        if not connected:
            self._on_a_throwaway_server()
            return
        call_command("migrate", verbosity=0, interactive=False)
        with as_owner():
            text = snapshot.render(catalogue.read())
        before = snapshot.FILE.read_text(encoding="utf-8") if snapshot.FILE.exists() else ""
        snapshot.FILE.write_text(text, encoding="utf-8")
        changed = len(set(text.splitlines()) - set(before.splitlines()))
        self.stdout.write(f"{snapshot.FILE.name}: {changed} lines are new or changed; commit it.")

    def _on_a_throwaway_server(self) -> None:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")
        }
        services = ["-m", "portal.embedded", "run", "--profile", "test", "--"]
        command = [sys.executable, "manage.py", "isolation_snapshot", "--connected"]
        done = subprocess.run(
            [sys.executable, *services, *command],
            cwd=settings.BASE_DIR,
            env=environment,
            check=False,
        )
        if done.returncode:
            raise CommandError("The snapshot was not written.")
