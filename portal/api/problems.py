"""Why a request is refused: problems of RFC 9457 with a plain sentence."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions

from portal.domain.tokens import REQUESTS_A_MINUTE

MEDIA_TYPE = "application/problem+json"
FieldError = dict[str, str]


class Problem(exceptions.APIException):
    """A request that is refused: status, a sentence, and members that say more."""

    def __init__(
        self,
        status: int,
        sentence: str,
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(sentence)
        self.status_code, self.sentence = status, sentence
        self.headers, self.more = dict(headers or {}), more


def refuse(problem: Problem) -> HttpResponse:
    """The answer to a problem."""
    status = problem.status_code
    body = {"title": HTTPStatus(status).phrase, "status": status, "detail": problem.sentence}
    content = orjson.dumps(body | problem.more)
    response = HttpResponse(content, status=status, content_type=MEDIA_TYPE)
    for name, value in problem.headers.items():
        response[name] = value
    return response


def answer(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """The exception handler of REST framework; None for what is a fault of ours."""
    problem = _problem(error)
    return None if problem is None else refuse(problem)


def _problem(error: Exception) -> Problem | None:
    if isinstance(error, Problem):
        return error
    if isinstance(error, Http404):
        return nothing_of_that_name()
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return unknown_token()
    if isinstance(error, exceptions.Throttled):
        return too_often(REQUESTS_A_MINUTE, int(getattr(error, "wait", None) or 60))
    if isinstance(error, exceptions.UnsupportedMediaType):
        return Problem(415, _("Send a body of a kind that the document names, in Content-Type."))
    if isinstance(error, exceptions.APIException):
        return Problem(error.status_code, str(error.detail))
    return None


def nothing_of_that_name() -> Problem:
    """The same for what does not exist and for what belongs to others."""
    return Problem(404, _("There is nothing of that name here."))


def unknown_token() -> Problem:
    """The same for no token, a wrong, expired, revoked or foreign one, and no organization."""
    return Problem(
        401,
        _("Send a token of this organization that still holds, as “Authorization: Bearer plb_…”."),
        headers={"WWW-Authenticate": "Bearer"},
    )


def missing_scope(scope: str) -> Problem:
    sentence = _("This token may not do that: it lacks %(scope)s. Issue one that has it.")
    return Problem(403, sentence % {"scope": scope}, scope=scope)


def missing_permission() -> Problem:
    return Problem(403, _("Your role does not include this."))


def session_only_reads() -> Problem:
    return Problem(403, _("A signed-in person reads here. To change something, send a token."))


def other_method(allowed: Sequence[str]) -> Problem:
    methods = ", ".join(allowed)
    sentence = _("This address answers %(methods)s only.") % {"methods": methods}
    return Problem(405, sentence, headers={"Allow": methods})


def too_often(limit: int, wait: int) -> Problem:
    sentence = _(
        "This token has sent %(limit)s requests in this minute. Wait %(wait)s seconds, or send "
        "many figures in one request."
    )
    words = sentence % {"limit": limit, "wait": wait}
    return Problem(429, words, headers={"Retry-After": str(wait)})


def of_fields(errors: Sequence[FieldError]) -> Problem:
    """What cannot be used, each with its field; the first one is the sentence."""
    first = errors[0]
    return Problem(422, first["message"], field=first["field"], errors=list(errors))


def field_errors(error: ValidationError) -> list[FieldError]:
    """The sentences of a ValidationError by field, "" for those of no field."""
    if not hasattr(error, "error_dict"):
        return [{"field": "", "message": message} for message in error.messages]
    return [
        {"field": "" if name == "__all__" else name, "message": message}
        for name, messages in error.message_dict.items()
        for message in messages
    ]
