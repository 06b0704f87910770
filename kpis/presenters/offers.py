"""The catalogue as it is offered for a deployment."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deployments.models import Deployment
from kpis.domain.catalogue import proposals, shipped
from kpis.domain.catalogue.contents import flags_for
from kpis.domain.catalogue.formulas import CatalogueKpi
from kpis.queries.phase_gate import present_keys
from portal.models import Organization

FLAG_WORDS = {
    "guardrail": "guardrail",
    "critical_measure": "must be known",
    "safety_critical": "critical for safety",
}


_ASIDE = re.compile(r"\s*\(small-organization measure[^)]*\)")


@dataclass(frozen=True)
class Offer:
    """One KPI of the catalogue as it is offered for a deployment."""

    kpi: CatalogueKpi
    in_set: bool
    ticked: bool
    of_phase: bool
    flags: tuple[str, ...]
    pairs: tuple[str, ...]
    warns_of: tuple[str, ...]

    @property
    def definition(self) -> str:
        """What it says, without the remarks that only makers of catalogues need."""
        return _ASIDE.sub("", self.kpi.definition)


def circumstances(place: Deployment, organization: Organization) -> frozenset[str]:
    """The conditions of the catalogue that hold for a deployment."""
    return proposals.conditions_of(
        proposals.Circumstances(
            place.risk_class,
            place.effect_reach,
            place.human_review,
            place.regulated_domain,
            organization.profile,
        )
    )


def found_for(
    place: Deployment,
    *,
    words: str,
    category: str,
    pack: str,
    phase: str,
    add: Sequence[str],
    small: bool,
) -> tuple[list[CatalogueKpi], set[str]]:
    """The KPIs to offer and which of them are ticked: named ones, a pack, a phase's, a search.

    Nothing asked for: the primary KPIs of the deployment's own phase, all ticked.
    """
    catalogue = shipped.catalogue()
    named = [catalogue.kpis[key] for key in add if key in catalogue.kpis]
    if named:
        return named, {kpi.key for kpi in named}
    if pack in catalogue.packs or pack == proposals.BEFORE_AI:
        kpis = proposals.pack_kpis(catalogue, pack)
        return kpis, {kpi.key for kpi in kpis}
    if not words and not category:
        known = [one["key"] for one in catalogue.vocabulary["phases"]]
        wanted = proposals.asked_for(
            catalogue, phase if phase in known else place.phase, small=small
        )
        return wanted, {kpi.key for kpi in wanted}
    every = catalogue.search(words) if words else list(catalogue.kpis.values())
    return [
        kpi
        for kpi in every
        if proposals.is_enterable(kpi) and (not category or kpi.category == category)
    ], set()


def offers(
    kpis: Iterable[CatalogueKpi],
    *,
    place: Deployment,
    ticked: Collection[str],
    conditions: Collection[str],
    small: bool,
) -> list[tuple[Mapping[str, str], list[Offer]]]:
    """KPIs as offers below their categories, leading before lagging."""
    catalogue, present = shipped.catalogue(), present_keys(place)
    asked = {kpi.key for kpi in proposals.asked_for(catalogue, place.phase, small=small)}
    names = {kpi.key: kpi.name for kpi in catalogue.kpis.values()}
    grouped = proposals.in_groups(kpis, catalogue.vocabulary["categories"])
    return [
        (
            category,
            [
                Offer(
                    kpi,
                    kpi.key in present,
                    kpi.key in ticked,
                    kpi.key in asked,
                    flag_words(kpi, conditions),
                    tuple(names[key] for key in kpi.pair_with if key in names),
                    tuple(proposals.warns_of(catalogue, kpi.key)),
                )
                for kpi in members
            ],
        )
        for category, members in grouped
    ]


def flag_words(kpi: CatalogueKpi, conditions: Collection[str]) -> tuple[str, ...]:
    """What the catalogue proposes a KPI to be under the conditions, in words."""
    return tuple(FLAG_WORDS[name] for name, on in flags_for(kpi, conditions).items() if on)


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


def catalogue_rows(words: str, category: str) -> list[dict[str, Any]]:
    """The catalogue as its page lists it: found by every name, below the order of categories."""
    catalogue = shipped.catalogue()
    names = {one["key"]: one["name"] for one in catalogue.vocabulary["categories"]}
    found = catalogue.search(words) if words else list(catalogue.kpis.values())
    return [
        {
            "kpi": kpi,
            "category": names[kpi.category],
            "pairs": [catalogue.kpis[key].name for key in kpi.pair_with],
            "warns_of": proposals.warns_of(catalogue, kpi.key),
        }
        for kpi in found
        if not category or kpi.category == category
    ]
