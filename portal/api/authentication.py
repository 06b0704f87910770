"""Who asks: a program with a token, or a person who is signed in and reads.

Whatever is neither gets one and the same answer (`problems.unknown_token`).
"""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from portal.actions import tokens
from portal.actions.tokens import Bearer
from portal.models import Membership, User
from portal.tenancy.scope import current_organization_id

Caller = Bearer | Membership


class TokenAuthentication(BaseAuthentication):
    """A token of the bound organization in the Authorization header, as `request.auth`."""

    def authenticate(self, request: Request) -> tuple[Any, Bearer] | None:
        header = request.headers.get("Authorization", "")
        view = request.parser_context["view"]
        bearer = tokens.recognise(header, today=view.today)
        if bearer is not None:
            return bearer, bearer
        if header:
            raise AuthenticationFailed
        return None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class SessionAuthentication(BaseAuthentication):
    """The membership of a signed-in person in the bound organization, as `request.auth`.

    It only reads (`permissions.Declared`), so no form token is asked for.
    """

    def authenticate(self, request: Request) -> tuple[User, Membership] | None:
        user = request._request.user
        if not user.is_authenticated:
            return None
        for membership in Membership.objects.of(user):
            if membership.organization_id == current_organization_id():
                return user, membership
        return None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
