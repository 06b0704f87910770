"""Where the reader is: organization, membership, other organizations, navigation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.domain.roles import Permission
from portal.models import Membership, Organization

# Pages before the door of an organization to which a reader can come back.
OUTSIDE = ("/account/", "/invitation/")


def place(request: HttpRequest) -> dict[str, Any]:
    """Context of every page; inside an organization it carries the navigation of the role."""
    languages = {"languages": _languages(request), "here": _here(request)}
    organization = getattr(request, "organization", None)
    membership = getattr(request, "membership", None)
    memberships = getattr(request, "memberships", [])
    if organization is None or membership is None:
        return languages | {
            "organization": None,
            "membership": None,
            "navigation": [],
            "reader": {"name": str(getattr(request, "user", ""))},
        }
    navigation = []
    for label, name, permission in settings.NAVIGATION:
        if membership.may(Permission(permission)):
            url = reverse(name, args=[organization.slug])
            navigation.append({"label": label, "url": url, "current": request.path.startswith(url)})
    return languages | {
        "organization": organization,
        "membership": membership,
        "others": _others(memberships, organization),
        "reader": _reader(membership),
        "navigation": navigation,
        # Asked only by pages that show who did something.
        "names": SimpleLazyObject(Membership.objects.names),
        "may": {permission.value: membership.may(permission) for permission in Permission},
    }


def _reader(membership: Membership) -> dict[str, str]:
    """Who reads, in the words of the bar."""
    role, home = membership.role_label, membership.organization.name
    name_and_role = f"{membership}, {role}"
    return {
        "name": str(membership),
        "name_and_role": name_and_role,
        "in_words": f"{home} · {name_and_role}",
        "role_and_organization": _("%(role)s at %(organization)s")
        % {"role": role, "organization": home},
    }


def _others(memberships: list[Membership], organization: Organization) -> list[dict[str, Any]]:
    """The organizations among which the reader can choose; none where there is only one."""
    if len(memberships) < 2:
        return []
    return [
        {
            "name": membership.organization.name,
            "url": reverse("organization", args=[membership.organization.slug]),
            "is_current": membership.organization == organization,
        }
        for membership in memberships
    ]


def _here(request: HttpRequest) -> str:
    """Where choosing a language leads back to: this page, unless it is none to come back to."""
    is_open = getattr(request, "organization", None) or request.path.startswith(OUTSIDE)
    return request.get_full_path() if is_open and request.method == "GET" else "/"


def _languages(request: HttpRequest) -> list[dict[str, Any]]:
    """The languages that can be chosen; `is_chosen` marks the one that is spoken."""
    spoken = get_language()
    return [
        {"code": code, "name": name, "is_chosen": code == spoken}
        for code, name in settings.LANGUAGES
    ]
