"""Fold all figures of an organization anew, for instance after a change of its fiscal year."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kpis.actions import rollups
from portal.models import Organization
from portal.tenancy.scope import acting_in


class Command(BaseCommand):
    help = "Fold all weeks, months, quarters and years of an organization anew from its figures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization", help="its short name in the address")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization “{options['organization']}”.")
        with acting_in(organization):
            count = rollups.rebuild(at=timezone.now())
        self.stdout.write(f"{count:,} rollups of {organization.name} folded anew.")
