"""Reads of the set-up pages: the catalogue as offered, the set as it stands, what it lacks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kpis.domain import wording
from kpis.domain.catalogue import proposals, shipped
from kpis.domain.catalogue.lint import Fault, Gap, LintKpi, LintSet, Place, faults
from kpis.domain.catalogue.lint import gaps as gaps_of
from kpis.domain.cost.parts import PARTS
from kpis.domain.readiness import category_of
from kpis.evidence.baselines import value_before
from kpis.evidence.readiness import facts
from kpis.evidence.sources import Sources
from kpis.models import Kpi
from kpis.presenters.categories import below_categories
from kpis.queries.baselines import baselines
from kpis.queries.phase_gate import is_small, key_of
from portal.domain.messages import listed
from portal.models import Organization
from portal.presenters.messages import translated

IN_USE = frozenset({"active", "restricted"})


@dataclass(frozen=True)
class Remark:
    """A mistake of the set or a gap in it: what is wrong, what mends it, and where."""

    sentence: str
    mend: str
    place: str
    waits: bool = False
    add: Sequence[str] = ()
    kpi: str = ""


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
            translated(fault.mend),
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
    measured = {kpi.key for kpi in facts(sources).kpis if kpi.has_value}
    ordered = sorted(sources.kpis, key=lambda kpi: (not kpi.is_leading, kpi.position))
    return below_categories(
        (
            category_of(kpi.role, kpi.kind, kpi.category),
            _row(sources, kpi, (kpi.catalogue_key or kpi.slug) in measured),
        )
        for kpi in ordered
    )


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
        _gap(one.key, translated(one.sentence), kpis, proposals.filling(one.key, small=small))
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


def gaps_in_words(kpi_set: LintSet) -> list[Gap]:
    """What a set that is being chosen lacks, in the active language."""
    return [Gap(gap.key, translated(gap.sentence)) for gap in gaps_of(kpi_set.kpis)]


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


def baseline_words(kpi: Kpi, organization: Organization) -> str:
    """The value before AI in words; empty where nobody knows it."""
    known = baselines([kpi]).get(kpi.pk)
    before = value_before(known.parts) if known else None
    if before is None:
        return ""
    return wording.say(before, kpi.unit, currency=kpi.currency, locale=organization.locale)
