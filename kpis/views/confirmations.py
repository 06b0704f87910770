"""After a change: look at the set again. And the interview about the time before AI."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from deployments.models import Deployment
from kpis.actions import interviews, kpi_sets, readiness
from kpis.domain.catalogue import proposals, shipped
from kpis.domain.entering.confirmation import PARTS
from kpis.evidence import sources
from kpis.evidence.readiness import facts
from kpis.forms.errors import refuse
from kpis.forms.interviews import InterviewForm, interview_start
from kpis.models import Confirmation
from kpis.presenters import kpi_set
from portal.access import MemberRequest, member, now_and_today
from portal.domain.roles import Permission

HINTS = {
    "kpi_set": "These measures still tell whether the work got better.",
    "baselines": "The figures from before AI are still what to compare with.",
    "thresholds": "Targets, thresholds and margins still mean what they should.",
}
NOTE = 1000


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_KPIS)
def confirm(request: MemberRequest, deployment: str) -> HttpResponse:
    """What changed, and the parts of the set that nobody looked at since."""
    place = get_object_or_404(Deployment, slug=deployment)
    now, today = now_and_today(request.organization)
    chosen = [part for part in PARTS if request.POST.get(part)]
    note = request.POST.get("note", "").strip()
    error = _wrong(request, chosen, note)
    if request.method == "POST" and not error:
        for part in chosen:
            readiness.confirm(deployment=place, part=part, note=note, by=request.by, at=now)
        messages.success(request, "Confirmed. The recommendation is computed again.")
        return redirect("kpis:set", request.organization.slug, place.slug)
    known = sources.read(place, as_of=today)
    open_parts = facts(known).to_confirm
    lint = kpi_set.lint_of(known)
    context = {
        "deployment": place,
        "open": open_parts,
        "error": error,
        # Only a note that is too long is wrong while something is ticked.
        "error_at": "note" if chosen else PARTS[0],
        "note": note,
        "parts": [
            (part, Confirmation.Part(part).label, part in open_parts, part in chosen, HINTS[part])
            for part in PARTS
        ],
        "changes": [one for one in reversed(known.changes) if one.kind in sources.SET_CHANGES][:5],
        "lint": [one for one in lint if not one.waits and one.place != "confirm"],
        "gaps": kpi_set.gaps(known),
        "count": len(known.kpis),
    }
    return render(request, "kpis/setup/confirm.html", context, status=422 if error else 200)


def _wrong(request: MemberRequest, chosen: list[str], note: str) -> str:
    if request.method != "POST":
        return ""
    if not chosen:
        return "Tick what you have looked at."
    if len(note) > NOTE:
        return f"Shorten the note to {NOTE:,} characters; it has {len(note):,}."
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_KPIS)
def interview(request: MemberRequest, deployment: str) -> HttpResponse:
    """Five questions, then the eight measures with their baselines; goes on where it stopped."""
    place = get_object_or_404(Deployment, slug=deployment)
    now, today = now_and_today(request.organization)
    held = interviews.newest(place)
    form = InterviewForm(request.POST or None, today=today, initial=interview_start(held, today))
    if request.method == "POST" and form.is_valid():
        try:
            interviews.hold(
                deployment=place,
                held_on=form.cleaned_data["held_on"],
                held_with=form.cleaned_data["held_with"],
                answers=form.answers(),
                by=request.by,
                at=now,
            )
        except kpi_sets.CannotChange as error:
            refuse(form, error)
        else:
            messages.success(request, "The answers are on record. Now the figures from before AI.")
            return redirect("kpis:interview", request.organization.slug, place.slug)
    measures = _measures(sources.read(place, as_of=today))
    context = {
        "deployment": place,
        "form": form,
        "measures": measures,
        "held": held,
        "answered": sum(bool(one["answer"]) for one in held.answers) if held else 0,
        "known": sum(one["baseline"] is not None for one in measures),
        "absent": sum(one["kpi"] is None for one in measures),
        "before_ai": proposals.BEFORE_AI,
    }
    return render(request, "kpis/setup/interview.html", context, status=422 if form.errors else 200)


def _measures(known: sources.Sources) -> list[dict[str, Any]]:
    found = []
    for one in proposals.pack_kpis(shipped.catalogue(), proposals.BEFORE_AI):
        kpi = known.by_key(one.key)
        baseline = known.baselines.get(kpi.pk) if kpi else None
        found.append({"name": one.name, "key": one.key, "kpi": kpi, "baseline": baseline})
    return found
