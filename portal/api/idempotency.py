"""Requests that come twice: done once, answered alike."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.db import OperationalError, transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable
from rest_framework.request import Request
from rest_framework.response import Response

from portal.actions import idempotency
from portal.actions.tokens import Bearer
from portal.api.problems import Problem

HEADER = "Idempotency-Key"
LONGEST_KEY = 120
Handler = Callable[..., Response]


def once(handler: Handler) -> Callable[..., HttpResponseBase]:
    """A handler that writes: all or nothing, and once for each `Idempotency-Key`.

    A request that is refused keeps no answer: it wrote nothing and may be mended and sent again.
    """

    @wraps(handler)
    def inner(view: Any, request: Request, **kwargs: Any) -> HttpResponseBase:
        key = request.headers.get(HEADER)
        with transaction.atomic():
            if key is None:
                return handler(view, request, **kwargs)
            return _once(handler, view, request, _checked(key), kwargs)

    return inner


def _checked(key: str) -> str:
    if 0 < len(key) <= LONGEST_KEY and all("!" <= letter <= "~" for letter in key):
        return key
    sentence = _("%(header)s is a text of 1 to %(longest)s visible ASCII letters.")
    words = {"header": HEADER, "longest": LONGEST_KEY}
    raise Problem(400, sentence % words, field=HEADER)


def _once(
    handler: Handler, view: Any, request: Request, key: str, kwargs: dict[str, Any]
) -> HttpResponseBase:
    # Reading the body leaves its digest with the view.
    _body = request.data
    said = [request.method, request.get_full_path(), request.content_type, view.body_digest]
    digest = hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()
    # Only tokens write (`permissions.Declared`).
    caller = cast(Bearer, request.auth).prefix
    try:
        with transaction.atomic():
            kept = idempotency.claim(caller=caller, key=key, digest=digest, at=view.now)
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        sentence = _("The first request with this key is still at work. Send it again later.")
        raise Problem(409, sentence, field=HEADER, headers={"Retry-After": "10"}) from error
    if kept is None:
        response = handler(view, request, **kwargs)
        content = view.perform_content_negotiation(request)[0].render(response.data)
        idempotency.keep(caller=caller, key=key, status=response.status_code, content=content)
        return response
    if kept.request_digest != digest:
        sentence = _("This key was used for another request. Choose a new one.")
        raise Problem(422, sentence, field=HEADER)
    answer = HttpResponse(bytes(kept.content), status=kept.status, content_type="application/json")
    answer["Idempotent-Replayed"] = "true"
    return answer
