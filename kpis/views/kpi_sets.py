"""Choosing what to measure, and the set as it stands."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from deployments.models import Deployment
from kpis.actions import kpi_changes, kpi_sets
from kpis.domain.catalogue import proposals, shipped
from kpis.domain.catalogue.contents import flags_for
from kpis.domain.catalogue.formulas import CatalogueKpi
from kpis.domain.catalogue.lint import LintKpi
from kpis.evidence import sources
from kpis.presenters import kpi_set as kpi_set_page
from kpis.presenters import looks, offers
from kpis.queries import phase_gate
from portal.access import MemberRequest, member, now_and_today
from portal.domain.roles import Permission

# The longest list a person can choose from at once is the whole catalogue.
MOST = 200


@require_safe
@member(Permission.SEE_KPIS)
def kpi_set(request: MemberRequest, deployment: str) -> HttpResponse:
    """The set by category, what it lacks, and the mistakes it makes."""
    place = get_object_or_404(Deployment, slug=deployment)
    _, today = now_and_today(request.organization)
    known = sources.read(place, as_of=today)
    lint = kpi_set_page.lint_of(known)
    gaps_of_set = kpi_set_page.gaps(known)
    context = {
        "deployment": place,
        "groups": kpi_set_page.set_rows(known),
        "count": len(known.kpis),
        "headline": looks.set_headline(len(known.kpis), lint, gaps_of_set),
        "gaps": gaps_of_set,
        "lint": [one for one in lint if not one.waits],
        "waiting": [one for one in lint if one.waits],
        "work": kpi_set_page.common_work(known),
        "is_small": phase_gate.is_small(request.organization),
    }
    return render(request, "kpis/setup/set.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_KPIS)
def choose(request: MemberRequest, deployment: str) -> HttpResponse:
    """Tick KPIs by pack, search or category; then check them with their side effects; then add.

    Ticks outlive a further search: they are sent along and listed first.
    """
    place = get_object_or_404(Deployment, slug=deployment)
    chosen = _keys(request.POST.getlist("kpi"))
    if request.method != "POST" or request.POST.get("step") == "show":
        return _offer(request, place, chosen)
    if request.POST.get("step") == "add":
        return _add(request, place, chosen)
    if not chosen:
        return _offer(request, place, chosen, error="Tick at least one measure.")
    return _check(request, place, chosen)


def _keys(given: Sequence[str]) -> list[str]:
    """The keys of the catalogue among those sent, each once."""
    known = shipped.catalogue().kpis
    return [key for key in dict.fromkeys(given[:MOST]) if key in known]


def _offer(
    request: MemberRequest, place: Deployment, chosen: Sequence[str], error: str = ""
) -> HttpResponse:
    asked: Mapping[str, str] = request.POST if request.method == "POST" else request.GET
    words, category = asked.get("q", "").strip()[:80], asked.get("category", "")
    pack, phase = asked.get("pack", ""), asked.get("phase", "")
    small = phase_gate.is_small(request.organization)
    add = _keys(request.GET.getlist("add"))
    kpis, ticked = offers.found_for(
        place, words=words, category=category, pack=pack, phase=phase, add=add, small=small
    )
    if request.method == "POST" and not pack:
        ticked = set()
    catalogue, present = shipped.catalogue(), phase_gate.present_keys(place)
    shown = {kpi.key for kpi in kpis}
    kept = [catalogue.kpis[key] for key in chosen if key not in shown | present]
    conditions = offers.circumstances(place, request.organization)
    how: dict[str, Any] = {"place": place, "conditions": conditions, "small": small}
    is_start = not (words or category or pack or phase or add)
    context = {
        "deployment": place,
        "error": error,
        "kept": kept,
        "groups": offers.offers(kpis, ticked=ticked | set(chosen), **how),
        "count": len(kpis),
        "words": words,
        "category": category,
        "pack": pack,
        "phase": phase,
        "packs": _packs(),
        "categories": catalogue.vocabulary["categories"],
        "pack_note": catalogue.packs[pack].note if pack in catalogue.packs else "",
        "is_start": is_start,
        "is_small": small,
        "is_one_page": small and is_start,
        "signs": catalogue.vocabulary["warning_signs"]["small_organization"],
        "of_phase": bool(phase) or is_start,
    }
    return render(request, "kpis/setup/choose.html", context, status=422 if error else 200)


def _packs() -> list[tuple[str, list[tuple[str, str, int]]]]:
    """Starting sets, and what is added to one: key, name, number of measures."""
    catalogue = shipped.catalogue()
    found: dict[str, list[tuple[str, str, int]]] = {"set": [], "add_on": []}
    for key, pack in catalogue.packs.items():
        size = len(proposals.pack_kpis(catalogue, key))
        found[pack.use].append((key, proposals.PACK_NAMES[key], size))
    found["add_on"].append((proposals.BEFORE_AI, "The eight measures from before AI", 8))
    return [("A whole set", found["set"]), ("To add to a set", found["add_on"])]


def _check(
    request: MemberRequest,
    place: Deployment,
    chosen: Sequence[str],
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The choice with its side effects, what the set would lack, and the mistakes it would make."""
    catalogue, present = shipped.catalogue(), phase_gate.present_keys(place)
    _, today = now_and_today(request.organization)
    known = sources.read(place, as_of=today)
    conditions = offers.circumstances(place, request.organization)
    again = errors is not None
    listed = [key for key in (_keys(request.POST.getlist("shown")) or chosen) if key not in present]
    pairs = proposals.missing_pairs(catalogue, listed, present)
    kpis = [catalogue.kpis[key] for key in listed]
    primary = request.POST.get("primary", "") if again else _first_primary(kpis, known)
    every = [*kpis, *(kpi for kpi, _ in pairs)]
    guards = set(request.POST.getlist("guardrail")) if again else _guards(every, conditions, known)
    ticked = set(chosen) if again else {kpi.key for kpi in every}
    extra = [_lint(kpi, primary, guards) for kpi in every if kpi.key in ticked]
    lint = kpi_set_page.lint_of(known, extra=extra)
    context = {
        "deployment": place,
        "errors": errors or {},
        "primary": primary,
        "ticked": ticked,
        "kpis": [(kpi, offers.flag_words(kpi, conditions)) for kpi in kpis],
        "pairs": [(kpi, names, offers.flag_words(kpi, conditions)) for kpi, names in pairs],
        "guards": guards,
        "primaries": [kpi for kpi in every if proposals.can_be_primary(kpi)],
        "has_primary": any(kpi.is_primary for kpi in known.kpis),
        "gaps": kpi_set_page.gaps_in_words(kpi_set_page.lint_set(known, extra=extra)),
        "lint": [one for one in lint if not one.waits],
        "waiting": [],
        "serves": request.POST.get("serves") or place.use_case.name
        if not again
        else request.POST.get("serves", ""),
    }
    return render(request, "kpis/setup/check.html", context, status=422 if errors else 200)


