"""Breaches that somebody answers for until a day."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from kpis.actions import deviations
from kpis.forms.deviations import DeviationForm
from kpis.models import Deviation
from kpis.queries.targets import targets
from kpis.views.kpis import back_to_set, kpi_in_set, moment
from portal.access import MemberRequest, member, now_and_today
from portal.domain.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_KPIS)
def deviation(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """Accept a breach until a day."""
    found = kpi_in_set(deployment, kpi)
    now, today = now_and_today(request.organization)
    form = DeviationForm(
        request.POST or None,
        kpi=found,
        locale=request.organization.locale,
        today=today,
        initial={"starts_on": today},
    )
    if request.method == "POST" and form.is_valid():
        form.save(by=request.by, at=now)
        if not form.errors:
            messages.success(request, "The deviation is on record. The computed verdict stays.")
            return back_to_set(request, found)
    context = {
        "deployment": found.deployment,
        "kpi": found,
        "form": form,
        "target": targets([found], on=today).get(found.pk),
    }
    return render(request, "kpis/setup/deviation.html", context, status=422 if form.errors else 200)


@require_POST
@member(Permission.CHANGE_KPIS)
def end_deviation(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """End the deviation that is named by when it was recorded."""
    found = kpi_in_set(deployment, kpi)
    row = get_object_or_404(Deviation, kpi=found, recorded_at=moment(request))
    now, today = now_and_today(request.organization)
    deviations.end(deviation=row, on=today, by=request.by, at=now)
    messages.success(request, "The deviation has ended.")
    return back_to_set(request, found)
