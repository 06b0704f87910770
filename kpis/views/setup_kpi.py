"""One KPI of the set: its part, its baseline, an accepted deviation, its end."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST

from kpis.actions import deviations, kpi_changes, kpi_sets
from kpis.forms.setup import BaselineForm, DeviationForm, KpiForm
from kpis.models import Baseline, Deviation, Kpi
from portal.domain.roles import Permission
from portal.views.access import MemberRequest, member, now_and_today


def find(deployment: str, kpi: str) -> Kpi:
    """A KPI of a deployment of the bound organization. Raises Http404."""
    rows = Kpi.objects.select_related("deployment")
    found: Kpi = get_object_or_404(rows, slug=kpi, deployment__slug=deployment)
    return found


def _back(request: MemberRequest, kpi: Kpi) -> HttpResponse:
    return redirect("kpis:detail", request.organization.slug, kpi.deployment.slug, kpi.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_KPIS)
def edit(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """Change what a KPI is in the set."""
    found = find(deployment, kpi)
    initial = {name: getattr(found, name) for name in KpiForm.base_fields}
    form = KpiForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        now, _ = now_and_today(request.organization)
        form.save(found, by=request.by, at=now)
        if not form.errors:
            messages.success(request, "The change is saved.")
            return _back(request, found)
    context = {"deployment": found.deployment, "kpi": found, "form": form}
    return render(request, "kpis/setup/edit.html", context, status=422 if form.errors else 200)


@require_POST
@member(Permission.CHANGE_KPIS)
def redefine(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """Give the KPI another meaning; its next figures stand apart."""
    found = find(deployment, kpi)
    now, _ = now_and_today(request.organization)
    try:
        kpi_changes.redefine(
            kpi=found, definition_text=request.POST.get("definition_text", "")[:1000],
            reason=request.POST.get("reason", "")[:500], by=request.by, at=now,
        )  # fmt: skip
    except kpi_sets.CannotChange as error:
        messages.error(request, str(error))
        return redirect("kpis:edit", request.organization.slug, deployment, found.slug)
    messages.success(request, "It has another meaning from now on. Confirm target and baseline.")
    return _back(request, found)


@require_POST
@member(Permission.CHANGE_KPIS)
def retire(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """Take the KPI out of the set."""
    found = find(deployment, kpi)
    now, today = now_and_today(request.organization)
    try:
        kpi_changes.retire(
            kpi=found, on=today, reason=request.POST.get("reason", "")[:500], by=request.by, at=now
        )
    except kpi_sets.CannotChange as error:
        messages.error(request, str(error))
        return redirect("kpis:edit", request.organization.slug, deployment, found.slug)
    messages.success(request, f"{found.name} is no longer measured. Its figures stay on record.")
    return redirect("kpis:set", request.organization.slug, found.deployment.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_KPIS)
def baseline(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """Record how it was before AI."""
    found = find(deployment, kpi)
    form = BaselineForm(request.POST or None, kpi=found, initial=_before(found))
    if request.method == "POST" and form.is_valid():
        now, _ = now_and_today(request.organization)
        form.save(by=request.by, at=now)
        if not form.errors:
            messages.success(request, "The baseline is on record.")
            return _back(request, found)
    context = {"deployment": found.deployment, "kpi": found, "form": form}
    return render(request, "kpis/setup/baseline.html", context, status=422 if form.errors else 200)


def _before(kpi: Kpi) -> dict[str, dt.date]:
    """Three months that end the day before the deployment began, as a first guess."""
    started = kpi.deployment.started_on
    if started is None:
        return {}
    last = started - dt.timedelta(days=1)
    return {"starts_on": last - dt.timedelta(days=90), "ends_on": last}


@require_POST
@member(Permission.CHANGE_KPIS)
def sign(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """Stand by the newest baseline."""
    found = find(deployment, kpi)
    newest = Baseline.objects.filter(kpi=found, definition=found.definition)
    row = newest.order_by("-recorded_at").first()
    if row is None:
        raise Http404("There is no baseline to sign.")
    now, _ = now_and_today(request.organization)
    kpi_changes.sign_baseline(baseline=row, by=request.by, at=now)
    messages.success(request, "The baseline is signed.")
    return _back(request, found)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_KPIS)
def deviation(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """Accept a breach until a day."""
    found = find(deployment, kpi)
    now, today = now_and_today(request.organization)
    form = DeviationForm(request.POST or None, initial={"starts_on": today})
    if request.method == "POST" and form.is_valid():
        form.save(found, by=request.by, at=now)
        if not form.errors:
            messages.success(request, "The deviation is on record. The computed verdict stays.")
            return _back(request, found)
    context = {"deployment": found.deployment, "kpi": found, "form": form}
    return render(request, "kpis/setup/deviation.html", context, status=422 if form.errors else 200)


@require_POST
@member(Permission.CHANGE_KPIS)
def end_deviation(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """End the deviation that is named by when it was recorded."""
    found = find(deployment, kpi)
    at = parse_datetime(request.POST.get("recorded_at", ""))
    row = get_object_or_404(Deviation, kpi=found, recorded_at=at)
    now, today = now_and_today(request.organization)
    deviations.end(deviation=row, on=today, by=request.by, at=now)
    messages.success(request, "The deviation has ended.")
    return _back(request, found)
