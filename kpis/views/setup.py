"""Choosing what to measure, and the set as it stands."""

from collections.abc import Collection

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from deployments.models import Deployment
from kpis import setup
from kpis.actions import kpi_changes, kpi_sets
from kpis.domain import proposals, shipped
from kpis.evidence import sources
from kpis.models import Kpi
from portal.domain.roles import Permission
from portal.views.access import MemberRequest, member, now_and_today


@require_safe
@member(Permission.SEE_KPIS)
def kpi_set(request: MemberRequest, deployment: str) -> HttpResponse:
    """The set by category, what it lacks, and the mistakes it makes."""
    place = get_object_or_404(Deployment, slug=deployment)
    _, today = now_and_today(request.organization)
    known = sources.read(place, as_of=today)
    context = {
        "deployment": place, "groups": setup.set_rows(known), "count": len(known.kpis),
        "gaps": setup.gaps(known), "lint": setup.lint_of(known),
    }  # fmt: skip
    return render(request, "kpis/setup/set.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_KPIS)
def choose(request: MemberRequest, deployment: str) -> HttpResponse:
    """Tick KPIs by pack, search or category; then check them with their side effects; then add."""
    place = get_object_or_404(Deployment, slug=deployment)
    chosen = [key for key in request.POST.getlist("kpi") if key in shipped.catalogue().kpis]
    if request.method == "POST" and request.POST.get("step") == "add":
        return _add(request, place, chosen)
    if request.method == "POST" and chosen:
        return _check(request, place, chosen)
    if request.method == "POST":
        messages.info(request, "Tick at least one measure.")
    return _offer(request, place, chosen)


def _present(place: Deployment) -> Collection[str]:
    rows = Kpi.objects.filter(deployment=place)
    return set(rows.values_list("catalogue_key", flat=True))


def _offer(request: MemberRequest, place: Deployment, chosen: Collection[str]) -> HttpResponse:
    catalogue = shipped.catalogue()
    words, category = request.GET.get("q", "").strip()[:80], request.GET.get("category", "")
    pack = request.GET.get("pack", "")
    kpis, ticked = setup.found_for(words=words, category=category, pack=pack, phase=place.phase)
    conditions = setup.circumstances(place, request.organization)
    groups = setup.offers(
        kpis, present=_present(place), ticked=ticked | set(chosen), conditions=conditions
    )
    context = {
        "deployment": place, "groups": groups, "words": words, "category": category,
        "pack": pack, "packs": [(key, proposals.PACK_NAMES[key]) for key in catalogue.packs],
        "categories": catalogue.vocabulary["categories"], "count": len(kpis),
        "is_start": not (words or category or pack),
        "is_small": request.organization.profile == "small",
        "phase": place.get_phase_display(),
    }  # fmt: skip
    return render(request, "kpis/setup/choose.html", context)


def _check(
    request: MemberRequest, place: Deployment, chosen: list[str], error: str = ""
) -> HttpResponse:
    catalogue, present = shipped.catalogue(), _present(place)
    _, today = now_and_today(request.organization)
    known = sources.read(place, as_of=today)
    kpis = [catalogue.kpis[key] for key in chosen if key not in present]
    pairs = proposals.missing_pairs(catalogue, [kpi.key for kpi in kpis], present)
    context = {
        "deployment": place, "kpis": kpis, "pairs": pairs,
        "conditions": setup.proposed_flags(
            chosen, setup.circumstances(place, request.organization)
        ),
        "primaries": [kpi for kpi in kpis if kpi.role == "outcome" and not kpi.proxy_for],
        "lint": setup.lint_of(known, extra=[*kpis, *(kpi for kpi, _ in pairs)]),
        "serves": request.POST.get("serves") or place.use_case.name, "error": error,
        "primary": request.POST.get("primary", ""),
    }  # fmt: skip
    return render(request, "kpis/setup/check.html", context, status=422 if error else 200)


def _add(request: MemberRequest, place: Deployment, chosen: list[str]) -> HttpResponse:
    serves = request.POST.get("serves", "").strip()
    if not chosen or not serves:
        error = "Name the work they speak about." if chosen else "Tick at least one measure."
        return _check(request, place, chosen, error)
    now, _ = now_and_today(request.organization)
    flags = setup.proposed_flags(chosen, setup.circumstances(place, request.organization))
    if primary := request.POST.get("primary"):
        flags.setdefault(primary, {})["is_primary"] = True
    try:
        added = kpi_changes.add_many(
            deployment=place, keys=chosen, serves=serves[:200], flags=flags, by=request.by, at=now
        )
    except kpi_sets.CannotChange as error:
        return _check(request, place, chosen, str(error))
    noun = "measure is" if len(added) == 1 else "measures are"
    messages.success(request, f"{len(added)} {noun} in the set.")
    return redirect("kpis:set", request.organization.slug, place.slug)
