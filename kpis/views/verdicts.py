"""One verdict in depth: every rule with what it looked at, and the evidence to replay it."""

import json

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from deployments.models import Deployment
from kpis.domain import policy
from kpis.domain.verdict.explain import WATCHED
from kpis.models import Verdict
from kpis.presenters import verdicts
from kpis.queries.verdicts import latest_verdicts
from portal.access import MemberRequest, member
from portal.domain.roles import Permission

FLOORS = {
    "stop": "Would ask to stop",
    "pause": "Would ask to pause",
    "restrict": "Would ask to restrict",
    "improve": "Would ask to improve",
    WATCHED: "Only watched: keeps an expansion closed",
}


@require_safe
@member(Permission.SEE_KPIS)
def rules(request: MemberRequest, deployment: str) -> HttpResponse:
    """Every rule: fired or not, why, and its inputs; those that fired first."""
    place, verdict = _newest(deployment)
    lines = verdicts.rules(verdict)
    fired = [line for line in lines if line.fired]
    context = {
        "deployment": place,
        "verdict": verdict,
        "fired": fired,
        "total": len(lines),
        "groups": [
            (heading, [line for line in lines if line.floor == floor and not line.fired])
            for floor, heading in FLOORS.items()
        ],
        "blockers": verdicts.conditions(verdict.record.get("expansion_blockers", ())),
        "other_policy": not verdict.policy.startswith(f"{policy.current().version},"),
    }
    return render(request, "kpis/verdict/rules.html", context)


@require_safe
@member(Permission.SEE_KPIS)
def evidence(request: MemberRequest, deployment: str) -> HttpResponse:
    """The frozen evidence of the newest verdict, as `manage.py judge` reads it."""
    place, verdict = _newest(deployment)
    text = json.dumps(verdict.evidence, indent=1, sort_keys=True, ensure_ascii=False)
    response = HttpResponse(text + "\n", content_type="application/json; charset=utf-8")
    name = f"{place.slug}-{verdict.as_of:%Y-%m-%d}-evidence.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _newest(slug: str) -> tuple[Deployment, Verdict]:
    place = get_object_or_404(Deployment, slug=slug)
    verdict = latest_verdicts([place]).get(place.pk)
    if verdict is None:
        raise Http404("Nothing has been judged yet.")
    return place, verdict
