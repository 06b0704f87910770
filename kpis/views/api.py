"""The pages that explain the API: how to send figures, and every address of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kpis.api import examples
from kpis.models import Kpi
from portal.access import MemberRequest, member, now_and_today
from portal.api import openapi
from portal.domain.roles import Permission
from portal.domain.tokens import SCOPE_SENTENCES


@require_safe
@member(Permission.SEE_KPIS)
def guide(request: MemberRequest) -> HttpResponse:
    """How to send figures, with a KPI of the organization in every example."""
    kpi = Kpi.objects.filter(retired_on=None).select_related("deployment")
    example = kpi.order_by("deployment__slug", "position").first()
    _, today = now_and_today(request.organization)
    server = server_of(request)
    context = {
        "server": server,
        "kpi": example,
        **(
            examples.requests(example, today, request.organization.fiscal_year_start)
            if example
            else {}
        ),
        "scopes": SCOPE_SENTENCES.items(),
        "operations": openapi.operations(),
    }
    return render(request, "kpis/api/guide.html", context)


@require_safe
@member(Permission.SEE_KPIS)
def reference(request: MemberRequest) -> HttpResponse:
    """Every address with its parameters and answers, to be tried as the signed-in person."""
    return render(request, "kpis/api/reference.html", {"server": server_of(request)})


def server_of(request: HttpRequest) -> Any:
    slug = request.organization.slug  # type: ignore[attr-defined]
    return openapi.server_of(request, slug).rstrip("/")
