"""Deployments: the register, one deployment, and the form behind both."""

import datetime as dt
from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from deployments.actions import deployments, gates
from deployments.domain.changes import ASKS_FOR_REVIEW
from deployments.domain.gates import LABELS as LABELS_OF_GATES
from deployments.domain.gates import STATE_LABELS, state_on
from deployments.domain.vocabulary import LABELS, Status
from deployments.forms.deployments import DeploymentForm
from deployments.models import Deployment, UseCase
from deployments.presenters.statuses import risk_words
from portal.access import MemberRequest, member, now_and_today
from portal.domain.roles import Permission
from portal.models import Membership

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
    context = {
        "deployment": one,
        "risk_words": risk_words(one),
        "changes": _change_log(one),
        "gates": _gates(one, today),
    }
    return render(request, "deployments/deployment/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_DEPLOYMENTS)
def create(request: MemberRequest) -> HttpResponse:
    """Register a deployment; the strictest answers are chosen already."""
    if not UseCase.objects.exists():
        messages.info(request, _("Describe the work first; then register what helps with it."))
        return redirect("deployments:use_case_create", request.organization.slug)
    now, today = now_and_today(request.organization)
    form = DeploymentForm(request.POST or None, today=today, initial=_strictest(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = deployments.register(**form.cleaned_data, by=request.by, at=now)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, _("%(made)s is registered. Next: choose what to measure.") % {"made": made}
            )
            return redirect("deployments:detail", request.organization.slug, made.slug)
    status = 422 if form.errors else 200
    return render(request, "deployments/deployment/form.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_DEPLOYMENTS)
def edit(request: MemberRequest, deployment: str) -> HttpResponse:
    """Change a deployment as of a day that has come; says what now waits to be confirmed."""
    one = _find(deployment)
    now, today = now_and_today(request.organization)
    initial = {name: getattr(one, name, "") for name in DeploymentForm.base_fields}
    form = DeploymentForm(request.POST or None, today=today, before=one, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            deployments.change(
                deployment=one, on=said.pop("since") or today, by=request.by, at=now, **said
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _saved(one, now))
            return redirect("deployments:detail", request.organization.slug, one.slug)
    context = {"form": form, "deployment": one, "phase_refused": "phase" in form.errors}
    status = 422 if form.errors else 200
    return render(request, "deployments/deployment/form.html", context, status=status)


def _saved(deployment: Deployment, now: dt.datetime) -> str:
    """What was saved, and what it leaves to be confirmed."""
    kinds = set(deployment.changes.filter(recorded_at=now).values_list("kind", flat=True))
    if not kinds & set(ASKS_FOR_REVIEW):
        return _("The changes are saved.")
    return _("The changes are saved. KPI set, baselines and thresholds are to be confirmed now.")


def _use_cases(rows: list[Deployment]) -> list[tuple[UseCase, int]]:
    # Counted here: Django groups by `id`, but the key of the table is (organization_id, id).
    served = Counter(one.use_case_id for one in rows)
    return [(one, served[one.pk]) for one in UseCase.objects.order_by("name")]


def _find(slug: str) -> Deployment:
    rows = Deployment.objects.select_related("use_case", "unit")
    found: Deployment = get_object_or_404(rows, slug=slug)
    return found


def _gates(deployment: Deployment, today: dt.date) -> list[dict[str, Any]]:
    """Name and state of each gate on the day; what nobody recorded is not met."""
    known = gates.newest(deployment)
    found = []
    for key, label in LABELS_OF_GATES.items():
        gate = known.get(key)
        state = state_on(gate.state, gate.valid_until, today) if gate else "not_met"
        words = _(STATE_LABELS[state]) if gate else _("Nobody recorded it")
        mark = MARKS.get(state, "critical")
        found.append({"label": _(label), "words": words, "state": mark, "holds": mark == "ok"})
    return found


def _change_log(deployment: Deployment) -> list[dict[str, Any]]:
    names = Membership.objects.names()
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
    return [f"{count} {_(LABELS[status]).lower()}" for status, count in counts.items() if count]
