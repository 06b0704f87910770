"""Answers given before there is a session: a page that stands alone, or a problem for programs."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from portal.api import problems
from portal.api.problems import Problem

MEBIBYTE = 1024 * 1024


def is_program(request: HttpRequest) -> bool:
    """Whether the address is one for programs, which read JSON rather than pages."""
    return "/api/v1/" in request.path


def refuse(request: HttpRequest, status: int, *, limit: int = 0) -> HttpResponse:
    """The answer 400, 413 or 503 without a look at session, person or database."""
    size = _size(limit)
    if is_program(request):
        return problems.refuse(Problem(status, _sentence(status, size)))
    page = render_to_string(f"errors/{status}.html", {"size": size})
    return HttpResponse(page, status=status)


def _sentence(status: int, size: str) -> str:
    if status == 413:
        return _("A body may have {size} at this address. Send less at a time.").format(size=size)
    if status == 503:
        return _("The database is too busy; nothing was written. Try again in a minute.")
    return _("The request holds a character that is no text. Leave it out; nothing was written.")


def _size(limit: int) -> str:
    return f"{limit // MEBIBYTE} MB" if limit >= MEBIBYTE else f"{limit // 1024} KB"
