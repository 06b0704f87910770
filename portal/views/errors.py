"""Pages for what went wrong: a sentence, and the way on."""

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.access import public, typed_into
from portal.api import problems
from portal.api.problems import Problem
from portal.middleware.refusals import is_program, refuse

# SQLSTATE of a statement that was cancelled, of a lock that was not to be had.
TOO_LONG = {"57014", "55P03"}


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is old: nothing was changed, nothing typed is lost on going back."""
    context = {"stale_form": True, "typed": typed_into(request)}
    return render(request, "403.html", context, status=403)


@public
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


@public
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"exception": exception}, status=403)


@public
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_program(request):
        return problems.refuse(problems.nothing_of_that_name())
    return render(request, "404.html", status=404)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """What nobody foresaw, and a database that was too slow: for that, 503 and when to come back.

    Django calls this while it handles the exception.
    """
    if _took_too_long(sys.exc_info()[1]):
        response = refuse(request, 503)
        response["Retry-After"] = "60"
        return response
    if is_program(request):
        sentence = _("Something broke on our side and nothing was written. Try again in a minute.")
        return problems.refuse(Problem(500, sentence))
    return render(request, "500.html", status=500)


def _took_too_long(error: BaseException | None) -> bool:
    if not isinstance(error, OperationalError):
        return False
    return getattr(error.__cause__, "sqlstate", None) in TOO_LONG
