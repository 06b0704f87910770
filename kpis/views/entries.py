"""The entry grid: all figures of a period of one deployment on one screen."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from deployments.models import Deployment
from kpis.actions import entries
from kpis.actions.measurements import CannotRecord, Fact
from kpis.models import Grade, Kpi
from kpis.presenters import entry
from kpis.presenters.entry import Row, Tab
from kpis.queries.due import Waiting, enterable, waiting
from portal.access import MemberRequest, member, now_and_today
from portal.domain.calendar import Period
from portal.domain.roles import Permission

EXTRA = ("note", "evidence", "absent", "reason")


@dataclass(frozen=True)
class Place:
    """Whose figures are asked for, of which period, when."""

    deployment: Deployment
    period: Period
    waits: Sequence[Waiting]
    now: dt.datetime
    today: dt.date


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.ENTER_FIGURES)
def grid(request: MemberRequest, deployment: str) -> HttpResponse:
    """Show the boxes of a period; a POST records them, all or nothing."""
    here = get_object_or_404(Deployment, slug=deployment)
    kpis = enterable([here])
    place, tabs = _place(request, here, kpis)
    if place is None:
        return render(request, "kpis/entry/none.html", {"deployment": here, "kpis": kpis})
    if request.method == "POST":
        entries.hold(kpis=kpis)
        if "forget" in request.POST:
            entries.forget(deployment=here, period=place.period, person=request.by)
            return redirect(_address(request, place))
    draft = entries.draft(here, place.period, request.by)
    found = entry.rows(
        here,
        place.period,
        draft.cells if draft else {},
        request.organization,
        place.today,
        place.waits,
    )
    if request.method == "POST":
        _type(request, found)
        if _finish(request, place, found):
            return redirect(_address(request, place))
    context = _context(request, place, found, tabs) | {"draft": draft}
    status = 422 if request.method == "POST" else 200
    return render(request, "kpis/entry/grid.html", context, status=status)


def _place(
    request: MemberRequest, here: Deployment, kpis: Sequence[Kpi]
) -> tuple[Place | None, list[Tab]]:
    now, today = now_and_today(request.organization)
    start = request.organization.fiscal_year_start
    waits = waiting(kpis, today=today, fiscal_start=start)
    tabs = entry.tabs(waits, today, start)
    period = entry.named(request.GET.get("period", ""), start)
    if period is None and tabs:
        period = max(tabs, key=lambda tab: tab.open > 0).period
    if period is None or period.start > today:
        return None, tabs
    return Place(here, period, waits, now, today), tabs


def _address(request: MemberRequest, place: Place) -> str:
    base = reverse("kpis:entry", args=[request.organization.slug, place.deployment.slug])
    return f"{base}?period={entry.name_of(place.period)}"


def _type(request: MemberRequest, found: list[Row]) -> None:
    """Put what was posted into the rows and read it again; an emptied box is an intention."""
    everywhere = request.POST.get("all-absent", "").strip()
    for row in found:
        grade = request.POST.get(f"{row.slug}.grade", "")
        for name in (*(box.name for box in row.boxes), *EXTRA):
            row.typed[name] = request.POST.get(f"{row.slug}.{name}", "")[:1000]
        row.typed["grade"] = grade if grade in Grade.values else row.grade
        row.seen = request.POST.get(f"{row.slug}.seen", row.mark)[:12]
        entry.check(row, request.organization)
        if everywhere and row.is_missing and row.is_empty:
            row.typed["absent"] = everywhere[:1000]


def _finish(request: MemberRequest, place: Place, found: list[Row]) -> bool:
    if any(row.errors for row in found):
        return False
    facts = [fact for row in found if (fact := _fact(row, place.period)) is not None]
    absences = [
        (row.kpi, row.typed["absent"])
        for row in found
        if row.is_empty and (row.is_taken_back or not row.stands) and row.typed["absent"].strip()
    ]
    try:
        done = entries.finish(
            deployment=place.deployment,
            period=place.period,
            facts=facts,
            absences=absences,
            by=request.by,
            at=place.now,
        )
    except CannotRecord as error:
        blamed = [row for row in found if row.kpi.pk == error.kpi_id] or found[:1]
        for row in blamed:
            row.errors[row.boxes[0].name] = str(error)
        return False
    messages.success(request, _told(done, place.period.in_sentence))
    return True


def _told(done: entries.Done, when: str) -> str:
    noun = "figure is" if done.figures == 1 else "figures are"
    told = f"{done.figures or 'No'} new {noun} on record for {when}."
    if done.reasons:
        told += f" {done.reasons} {'has' if done.reasons == 1 else 'have'} a reason instead."
    return told


def _fact(row: Row, period: Period) -> tuple[Fact, str] | None:
    """What a row adds to the record, with its reason; None where it says what stands already."""
    reason = row.typed["reason"].strip()
    if row.is_taken_back:
        return entries.taken_back(row.kpi, period), reason
    if row.figure is None:
        return None
    fact = entries.fact_of(
        row.kpi,
        period,
        *row.figure,
        grade=row.typed["grade"],
        note=row.typed["note"].strip(),
        evidence=row.typed["evidence"].strip()[:300],
    )
    return fact, reason if row.record is not None else ""


def _context(
    request: MemberRequest, place: Place, found: list[Row], tabs: Sequence[Tab]
) -> dict[str, Any]:
    period, start = place.period, request.organization.fiscal_year_start
    before, after = entry.neighbours(period, place.today, start)
    is_newest = any(tab.period == period for tab in tabs)
    waits = sum(bool(row.state) if is_newest else row.is_missing for row in found if row.is_missing)
    return {
        "deployment": place.deployment,
        "period": period,
        "name": entry.name_of(period),
        "groups": entry.grouped(found),
        "due": waits,
        "is_newest": is_newest,
        "is_running": period.end >= place.today,
        "errors": [row for row in found if row.errors],
        "is_refused": request.method == "POST",
        "when": period.in_sentence,
        "before": before.in_sentence,
        "earlier": entry.name_of(before),
        "after": after and after.in_sentence,
        "later": after and entry.name_of(after),
        "tabs": [(tab, tab.period.grain == period.grain) for tab in tabs],
        "grades": Grade.choices,
        "by": request.by,
    }


@require_POST
@member(Permission.ENTER_FIGURES)
def cell(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """Keep one row as a draft and say what the figure is; a fragment beside the boxes."""
    here = get_object_or_404(Deployment, slug=deployment)
    kpis = [one for one in enterable([here]) if one.slug == kpi]
    if not kpis:
        raise Http404("There is no such KPI.")
    place, _ = _place(request, here, kpis)
    if place is None or not request.GET.get("period"):
        raise Http404("There is no such period.")
    found = entry.rows(here, place.period, {}, request.organization, place.today, place.waits)
    if not found:
        raise Http404("It is not entered by this period.")
    row = found[0]
    _type(request, found)
    kept = {name: row.typed[name] for name in (*(box.name for box in row.boxes), "grade", *EXTRA)}
    # What stands now was told in the answer, so it has been seen.
    kept["seen"] = row.mark
    entries.keep_draft(
        deployment=here,
        period=place.period,
        person=request.by,
        slug=row.slug,
        cell=kept,
        at=place.now,
    )
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(_address(request, place))
    if row.missing:
        # The rest of the row is being typed: that is no error before "Done".
        row.errors = {}
    return render(request, "kpis/entry/_said.html", {"row": row, "oob": True})
