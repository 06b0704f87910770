"""People of an organization: the list, and one person's page."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.access import MemberRequest, member
from portal.actions import people
from portal.domain.invitations import Standing
from portal.domain.roles import ROLE_SENTENCES, Permission, Role
from portal.forms.people import ChangeRole, Deactivate
from portal.models import ApiToken, Invitation, Membership
from portal.queries.invitations import waiting
from portal.queries.tokens import valid_of
from portal.views.addresses import public_address


@require_safe
@member(Permission.SEE_MEMBERS)
def list_members(request: MemberRequest) -> HttpResponse:
    rows = Membership.objects.select_related("user").order_by("-is_active", "name", "user__email")
    members = list(rows)
    context = {
        "members": members,
        "waiting": [_row(invitation) for invitation in waiting()],
        "active": sum(one.is_active for one in members),
        "roles": _roles(),
    }
    return render(request, "portal/member/list.html", context)


@require_http_methods(["GET", "POST"])
@member(Permission.CHANGE_MEMBERS)
def change(request: MemberRequest, email: str) -> HttpResponse:
    """One person: `do` names the button that was pressed."""
    rows = Membership.objects.select_related("user")
    person = get_object_or_404(rows, user__email=email.lower())
    do = request.POST.get("do")
    role = ChangeRole(request.POST if do == "role" else None, initial={"role": person.role})
    leaving = Deactivate(request.POST if do == "deactivate" else None)
    trouble: list[str] = []
    try:
        if do == "role" and role.is_valid():
            return _give_role(request, person, role.cleaned_data["role"])
        if do == "deactivate" and leaving.is_valid():
            return _deactivate(request, person, leaving.cleaned_data["reason"])
        if do == "link":
            return _show_link(request, person)
    except ValidationError as error:
        trouble = error.messages
    made = valid_of(person)
    context = {
        "person": person,
        "programs": _programs(made),
        "program_count": len(made),
        "role_form": role,
        "leaving_form": leaving,
        "trouble": trouble,
        "may_link": people.may_make_link(person),
    }
    return render(request, "portal/member/change.html", context)


def _row(invitation: Invitation) -> dict[str, Any]:
    has_expired = invitation.standing(timezone.now()) is Standing.EXPIRED
    return {"invitation": invitation, "has_expired": has_expired}


def _give_role(request: MemberRequest, person: Membership, role: str) -> HttpResponse:
    """A new role; a former member comes back with it."""
    now = timezone.now()
    if person.is_active:
        change = people.change_role(membership=person, role=role, by=request.by, at=now)
        _tell_revoked(request, change)
    else:
        people.let_back_in(membership=person, role=role, by=request.by, at=now)
    messages.success(
        request, gettext("%(person)s has the role %(role)s.") % {"person": person, "role": role}
    )
    return redirect("members", request.organization.slug)


def _deactivate(request: MemberRequest, person: Membership, reason: str) -> HttpResponse:
    change = people.deactivate(membership=person, by=request.by, at=timezone.now(), reason=reason)
    messages.success(
        request,
        gettext("%(person)s can no longer open %(organization)s.")
        % {"person": person, "organization": request.organization},
    )
    _tell_revoked(request, change)
    return redirect("members", request.organization.slug)


def _tell_revoked(request: MemberRequest, change: people.Change) -> None:
    if not change.revoked:
        return
    sentence = ngettext(
        "The token of %(programs)s is revoked.",
        "The tokens of %(programs)s are revoked.",
        len(change.revoked),
    )
    messages.warning(request, sentence % {"programs": _programs(change.revoked)})


def _programs(made: list[ApiToken]) -> str:
    return get_text_list([f"“{token.name}”" for token in made], gettext("and"))


def _show_link(request: MemberRequest, membership: Membership) -> HttpResponse:
    """Shown in the answer itself, so that the key is neither stored nor in an address bar."""
    path = people.make_link(membership=membership, by=request.by, at=timezone.now())
    context = {
        "person": membership,
        "link": f"{public_address(request)}{path}",
        "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
    }
    return render(request, "portal/member/link.html", context)


def _roles() -> list[tuple[str, str]]:
    return [(gettext(role.value).capitalize(), gettext(ROLE_SENTENCES[role])) for role in Role]
