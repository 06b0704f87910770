"""The language of a request: the person's own choice before that of their browser."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from portal.domain.languages import language_of

Next = Callable[[HttpRequest], HttpResponse]


def asked(get_response: Next) -> Next:
    """Speak as this browser asks, so that early refusals do too; afterwards as before.

    Without it a thread would go on in the language of its last request.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        with translation.override(translation.get_language_from_request(request)):
            return get_response(request)

    return handle


def languages(get_response: Next) -> Next:
    """Speak as the account says, else as this browser was told on the sign-in page.

    Without either it stays with Accept-Language, until an organization is entered that has a
    language of its own (`portal.access.enter`).
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if wish := wish_of(request):
            translation.activate(wish)
            request.LANGUAGE_CODE = wish
        return get_response(request)

    return handle


def wish_of(request: HttpRequest) -> str:
    """The language that the person chose, for the account or in this browser; or nothing."""
    return language_of(
        getattr(request.user, "language", ""),
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
        known=dict(settings.LANGUAGES),
    )
