"""The organization of the address: its calendar and its money."""

from typing import Any, ClassVar

from rest_framework import serializers

from portal.api.lists import ItemView
from portal.domain.roles import Permission
from portal.domain.tokens import Scope
from portal.models import Organization


class OrganizationSerializer(serializers.Serializer[Any]):
    """What a program must know to read periods and amounts."""

    slug = serializers.CharField(help_text="Name in addresses.")
    name = serializers.CharField(help_text="Name for people.")
    time_zone = serializers.CharField(help_text="Zone in which its days begin.")
    currency = serializers.CharField(help_text="Currency of its cost ledgers.")
    locale = serializers.CharField(help_text="Language and way of writing numbers.")
    fiscal_year_start = serializers.IntegerField(
        help_text="Month in which its fiscal year begins.", min_value=1, max_value=12
    )
    profile = serializers.ChoiceField(
        choices=Organization.Profile.values, help_text="Size that its rules are made for."
    )


class OrganizationView(ItemView):
    """The organization's own record."""

    reads = Scope.READ
    permission = Permission.SEE_DEPLOYMENTS
    operations: ClassVar[dict[str, str]] = {"GET": "read_organization"}
    serializer_class = OrganizationSerializer

    def item(self, **kwargs: Any) -> dict[str, Any]:
        return {name: getattr(self.organization, name) for name in self.fields()}
