"""`set_password_link`: the operator helps somebody whom no single administrator may help."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.actions import passwords
from portal.management.addresses import whole

BY = "command set_password_link"


class Command(BaseCommand):
    help = (
        "Print a one-time link with which the person of the address chooses a password, whatever "
        "organizations they belong to. Make sure who asks."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        whole("")
        try:
            path = passwords.link_by_operator(email=options["email"], by=BY, at=timezone.now())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(whole(path))
