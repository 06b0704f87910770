"""How large a request may be, decided by its address before anything of it is kept."""

import re
from collections.abc import Callable
from io import BytesIO

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.middleware.refusals import refuse

Next = Callable[[HttpRequest], HttpResponse]


def body_limits(get_response: Next) -> Next:
    """413 for a body above the limit of its address (`settings.BODY_LIMITS`)."""
    limits = [(re.compile(pattern), limit) for pattern, limit in settings.BODY_LIMITS]

    def limit_of(path: str) -> int:
        for pattern, limit in limits:
            if pattern.match(path):
                return limit
        return settings.BODY_LIMIT

    def handle(request: HttpRequest) -> HttpResponse:
        limit = limit_of(request.path)
        length = request.META.get("CONTENT_LENGTH") or ""
        if length and not (length.isascii() and length.isdigit()):
            return refuse(request, 400)
        # Beyond twenty digits int() is slow long before it is wrong.
        if len(length) > 20 or int(length or 0) > limit:
            return refuse(request, 413, limit=limit)
        if not length and request.META.get("HTTP_TRANSFER_ENCODING"):
            return _without_length(request, limit)
        return get_response(request)

    def _without_length(request: HttpRequest, limit: int) -> HttpResponse:
        # Django takes a body without a length for none: read it here, up to the limit.
        try:
            body = request.META["wsgi.input"].read(limit + 1)
        except Exception:
            # Each server has errors of its own for a body that is broken or ends too early.
            return refuse(request, 400)
        if len(body) > limit:
            return refuse(request, 413, limit=limit)
        request.META["CONTENT_LENGTH"] = str(len(body))
        request._stream = BytesIO(body)
        return get_response(request)

    return handle
