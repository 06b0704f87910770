"""Targets and thresholds: what may stand beside what, what is worth saying, what is proposed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from kpis.domain.aggregation.storage import MILLISECONDS
from kpis.domain.catalogue.contents import Condition
from kpis.domain.catalogue.formulas import AT_LEAST, CatalogueKpi, Target

Numbers = Mapping[str, Decimal | None]
JUDGED = frozenset({"up", "down", "band"})
# Shares of a whole: nothing beyond 0 and 1 can be reached.
PROPORTIONS = frozenset({"ratio", "uptime", "distinct", "rating", "gauge"})
VALUES = ("requirement", "target", "ceiling", "warning", "critical", "expected_min")
LIMIT_WORDS = {"requirement": "required value", "target": "target", "ceiling": "best possible"}
# Circumstances that are better said in other words than those of the catalogue.
SPOKEN = {
    "general": "in every use",
    "scenario_contract_summary": "worked example: summaries of contracts, before scaling",
}
# Ranges of method 4 that are more than one limit: proposed with one press, never applied unseen.
RANGES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("hallucination_rate", "general"): {
        "requirement": "0.05",
        "target": "0.03",
        "warning": "0.03",
        "critical": "0.05",
    },
    ("hallucination_rate", "regulated_domain"): {
        "requirement": "0.01",
        "target": "0.01",
        "warning": "0.01",
        "critical": "0.03",
    },
}


@dataclass(frozen=True)
class Template:
    """A range that a source proposes under a condition, in the unit of the KPI."""

    condition: str
    meaning: str
    words: str
    numbers: Mapping[str, Decimal]
    source: str
    note: str = ""
    fits: bool = False
    requires: Sequence[str] = field(default_factory=tuple)


def faults(direction: str, kind: str, unit: str, numbers: Numbers) -> list[tuple[str, str]]:
    """What contradicts itself: field and sentence, in the order of the form; none where all fits.

    Numbers are in the KPI's unit; of a band KPI, warning and critical are distances outside it.
    """
    given = {name: value for name, value in numbers.items() if value is not None}
    if direction not in JUDGED:
        limits = [name for name in given if name != "expected_min"]
        said = "This KPI is shown for reading and never judged, so it has no limits."
        return [(limits[0], said)] if limits else []
    contradictions = _outside(kind, unit, direction, given)
    if not contradictions:
        contradictions = _order(direction, given) + _thresholds(direction, given)
    return contradictions + _effects(given)


def _outside(
    kind: str, unit: str, direction: str, limits: Mapping[str, Decimal]
) -> list[tuple[str, str]]:
    if direction == "band":
        sentence = "A distance from the range cannot be below zero."
        return [(name, sentence) for name in ("warning", "critical") if limits.get(name, 0) < 0]
    if kind not in PROPORTIONS or not unit.startswith("fraction"):
        return []
    sentence = "A share lies between 0% and 100%."
    return [(name, sentence) for name in VALUES if name in limits and not 0 <= limits[name] <= 1]


def _order(direction: str, limits: Mapping[str, Decimal]) -> list[tuple[str, str]]:
    """Requirement, target, ceiling in this order, read in the direction of the KPI."""
    if direction == "band":
        return []
    contradictions = []
    low, aim, high = (limits.get(name) for name in ("requirement", "target", "ceiling"))
    if aim is not None and high is not None and _better(direction, aim, high):
        contradictions.append(("target", "The target lies beyond what is possible at best."))
    if aim is not None and low is not None and _better(direction, low, aim):
        contradictions.append(("target", "The target asks for less than what is required."))
    if low is not None and high is not None and _better(direction, low, high):
        contradictions.append(
            ("requirement", "What is required lies beyond what is possible at best.")
        )
    return contradictions


def _thresholds(direction: str, limits: Mapping[str, Decimal]) -> list[tuple[str, str]]:
    warning, critical = limits.get("warning"), limits.get("critical")
    if warning is None or critical is None:
        return []
    is_worse = critical > warning if direction == "band" else _better(direction, warning, critical)
    if is_worse:
        return []
    words = {"up": "lower", "down": "higher", "band": "farther out"}
    return [("critical", f"Critical must be worse than warning, here {words[direction]}.")]


def _effects(limits: Mapping[str, Decimal]) -> list[tuple[str, str]]:
    contradictions = []
    if limits.get("mwb", Decimal(1)) <= 0:
        contradictions.append(("mwb", "The smallest benefit worth having must be above zero."))
    if limits.get("margin", Decimal(0)) < 0:
        contradictions.append(("margin", "The tolerated worsening cannot be below zero."))
    return contradictions


def _better(direction: str, one: Decimal, other: Decimal) -> bool:
    return one > other if direction == "up" else one < other


def notices(
    direction: str, numbers: Numbers, baseline: float | None, *, is_outcome: bool = False
) -> list[str]:
    """What is allowed and worth knowing, as sentences."""
    if direction not in {"up", "down"}:
        return []
    limits = {name: value for name, value in numbers.items() if value is not None}
    required, aim, warning = (limits.get(name) for name in ("requirement", "target", "warning"))
    sentences = []
    if required is not None and baseline is not None:
        before = Decimal(str(baseline))
        if not _better(direction, required, before):
            sentences.append("The requirement was met before AI; meeting it proves no benefit.")
    if aim is not None and warning is not None and _better(direction, warning, aim):
        sentences.append("The warning is stricter than the target: a figure on target warns.")
    if is_outcome and "mwb" not in limits:
        sentences.append("Without a smallest benefit worth having, no gain can be called worth it.")
    return sentences


def templates(
    kpi: CatalogueKpi, *, unit: str, conditions: Mapping[str, Condition], holds: Collection[str]
) -> list[Template]:
    """The ranges that the catalogue proposes for a KPI, those whose condition holds first.

    `unit` is the KPI's own, into which times are converted; `holds` are the conditions that what
    is recorded of the deployment fulfils. Among those that fit, the strictest stands first.
    """
    limits = sorted((one for one in kpi.targets if one.is_limit), key=lambda one: one.looseness)
    found = [_template(kpi, one, unit, conditions, {"general", *holds}) for one in limits]
    return sorted(found, key=lambda one: not one.fits)


def _template(
    kpi: CatalogueKpi,
    target: Target,
    unit: str,
    conditions: Mapping[str, Condition],
    holds: Collection[str],
) -> Template:
    factor = _factor(kpi.unit, unit)
    value = Decimal(str(target.value)) * factor
    ranges = RANGES.get((kpi.key, target.when))
    numbers = (
        {name: Decimal(text) for name, text in ranges.items()}
        if ranges
        else {"target": value, "warning": value}
    )
    sign = "at least" if target.op in AT_LEAST else "at most"
    return Template(
        condition=target.when,
        meaning=SPOKEN.get(target.when) or conditions[target.when].meaning,
        words=sign,
        numbers=numbers,
        source=target.seed,
        note=target.note,
        fits=target.when in holds,
        requires=tuple(conditions[key].meaning for key in target.requires),
    )


def _factor(from_unit: str, to_unit: str) -> Decimal:
    """What a value in the catalogue's unit is multiplied by in the KPI's own; 1 but for times."""
    if from_unit == to_unit or from_unit not in MILLISECONDS or to_unit not in MILLISECONDS:
        return Decimal(1)
    return Decimal(MILLISECONDS[from_unit]) / Decimal(MILLISECONDS[to_unit])
