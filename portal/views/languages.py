"""Choosing the language: by anybody for this browser, by a person for their account."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from portal.access import public
from portal.actions import languages
from portal.domain.languages import language_of

YEAR = 365 * 24 * 60 * 60


@require_POST
@public
def choose(request: HttpRequest) -> HttpResponse:
    """Speak this language from now on and go back; empty: as the organization or browser says."""
    language = language_of(request.POST.get("language", ""), known=dict(settings.LANGUAGES))
    if request.user.is_authenticated:
        languages.choose(person=request.user, language=language)
    response = redirect(_back(request))
    if language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours else "/"
