"""Headers of every answer, and where a write comes from."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils.cache import patch_vary_headers

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
