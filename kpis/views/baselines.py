"""Baselines: recorded and signed."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kpis.actions import kpi_changes
from kpis.forms.baselines import BaselineForm, baseline_start
from kpis.models import Baseline
from kpis.queries.baselines import baselines
from kpis.views.kpis import back_to_set, kpi_in_set
from portal.access import MemberRequest, member, now_and_today
from portal.domain.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_KPIS)
def baseline(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """Record how it was before AI; back to the interview where that asked for it."""
    found = kpi_in_set(deployment, kpi)
    from_interview = "interview" in request.GET
    known = baselines([found]).get(found.pk)
    initial = baseline_start(found, known)
    if from_interview and known is None:
        initial["grade"] = "estimated"
    locale = request.organization.locale
    form = BaselineForm(request.POST or None, kpi=found, locale=locale, initial=initial)
    if request.method == "POST" and form.is_valid():
        now, _ = now_and_today(request.organization)
        form.save(by=request.by, at=now)
        if not form.errors:
            messages.success(request, f"{found.name}: the baseline is on record.")
            if from_interview:
                return redirect("kpis:interview", request.organization.slug, deployment)
            return back_to_set(request, found)
    context = {
        "deployment": found.deployment,
        "kpi": found,
        "form": form,
        "known": known,
        "from_interview": from_interview,
    }
    return render(request, "kpis/setup/baseline.html", context, status=422 if form.errors else 200)


@require_POST
@member(Permission.CHANGE_KPIS)
def sign(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """Stand by the newest baseline."""
    found = kpi_in_set(deployment, kpi)
    newest = Baseline.objects.filter(kpi=found, definition=found.definition)
    row = newest.order_by("-recorded_at").first()
    if row is None:
        raise Http404("There is no baseline to sign.")
    now, _ = now_and_today(request.organization)
    kpi_changes.sign_baseline(baseline=row, by=request.by, at=now)
    messages.success(request, "The baseline is signed.")
    return back_to_set(request, found)
