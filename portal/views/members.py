"""People of an organization: the list, a new person, one person's page."""

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
from portal.domain.roles import ROLE_SENTENCES, Permission, Role
from portal.forms.people import AddPerson, ChangeRole, Deactivate
from portal.models import ApiToken, Membership
from portal.queries.tokens import valid_of


@require_safe
@member(Permission.SEE_MEMBERS)
def list_members(request: MemberRequest) -> HttpResponse:
    rows = Membership.objects.select_related("user").order_by("-is_active", "name", "user__email")
    members = list(rows)
    context = {
        "members": members,
        "active": sum(one.is_active for one in members),
        "roles": _roles(),
    }
    return render(request, "portal/member/list.html", context)


@require_http_methods(["GET", "POST"])
@member(Permission.CHANGE_MEMBERS)
def add(request: MemberRequest) -> HttpResponse:
    form = AddPerson(request.POST or None)
    if form.is_valid():
        try:
            membership = people.add(**form.cleaned_data, by=request.by, at=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _arrived(request, membership)
    return render(request, "portal/member/add.html", {"form": form})


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


def _arrived(request: MemberRequest, membership: Membership) -> HttpResponse:
    user = membership.user
    if user.has_usable_password() or not people.may_make_link(membership):
        messages.success(
            request,
            f"{membership} is added as {membership.role_label}. "
            "The address already has an account: they sign in with the password they have.",
        )
        return redirect("members", request.organization.slug)
    return _show_link(request, membership)


def _give_role(request: MemberRequest, person: Membership, role: str) -> HttpResponse:
    """A new role; a former member comes back with it."""
    now = timezone.now()
    if person.is_active:
        change = people.change_role(membership=person, role=role, by=request.by, at=now)
        _tell_revoked(request, change)
    else:
        user = person.user
        people.add(email=user.email, name=person.name, role=role, by=request.by, at=now)
    messages.success(request, f"{person} has the role {role}.")
    return redirect("members", request.organization.slug)


def _deactivate(request: MemberRequest, person: Membership, reason: str) -> HttpResponse:
    change = people.deactivate(membership=person, by=request.by, at=timezone.now(), reason=reason)
    messages.success(request, f"{person} can no longer open {request.organization.name}.")
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
        "link": request.build_absolute_uri(path),
        "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
    }
    return render(request, "portal/member/link.html", context)


def _roles() -> list[tuple[str, str]]:
    return [(role.value.capitalize(), ROLE_SENTENCES[role]) for role in Role]
