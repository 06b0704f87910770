"""Reads of the set-up pages: the catalogue as offered, the set as it stands, what it lacks."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from deployments.models import Deployment
from kpis.domain import proposals, shipped
from kpis.domain.catalogue import flags_for
from kpis.domain.cost_parts import PARTS
from kpis.domain.formulas import CatalogueKpi
from kpis.domain.lint import Fault, LintKpi, LintSet, faults
from kpis.domain.readiness import category_of
from kpis.evidence.readiness import facts
from kpis.evidence.sources import Sources
from kpis.models import Kpi
from portal.models import Organization

FLAG_WORDS = {
    "guardrail": "guardrail", "critical_measure": "must be known",
    "safety_critical": "critical for safety",
}  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """One KPI of the catalogue as it is offered for a deployment."""

    kpi: CatalogueKpi
    in_set: bool
    ticked: bool
    flags: tuple[str, ...]
    pairs: tuple[str, ...]
    beside: tuple[str, ...] = ()


def circumstances(place: Deployment, organization: Organization) -> frozenset[str]:
    """The conditions of the catalogue that hold for a deployment."""
    return proposals.conditions_of(
        proposals.Circumstances(
            place.risk_class, place.effect_reach, place.human_review, place.regulated_domain,
            organization.profile,
        )
    )  # fmt: skip


def offers(
    kpis: Iterable[CatalogueKpi],
    *,
    present: Collection[str],
    ticked: Collection[str],
    conditions: Collection[str],
) -> list[tuple[Any, list[Offer]]]:
    """KPIs as offers below their categories, leading before lagging."""
    catalogue = shipped.catalogue()
    names = {kpi.key: kpi.name for kpi in catalogue.kpis.values()}
    grouped = proposals.in_groups(kpis, catalogue.vocabulary["categories"])
    return [
        (
            category,
            [
                Offer(
                    kpi, kpi.key in present, kpi.key in ticked,
                    tuple(
                        FLAG_WORDS[name]
                        for name, is_on in flags_for(kpi, conditions).items()
                        if is_on
                    ),
                    tuple(names[key] for key in kpi.pair_with if key in names),
                )
                for kpi in members
            ],
        )
        for category, members in grouped
    ]  # fmt: skip


def found_for(
    *, words: str, category: str, pack: str, phase: str
) -> tuple[list[CatalogueKpi], set[str]]:
    """The KPIs to offer and which of them are ticked: a pack, a search, a category, the phase's."""
    catalogue = shipped.catalogue()
    if pack in catalogue.packs:
        kpis = proposals.pack_kpis(catalogue, pack)
        return kpis, {kpi.key for kpi in kpis}
    every = catalogue.search(words) if words else list(catalogue.kpis.values())
    if not words and not category:
        every = proposals.of_phase(catalogue, phase)
    known = [
        kpi
        for kpi in every
        if proposals.is_enterable(kpi) and (not category or kpi.category == category)
    ]
    return known, set()


def proposed_flags(keys: Iterable[str], conditions: Collection[str]) -> dict[str, dict[str, bool]]:
    """Flags of a KPI in the set as the catalogue proposes them under the conditions."""
    catalogue = shipped.catalogue()
    return {
        key: {
            f"is_{name}": is_on
            for name, is_on in flags_for(catalogue.kpis[key], conditions).items()
        }
        for key in keys
        if key in catalogue.kpis
    }


def lint_of(sources: Sources, *, extra: Iterable[CatalogueKpi] = ()) -> list[tuple[str, str]]:
    """Sentences of the mistakes that the set makes, each with what mends it; `extra` are KPIs
    about to be added."""
    known = {kpi.key: kpi for kpi in facts(sources).kpis}
    kpis = [_lint(kpi, known.get(kpi.catalogue_key or kpi.slug)) for kpi in sources.kpis]
    kpis += [
        LintKpi(one.key, one.name, one.category, one.role, is_proxy=bool(one.proxy_for))
        for one in extra
    ]
    spent = {entry.part for entry in sources.costs}
    found = LintSet(
        kpis,
        is_high_risk=sources.deployment.risk_class in {"high", "regulated"},
        costs_missing=[part for part in PARTS if part not in spent],
        to_confirm=facts(sources).to_confirm,
    )
    return [(_sentence(fault), fault.mend) for fault in faults(found)]


def _lint(kpi: Kpi, known: Any) -> LintKpi:
    return LintKpi(
        kpi.catalogue_key or kpi.slug, kpi.name, category_of(kpi.role, kpi.kind, kpi.category),
        kpi.role, is_primary=kpi.is_primary, is_proxy=bool(kpi.proxy_for),
        is_safety_critical=kpi.is_safety_critical, has_baseline=bool(known and known.has_baseline),
        has_value=bool(known and known.has_value),
    )  # fmt: skip


def _sentence(fault: Fault) -> str:
    return next(
        one.sentence for one in shipped.catalogue().mistakes if one.key == fault.mistake
    )


@dataclass(frozen=True)
class SetRow:
    """One KPI of the set as the set-up page lists it."""

    kpi: Kpi
    roles: tuple[str, ...]
    baseline: str
    has_target: bool
    has_value: bool


def set_rows(sources: Sources) -> list[tuple[str, list[SetRow]]]:
    """The set below its categories, leading before lagging."""
    known = {kpi.key: kpi for kpi in facts(sources).kpis}
    names = {one["key"]: one["name"] for one in shipped.catalogue().vocabulary["categories"]}
    groups: dict[str, list[SetRow]] = {}
    for kpi in sorted(sources.kpis, key=lambda one: (not one.is_leading, one.position)):
        category = category_of(kpi.role, kpi.kind, kpi.category)
        fact = known.get(kpi.catalogue_key or kpi.slug)
        baseline = sources.baselines.get(kpi.pk)
        groups.setdefault(category, []).append(
            SetRow(
                kpi, tuple(roles_of(kpi)), baseline.grade if baseline else "",
                sources.target_on(kpi, sources.as_of) is not None,
                bool(fact and fact.has_value),
            )
        )  # fmt: skip
    order = [*names, *sorted(set(groups) - set(names))]
    return [
        (names.get(key, key.replace("_", " ").capitalize()), groups[key])
        for key in order
        if key in groups
    ]


def roles_of(kpi: Kpi) -> Iterable[str]:
    """What a KPI is in the set, in words."""
    words = {
        "is_primary": "primary outcome", "is_guardrail": "guardrail",
        "is_critical_measure": "must be known", "is_safety_critical": "critical for safety",
        "is_leading": "leading",
    }  # fmt: skip
    return [word for flag, word in words.items() if getattr(kpi, flag)]


def gaps(sources: Sources) -> Sequence[str]:
    """What the set lacks by the rules of registration: guardrails, cost, the phase's own KPIs."""
    kpis, found = sources.kpis, []
    if kpis and not any(kpi.is_primary for kpi in kpis):
        found.append("No primary outcome is chosen.")
    if any(kpi.role == "outcome" for kpi in kpis):
        for role, words in (("quality", "quality"), ("review", "review burden")):
            if not any(kpi.role == role and kpi.is_guardrail for kpi in kpis):
                found.append(f"No guardrail of {words} stands beside the outcome.")
    if kpis and not any(kpi.role == "cost" for kpi in kpis):
        found.append("No cost is measured.")
    present = {kpi.catalogue_key for kpi in kpis}
    wanted = proposals.of_phase(shipped.catalogue(), sources.deployment.phase)
    missing = [kpi.name for kpi in wanted if kpi.key not in present]
    if kpis and missing:
        found.append(f"This phase also asks for: {', '.join(missing)}.")
    return found


