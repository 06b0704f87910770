"""The KPI set of a deployment: results beside side effects, one KPI in depth, adding one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from deployments.models import Deployment
from kpis.domain import dashboards
from kpis.evidence import readiness, sources
from kpis.evidence.human_review import reality
from kpis.presenters import kpi, ledger, results, verdicts
from kpis.presenters.readiness import in_words
from kpis.queries.verdicts import latest_verdicts
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
    rows = results.rows(known, verdict)
    chosen = request.GET.get("view", "")
    chosen = chosen if chosen in dashboards.VIEWS else "pairs"
    is_part = _is_part(request)
    context = {
        "deployment": place,
        "verdict": verdicts.recommendation(verdict),
        "rows": rows,
        "view": chosen,
        "is_part": is_part,
        "groups": results.grouped(rows, chosen),
        "orders": dashboards.ORDERS.items(),
        "readers": dashboards.READERS.items(),
        "fresh": results.freshness(rows),
        "primaries": kpi.primaries(rows, known, verdict),
        "times": kpi.times(known),
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
        "checklist": in_words(readiness.checklist(known, now=now)),
        "review": reality(known),
        "ledger": ledger.page(known),
    }
    return render(request, "kpis/set/_side.html", context)
