"""How django-allauth behaves here: nobody signs up alone, and answers are neutral."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from portal.models import Membership, User


class Adapter(DefaultAccountAdapter):
    """Accounts begin with an accepted invitation, never by a visitor's own wish."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """By the address of the account itself: nobody here keeps a list of addresses."""
        email = getattr(user, "email", "")
        confirmed = self.authenticate(context.request, email=email, password=password)
        return confirmed is not None and confirmed.pk == user.pk

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that the outermost of our own proxies saw (`settings.TRUSTED_PROXIES`).

        A request that passed fewer proxies did not come the usual way: who sent it counts.
        """
        try:
            return str(super().get_client_ip(request))
        except ImproperlyConfigured:
            return str(request.META.get("REMOTE_ADDR", ""))


class PasswordLinks(PasswordResetTokenGenerator):
    """Keys of password links.

    Besides password, last sign-in and address, which Django takes, they end with any change of
    the memberships: a link is made for an account as it is, and must not open what came later.
    """

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        base = super()._make_hash_value(user, timestamp)
        return f"{base}{user.is_active}{memberships_in_words(user)}"


def memberships_in_words(user: User) -> str:
    """Every membership of the account in one order, with its role and whether it is present."""
    rows = Membership.objects.ever_of(user).order_by("organization_id")
    return str(list(rows.values_list("organization_id", "role", "is_active")))
