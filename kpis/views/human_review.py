"""Is the human review of a deployment real? Team figures only, never a person's."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from deployments.models import Deployment
from kpis.evidence import sources
from kpis.evidence.human_review import reality
from portal.access import MemberRequest, member, now_and_today
from portal.domain.roles import Permission


@require_safe
@member(Permission.SEE_KPIS)
def page(request: MemberRequest, deployment: str) -> HttpResponse:
    """Signals, planted errors and load of the quarter, with what is missing named."""
    place = get_object_or_404(Deployment, slug=deployment)
    _, today = now_and_today(request.organization)
    known = sources.read(place, as_of=today)
    slugs = {kpi.catalogue_key: kpi.slug for kpi in known.kpis}
    found = reality(known)
    context = {
        "deployment": place,
        "found": found,
        "lines": [(one, slugs.get(one.key, "")) for one in found.measures],
        "quarter": known.quarter,
    }
    return render(request, "kpis/review/reality.html", context)
