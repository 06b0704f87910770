"""Targets and thresholds of a KPI."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from kpis.forms.targets import TargetForm, initial_of
from kpis.models import Kpi
from kpis.presenters import kpi_set
from kpis.presenters import targets as target_words
from kpis.queries.targets import targets
from portal.access import MemberRequest, member, now_and_today
from portal.domain.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_KPIS)
def target(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """Set target and thresholds from a day on; a range of the catalogue may fill the form."""
    found = get_object_or_404(
        Kpi.objects.select_related("deployment"), slug=kpi, deployment__slug=deployment
    )
    now, today = now_and_today(request.organization)
    current = targets([found], on=today).get(found.pk)
    proposed = target_words.target_templates(found, request.organization)
    used = next((one for one in proposed if one.condition == request.GET.get("range")), None)
    form = TargetForm(
        request.POST or None,
        kpi=found,
        locale=request.organization.locale,
        today=today,
        current=current,
        initial={"valid_from": today} | initial_of(current, used),
    )
    if request.method == "POST" and form.is_valid():
        saved = form.save(by=request.by, at=now)
        if saved is not None:
            messages.success(request, f"{found.name}: the target is set.")
            for said in target_words.target_notices(found, saved):
                messages.warning(request, said)
            slug = found.deployment.slug
            return redirect("kpis:detail", request.organization.slug, slug, found.slug)
    context = {
        "deployment": found.deployment,
        "kpi": found,
        "form": form,
        "current": current,
        "proposed": target_words.said_templates(found, proposed, request.organization),
        "used": used,
        "before": kpi_set.baseline_words(found, request.organization),
    }
    return render(request, "kpis/set/target.html", context, status=422 if form.errors else 200)
