"""The KPI set of a deployment: results beside side effects, one KPI in depth, adding one."""

import csv
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from deployments.models import Deployment
from kpis import chart_data as charts
from kpis import present, present_kpi, present_ledger, setup
from kpis.domain import shipped, views
from kpis.evidence import readiness, sources
from kpis.evidence.review_reality import reality
from kpis.forms.sets import AddForm, TargetForm, initial_of
from kpis.models import Kpi
from kpis.models.queries import every_revision, latest_verdicts, revisions, targets
from portal.access import MemberRequest, member, now_and_today
from portal.domain.roles import Permission


@require_safe
@member(Permission.SEE_KPIS)
def panel(request: MemberRequest, deployment: str) -> HttpResponse:
    """Verdict and results; a fragment for the deployment page, a full page when opened alone."""
    place = get_object_or_404(Deployment, slug=deployment)
    _, today = now_and_today(request.organization)
    verdict = latest_verdicts([place]).get(place.pk)
    known = sources.read(place, as_of=today)
    rows = present.rows(known, verdict)
    chosen = request.GET.get("view", "")
    chosen = chosen if chosen in views.VIEWS else "pairs"
    is_part = _is_part(request)
    context = {
        "deployment": place,
        "verdict": verdict,
        "rows": rows,
        "view": chosen,
        "is_part": is_part,
        "groups": present.grouped(rows, chosen),
        "orders": views.ORDERS.items(),
        "readers": views.READERS.items(),
        "fresh": present.freshness(rows),
        "primaries": present_kpi.primaries(rows, known, verdict),
        "times": present_kpi.times(known),
    }
    template = "kpis/set/_panel.html" if is_part else "kpis/set/list.html"
    return render(request, template, context)


def _is_part(request: MemberRequest) -> bool:
    """Whether a page asks for a part of itself; who goes back in history wants the whole."""
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.history_restore_request


@require_safe
@member(Permission.SEE_KPIS)
def side(request: MemberRequest, deployment: str) -> HttpResponse:
    """Readiness, review and cost in short, for the side of the deployment page."""
    place = get_object_or_404(Deployment, slug=deployment)
    if not _is_part(request):
        return redirect("kpis:list", request.organization.slug, place.slug)
    now, today = now_and_today(request.organization)
    known = sources.read(place, as_of=today)
    context = {
        "deployment": place,
        "quarter": known.quarter,
        "checklist": readiness.checklist(known, now=now),
        "review": reality(known),
        "ledger": present_ledger.page(known),
    }
    return render(request, "kpis/set/_side.html", context)


@require_safe
@member(Permission.SEE_KPIS)
def detail(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """One KPI: chart with limits, the figures behind it, every revision."""
    found = get_object_or_404(
        Kpi.objects.select_related("deployment"), slug=kpi, deployment__slug=deployment
    )
    _, today = now_and_today(request.organization)
    verdict = latest_verdicts([found.deployment]).get(found.deployment.pk)
    known = sources.measures(found.deployment, as_of=today, also=found)
    (row,) = present.rows(known, verdict, only=found)
    context: dict[str, Any] = {
        "deployment": found.deployment,
        "kpi": found,
        "row": row,
        "can_deviate": row.state in {"warning", "critical"},
        "chart": charts.of_kpi(
            found,
            rows=known.rows[found.pk],
            breaks=known.breaks(),
            versions=known.targets.get(found.pk, []),
            baseline=known.baselines.get(found.pk),
            organization=request.organization,
        ),
        "revisions": charts.revision_rows(found, revisions(found), request.organization),
        "judged": present_kpi.judged(found, verdict),
        "targets": present_kpi.target_rows(
            found, found.targets.order_by("-valid_from", "-recorded_at")[:50], request.organization
        ),
        "deviations": present_kpi.deviation_rows(
            found, found.deviations.order_by("-recorded_at")[:20], request.organization, today
        ),
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
    writer.writerow(charts.CSV_HEAD)
    for row in every_revision(found).iterator(chunk_size=2000):
        writer.writerow(charts.csv_row(found, row))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_KPIS)
def add(request: MemberRequest, deployment: str) -> HttpResponse:
    """Define a KPI of the organization's own."""
    place = get_object_or_404(Deployment.objects.select_related("use_case"), slug=deployment)
    form = AddForm(
        request.POST or None,
        deployment=place,
        locale=request.organization.locale,
        initial={"serves": place.use_case.name},
    )
    if request.method == "POST" and form.is_valid():
        now, _ = now_and_today(request.organization)
        made = form.save(by=request.by, at=now)
        if made is not None:
            messages.success(request, f"{made.name} is in the set.")
            return redirect("kpis:set", request.organization.slug, place.slug)
    context = {"deployment": place, "form": form}
    return render(request, "kpis/set/add.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_KPIS)
def target(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """Set target and thresholds from a day on; a range of the catalogue may fill the form."""
    found = get_object_or_404(
        Kpi.objects.select_related("deployment"), slug=kpi, deployment__slug=deployment
    )
    now, today = now_and_today(request.organization)
    current = targets([found], on=today).get(found.pk)
    proposed = setup.target_templates(found, request.organization)
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
            for said in setup.target_notices(found, saved):
                messages.warning(request, said)
            slug = found.deployment.slug
            return redirect("kpis:detail", request.organization.slug, slug, found.slug)
    context = {
        "deployment": found.deployment,
        "kpi": found,
        "form": form,
        "current": current,
        "proposed": setup.said_templates(found, proposed, request.organization),
        "used": used,
        "before": setup.baseline_words(found, request.organization),
    }
    return render(request, "kpis/set/target.html", context, status=422 if form.errors else 200)


@require_safe
@member(Permission.SEE_CATALOGUE)
def catalogue(request: MemberRequest) -> HttpResponse:
    """The catalogue of KPIs, searchable by every name a KPI has, by category if wanted."""
    words, category = request.GET.get("q", "").strip()[:80], request.GET.get("category", "")
    entries = setup.catalogue_rows(words, category)
    page = Paginator(entries, 40).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "words": words,
        "category": category,
        "categories": shipped.catalogue().vocabulary["categories"],
    }
    return render(request, "kpis/catalogue/list.html", context)
