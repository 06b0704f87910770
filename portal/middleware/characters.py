"""Text that no database and no document can keep: the zero byte and halves of a character."""

import re
from collections.abc import Callable, Iterator

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from portal.middleware.refusals import refuse

Next = Callable[[HttpRequest], HttpResponse]
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
NO_TEXT = re.compile("[\x00\ud800-\udfff]")
# In JSON the same may be written as an escape; a surrogate is right only as one of a pair. Every
# escape is matched, so that the second of two backslashes never begins one.
ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(?P<no_text>u0000|u[dD][89a-fA-F]..)|.)", re.DOTALL
)


def characters(get_response: Next) -> Next:
    """400 for a request that carries such a character anywhere: address, query, headers, cookies,
    fields, names of fields and files, and bodies of programs. The content of an uploaded file is
    judged by whoever reads it: in some encodings every second byte is zero.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        try:
            if _is_unclean(request):
                return refuse(request, 400)
        except (SuspiciousOperation, MultiPartParserError, UnicodeError, UnreadablePostError):
            return refuse(request, 400)
        return get_response(request)

    return handle


def _is_unclean(request: HttpRequest) -> bool:
    if any(NO_TEXT.search(text) for text in _texts(request)):
        return True
    if request.method in {"GET", "HEAD", "OPTIONS"} or request.content_type in FORMS:
        return False
    body = request.body
    if b"\x00" in body:
        return True
    return b"\\u" in body and any(match["no_text"] for match in ESCAPE.finditer(body))


def _texts(request: HttpRequest) -> Iterator[str]:
    yield request.path
    yield from (text for name, text in request.META.items() if name.startswith("HTTP_"))
    yield from request.COOKIES.values()
    for name, values in request.GET.lists():
        yield name
        yield from map(str, values)
    if request.method not in {"GET", "HEAD", "OPTIONS"} and request.content_type in FORMS:
        for name, values in request.POST.lists():
            yield name
            yield from map(str, values)
        for name, files in request.FILES.lists():
            yield name
            yield from (getattr(file, "name", None) or "" for file in files)
