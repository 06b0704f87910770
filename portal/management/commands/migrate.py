"""`migrate` as the owner of the tables, whoever the process is otherwise."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from portal.tenancy.roles import as_owner


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            super().handle(*args, **options)
