"""The first page of the day: what waits for the reader, which deployments need somebody, why."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.access import MemberRequest, member, now_and_today
from portal.actions.schedules import has_mail
from portal.domain.roles import Permission
from reviews.domain.today import due_headline, headline
from reviews.presenters import today as present
from reviews.presenters.waiting import reminders


@require_safe
@member(Permission.SEE_KPIS)
def today(request: MemberRequest) -> HttpResponse:
    _, day = now_and_today(request.organization)
    found = present.today(request.organization, day, request.by)
    deployments, due = headline(found.lines), due_headline(found.mine)
    context = {
        "today": found,
        "day": day,
        "headline": due or deployments,
        "beside": deployments if due else "",
        "reminders": reminders(request.organization, has_mail=has_mail()),
    }
    return render(request, "reviews/today.html", context)
