"""Where the reader is: organization, membership, other organizations, navigation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from portal.domain.roles import Permission
from portal.models import Membership


def place(request: HttpRequest) -> dict[str, Any]:
    """Context of every page; inside an organization it carries the navigation of the role."""
    organization = getattr(request, "organization", None)
    membership = getattr(request, "membership", None)
    memberships = getattr(request, "memberships", [])
    if organization is None or membership is None:
        return {
            "organization": None,
            "membership": None,
            "organizations": [],
            "navigation": [],
            "person_name": getattr(request, "user", ""),
        }
    navigation = []
    for label, name, permission in settings.NAVIGATION:
        if membership.may(Permission(permission)):
            url = reverse(name, args=[organization.slug])
            navigation.append({"label": label, "url": url, "current": request.path.startswith(url)})
    return {
        "organization": organization,
        "membership": membership,
        "person_name": str(membership),
        "organizations": [one.organization for one in memberships],
        "navigation": navigation,
        # Asked only by pages that show who did something.
        "names": SimpleLazyObject(Membership.objects.names),
        "may": {permission.value: membership.may(permission) for permission in Permission},
    }
