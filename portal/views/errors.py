"""Pages for what went wrong: a sentence, and the way on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.views.access import public


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
    return render(request, "404.html", status=404)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)
