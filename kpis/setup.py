"""Reads of the set-up pages: the catalogue as offered, the set as it stands, what it lacks."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deployments.models import Deployment
from kpis.chart_data import value_before
from kpis.domain import proposals, shipped, wording
from kpis.domain.catalogue import flags_for
from kpis.domain.cost_parts import PARTS
from kpis.domain.formulas import CatalogueKpi
from kpis.domain.lint import Fault, LintKpi, LintSet, Place, faults
from kpis.domain.lint import gaps as gaps_of
from kpis.domain.readiness import category_of, listed
from kpis.domain.targets import Template, notices, templates
from kpis.evidence.readiness import facts
from kpis.evidence.sources import Sources
from kpis.models import Kpi, KpiTarget
from kpis.models.queries import baselines
from portal.models import Organization
from portal.tenancy.scope import current_organization_id

FLAG_WORDS = {
    "guardrail": "guardrail",
    "critical_measure": "must be known",
    "safety_critical": "critical for safety",
}
_ASIDE = re.compile(r"\s*\(small-organization measure[^)]*\)")
IN_USE = frozenset({"active", "restricted"})


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


@dataclass(frozen=True)
class Remark:
    """A mistake of the set or a gap in it: what is wrong, what mends it, and where."""

    sentence: str
    mend: str
    place: str
    waits: bool = False
    add: Sequence[str] = ()
    kpi: str = ""


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


def is_small(organization: Organization) -> bool:
    """Whether ten people or fewer work there: six measures are enough, surveys are none."""
    return organization.profile == "small"


def present_keys(place: Deployment) -> set[str]:
    """Catalogue keys of the KPIs that are measured now."""
    rows = Kpi.objects.filter(deployment=place, retired_on=None).exclude(catalogue_key="")
    return set(rows.values_list("catalogue_key", flat=True))


def key_of(kpi: Kpi, *, small: bool) -> str:
    """By what the checks know a KPI: ten people's own measure stands for the one of its role."""
    if kpi.catalogue_key:
        return kpi.catalogue_key
    stand_in = proposals.standing_for(shipped.catalogue(), kpi.role) if small else ""
    return stand_in or kpi.slug


def why_not_enter(*, deployment: Deployment, was: str) -> str:
    """Why a deployment cannot enter its phase, coming from `was`; empty where nothing hinders it.

    A later phase asks for its primary KPIs in the set (method 4); going back asks for nothing.
    """
    catalogue = shipped.catalogue()
    if not proposals.is_later(catalogue, deployment.phase, than=was):
        return ""
    small = is_small(Organization.objects.get(pk=current_organization_id()))
    kpis = Kpi.objects.filter(deployment=deployment, retired_on=None)
    present = {key_of(kpi, small=small) for kpi in kpis}
    missing = proposals.missing_for_phase(catalogue, deployment.phase, present, small=small)
    if not missing:
        return ""
    names = listed([kpi.name for kpi in missing])
    phase = deployment.get_phase_display()
    them = "it" if len(missing) == 1 else "them"
    return f"{phase} asks for {names} in the KPI set. Add {them} first; no figure is needed yet."


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


def lint_set(sources: Sources, *, extra: Iterable[LintKpi] = ()) -> LintSet:
    """The set as the checks see it, with KPIs about to be added."""
    known, small = {kpi.key: kpi for kpi in facts(sources).kpis}, is_small(sources.organization)
    spent = {entry.part for entry in sources.costs}
    return LintSet(
        [
            *(
                _lint(kpi, known.get(kpi.catalogue_key or kpi.slug), key_of(kpi, small=small))
                for kpi in sources.kpis
            ),
            *extra,
        ],
        is_high_risk=sources.deployment.risk_class in {"high", "regulated"},
        costs_missing=[part for part in PARTS if part not in spent],
        to_confirm=facts(sources).to_confirm,
        in_use=sources.deployment.status in IN_USE,
        is_small=small,
    )


def lint_of(sources: Sources, *, extra: Iterable[LintKpi] = ()) -> list[Remark]:
    """The mistakes that the set makes, each with what mends it."""
    primaries = [
        kpi.slug for kpi in sources.kpis if kpi.is_primary and kpi.pk not in sources.baselines
    ]
    return [
        Remark(
            _sentence(fault),
            fault.mend,
            fault.place,
            fault.waits,
            fault.add,
            primaries[0] if primaries and fault.place is Place.BASELINE else "",
        )
        for fault in faults(lint_set(sources, extra=extra))
    ]


def _lint(kpi: Kpi, known: Any, key: str) -> LintKpi:
    return LintKpi(
        key,
        kpi.name,
        category_of(kpi.role, kpi.kind, kpi.category),
        kpi.role,
        is_primary=kpi.is_primary,
        is_proxy=bool(kpi.proxy_for),
        is_guardrail=kpi.is_guardrail,
        is_safety_critical=kpi.is_safety_critical,
        has_baseline=bool(known and known.has_baseline),
        has_value=bool(known and known.has_value),
    )


def _sentence(fault: Fault) -> str:
    return next(one.sentence for one in shipped.catalogue().mistakes if one.key == fault.mistake)


@dataclass(frozen=True)
class SetRow:
    """One KPI of the set as the set-up page lists it."""

    kpi: Kpi
    roles: tuple[str, ...]
    baseline: str
    is_signed: bool
    has_target: bool
    has_value: bool
    watch_out: str


