"""What is proposed to a manager who chooses KPIs: packs, pairs, the phase's own, templates."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kpis.domain.catalogue.contents import Catalogue
from kpis.domain.catalogue.formulas import CatalogueKpi

PACK_NAMES = {
    "customer_support": "Customer support",
    "records_summary": "Summaries of records",
    "small_organization": "Small organization",
    "classifier": "Classifier",
    "contract_summary_regulated": "Contract summaries in a regulated field",
    "forecast_regression": "Forecasts",
    "text_generation": "Text generation",
    "retrieval_answers": "Answers from documents",
    "content_recommendation": "Recommendations",
    "recommendation_trust": "Trust in recommendations",
    "advertising": "Advertising",
    "safety_critical_control": "Control that can hurt people",
    "help_desk": "Help desk",
    "retail_service_automation": "Service in retail",
    "route_optimization": "Routes",
    "medical_imaging": "Medical imaging",
    "fairness_and_drift": "Fairness and drift",
    "organization_rollout": "Roll-out in an organization",
    "product_operations": "Running an AI product",
}
SMALL = "small_organization"
BEFORE_AI = "before_ai"
FILLING = {
    "primary": "final_completion_time",
    "quality": "correction_rate",
    "review": "average_review_time",
    "cost": "cost_per_completed_task",
}
FILLING_SMALL = {
    "primary": "hours_per_week_incl_review",
    "quality": "outputs_heavily_corrected",
    "review": "hours_reviewing_per_week",
    "cost": "monthly_tool_cost",
}
ORDER = {"leading": 0, "coincident": 1, "lagging": 2}


@dataclass(frozen=True)
class Circumstances:
    """What of a deployment decides which KPIs and limits are proposed."""

    risk_class: str
    effect_reach: str
    human_review: str
    regulated_domain: str = ""
    profile: str = ""


def conditions_of(circumstances: Circumstances) -> frozenset[str]:
    """The conditions of the catalogue that hold for a deployment by what is recorded of it."""
    conditions = set()
    if circumstances.risk_class == "regulated" or circumstances.regulated_domain:
        conditions.add("regulated_domain")
    if circumstances.effect_reach in {"decision_on_person", "customer_direct"}:
        conditions.add(circumstances.effect_reach)
    if circumstances.human_review not in {"absent", "not_required"}:
        conditions.add("human_review")
    if circumstances.profile == "small":
        conditions.add("small_organization")
    return frozenset(conditions)


def is_enterable(kpi: CatalogueKpi) -> bool:
    """Whether people can enter it: what is computed from others cannot be chosen."""
    return not kpi.figure.derived_from


def pack_kpis(catalogue: Catalogue, key: str) -> list[CatalogueKpi]:
    """The KPIs of a pack with those that complete it; `BEFORE_AI` are the baseline measures.

    Raises KeyError.
    """
    if key == BEFORE_AI:
        keys: Sequence[str] = catalogue.vocabulary["baseline"]["measures"]
    else:
        pack = catalogue.pack(key)
        core = pack.mandatory if key == SMALL else pack.kpis
        keys = (*core, *pack.complete_with)
    return [catalogue.kpis[one] for one in dict.fromkeys(keys) if is_enterable(catalogue.kpis[one])]


def missing_pairs(
    catalogue: Catalogue, chosen: Iterable[str], present: Collection[str]
) -> list[tuple[CatalogueKpi, tuple[str, ...]]]:
    """Side effects that belong beside the chosen KPIs and are neither chosen nor in the set.

    Each with the names of the KPIs it stands beside, in the order in which they come up.
    """
    chosen = list(chosen)
    in_set = {*chosen, *present}
    beside: dict[str, list[str]] = {}
    for key in chosen:
        for pair in catalogue.kpis[key].pair_with:
            if pair not in in_set and is_enterable(catalogue.kpis[pair]):
                beside.setdefault(pair, []).append(catalogue.kpis[key].name)
    return [(catalogue.kpis[key], tuple(names)) for key, names in beside.items()]


def of_phase(catalogue: Catalogue, phase: str) -> list[CatalogueKpi]:
    """The primary KPIs of a phase and of those before it, cost per query in every phase."""
    keys = list(catalogue.vocabulary["phase_rule"]["every_phase"])
    for entry in catalogue.vocabulary["phases"]:
        keys += [*entry.get("primary", []), *entry.get("adds_primary", [])]
        if entry["key"] == phase:
            break
    return [catalogue.kpis[key] for key in dict.fromkeys(keys) if key in catalogue.kpis]


def asked_for(catalogue: Catalogue, phase: str, *, small: bool) -> list[CatalogueKpi]:
    """What must be in the set for a phase, as people enter it: a small organization has its six.

    What is computed from others is there once those are: they are named in its place.
    """
    wanted = pack_kpis(catalogue, SMALL) if small else of_phase(catalogue, phase)
    keys = [key for kpi in wanted for key in (kpi.figure.derived_from or (kpi.key,))]
    return [catalogue.kpis[key] for key in dict.fromkeys(keys)]


def missing_for_phase(
    catalogue: Catalogue, phase: str, present: Collection[str], *, small: bool
) -> list[CatalogueKpi]:
    """The primary KPIs of a phase that are not in the set."""
    return [kpi for kpi in asked_for(catalogue, phase, small=small) if kpi.key not in present]


def standing_for(catalogue: Catalogue, role: str) -> str:
    """Which of the six measures of a small organization an own KPI of this role stands for."""
    if role == "context":
        return ""
    six = (kpi.key for kpi in pack_kpis(catalogue, SMALL) if kpi.role == role)
    return next(six, "")


def is_later(catalogue: Catalogue, phase: str, *, than: str) -> bool:
    """Whether a phase comes after another one. Raises ValueError for an unknown phase."""
    order = [one["key"] for one in catalogue.vocabulary["phases"]]
    return order.index(phase) > order.index(than)


def can_be_primary(kpi: CatalogueKpi) -> bool:
    """Whether it may be the one primary outcome: no use, no proxy, no derived or model figure."""
    return kpi.primary_candidate


def filling(gap: str, *, small: bool) -> str:
    """The KPI of the catalogue that is proposed where a set lacks what registration asks for."""
    return (FILLING_SMALL if small else FILLING).get(gap, "")


def warns_of(catalogue: Catalogue, key: str) -> list[str]:
    """Names of the KPIs that a leading one announces."""
    return [
        catalogue.kpis[pair.lagging].name
        for pair in catalogue.leading_pairs
        if pair.leading == key and pair.lagging in catalogue.kpis
    ]


def in_groups(
    kpis: Iterable[CatalogueKpi], categories: Sequence[Mapping[str, str]]
) -> list[tuple[Mapping[str, str], list[CatalogueKpi]]]:
    """KPIs below their category, leading before lagging."""
    by_category: dict[str, list[CatalogueKpi]] = {}
    for kpi in kpis:
        by_category.setdefault(kpi.category, []).append(kpi)
    return [
        (
            category,
            sorted(by_category[category["key"]], key=lambda kpi: ORDER.get(kpi.indicator, 1)),
        )
        for category in categories
        if category["key"] in by_category
    ]
