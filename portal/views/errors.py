"""Pages for what went wrong: a sentence, and the way on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.access import public
from portal.api import answers
from portal.api.answers import Problem


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is old: nothing was changed, nothing typed is lost on going back."""
    return render(request, "403.html", {"stale_form": True}, status=403)


@public
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


@public
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"exception": exception}, status=403)


@public
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_program(request):
        return answers.refuse(answers.nothing_here())
    return render(request, "404.html", status=404)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    if is_program(request):
        sentence = "Something broke on our side and nothing was written. Try again in a minute."
        return answers.refuse(Problem(500, sentence))
    return render(request, "500.html", status=500)


def is_program(request: HttpRequest) -> bool:
    """Whether the address is one for programs, which read JSON rather than pages."""
    return "/api/v1/" in request.path
