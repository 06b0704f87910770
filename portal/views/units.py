"""Teams: the tree on a day, a new team, one team's name and place."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.access import MemberRequest, member, now_and_today
from portal.actions import units
from portal.domain.roles import Permission
from portal.domain.tree import outline
from portal.forms.units import AddUnit, Close, Place, Rename
from portal.models import Unit, UnitPlacement

WORK: dict[str, Callable[..., object]] = {
    "rename": units.rename,
    "move": units.place,
    "close": units.close,
}


@require_safe
@member(Permission.SEE_KPIS)
def list_units(request: MemberRequest) -> HttpResponse:
    """The tree of today, or of the day that was asked for."""
    _, today = now_and_today(request.organization)
    day = _day_of(request.GET.get("on", "")) or today
    # Places first: a team that is added meanwhile then has a name when its place is known.
    tree = UnitPlacement.tree_on(day)
    known = {one.pk: one for one in Unit.objects.all()}
    order = outline(tree, {key: one.name for key, one in known.items()})
    shown = {key for key, _ in order}
    context = {
        "units": [(known[key], depth, range(depth)) for key, depth in order],
        "closed": sorted(
            (one for key, one in known.items() if key not in shown), key=lambda one: one.name
        ),
        "day": day,
        "is_today": day == today,
    }
    return render(request, "portal/unit/list.html", context)


def _day_of(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_ORGANIZATION)
def add(request: MemberRequest) -> HttpResponse:
    now, today = now_and_today(request.organization)
    form = AddUnit(request.POST or None, today=today)
    if form.is_valid():
        try:
            made = units.create(**form.cleaned_data, by=request.by, at=now)
        except ValidationError as error:
            form.add_error(None if hasattr(error, "error_dict") else "on", error)
        else:
            messages.success(
                request,
                _("%(made)s is a team from %(day)s.")
                % {"made": made, "day": date_format(form.cleaned_data["on"], "j F Y")},
            )
            return redirect("units", request.organization.slug)
    return _answer(request, "portal/unit/add.html", {"form": form}, [form])


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_ORGANIZATION)
def change(request: MemberRequest, unit: str) -> HttpResponse:
    """One team: `do` names the button that was pressed."""
    found = get_object_or_404(Unit, slug=unit)
    now, today = now_and_today(request.organization)
    do = request.POST.get("do")
    forms: dict[str, Any] = {
        "rename": Rename(
            request.POST if do == "rename" else None,
            auto_id="rename_%s",
            initial={"name": found.name},
        ),
        "move": Place(
            request.POST if do == "move" else None,
            auto_id="move_%s",
            unit=found,
            today=today,
            initial={"parent": _parent(found, today)},
        ),
        "close": Close(
            request.POST if do == "close" else None, auto_id="close_%s", initial={"on": today}
        ),
    }
    form = forms.get(do or "")
    if form is not None and form.is_valid():
        try:
            WORK[str(do)](unit=found, **form.cleaned_data, by=request.by, at=now)
        except ValidationError as error:
            form.add_error("on", error)
        else:
            messages.success(request, _("The change is saved."))
            return redirect("units", request.organization.slug)
    context = {"unit": found, "history": _history(found), "forms": forms}
    return _answer(request, "portal/unit/change.html", context, forms.values())


def _answer(
    request: MemberRequest, template: str, context: dict[str, Any], forms: Any
) -> HttpResponse:
    status = 422 if any(form.is_bound and form.errors for form in forms) else 200
    return render(request, template, context, status=status)


def _parent(unit: Unit, day: dt.date) -> str:
    key = UnitPlacement.tree_on(day).get(unit.pk)
    return Unit.objects.get(pk=key).slug if key else ""


def _history(unit: Unit) -> list[UnitPlacement]:
    return list(unit.placements.select_related("parent").order_by("-valid_from")[:50])
