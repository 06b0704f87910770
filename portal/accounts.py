"""How django-allauth behaves here: nobody signs up alone, and answers are neutral."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    """Accounts are made by an administrator or by command, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
