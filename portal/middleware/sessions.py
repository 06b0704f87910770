"""Sessions that end."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.access import sign_in_first

Next = Callable[[HttpRequest], HttpResponse]
SAFE = {"GET", "HEAD", "OPTIONS"}


def session_limits(get_response: Next) -> Next:
    """Sign out after an hour without a request and after twelve hours in any case."""

    def handle(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        now = int(timezone.now().timestamp())
        began = request.session.setdefault("began", now)
        seen = request.session.get("seen", now)
        if (
            now - began > settings.SESSION_ABSOLUTE_SECONDS
            or now - seen > settings.SESSION_IDLE_SECONDS
        ):
            logout(request)
            if request.method in SAFE:
                said = "You were signed out to keep your organization's data safe."
                messages.info(request, said)
            return sign_in_first(request)
        if now - seen >= 60 or "seen" not in request.session:
            request.session["seen"] = now
        return get_response(request)

    return handle
