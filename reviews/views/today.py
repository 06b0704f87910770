"""The first page of the day: which deployments need somebody, and why."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.domain.roles import Permission
from portal.views.access import MemberRequest, member, now_and_today
from reviews import present
from reviews.domain.today import headline


@require_safe
@member(Permission.SEE_KPIS)
def today(request: MemberRequest) -> HttpResponse:
    _, day = now_and_today(request.organization)
    lines = present.today(day)
    context = {"lines": lines, "headline": headline(lines), "day": day}
    return render(request, "reviews/today.html", context)
