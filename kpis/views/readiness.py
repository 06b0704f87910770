"""The readiness checklist: eight questions, each answer held against the data."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from deployments.models import Deployment
from kpis.actions import readiness as answers
from kpis.domain.readiness import QUESTIONS
from kpis.evidence import readiness, sources
from kpis.models import ReadinessAnswer
from kpis.presenters.readiness import headline, in_words
from portal.access import MemberRequest, member, now_and_today
from portal.domain.roles import Permission


@require_http_methods(["GET", "HEAD"])
@member(Permission.SEE_KPIS)
def checklist(request: MemberRequest, deployment: str) -> HttpResponse:
    """The eight questions with answers and what the data says; answers for those who may."""
    place = get_object_or_404(Deployment, slug=deployment)
    now, today = now_and_today(request.organization)
    found = readiness.checklist(sources.read(place, as_of=today), now=now)
    context = {
        "deployment": place,
        "checklist": in_words(found),
        "headline": headline(found),
        "choices": ReadinessAnswer.Answer.choices,
    }
    return render(request, "kpis/readiness/checklist.html", context)


@require_http_methods(["POST"])
@member(Permission.CHANGE_KPIS)
def answer(request: MemberRequest, deployment: str) -> HttpResponse:
    """Record what was answered; questions without an answer stay open."""
    place = get_object_or_404(Deployment, slug=deployment)
    now, _ = now_and_today(request.organization)
    given = {key: request.POST[key] for key in QUESTIONS if request.POST.get(key)}
    try:
        count = answers.answer(deployment=place, answers=given, by=request.by, at=now)
    except answers.CannotAnswer as error:
        messages.error(request, str(error))
    else:
        if count == 0:
            messages.info(request, "No answer was chosen, so nothing was saved.")
    return redirect("kpis:readiness", request.organization.slug, place.slug)
