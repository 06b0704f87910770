"""One KPI of the set: its part, its baseline, an accepted deviation, its end."""

import datetime as dt
from itertools import chain
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deployments.models import Deployment
from kpis.actions import kpi_changes
from kpis.evidence import sources
from kpis.forms.kpis import EndForm, KpiForm, MeaningForm
from kpis.forms.own_kpis import AddForm
from kpis.models import Kpi
from kpis.presenters import charts, results, verdicts
from kpis.presenters import kpi as present_kpi
from kpis.queries.measurements import every_revision, revisions
from kpis.queries.verdicts import latest_verdicts
from portal.access import MemberRequest, member, now_and_today
from portal.domain import spreadsheets
from portal.domain.roles import Permission


def kpi_in_set(deployment: str, kpi: str) -> Kpi:
    """A KPI of a deployment of the bound organization. Raises Http404."""
    rows = Kpi.objects.select_related("deployment")
    found: Kpi = get_object_or_404(rows, slug=kpi, deployment__slug=deployment)
    return found


def back_to_set(request: MemberRequest, kpi: Kpi) -> HttpResponse:
    return redirect("kpis:detail", request.organization.slug, kpi.deployment.slug, kpi.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_KPIS)
def edit(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """Change what a KPI is in the set."""
    found = kpi_in_set(deployment, kpi)
    form = _part(request, found, bound=True)
    if request.method == "POST" and form.is_valid():
        now, _ = now_and_today(request.organization)
        form.save(by=request.by, at=now)
        if not form.errors:
            messages.success(request, "The change is saved.")
            return redirect("kpis:set", request.organization.slug, found.deployment.slug)
    return _show(request, found, part=form)


def _part(request: MemberRequest, kpi: Kpi, *, bound: bool = False) -> KpiForm:
    names = [*KpiForm.base_fields, "band_low", "band_high"]
    initial = {name: getattr(kpi, name) for name in names}
    posted = request.POST or None if bound else None
    return KpiForm(posted, kpi=kpi, locale=request.organization.locale, initial=initial)


def _show(
    request: MemberRequest,
    kpi: Kpi,
    *,
    part: KpiForm | None = None,
    meaning: MeaningForm | None = None,
    end: EndForm | None = None,
) -> HttpResponse:
    """The page with its three forms; one of them may hold errors."""
    part = part or _part(request, kpi)
    meaning = meaning or MeaningForm(initial={"definition_text": kpi.definition_text})
    end = end or EndForm()
    # Three forms on one page: no two fields may share an id.
    meaning.auto_id, end.auto_id = "id_meaning_%s", "id_end_%s"
    wrong = next((form for form in (part, meaning, end) if form.errors), None)
    context = {
        "deployment": kpi.deployment,
        "kpi": kpi,
        "form": part,
        "meaning": meaning,
        "end": end,
        "wrong": wrong,
    }
    return render(request, "kpis/setup/edit.html", context, status=422 if wrong else 200)


@require_POST
@member(Permission.CHANGE_KPIS)
def redefine(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """Give the KPI another meaning; its next figures stand apart."""
    found = kpi_in_set(deployment, kpi)
    now, _ = now_and_today(request.organization)
    form = MeaningForm(request.POST)
    if form.is_valid():
        form.save(found, by=request.by, at=now)
    if form.errors:
        return _show(request, found, meaning=form)
    messages.success(request, "It has another meaning from now on. Set target and baseline anew.")
    return back_to_set(request, found)


@require_POST
@member(Permission.CHANGE_KPIS)
def retire(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """Take the KPI out of the set."""
    found = kpi_in_set(deployment, kpi)
    now, today = now_and_today(request.organization)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _show(request, found, end=form)
    kpi_changes.retire(
        kpi=found, on=today, reason=form.cleaned_data["reason"], by=request.by, at=now
    )
    messages.success(request, f"{found.name} is no longer measured. Its figures stay on record.")
    return redirect("kpis:set", request.organization.slug, found.deployment.slug)


def moment(request: MemberRequest) -> dt.datetime:
    """The instant that was sent. Raises Http404 where it is none."""
    try:
        found = dt.datetime.fromisoformat(request.POST.get("recorded_at", ""))
    except ValueError as error:
        raise Http404("There is no such deviation.") from error
    if found.tzinfo is None:
        raise Http404("There is no such deviation.")
    return found


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
    (row,) = results.rows(known, verdict, only=found)
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
        "judged": verdicts.of_kpi(verdict, found.slug),
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
    response = HttpResponse(content_type=spreadsheets.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{found.slug}.csv"'
    rows = every_revision(found).iterator(chunk_size=2000)
    lines = (charts.csv_row(found, row) for row in rows)
    response.writelines(spreadsheets.csv_lines(chain([charts.CSV_HEAD], lines)))
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
