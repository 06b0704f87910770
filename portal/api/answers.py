"""What the API answers: JSON, and problems (RFC 9457) with a plain sentence."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

JSON, PROBLEM_JSON = "application/json", "application/problem+json"
REALM = "Bearer"


class Problem(Exception):
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
        self.status, self.sentence = status, sentence
        self.headers, self.more = dict(headers or {}), more


def answer(body: Any, *, status: int = 200, content_type: str = JSON) -> HttpResponse:
    """A body as JSON; NaN cannot be written."""
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return HttpResponse(text, status=status, content_type=content_type)


def refuse(problem: Problem) -> HttpResponse:
    """The answer to a problem."""
    title = HTTPStatus(problem.status).phrase
    body = {"title": title, "status": problem.status, "detail": problem.sentence, **problem.more}
    response = answer(body, status=problem.status, content_type=PROBLEM_JSON)
    for name, value in problem.headers.items():
        response[name] = value
    return response


def nothing_here() -> Problem:
    """The same for what does not exist and for what belongs to others."""
    return Problem(404, "There is nothing of that name here.")


def unknown_token() -> Problem:
    """The same for no token, a wrong, expired, revoked or foreign one, and no organization."""
    return Problem(
        401,
        "Send a token of this organization that still holds, as “Authorization: Bearer plb_…”.",
        headers={"WWW-Authenticate": REALM},
    )


def missing_scope(scope: str) -> Problem:
    return Problem(
        403,
        f"This token may not do that: it lacks {scope}. Issue one that has it.",
        scope=scope,
    )


def too_often(limit: int, wait: int) -> Problem:
    return Problem(
        429,
        f"This token has sent {limit} requests in this minute. Wait {wait} seconds, or send many "
        "figures in one request.",
        headers={"Retry-After": str(wait)},
    )
