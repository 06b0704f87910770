"""Who may open a view, declared on the view itself and checked by a test for every URL."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme

from portal.domain.languages import language_of
from portal.domain.roles import Permission
from portal.domain.tokens import Scope
from portal.models import Membership, Organization, User
from portal.tenancy.scope import acting_in

View = TypeVar("View", bound=Callable[..., HttpResponse])


class Door(StrEnum):
    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    MEMBER = "member"
    API = "api"


@dataclass(frozen=True)
class Access:
    """What a view needs: a door and, behind the door of an organization, a permission.

    At the API a token needs a scope; a signed-in person needs the permission and only reads.
    """

    door: Door
    permission: Permission | None = None
    scopes: tuple[Scope, ...] = ()


class MemberRequest(HttpRequest):
    """A request inside an organization, as `member` hands it to a view."""

    organization: Organization
    membership: Membership
    memberships: list[Membership]
    user: User
    by: str


# Words in the names of fields whose text is never shown again.
SECRETS = ("csrf", "password", "token", "code", "secret", "key")


def public(view: View) -> View:
    """Anyone may open the view."""
    view.access = Access(Door.PUBLIC)  # type: ignore[attr-defined]
    return view


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Anyone with an account may open the view; others are sent to sign in."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return sign_in_first(request)
        return view(request, *args, **kwargs)

    inner.access = Access(Door.SIGNED_IN)  # type: ignore[attr-defined]
    return inner


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back again; a form that came too late is shown as it was typed."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return redirect_to_login(request.get_full_path())
    place = request.headers.get("Referer", "")
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(place, hosts, require_https=request.is_secure())
    context = {"back": place if is_ours else "/", "typed": typed_into(request)}
    return render(request, "401.html", context, status=401)


def typed_into(request: HttpRequest) -> list[tuple[str, str]]:
    """Names and texts of a form that was refused, so that they can be copied; never a secret."""
    return [
        (name, str(text))
        for name, text in request.POST.items()
        if text and not any(word in name for word in SECRETS)
    ]


def member(
    permission: Permission,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Members of the organization in the URL who hold the permission; a stranger gets 404.

    The view runs in one transaction bound to the organization, in the organization's time zone.
    """

    def declare(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def inner(
            request: HttpRequest, organization: str, *args: Any, **kwargs: Any
        ) -> HttpResponse:
            if not request.user.is_authenticated:
                return sign_in_first(request)
            inside = enter(request, organization)
            if not inside.membership.may(permission):
                raise PermissionDenied("Your role does not include this.")
            with acting_in(inside.organization):
                zone = ZoneInfo(inside.organization.time_zone)
                with timezone.override(zone):
                    return view(inside, *args, **kwargs)

        inner.access = Access(Door.MEMBER, permission)  # type: ignore[attr-defined]
        return inner

    return declare


def enter(request: HttpRequest, slug: str) -> MemberRequest:
    """Put the organization and the person's membership on the request.

    Raises Http404 alike for an organization that does not exist and for one of others.
    """
    inside = cast(MemberRequest, request)
    inside.memberships = list(Membership.objects.of(cast(User, request.user)).order_by("pk"))
    for membership in inside.memberships:
        if membership.organization.slug == slug:
            inside.membership, inside.organization = membership, membership.organization
            _speak(inside)
            inside.by = cast(User, request.user).email
            return inside
    raise Http404("No such page.")


def now_and_today(organization: Organization) -> tuple[Any, Any]:
    """The instant (UTC) and the organization's date, read once at the edge."""
    now = timezone.now()
    return now, now.astimezone(ZoneInfo(organization.time_zone)).date()


def _speak(request: MemberRequest) -> None:
    """Speak the person's language, else the organization's; figures are written likewise.

    The locale is changed on this request's copy alone, which nobody saves.
    """
    known = dict(settings.LANGUAGES)
    wish = language_of(
        request.user.language,
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
        request.organization.locale,
        known=known,
    )
    if wish:
        translation.activate(wish)
        request.LANGUAGE_CODE = wish
        request.organization.locale = wish
