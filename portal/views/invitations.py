"""Invitations: an administrator invites and looks after them; whoever holds the link opens one."""

from typing import cast

from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.access import MemberRequest, member, public
from portal.actions import invitations
from portal.actions.schedules import has_mail
from portal.domain.invitations import DAYS, TABLE, Account, Outcome, Standing, Visitor
from portal.domain.roles import ROLE_SENTENCES, Permission, Role
from portal.forms.people import ChoosePassword, Invite
from portal.models import Invitation, Membership, Organization, User
from portal.queries.invitations import by_secret, state_of
from portal.tenancy.scope import acting_in
from portal.views.addresses import public_address

# Bound where an address names no organization: it has no rows, and costs the same statements.
NO_ORGANIZATION = 0


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_MEMBERS)
def invite(request: MemberRequest) -> HttpResponse:
    form = Invite(request.POST or None, by_mail=has_mail())
    if form.is_valid():
        try:
            sent = invitations.invite(
                address=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                role=form.cleaned_data["role"],
                mail_to=_mail_to(request),
                by=request.by,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _sent(request, sent)
    context = {"form": form, "by_mail": has_mail(), "days": DAYS}
    return render(
        request, "portal/invitation/invite.html", context, status=422 if form.errors else 200
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_MEMBERS)
def change(request: MemberRequest, address: str) -> HttpResponse:
    """One open invitation: `do` names the button that was pressed."""
    invitation = get_object_or_404(Invitation, address=address.lower(), state=Invitation.State.OPEN)
    do, now, trouble = request.POST.get("do"), timezone.now(), []
    try:
        if do == "renew":
            mail_to = _mail_to(request)
            return _sent(
                request,
                invitations.renew(invitation=invitation, mail_to=mail_to, by=request.by, at=now),
            )
        if do == "withdraw":
            invitations.withdraw(invitation=invitation, by=request.by, at=now)
            sentence = _("The invitation of %(person)s is withdrawn. Its link no longer works.")
            messages.success(request, sentence % {"person": invitation})
            return redirect("members", request.organization.slug)
    except ValidationError as error:
        trouble = error.messages
    context = {
        "invitation": invitation,
        "has_expired": invitation.standing(now) is Standing.EXPIRED,
        "trouble": trouble,
        "by_mail": has_mail(),
        "days": DAYS,
    }
    return render(request, "portal/invitation/change.html", context)


@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
@public
def open_invitation(request: HttpRequest, organization: str, secret: str) -> HttpResponse:
    """What the holder of a link sees and does; whatever makes it unknown gets the same answer."""
    home = Organization.objects.filter(slug=organization).first()
    with acting_in(home.pk if home else NO_ORGANIZATION):
        invitation = by_secret(secret).first()
        if home is None or invitation is None:
            return _gone(request)
        visitor = _visitor(request, invitation.address)
        if request.method == "POST":
            return _join(request, home, invitation, visitor, secret)
        outcome = _outcome(request, invitation, visitor)
        form = ChoosePassword(address=invitation.address)
        return _show(request, home, invitation, outcome, form)


def _outcome(request: HttpRequest, invitation: Invitation, visitor: Visitor) -> Outcome:
    """What the page offers. To somebody who is not signed in, or signed in as somebody else, it
    is the same whether the address has an account: that is not even asked."""
    is_owner = visitor in {Visitor.OWNER, Visitor.UNCONFIRMED}
    account = state_of(cast(User, request.user)) if is_owner else Account.NONE
    return TABLE[account, invitation.standing(timezone.now()), visitor]


def _join(
    request: HttpRequest, home: Organization, invitation: Invitation, visitor: Visitor, secret: str
) -> HttpResponse:
    form = ChoosePassword(request.POST, address=invitation.address)
    if visitor is Visitor.NOBODY and not form.is_valid():
        outcome = _outcome(request, invitation, visitor)
        return _show(request, home, invitation, outcome, form)
    accepted = invitations.accept(
        secret=secret,
        visitor=visitor,
        session_of=request.user if request.user.is_authenticated else None,
        password=form.cleaned_data["password1"] if visitor is Visitor.NOBODY else "",
        at=timezone.now(),
    )
    inside = reverse("organization", args=[home.slug])
    if accepted.outcome is Outcome.CREATE:
        messages.success(request, _("Your account is ready. Sign in with it now."))
        return redirect(f"{reverse('account_login')}?{urlencode({'next': inside})}")
    if accepted.outcome in {Outcome.ACCEPT, Outcome.ENTER}:
        return redirect(inside)
    return _show(request, home, invitation, accepted.outcome, form)


def _show(
    request: HttpRequest,
    home: Organization,
    invitation: Invitation,
    outcome: Outcome,
    form: ChoosePassword,
) -> HttpResponse:
    if outcome is Outcome.GONE:
        return _gone(request)
    names = Membership.objects.names()
    context = {
        "invitation": invitation,
        "home": home,
        "inviter": names.get(invitation.invited_by) or "",
        "role_sentence": ROLE_SENTENCES[Role(invitation.role)],
        "form": form,
        "sign_in": f"{reverse('account_login')}?{urlencode({'next': request.path})}",
        "confirm": f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}",
    }
    status = 422 if form.errors or (outcome is Outcome.SIGN_IN) else 200
    template = PAGES[outcome]
    return render(request, template, context, status=status)


PAGES = {
    Outcome.CREATE: "portal/invitation/open.html",
    Outcome.SIGN_IN: "portal/invitation/sign_in.html",
    Outcome.ACCEPT: "portal/invitation/accept.html",
    Outcome.ENTER: "portal/invitation/accept.html",
    Outcome.CONFIRM: "portal/invitation/confirm.html",
    Outcome.SWITCH: "portal/invitation/switch.html",
}


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/invitation/gone.html", status=404)


def _visitor(request: HttpRequest, address: str) -> Visitor:
    if not request.user.is_authenticated:
        return Visitor.NOBODY
    user = request.user
    if user.email != address:
        return Visitor.OTHER
    ways = {record.get("method") for record in get_authentication_records(request, user)}
    return Visitor.OWNER if "password" in ways else Visitor.UNCONFIRMED


def _mail_to(request: HttpRequest) -> str:
    return public_address(request) if has_mail() else ""


def _sent(request: MemberRequest, sent: invitations.Sent) -> HttpResponse:
    """The link stands in the answer itself, so that it is neither stored nor in an address."""
    invitation = sent.invitation
    if not sent.secret:
        sentence = _("An invitation is on its way to %(address)s.")
        messages.success(request, sentence % {"address": invitation.address})
        return redirect("members", request.organization.slug)
    path = reverse("invitation", args=[request.organization.slug, sent.secret])
    context = {"invitation": invitation, "link": f"{public_address(request)}{path}", "days": DAYS}
    return render(request, "portal/invitation/link.html", context)
