"""What holds for every request: headers, session limits, where a write comes from."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from portal.access import sign_in_first

Next = Callable[[HttpRequest], HttpResponse]
SAFE = {"GET", "HEAD", "OPTIONS"}


def security_headers(get_response: Next) -> Next:
    """Headers that Django does not set, and no caching of pages that hold somebody's data."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE and request.headers.get("Sec-Fetch-Site") == "cross-site":
            return HttpResponseForbidden(
                "This form was sent from another site, so nothing was changed."
            )
        response = get_response(request)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith(settings.STATIC_URL):
            response.setdefault("Cache-Control", "no-store")
            patch_vary_headers(response, ["HX-Request"])
        return response

    return handle


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
