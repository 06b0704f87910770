"""Load the demonstration, or print who may sign in to it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from reviews.demo.load import load
from reviews.demo.stories import PASSWORD, PEOPLE


class Command(BaseCommand):
    help = (
        "Load two organizations with a year of believable data; running it again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--logins", action="store_true", help="only print the log-ins")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["logins"]:
            refuse_other_databases()
            load(at=timezone.now(), password=PASSWORD, say=self.stdout.write)
            return
        for slug, people in PEOPLE.items():
            for email, name, role in people:
                self.stdout.write(f"  {role:14} {email:24} {name} ({slug})")
        self.stdout.write(f"  password of all of them: {PASSWORD}")


def refuse_other_databases() -> None:
    """The demonstration's password is public: its accounts belong into its own database alone.

    Raises CommandError.
    """
    if not settings.DEMO_DATABASE_URL or settings.DEMO_DATABASE_URL != settings.DATABASE_URL:
        raise CommandError(
            "This is not the demonstration's own database, and its accounts have a password that "
            "everybody can read. Run bin/demo: it brings a database for them."
        )
