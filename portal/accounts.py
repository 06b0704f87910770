"""How django-allauth behaves here: nobody signs up alone, and answers are neutral."""

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    """Accounts are made by an administrator or by command, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that the outermost of our own proxies saw (`settings.TRUSTED_PROXIES`).

        A request that passed fewer proxies did not come the usual way: who sent it counts.
        """
        try:
            return str(super().get_client_ip(request))
        except ImproperlyConfigured:
            return str(request.META.get("REMOTE_ADDR", ""))
