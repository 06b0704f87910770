"""What the caller may do: the scopes of a token, the role of a person."""

from typing import TYPE_CHECKING, Any

from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from portal.actions import tokens
from portal.actions.tokens import Bearer
from portal.api import problems
from portal.models import Membership

if TYPE_CHECKING:
    from portal.api.base import View


class Declared(BasePermission):
    """What the view declares: its scope for tokens; for people its permission, to read only."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """True, or raises the problem that says what is missing."""
        caller = request.auth
        if isinstance(caller, Bearer):
            scope = view.scope_of(str(request.method))
            if not caller.may(scope):
                raise problems.missing_scope(scope.value)
        elif isinstance(caller, Membership):
            if request.method not in SAFE_METHODS:
                raise problems.session_only_reads()
            if not caller.may(view.permission):
                raise problems.missing_permission()
        else:
            raise NotAuthenticated
        return True


class TokenRate(BaseThrottle):
    """Requests of one token in one minute; the count stands in the row of the token."""

    def allow_request(self, request: Request, view: "View") -> bool:  # type: ignore[override]
        self.now = view.now
        caller = request.auth
        return not (isinstance(caller, Bearer) and tokens.is_too_often(caller, at=view.now))

    def wait(self) -> float:
        return 60 - self.now.second