def set_rows(sources: Sources) -> list[tuple[str, list[SetRow]]]:
    """The set below its categories, leading before lagging."""
    known = {kpi.key: kpi for kpi in facts(sources).kpis}
    names = {one["key"]: one["name"] for one in shipped.catalogue().vocabulary["categories"]}
    groups: dict[str, list[SetRow]] = {}
    for kpi in sorted(sources.kpis, key=lambda one: (not one.is_leading, one.position)):
        category = category_of(kpi.role, kpi.kind, kpi.category)
        fact = known.get(kpi.catalogue_key or kpi.slug)
        groups.setdefault(category, []).append(_row(sources, kpi, bool(fact and fact.has_value)))
    order = [*names, *sorted(set(groups) - set(names))]
    return [
        (names.get(key, key.replace("_", " ").capitalize()), groups[key])
        for key in order
        if key in groups
    ]


def _row(sources: Sources, kpi: Kpi, has_value: bool) -> SetRow:
    baseline = sources.baselines.get(kpi.pk)
    entry = shipped.catalogue().kpis.get(kpi.catalogue_key)
    return SetRow(
        kpi,
        tuple(roles_of(kpi)),
        baseline.grade if baseline else "",
        bool(baseline and baseline.signed_by),
        sources.target_on(kpi, sources.as_of) is not None,
        has_value,
        entry.watch_out if entry else "",
    )


def roles_of(kpi: Kpi) -> Iterable[str]:
    """What a KPI is in the set, in words."""
    words = {
        "is_primary": "primary outcome",
        "is_guardrail": "guardrail",
        "is_critical_measure": "must be known",
        "is_safety_critical": "critical for safety",
        "is_leading": "leading",
    }
    return [word for flag, word in words.items() if getattr(kpi, flag)]


def gaps(sources: Sources) -> list[Remark]:
    """What the set lacks by the rules of registration: guardrails, cost, pairs, the phase's own."""
    kpis, small = sources.kpis, is_small(sources.organization)
    if not kpis:
        return []
    catalogue = shipped.catalogue()
    present = {key_of(kpi, small=small) for kpi in kpis}
    found = [
        _gap(one.key, one.sentence, kpis, proposals.filling(one.key, small=small))
        for one in gaps_of(lint_set(sources).kpis)
    ]
    benefits = [
        kpi.catalogue_key
        for kpi in kpis
        if kpi.catalogue_key in catalogue.kpis and (kpi.is_primary or kpi.role == "outcome")
    ]
    for pair, names in proposals.missing_pairs(catalogue, benefits, present):
        said = f"{listed(names)}: the side effect {pair.name} is not measured beside it."
        found.append(Remark(said, "Add it", Place.CHOOSE, add=[pair.key]))
    phase = proposals.missing_for_phase(catalogue, sources.deployment.phase, present, small=small)
    if phase:
        names_of = ", ".join(kpi.name for kpi in phase)
        asks = "Ten people or fewer also need" if small else "This phase also asks for"
        found.append(
            Remark(f"{asks}: {names_of}.", "Add them", Place.CHOOSE, add=[k.key for k in phase])
        )
    return found


def _gap(key: str, sentence: str, kpis: Sequence[Kpi], filling: str) -> Remark:
    """Mended by marking what is in the set where something fits, else by adding a proposal."""
    roles = {"primary": "outcome", "quality": "quality", "review": "review"}
    fitting = [
        kpi
        for kpi in kpis
        if kpi.role == roles.get(key) and kpi.direction != "context" and not kpi.proxy_for
    ]
    if fitting:
        mend = f"Mark {fitting[0].name} as {'the primary outcome' if key == 'primary' else 'one'}"
        return Remark(sentence, mend, "edit", kpi=fitting[0].slug)
    return Remark(
        sentence, f"Add {shipped.catalogue().kpis[filling].name}", Place.CHOOSE, add=[filling]
    )


def common_work(sources: Sources) -> str:
    """The work that all KPIs of the set speak about, where it is one and the same."""
    said = {kpi.serves for kpi in sources.kpis}
    return said.pop() if len(said) == 1 else ""


def target_templates(kpi: Kpi, organization: Organization) -> list[Template]:
    """The ranges that the catalogue proposes for a KPI of a set; none for an own one."""
    catalogue = shipped.catalogue()
    entry = catalogue.kpis.get(kpi.catalogue_key)
    if entry is None or kpi.direction not in {"up", "down"}:
        return []
    return templates(
        entry,
        unit=kpi.unit,
        conditions=catalogue.conditions,
        holds=circumstances(kpi.deployment, organization),
    )


def said_templates(
    kpi: Kpi, proposed: Iterable[Template], organization: Organization
) -> list[tuple[Template, str]]:
    """Each proposed range with its numbers in words."""
    how = {"currency": kpi.currency, "locale": organization.locale}
    return [
        (
            one,
            ", ".join(
                f"{name} {wording.say(value, kpi.unit, **how)}"
                for name, value in one.numbers.items()
            ),
        )
        for one in proposed
    ]


def target_notices(kpi: Kpi, target: KpiTarget) -> list[str]:
    """What is worth knowing about a target that was just set."""
    known = baselines([kpi]).get(kpi.pk)
    numbers = {name: getattr(target, name) for name in ("requirement", "target", "warning", "mwb")}
    before = value_before(known.parts) if known else None
    return notices(kpi.direction, numbers, before, is_outcome=kpi.role == "outcome")


def baseline_words(kpi: Kpi, organization: Organization) -> str:
    """The value before AI in words; empty where nobody knows it."""
    known = baselines([kpi]).get(kpi.pk)
    before = value_before(known.parts) if known else None
    if before is None:
        return ""
    return wording.say(before, kpi.unit, currency=kpi.currency, locale=organization.locale)


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