def _lint(kpi: CatalogueKpi, primary: str, guards: Collection[str]) -> LintKpi:
    is_primary = kpi.key == primary
    return LintKpi(
        kpi.key,
        kpi.name,
        kpi.category,
        "outcome" if is_primary else kpi.role,
        is_primary=is_primary,
        is_proxy=bool(kpi.proxy_for),
        is_guardrail=kpi.key in guards,
    )


def _first_primary(kpis: Sequence[CatalogueKpi], known: sources.Sources) -> str:
    """The outcome that is proposed as the primary one, unless the set has one."""
    if any(kpi.is_primary for kpi in known.kpis):
        return ""
    found = [kpi.key for kpi in kpis if proposals.can_be_primary(kpi) and kpi.role == "outcome"]
    return found[0] if found else ""


def _guards(
    kpis: Sequence[CatalogueKpi], conditions: Collection[str], known: sources.Sources
) -> set[str]:
    """What is proposed as a guardrail: by the catalogue, and one each of quality and review."""
    found = {kpi.key for kpi in kpis if flags_for(kpi, conditions)["guardrail"]}
    for role in ("quality", "review"):
        has_one = any(kpi.role == role and kpi.is_guardrail for kpi in known.kpis)
        members = [kpi.key for kpi in kpis if kpi.role == role and not kpi.proxy_for]
        if members and not has_one and not found & set(members):
            found.add(members[0])
    return found


def _add(request: MemberRequest, place: Deployment, chosen: list[str]) -> HttpResponse:
    serves = request.POST.get("serves", "").strip()
    errors = {} if chosen else {"kpi": "Tick at least one measure."}
    if not serves:
        errors["serves"] = "Name the work they speak about."
    elif len(serves) > 200:
        errors["serves"] = f"Say it in at most 200 characters; these are {len(serves)}."
    if errors:
        return _check(request, place, chosen, errors)
    now, _ = now_and_today(request.organization)
    try:
        added = kpi_changes.add_many(
            deployment=place,
            keys=chosen,
            serves=serves,
            flags=_flags(request, place, chosen),
            by=request.by,
            at=now,
        )
    except kpi_sets.CannotChange as error:
        field = "primary" if error.field == "is_primary" else "kpi"
        return _check(request, place, chosen, {field: str(error)})
    noun = "measure is" if len(added) == 1 else "measures are"
    messages.success(request, f"{len(added)} {noun} in the set.")
    return redirect("kpis:set", request.organization.slug, place.slug)


def _flags(
    request: MemberRequest, place: Deployment, chosen: Sequence[str]
) -> dict[str, dict[str, bool]]:
    """Flags by key: those of the catalogue, guardrails and the primary outcome as ticked."""
    guards = set(request.POST.getlist("guardrail"))
    primary = request.POST.get("primary", "")
    flags = offers.proposed_flags(chosen, offers.circumstances(place, request.organization))
    return {
        key: found
        | {"is_guardrail": key in guards}
        | ({"is_primary": True} if key == primary else {})
        for key, found in flags.items()
    }
