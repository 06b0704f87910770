"""The full-cost ledger of a deployment, one quarter at a time."""

import datetime as dt

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from deployments.models import Deployment
from kpis.evidence import finish, sources
from kpis.evidence import ledger as read
from kpis.forms.ledgers import BASIS, BasisForm, PartsForm, plain
from kpis.presenters.ledger import differing, page
from kpis.presenters.ledger import parts as part_rows
from portal.access import MemberRequest, member, now_and_today
from portal.domain.calendar import Grain, Period, period_of
from portal.domain.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.SEE_KPIS)
def ledger(request: MemberRequest, deployment: str) -> HttpResponse:
    """What the quarter cost and saved; those who enter figures can fill it in."""
    place = get_object_or_404(Deployment, slug=deployment)
    now, today = now_and_today(request.organization)
    quarter = _quarter(request, today)
    known = sources.read(place, as_of=min(today, quarter.end))
    entries, row = read.newest(known)
    minutes = finish.measured(known)
    initial = {"grade": "measured"} | minutes
    if row is not None:
        initial = {name: plain(getattr(row, name)) for name in BASIS}
    data = request.POST if _may_enter(request) and request.method == "POST" else None
    basis = BasisForm(data, initial=initial)
    parts = PartsForm(data, known=entries)
    if data is not None and basis.is_valid() & parts.is_valid():
        with transaction.atomic():
            basis.save(place, quarter.start, by=request.by, at=now)
            parts.save(place, quarter.start, by=request.by, at=now)
            transaction.set_rollback(bool(basis.errors or parts.errors))
        if not basis.errors and not parts.errors:
            messages.success(request, "The ledger is saved.")
            address = reverse("kpis:ledger", args=[request.organization.slug, place.slug])
            return redirect(f"{address}?quarter={quarter.start:%Y-%m-%d}")
    before = period_of(quarter.start - dt.timedelta(days=1), Grain.QUARTER, _start(request))
    context = {
        "deployment": place,
        "basis": basis,
        "parts": parts,
        "quarter": quarter,
        "earlier": before,
        "page": page(known),
        "groups": part_rows(known),
        "measured": differing(minutes, row),
        "is_newest": quarter.end >= today,
    }
    status = 422 if basis.errors or parts.errors else 200
    return render(request, "kpis/ledger/ledger.html", context, status=status)


def _may_enter(request: MemberRequest) -> bool:
    return request.membership.may(Permission.ENTER_FIGURES)


def _start(request: MemberRequest) -> int:
    return request.organization.fiscal_year_start


def _quarter(request: MemberRequest, today: dt.date) -> Period:
    try:
        day = dt.date.fromisoformat(request.GET.get("quarter", ""))
    except ValueError:
        day = today
    return period_of(min(day, today), Grain.QUARTER, _start(request))
