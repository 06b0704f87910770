"""Ways to look at one KPI set: in pairs, in four sections, in three layers, for one reader.

Sections, layers and readers as in `kpis/catalogue/dashboards.yaml`; a KPI that is not named there
goes by its category. A view never changes a figure, only what stands beside what.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SECTIONS = {
    "real_time_operations": "Operations",
    "quality_monitoring": "Quality",
    "user_experience": "User experience",
    "business_impact": "Business",
}
LAYERS = {
    "technical": "Technical: does the AI work?",
    "operational": "Operational: does it run healthily?",
    "business": "Business: does it deliver value?",
}
SECTION_OF_CATEGORY = {
    "technical_performance": "real_time_operations",
    "operational_health": "real_time_operations",
    "quality": "quality_monitoring",
    "model_quality": "quality_monitoring",
    "review_burden": "quality_monitoring",
    "risk": "quality_monitoring",
    "trust_ethics": "quality_monitoring",
    "adoption": "user_experience",
    "experience": "user_experience",
    "workforce": "user_experience",
}
LAYER_OF_CATEGORY = {
    "technical_performance": "technical",
    "model_quality": "technical",
    "operational_health": "operational",
}
READERS = {
    "engineering": "Engineering",
    "product": "Product",
    "leadership": "Leadership",
    "staff": "Staff",
    "managers": "Managers",
    "executives": "Executives",
}
# What each reader's page holds beside the primary outcome, by category.
READS = {
    "staff": frozenset({"workforce", "review_burden", "experience"}),
    "managers": frozenset({"review_burden", "workforce", "adoption", "cost"}),
    "executives": frozenset({"cost", "value", "risk"}),
}
ORDERS = {"pairs": "In pairs", "sections": "Four sections", "layers": "Three layers"}
VIEWS = {**ORDERS, **READERS}


@dataclass(frozen=True)
class Shown:
    """What a view needs to know of a KPI."""

    key: str
    category: str
    layer: str = ""
    is_primary: bool = False
    is_guardrail: bool = False


def section_of(kpi: Shown, named: Mapping[str, Sequence[str]]) -> str:
    """The section of a KPI: the one that names it, else that of its category."""
    found = next((section for section, keys in named.items() if kpi.key in keys), None)
    return found or SECTION_OF_CATEGORY.get(kpi.category, "business_impact")


def layer_of(kpi: Shown) -> str:
    """The layer of a KPI: its own, else that of its category."""
    return kpi.layer if kpi.layer in LAYERS else LAYER_OF_CATEGORY.get(kpi.category, "business")


def is_for(reader: str, kpi: Shown, named: Mapping[str, Sequence[str]]) -> bool:
    """Whether a reader's one-page view shows the KPI; the primary outcome is for everybody."""
    if kpi.is_primary or kpi.key in named.get(reader, ()):
        return True
    if reader == "engineering":
        return layer_of(kpi) in {"technical", "operational"}
    if reader == "product":
        return section_of(kpi, {}) in {"quality_monitoring", "user_experience"}
    if reader == "leadership":
        return kpi.category == "cost" or kpi.is_guardrail
    return kpi.category in READS[reader] or (reader != "staff" and kpi.is_guardrail)


def groups(
    view: str, kpis: Sequence[Shown], dashboards: Mapping[str, Mapping[str, Sequence[str]]]
) -> list[tuple[str, list[int]]]:
    """Headings with the positions of their KPIs, in reading order; empty headings are left out.

    One heading "" stands for a list without headings. Raises KeyError for an unknown view.
    """
    everything = range(len(kpis))
    if view == "pairs":
        return [("", list(everything))]
    if view in READERS:
        named = dashboards["by_stakeholder"]
        return [("", [at for at in everything if is_for(view, kpis[at], named)])]
    headings, group_of = {
        "sections": (SECTIONS, [section_of(kpi, dashboards["four_sections"]) for kpi in kpis]),
        "layers": (LAYERS, [layer_of(kpi) for kpi in kpis]),
    }[view]
    sections = [
        (heading, [at for at in everything if group_of[at] == key])
        for key, heading in headings.items()
    ]
    return [(heading, rows) for heading, rows in sections if rows]
