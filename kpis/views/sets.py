"""The KPI set of a deployment: results beside side effects, one KPI in depth, adding one."""

import csv
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from deployments.models import Deployment
from kpis import chart_data as charts
from kpis import present, present_kpi
from kpis.actions import kpi_sets
from kpis.domain import views
from kpis.domain.deviations import holds
from kpis.forms.sets import AddForm, TargetForm
from kpis.models import CatalogueEntry, Kpi, KpiTarget
from kpis.models.queries import latest_verdicts, revisions, targets
from portal.domain.roles import Permission
from portal.views.access import MemberRequest, member, now_and_today


@require_safe
@member(Permission.SEE_KPIS)
def panel(request: MemberRequest, deployment: str) -> HttpResponse:
    """Verdict and results; a fragment for the deployment page, a full page when opened alone."""
    place = get_object_or_404(Deployment, slug=deployment)
    _, today = now_and_today(request.organization)
    verdict = latest_verdicts([place]).get(place.pk)
    rows = present.rows(place, request.organization, verdict, today)
    chosen = request.GET.get("view", "")
    chosen = chosen if chosen in views.VIEWS else "pairs"
    context = {
        "deployment": place,
        "verdict": verdict,
        "rows": rows,
        "groups": present.grouped(rows, chosen),
        "view": chosen,
        "views": views.VIEWS.items(),
        "fresh": present.freshness(rows),
    }
    template = "kpis/set/_panel.html" if request.htmx else "kpis/set/list.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@require_safe
@member(Permission.SEE_KPIS)
def detail(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """One KPI: chart with limits, the figures behind it, every revision."""
    found = get_object_or_404(
        Kpi.objects.select_related("deployment"), slug=kpi, deployment__slug=deployment
    )
    _, today = now_and_today(request.organization)
    verdict = latest_verdicts([found.deployment]).get(found.deployment.pk)
    rows = present.rows(found.deployment, request.organization, verdict, today)
    context: dict[str, Any] = {
        "deployment": found.deployment,
        "kpi": found,
        "row": next(row for row in rows if row.kpi.pk == found.pk),
        "chart": charts.of_kpi(found, request.organization, today),
        "revisions": charts.revision_rows(found, revisions(found), request.organization),
        "judged": present_kpi.judged(found, verdict),
        "targets": present_kpi.target_rows(
            found, found.targets.order_by("-valid_from", "-recorded_at")[:50], request.organization
        ),
        "deviations": [
            (one, holds(one.starts_on, one.ends_on, one.ended_early_on, today))
            for one in found.deviations.order_by("-recorded_at")[:20]
        ],
        "baselines": present_kpi.baseline_rows(
            found, found.baselines.order_by("-recorded_at")[:20], request.organization
        ),
    }
    return render(request, "kpis/set/detail.html", context)


@require_safe
@member(Permission.SEE_KPIS)
def figures_csv(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """Every revision of every figure of one KPI as CSV."""
    found = get_object_or_404(Kpi, slug=kpi, deployment__slug=deployment)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.slug}.csv"'
    writer = csv.writer(response)
    writer.writerow(["period starts", "grain", "revision", "parts", "known as", "source", "note"])
    for row in revisions(found):
        writer.writerow(charts.csv_row(row))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_KPIS)
def add(request: MemberRequest, deployment: str) -> HttpResponse:
    place = get_object_or_404(Deployment, slug=deployment)
    form = AddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now, _ = now_and_today(request.organization)
        try:
            form.add_to(place, by=request.by, at=now)
        except kpi_sets.CannotChange as error:
            form.add_error(None, str(error))
        else:
            return redirect("kpis:list", request.organization.slug, place.slug)
    context = {"deployment": place, "form": form}
    return render(request, "kpis/set/add.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_KPIS)
def target(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    found = get_object_or_404(
        Kpi.objects.select_related("deployment"), slug=kpi, deployment__slug=deployment
    )
    now, today = now_and_today(request.organization)
    current = targets([found], on=today).get(found.pk)
    form = TargetForm(request.POST or None, initial={"valid_from": today} | _numbers(current))
    if request.method == "POST" and form.is_valid():
        try:
            kpi_sets.set_target(kpi=found, by=request.by, at=now, **form.cleaned_data)
        except kpi_sets.CannotChange as error:
            form.add_error(None, str(error))
        else:
            slug = found.deployment.slug
            return redirect("kpis:detail", request.organization.slug, slug, found.slug)
    context = {"deployment": found.deployment, "kpi": found, "form": form, "current": current}
    return render(request, "kpis/set/target.html", context, status=422 if form.errors else 200)


def _numbers(current: KpiTarget | None) -> dict[str, str]:
    """What is valid now, as a person would write it: an emptied field is an intention."""
    found = {name: getattr(current, name, None) for name in kpi_sets.NUMBERS}
    return {name: f"{value.normalize():f}" for name, value in found.items() if value is not None}


@require_safe
@member(Permission.SEE_CATALOGUE)
def catalogue(request: MemberRequest) -> HttpResponse:
    """The catalogue of KPIs, searchable."""
    words = request.GET.get("q", "").strip()[:80]
    entries = CatalogueEntry.objects.all()
    if words:
        entries = entries.filter(Q(name__icontains=words) | Q(key__icontains=words))
    page = Paginator(entries, 40).get_page(request.GET.get("page"))
    context = {"page": page, "words": words}
    return render(request, "kpis/catalogue/list.html", context)
