"""The base of every address for programs: one organization, one caller, one way to answer."""

import datetime as dt
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, ClassVar, cast
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.access import Access, Door, now_and_today
from portal.actions import tokens
from portal.actions.tokens import Bearer
from portal.api import problems
from portal.api.renderers import Json
from portal.domain.roles import Permission
from portal.domain.tokens import Scope
from portal.models import Organization
from portal.tenancy.scope import acting_in


class View(APIView):
    """Runs in one transaction bound to the organization of the address, in its time zone.

    A subclass declares the scopes of its methods and what a signed-in person needs to read it;
    the URL test reads both from `access`. A problem that is raised undoes what was written; the
    request of a token is counted all the same.
    """

    reads: ClassVar[Scope]
    writes: ClassVar[Scope | None] = None
    permission: ClassVar[Permission]
    # Names of the operations in the OpenAPI document, by method.
    operations: ClassVar[dict[str, str]]

    organization: Organization
    now: dt.datetime
    today: dt.date
    # Of the body that a parser has read.
    body_digest = ""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        view = super().as_view(**initkwargs)
        scopes = tuple(dict.fromkeys(cls.scope_of(method) for method in cls.methods()))
        view.access = Access(Door.API, cls.permission, scopes)  # type: ignore[attr-defined]
        return view

    @classmethod
    def methods(cls) -> list[str]:
        """The methods that the address answers; HEAD goes with GET."""
        return [name.upper() for name in ("get", "post", "patch") if hasattr(cls, name)]

    @classmethod
    def scope_of(cls, method: str) -> Scope:
        """What a token needs for a method."""
        if method in {"GET", "HEAD"} or cls.writes is None:
            return cls.reads
        return cls.writes

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {}

    def dispatch(self, request: HttpRequest, organization: str, **kwargs: Any) -> HttpResponseBase:
        allowed = self.methods()
        if request.method not in allowed and (request.method, "GET" in allowed) != ("HEAD", True):
            return problems.refuse(problems.other_method(allowed))
        home = Organization.objects.filter(slug=organization).first()
        if home is None:
            return problems.refuse(problems.unknown_token())
        self.organization = home
        self.now, self.today = now_and_today(home)
        with acting_in(home), timezone.override(ZoneInfo(home.time_zone)):
            response = super().dispatch(request, **kwargs)
            if isinstance(response, Response):
                response.render()
            self._count(response.status_code)
        if request.method in {"GET", "HEAD"} and response.status_code == 200:
            return _unless_known(request, response)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who asks, how often, and whether it is allowed, in this order."""
        self.format_kwarg = None
        renderer = self.perform_content_negotiation(request)
        request.accepted_renderer, request.accepted_media_type = renderer
        self.perform_authentication(request)
        self.check_throttles(request)
        self.check_permissions(request)

    @property
    def by(self) -> str:
        """Who writes, as the record and the audit trail name them."""
        return f"token {cast(Bearer, self.request.auth).name}"

    def _count(self, status: int) -> None:
        caller = self.request.auth
        if isinstance(caller, Bearer) and status != 429:
            tokens.count(caller, at=self.now, today=self.today)


def _unless_known(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The answer with its tag, or 304 where the caller has it already."""
    tag = etag(response.content)  # type: ignore[attr-defined]
    if tag in tags(request.headers.get("If-None-Match", "")):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    response["ETag"] = tag
    # Others may not keep it, and its reader asks each time whether it still holds.
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Authorization", "Cookie"])
    return response


def etag(content: bytes) -> str:
    """The tag of a representation: equal bytes, equal tag."""
    return f'"{blake2b(content, digest_size=16).hexdigest()}"'


def etag_of(item: Any) -> str:
    """The tag under which an item is answered."""
    return etag(Json().render(item))


def tags(header: str) -> Sequence[str]:
    """The tags that a header of a condition names."""
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]
