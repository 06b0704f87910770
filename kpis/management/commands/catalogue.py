"""Bring the KPI catalogue of the database in line with the data files."""

from typing import Any

from django.core.management.base import BaseCommand

from kpis.actions import catalogue


class Command(BaseCommand):
    requires_system_checks = []
    help = "Load the KPI catalogue; running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = catalogue.load()
        self.stdout.write(f"{len(loaded.kpis)} KPIs, catalogue version {loaded.version}")
