"""The entry grid: all figures of a period of one deployment on one screen."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from deployments.models import Deployment
from kpis import entry
from kpis.actions import entries
from kpis.actions.measurements import CannotRecord, Fact
from kpis.entry import Row
from kpis.models import Grade
from kpis.models.due import enterable, waiting
from portal.domain.calendar import Period, period_of
from portal.domain.roles import Permission
from portal.views.access import MemberRequest, member, now_and_today

EXTRA = ("grade", "note", "evidence", "absent", "reason")


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.ENTER_FIGURES)
def grid(request: MemberRequest, deployment: str) -> HttpResponse:
    """Show the boxes of a period; a POST records them, all or nothing."""
    place = get_object_or_404(Deployment, slug=deployment)
    now, today = now_and_today(request.organization)
    start = request.organization.fiscal_year_start
    kpis = enterable([place])
    waits = waiting(kpis, today=today, fiscal_start=start)
    tabs = entry.periods(waits, today, start)
    period = entry.named(request.GET.get("period", ""), start) or _first(tabs)
    if period is None or period.start > today:
        return render(request, "kpis/entry/none.html", {"deployment": place, "kpis": kpis})
    drafts = entries.drafted(place, period, request.by)
    found = entry.rows(place, period, drafts, request.organization, today, kpis)
    if request.method == "POST":
        _type(request, found)
        if _finish(request, place, period, found, now):
            return redirect(_address(request, place, period))
    context = _context(place, period, found, tabs, start) | {"has_draft": bool(drafts)}
    status = 422 if request.method == "POST" else 200
    return render(request, "kpis/entry/grid.html", context, status=status)


def _first(tabs: list[tuple[Any, Period, int]]) -> Period | None:
    return max(tabs, key=lambda tab: tab[2] > 0)[1] if tabs else None


def _address(request: MemberRequest, place: Deployment, period: Period) -> str:
    base = reverse("kpis:entry", args=[request.organization.slug, place.slug])
    return f"{base}?period={entry.name_of(period)}"


def _type(request: MemberRequest, found: list[Row]) -> None:
    """Put what was posted into the rows and read it again; an emptied box is an intention."""
    everywhere = request.POST.get("all-absent", "").strip()
    for row in found:
        for name in (*(box.name for box in row.boxes), *EXTRA):
            row.typed[name] = request.POST.get(f"{row.slug}.{name}", "")[:1000]
        if everywhere and row.is_empty and not row.typed["absent"].strip():
            row.typed["absent"] = everywhere[:1000]
        entry.check(row, request.organization)


def _finish(
    request: MemberRequest, place: Deployment, period: Period, found: list[Row], now: dt.datetime
) -> bool:
    if any(row.errors for row in found):
        return False
    facts = [fact for row in found if (fact := _fact(row, period)) is not None]
    absences = [
        (row.kpi, row.typed["absent"])
        for row in found
        if row.figure is None and row.typed["absent"].strip()
    ]
    try:
        count = entries.finish(
            deployment=place, period=period, facts=facts, absences=absences, by=request.by, at=now
        )
    except CannotRecord as error:
        for row in found:
            if row.kpi.name in str(error):
                row.errors[row.boxes[0].name] = str(error)
        messages.error(request, str(error))
        return False
    noun = "figure is" if count == 1 else "figures are"
    told = f"{count or 'No'} new {noun} on record for {entry.words(period)}."
    if absences:
        told += f" {len(absences)} {'has' if len(absences) == 1 else 'have'} a reason instead."
    messages.success(request, told)
    return True


def _fact(row: Row, period: Period) -> tuple[Fact, str] | None:
    """What a row adds to the record, with its reason; None where it says what stands already."""
    reason = row.typed["reason"].strip()
    if row.is_taken_back:
        return entries.taken_back(row.kpi, period), reason
    if row.figure is None or (row.on_record and not row.is_changed):
        return None
    fact = entries.fact_of(
        row.kpi, period, *row.figure, grade=row.typed["grade"] or Grade.MEASURED,
        note=row.typed["note"].strip(), evidence=row.typed["evidence"].strip()[:300],
    )  # fmt: skip
    return fact, reason if row.needs_reason else ""


def _context(
    place: Deployment, period: Period, found: list[Row], tabs: list[Any], start: int
) -> dict[str, Any]:
    before = period_of(period.start - dt.timedelta(days=1), period.grain, start)
    return {
        "deployment": place, "period": period, "name": entry.name_of(period),
        "groups": entry.grouped(found), "due": sum(row.is_due for row in found),
        "missing": sum(row.is_missing for row in found),
        "total": len(found), "errors": [row for row in found if row.errors],
        "earlier": (before.label, entry.name_of(before)), "before": entry.words(before),
        "when": entry.words(period),
        "tabs": [(tab.label, entry.name_of(tab), count) for _, tab, count in tabs],
        "grades": Grade.choices,
    }  # fmt: skip


@require_POST
@member(Permission.ENTER_FIGURES)
def cell(request: MemberRequest, deployment: str, kpi: str) -> HttpResponse:
    """Keep one row as a draft and say what the figure is; a fragment beside the boxes."""
    place = get_object_or_404(Deployment, slug=deployment)
    now, today = now_and_today(request.organization)
    start = request.organization.fiscal_year_start
    period = entry.named(request.GET.get("period", ""), start)
    kpis = [one for one in enterable([place]) if one.slug == kpi]
    if not kpis:
        raise Http404("There is no such KPI.")
    if period is None or period.start > today:
        raise Http404("There is no such period.")
    found = entry.rows(place, period, {}, request.organization, today, kpis)
    if not found:
        raise Http404("It is not entered by this period.")
    row = found[0]
    _type(request, found)
    kept = {name: row.typed.get(name, "") for name in (*(b.name for b in row.boxes), *EXTRA)}
    entries.keep_draft(
        deployment=place, period=period, person=request.by, slug=row.slug, cell=kept, at=now
    )
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(_address(request, place, period))
    return render(request, "kpis/entry/_said.html", {"row": row, "oob": True})
