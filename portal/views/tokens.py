"""API tokens of an organization: the list, a new one, the end of one."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.access import MemberRequest, member, now_and_today
from portal.actions import tokens
from portal.domain.roles import Permission
from portal.domain.tokens import LIFETIME_DAYS, Scope
from portal.forms.tokens import WORDS, IssueToken, RevokeToken
from portal.models import ApiToken
from portal.queries import tokens as queries

SOON_DAYS = 30


@require_safe
@member(Permission.CHANGE_TOKENS)
def list_tokens(request: MemberRequest) -> HttpResponse:
    _, today = now_and_today(request.organization)
    rows = [_row(token, today, has_maker) for token, has_maker in queries.newest_first()]
    context = {
        "live": [row for row in rows if row["holds"]],
        "ended": [row for row in rows if not row["holds"]],
    }
    return render(request, "portal/token/list.html", context)


def _row(token: ApiToken, today: dt.date, has_maker: bool = True) -> dict[str, Any]:
    return {
        "token": token,
        "may": [WORDS[Scope(scope)] for scope in token.scopes],
        "holds": has_maker and token.holds(today),
        "ended_words": _ended_words(token, has_maker or not token.holds(today)),
        "ends_soon": token.expires_on <= today + dt.timedelta(days=SOON_DAYS),
    }


def _ended_words(token: ApiToken, has_maker: bool) -> str:
    """Why a token no longer holds."""
    if not has_maker:
        return _("Its maker may no longer issue tokens")
    if token.revoked_at:
        return _("Revoked %(day)s") % {"day": date_format(localtime(token.revoked_at), "j M Y")}
    return _("Expired %(day)s") % {"day": date_format(token.expires_on, "j M Y")}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_TOKENS)
def issue(request: MemberRequest) -> HttpResponse:
    """The secret stands in the answer itself, so that it is neither stored nor in an address."""
    now, today = now_and_today(request.organization)
    last_day = today + dt.timedelta(days=LIFETIME_DAYS)
    form = IssueToken(request.POST or None, role=request.membership.role, last_day=last_day)
    if form.is_valid():
        try:
            issued = tokens.issue(
                **form.cleaned_data, maker=request.membership, by=request.by, at=now, today=today
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            context = {"issued": issued, "row": _row(issued.token, today)}
            return render(request, "portal/token/issued.html", context)
    context = {"form": form}
    return render(request, "portal/token/issue.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_TOKENS)
def revoke(request: MemberRequest, token: str) -> HttpResponse:
    now, today = now_and_today(request.organization)
    found = get_object_or_404(ApiToken, prefix=token)
    form = RevokeToken(request.POST if request.method == "POST" else None)
    if form.is_valid():
        tokens.revoke(token=found, reason=form.cleaned_data["reason"], by=request.by, at=now)
        messages.success(
            request,
            _("“%(name)s” is revoked. Requests with it are refused.") % {"name": found.name},
        )
        return redirect("tokens", request.organization.slug)
    context = {"form": form, "row": _row(found, today)}
    return render(request, "portal/token/revoke.html", context, status=422 if form.errors else 200)
