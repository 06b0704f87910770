"""The gates of one deployment: what must be in place before and while it is used."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deployments.actions import gates as recorded
from deployments.domain.gates import LABELS, state_on
from deployments.forms.gates import GatesForm
from deployments.models import Deployment
from portal.access import MemberRequest, member, now_and_today
from portal.domain.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_DEPLOYMENTS)
def gates(request: MemberRequest, deployment: str) -> HttpResponse:
    """Five answers on one page; all of them are saved, or none."""
    place = get_object_or_404(Deployment, slug=deployment)
    now, today = now_and_today(request.organization)
    known = recorded.newest(place)
    form = GatesForm(request.POST or None, known=known)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            changed = form.save(place, by=request.by, at=now)
            transaction.set_rollback(bool(form.errors))
        if not form.errors:
            messages.success(
                request, _("The gates are recorded.") if changed else _("Nothing changed.")
            )
            return redirect("deployments:detail", request.organization.slug, place.slug)
    states = {
        key: state_on(known[key].state, known[key].valid_until, today) if key in known else ""
        for key in LABELS
    }
    context = {
        "deployment": place,
        "form": form,
        "rows": [row | {"is_expired": states[row["key"]] == "expired"} for row in form.rows()],
        "met": sum(state in {"met", "not_applicable"} for state in states.values()),
    }
    status = 422 if form.errors else 200
    return render(request, "deployments/deployment/gates.html", context, status=status)
