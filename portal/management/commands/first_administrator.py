"""`first_administrator`: open an organization and let its first administrator in, without mail."""

import os
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from portal.actions import organizations, people
from portal.domain.roles import Role
from portal.models import Membership, Organization
from portal.tenancy.scope import acting_in

BY = "command first_administrator"


class Command(BaseCommand):
    help = "Open an organization and print the link with which its first administrator signs in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--organization", required=True, help='such as "Lexora Legal"')
        parser.add_argument("--slug", default="", help="word in addresses; made from the name")
        parser.add_argument("--time-zone", default="UTC", help="such as Europe/Berlin")
        parser.add_argument("--currency", default="EUR")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                organization = self._organization(options)
                with acting_in(organization):
                    membership = self._administrator(organization, options)
                    self._tell(organization, membership)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None

    def _organization(self, options: dict[str, Any]) -> Organization:
        slug = options["slug"] or slugify(options["organization"])
        known = Organization.objects.filter(slug=slug).first()
        if known is None:
            return organizations.create(
                name=options["organization"],
                slug=slug,
                time_zone=options["time_zone"],
                currency=options["currency"],
                locale="en-gb",
                fiscal_year_start=1,
                profile=Organization.Profile.STANDARD,
                by=BY,
                at=timezone.now(),
            )
        if known.name != options["organization"]:
            raise CommandError(
                f"The address word {slug} belongs to {known.name}. Give another --slug."
            )
        return known

    def _administrator(self, organization: Organization, options: dict[str, Any]) -> Membership:
        present = Membership.objects.filter(
            role=Role.ADMINISTRATOR, is_active=True, user__is_active=True
        ).first()
        if present is not None:
            raise CommandError(
                f"{organization} already has an administrator. "
                "They add further people on the People page."
            )
        return people.add(
            email=options["email"],
            name=options["name"],
            role=Role.ADMINISTRATOR,
            by=BY,
            at=timezone.now(),
        )

    def _tell(self, organization: Organization, membership: Membership) -> None:
        user = membership.user
        self.stdout.write(f"{membership} is the administrator of {organization}.")
        if user.has_usable_password():
            self.stdout.write(f"{user.email} signs in with the password they have.")
            return
        address = os.environ.get("PLUMBLINE_URL", "").rstrip("/")
        self.stdout.write("They set their password here, once:")
        self.stdout.write(address + people.set_password_path(user))
