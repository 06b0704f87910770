"""Deployments: the register, one deployment, and the form behind both."""

import datetime as dt
from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from deployments.actions import deployments, gates
from deployments.domain.gates import LABELS as LABELS_OF_GATES
from deployments.domain.gates import STATE_LABELS, state_on
from deployments.domain.vocabulary import LABELS, Status
from deployments.forms.deployments import DeploymentForm
from deployments.models import Deployment, UseCase
from portal.domain.roles import Permission
from portal.models import Membership
from portal.views.access import MemberRequest, member, now_and_today

# What is in use comes first, what is over comes last.
ORDER = [Status.ACTIVE, Status.RESTRICTED, Status.PROPOSED, Status.PAUSED, Status.STOPPED]
MARKS = {"met": "ok", "not_applicable": "ok"}
IN_USE = {Status.ACTIVE, Status.RESTRICTED}


@require_safe
@member(Permission.SEE_DEPLOYMENTS)
def list_deployments(request: MemberRequest) -> HttpResponse:
    rank = Case(
        *(When(status=status, then=Value(place)) for place, status in enumerate(ORDER)),
        output_field=IntegerField(),
    )
    rows = list(Deployment.objects.select_related("use_case").order_by(rank, "name"))
    context = {
        "deployments": rows,
        "use_cases": _use_cases(rows),
        "in_use": sum(one.status in IN_USE for one in rows),
        "others": _count_others(rows),
    }
    return render(request, "deployments/deployment/list.html", context)


@require_safe
@member(Permission.SEE_DEPLOYMENTS)
def detail(request: MemberRequest, deployment: str) -> HttpResponse:
    one = _find(deployment)
    _, today = now_and_today(request.organization)
    context = {"deployment": one, "changes": _change_log(one), "gates": _gates(one, today)}
    return render(request, "deployments/deployment/detail.html", context)


@require_http_methods(["GET", "POST"])
@member(Permission.CHANGE_DEPLOYMENTS)
def create(request: MemberRequest) -> HttpResponse:
    if not UseCase.objects.exists():
        messages.info(request, "Describe the work first; then register what helps with it.")
        return redirect("deployments:use_case_create", request.organization.slug)
    form = DeploymentForm(request.POST or None, new=True, initial=_strictest(request))
    if form.is_valid():
        now, _ = now_and_today(request.organization)
        try:
            made = deployments.register(**form.cleaned_data, by=request.by, at=now)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{made} is registered.")
            return redirect("deployments:detail", request.organization.slug, made.slug)
    return render(request, "deployments/deployment/form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@member(Permission.CHANGE_DEPLOYMENTS)
def edit(request: MemberRequest, deployment: str) -> HttpResponse:
    one = _find(deployment)
    initial = {name: getattr(one, name, "") for name in DeploymentForm.base_fields}
    form = DeploymentForm(request.POST or None, initial=initial)
    if form.is_valid():
        now, today = now_and_today(request.organization)
        try:
            deployments.change(deployment=one, on=today, by=request.by, at=now, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "The changes are saved.")
            return redirect("deployments:detail", request.organization.slug, one.slug)
    context = {"form": form, "deployment": one}
    return render(request, "deployments/deployment/form.html", context)


def _use_cases(rows: list[Deployment]) -> list[tuple[UseCase, int]]:
    # Counted here: Django groups by `id`, but the key of the table is (organization_id, id).
    served = Counter(one.use_case_id for one in rows)
    return [(one, served[one.pk]) for one in UseCase.objects.order_by("name")]


def _find(slug: str) -> Deployment:
    rows = Deployment.objects.select_related("use_case", "unit")
    found: Deployment = get_object_or_404(rows, slug=slug)
    return found


def _gates(deployment: Deployment, today: dt.date) -> list[dict[str, str]]:
    """Name and state of each gate on the day; what nobody recorded is not met."""
    known = gates.newest(deployment)
    found = []
    for key, label in LABELS_OF_GATES.items():
        gate = known.get(key)
        state = state_on(gate.state, gate.valid_until, today) if gate else "not_met"
        words = STATE_LABELS[state] if gate else "Nobody recorded it"
        found.append({"label": label, "words": words, "state": MARKS.get(state, "critical")})
    return found


def _change_log(deployment: Deployment) -> list[dict[str, Any]]:
    names = dict(Membership.objects.values_list("user__email", "user__name"))
    return [
        {
            "change": change,
            "by": names.get(change.recorded_by) or change.recorded_by,
        }
        for change in deployment.changes.order_by("-on", "-id")
    ]


def _strictest(request: MemberRequest) -> dict[str, Any]:
    """Defaults of the model, which are the strictest answers, and the work one came from."""
    blank = Deployment()
    names = ["phase", "status", "risk_class", "effect_reach", "human_review", "regulated_domain"]
    came_from = {"use_case": request.GET.get("use_case", "")}
    return came_from | {name: getattr(blank, name) for name in names}


def _count_others(rows: list[Deployment]) -> list[str]:
    others = [status for status in ORDER if status not in IN_USE]
    counts = {status: sum(one.status == status for one in rows) for status in others}
    return [f"{count} {LABELS[status].lower()}" for status, count in counts.items() if count]
