"""After a change: look at the set again. And the interview about the time before AI."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from deployments.models import Deployment
from kpis import setup
from kpis.actions import interviews, kpi_sets, readiness
from kpis.domain import proposals, shipped
from kpis.domain.confirmation import PARTS
from kpis.evidence import sources
from kpis.evidence.readiness import changed_at, facts
from kpis.forms.setup import InterviewForm
from kpis.models import BaselineInterview, Confirmation
from portal.domain.roles import Permission
from portal.views.access import MemberRequest, member, now_and_today


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_KPIS)
def confirm(request: MemberRequest, deployment: str) -> HttpResponse:
    """What changed, and the parts of the set that nobody looked at since."""
    place = get_object_or_404(Deployment, slug=deployment)
    now, today = now_and_today(request.organization)
    if request.method == "POST":
        chosen = [part for part in PARTS if request.POST.get(part)]
        note = request.POST.get("note", "").strip()[:1000]
        for part in chosen:
            readiness.confirm(deployment=place, part=part, note=note, by=request.by, at=now)
        if chosen:
            messages.success(request, "Confirmed. The recommendation is computed again.")
            return redirect("kpis:set", request.organization.slug, place.slug)
        messages.info(request, "Tick what you have looked at.")
    known = sources.read(place, as_of=today)
    open_parts = facts(known).to_confirm
    since = changed_at(known)
    context = {
        "deployment": place, "open": open_parts, "since": since,
        "parts": [(part, Confirmation.Part(part).label, part in open_parts) for part in PARTS],
        "changes": [
            one for one in reversed(known.changes) if one.kind in sources.SET_CHANGES
        ][:5],
        "lint": setup.lint_of(known), "gaps": setup.gaps(known),
    }  # fmt: skip
    return render(request, "kpis/setup/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_KPIS)
def interview(request: MemberRequest, deployment: str) -> HttpResponse:
    """Five questions, then the eight measures with their baselines."""
    place = get_object_or_404(Deployment, slug=deployment)
    now, today = now_and_today(request.organization)
    form = InterviewForm(request.POST or None, initial={"held_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            interviews.hold(
                deployment=place, held_on=form.cleaned_data["held_on"],
                held_with=form.cleaned_data["held_with"], answers=form.answers(),
                by=request.by, at=now,
            )  # fmt: skip
        except kpi_sets.CannotChange as error:
            form.add_error("answer-0", str(error))
        else:
            messages.success(request, "The interview is on record. Now the figures from before AI.")
            return redirect("kpis:interview", request.organization.slug, place.slug)
    known = sources.read(place, as_of=today)
    context = {
        "deployment": place, "form": form, "measures": _measures(known),
        "held": BaselineInterview.objects.filter(deployment=place).order_by("-recorded_at").first(),
    }  # fmt: skip
    return render(request, "kpis/setup/interview.html", context, status=422 if form.errors else 200)


def _measures(known: sources.Sources) -> list[dict[str, Any]]:
    catalogue = shipped.catalogue()
    wanted = [catalogue.kpis[key] for key in catalogue.vocabulary["baseline"]["measures"]]
    found = []
    for one in wanted:
        kpi = known.by_key(one.key)
        found.append(
            {
                "name": one.name, "key": one.key, "kpi": kpi,
                "baseline": known.baselines.get(kpi.pk) if kpi else None,
                "can_be_chosen": proposals.is_enterable(one),
            }
        )  # fmt: skip
    return found
