"""The front door: to the only organization, or a choice of them."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from portal.access import MemberRequest, member, signed_in
from portal.domain.roles import Permission
from portal.models import Membership, User


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    memberships = list(Membership.objects.of(cast(User, request.user)).order_by("pk"))
    if len(memberships) == 1:
        return redirect("organization", memberships[0].organization.slug)
    return render(request, "portal/home.html", {"memberships": memberships})


@require_safe
@member(Permission.SEE_DEPLOYMENTS)
def organization(request: MemberRequest) -> HttpResponse:
    first = "reviews:today" if request.membership.may(Permission.SEE_KPIS) else "deployments:list"
    return redirect(first, request.organization.slug)
