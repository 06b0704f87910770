"""The cast of the tests, their membership and their browsers."""

from django.test import Client

from portal.domain.roles import Role
from portal.models import Membership
from portal.tenancy.scope import acting_in

CAST = {
    "mara": ("lexora", Role.MANAGER),
    "ines": ("lexora", Role.EXECUTIVE),
    "tom": ("lexora", Role.STAFF),
    "ada": ("lexora", Role.ADMINISTRATOR),
    "otto": ("lexora", Role.AUDITOR),
    "stella": ("lexora", Role.STEWARD),
    "hugo": ("harbor", Role.MANAGER),
    "olga": (None, None),
}
MARA = "mara@lexora.example"


def join(organization, user, role, now, name=""):
    called = name or user.email.split("@")[0].capitalize()
    with acting_in(organization):
        return Membership.objects.create(
            organization=organization, user=user, name=called, role=role, created_at=now
        )


def sign_in(user):
    client = Client()
    client.force_login(user)
    return client
