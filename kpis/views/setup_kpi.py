"""One KPI of the set: its part, its baseline, an accepted deviation, its end."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kpis.actions import deviations, kpi_changes
from kpis.forms.setup import (
    BaselineForm,
    DeviationForm,
    EndForm,
    KpiForm,
    MeaningForm,
    baseline_start,
)
from kpis.models import Baseline, Deviation, Kpi
from kpis.models.queries import baselines, targets
from portal.access import MemberRequest, member, now_and_today
from portal.domain.roles import Permission


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
    found = find(deployment, kpi)
    now, _ = now_and_today(request.organization)
    form = MeaningForm(request.POST)
    if form.is_valid():
        form.save(found, by=request.by, at=now)
    if form.errors:
        return _show(request, found, meaning=form)
    messages.success(request, "It has another meaning from now on. Set target and baseline anew.")
    return _back(request, found)


@require_POST
@member(Permission.CHANGE_KPIS)
def retire(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """Take the KPI out of the set."""
    found = find(deployment, kpi)
    now, today = now_and_today(request.organization)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _show(request, found, end=form)
    kpi_changes.retire(
        kpi=found, on=today, reason=form.cleaned_data["reason"], by=request.by, at=now
    )
    messages.success(request, f"{found.name} is no longer measured. Its figures stay on record.")
    return redirect("kpis:set", request.organization.slug, found.deployment.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_KPIS)
def baseline(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """Record how it was before AI; back to the interview where that asked for it."""
    found = find(deployment, kpi)
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
            return _back(request, found)
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
            return _back(request, found)
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
    found = find(deployment, kpi)
    row = get_object_or_404(Deviation, kpi=found, recorded_at=_moment(request))
    now, today = now_and_today(request.organization)
    deviations.end(deviation=row, on=today, by=request.by, at=now)
    messages.success(request, "The deviation has ended.")
    return _back(request, found)


def _moment(request: MemberRequest) -> dt.datetime:
    """The instant that was sent. Raises Http404 where it is none."""
    try:
        found = dt.datetime.fromisoformat(request.POST.get("recorded_at", ""))
    except ValueError as error:
        raise Http404("There is no such deviation.") from error
    if found.tzinfo is None:
        raise Http404("There is no such deviation.")
    return found
