"""The audit trail, readable and filtered."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from portal.access import MemberRequest, member
from portal.domain.roles import Permission
from portal.forms.audit import Filter
from portal.models import AuditEvent, Membership

ON_A_PAGE = 50
# What the database calls a thing, where a reader says it otherwise.
KINDS = {"user": "person"}


@require_safe
@member(Permission.SEE_AUDIT)
def list_events(request: MemberRequest) -> HttpResponse:
    """Newest first; the same number of statements whatever is shown."""
    names = Membership.objects.names()
    form = Filter(request.GET)
    form.show(people=_actors(names), kinds=_kinds())
    events = AuditEvent.objects.filter(form.condition()).order_by("-at", "-id")
    page = Paginator(events, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": [_line(event, names) for event in page],
        "query": _without_page(request.GET),
        "filtered": bool(form.condition()),
    }
    return render(request, "portal/audit/list.html", context)


def _line(event: AuditEvent, names: dict[str, str]) -> dict[str, Any]:
    changes = [
        {
            "what": key,
            "before": event.before.get(key),
            "after": event.after.get(key),
            "is_both": event.before.get(key) is not None and event.after.get(key) is not None,
        }
        for key in dict.fromkeys([*event.before, *event.after])
    ]
    return {
        "event": event,
        "actor": names.get(event.actor) or event.actor,
        "verb": event.verb,
        "kind": KINDS.get(event.subject_type, event.subject_type),
        "changes": changes,
        "reference": "" if slugify(event.subject_name) == event.subject else event.subject,
    }


def _actors(names: dict[str, str]) -> list[tuple[str, str]]:
    actors = AuditEvent.objects.order_by().values_list("actor", flat=True).distinct()
    known = [(actor, names.get(actor) or actor) for actor in actors]
    return sorted(known, key=lambda one: one[1].lower())


def _kinds() -> list[tuple[str, str]]:
    kinds = AuditEvent.objects.order_by().values_list("subject_type", flat=True).distinct()
    return sorted((kind, KINDS.get(kind, kind).capitalize()) for kind in kinds)


def _without_page(parameters: QueryDict) -> str:
    kept = parameters.copy()
    kept.pop("page", None)
    return f"{kept.urlencode()}&" if kept else ""
