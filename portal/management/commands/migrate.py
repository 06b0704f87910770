"""`migrate` as the owner of the tables, whoever the process is otherwise."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from portal.tenancy.roles import as_owner, give_grants


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            if not (options["plan"] or options["check_unapplied"]):
                give_grants()
            super().handle(*args, **options)
