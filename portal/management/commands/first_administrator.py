"""`first_administrator`: open an organization and invite its first administrator, without mail."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from portal.actions import invitations, organizations
from portal.actions.invitations import Sent
from portal.domain.invitations import DAYS
from portal.domain.roles import Role
from portal.management.addresses import whole
from portal.models import Membership, Organization
from portal.tenancy.scope import acting_in

BY = "command first_administrator"


class Command(BaseCommand):
    help = "Open an organization and print the link with which its first administrator joins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--organization", required=True, help='such as "Lexora Legal"')
        parser.add_argument("--slug", default="", help="word in addresses; made from the name")
        parser.add_argument("--time-zone", default="UTC", help="such as Europe/Berlin")
        parser.add_argument("--currency", default="EUR")

    def handle(self, *args: Any, **options: Any) -> None:
        whole("")
        try:
            with transaction.atomic():
                organization = self._organization(options)
                with acting_in(organization):
                    sent = self._invite(organization, options)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self._tell(organization, sent)

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

    def _invite(self, organization: Organization, options: dict[str, Any]) -> Sent:
        present = Membership.objects.filter(
            role=Role.ADMINISTRATOR, is_active=True, user__is_active=True
        )
        if present.exists():
            raise CommandError(
                f"{organization} already has an administrator. "
                "They invite further people on the People page."
            )
        return invitations.invite(
            address=options["email"],
            name=options["name"],
            role=Role.ADMINISTRATOR,
            mail_to="",
            by=BY,
            at=timezone.now(),
        )

    def _tell(self, organization: Organization, sent: Sent) -> None:
        path = reverse("invitation", args=[organization.slug, sent.secret])
        self.stdout.write(f"{sent.invitation} is invited as administrator of {organization}.")
        self.stdout.write(f"They open this once, within {DAYS} days, and join:")
        self.stdout.write(whole(path))
