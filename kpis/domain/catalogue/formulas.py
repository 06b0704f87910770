"""One KPI of the catalogue: its schema, and how its figure is formed.

The dataclasses are the schema of the data files: a field without a default is required, a field
that is not listed is refused. `kpis/catalogue/README.md` says what each of them means.
"""

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from kpis.domain.catalogue.vocabulary import keys_in

T = TypeVar("T")
AT_MOST, AT_LEAST = {"<", "<="}, {">", ">="}
FLAGS = ("guardrail", "critical_measure", "safety_critical")
# Parts that a kind may name although it does not need them.
MAY_NAME = {
    "distinct": {"denominator"},
    "gauge": {"numerator", "denominator"},
    "rating": {"value"},
    "duration": {"quantile"},
    "ratio": {"proportion", "limit", "share"},
}


@dataclass(frozen=True)
class Target:
    """A proposed target, its condition and who states it; `value` is none if `op` sets no limit.

    `limit` and `share` restate a percentile: “share within the limit is at least `share`”.
    `requires` names conditions without which reaching the value is not enough.
    """

    when: str
    op: str
    value: float | None
    unit: str
    role: str
    seed: str
    limit: float | None = None
    share: float | None = None
    requires: tuple[str, ...] = ()
    note: str = ""

    @property
    def is_limit(self) -> bool:
        return self.op in AT_MOST | AT_LEAST

    @property
    def looseness(self) -> tuple[float, bool]:
        """Sorts the limits of one KPI: the smallest is the strictest."""
        value = self.value or 0.0
        return (-value if self.op in AT_LEAST else value, self.op in {"<=", ">="})


@dataclass(frozen=True)
class Flag:
    """Conditions, any of which is enough, and who states them."""

    when: tuple[str, ...]
    stated_by: str


@dataclass(frozen=True)
class Survey:
    """Fewest answers for a score to be shown, and for a verdict on it."""

    show_from: int
    judge_from: int
    sensitive: bool


@dataclass(frozen=True)
class Figure:
    """What exactly is counted, or from which KPIs it is derived. Empty where it does not apply."""

    numerator: str = ""
    denominator: str = ""
    of: str = ""
    members: str = ""
    counts: str = ""
    sums: str = ""
    time_fold: str = ""
    scale: str = ""
    share_of: tuple[Any, ...] = ()
    question: str = ""
    statistic: str = ""
    rubric: str = ""
    state_with: str = ""
    value: str = ""
    quantile: float | None = None
    proportion: bool = True
    limit: Mapping[str, Any] | None = field(default=None, compare=False)
    share: Mapping[str, Any] | None = field(default=None, compare=False)
    n_unit: str = "item"
    shown_as: str = ""
    derived_from: tuple[str, ...] = ()
    formula: str = ""


@dataclass(frozen=True)
class CatalogueKpi:
    """One KPI of the catalogue; `entry` is the whole entry of its data file."""

    key: str
    name: str
    definition: str
    category: str
    group: str
    role: str
    layer: str | None
    indicator: str
    direction: str
    kind: str
    unit: str
    measured_at: str
    window: str
    cadence: str
    success_evidence: bool
    watch_out: str
    seeds: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    added_from: str = ""
    indicator_stated_by: str = ""
    primary_candidate: bool = False
    metric_only: bool = False
    self_reported: bool = False
    measured_by_review: bool = False
    baseline_measure: bool = False
    pair_with: tuple[str, ...] = ()
    see_also: str = ""
    proxy_for: str = ""
    part_of: str = ""
    phases: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()
    guardrail: Flag | None = None
    critical_measure: Flag | None = None
    safety_critical: Flag | None = None
    survey: Survey | None = None
    figure: Figure = Figure()
    entry: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Key, name and aliases: what the column of an import may be called."""
        return (self.key, self.name, *self.aliases)


def built_kpi(entry: Any, location: str, faults: list[str]) -> CatalogueKpi | None:
    """A KPI from its entry, where the parts of its figure stand beside the other fields."""
    if not isinstance(entry, dict):
        return built(CatalogueKpi, entry, location, faults)
    built_here = sorted({"figure", "entry"} & set(entry))
    faults += [f"{location}: {name} is no field of it." for name in built_here]
    parts = {figure_field.name for figure_field in fields(Figure)}
    own = {name: value for name, value in entry.items() if name not in parts}
    for name in FLAGS:
        if isinstance(own.get(name), dict):
            own[name] = {_FROM.get(key, key): value for key, value in own[name].items()}
    own["figure"] = {name: value for name, value in entry.items() if name in parts}
    return built(CatalogueKpi, own | {"entry": entry}, location, faults)


# A word of Python that cannot name a field, and back.
_FROM = {"from": "stated_by"}
_WRITTEN = {"stated_by": "from"}


def built(cls: type[T], entry: Any, location: str, faults: list[str]) -> T | None:
    """`entry` as a dataclass of the schema, or None and faults: what is missing, unknown, wrong."""
    if not isinstance(entry, dict):
        faults.append(f"{location}: this must hold named values.")
        return None
    before = len(faults)
    schema: Any = cls
    allowed = {schema_field.name: schema_field for schema_field in fields(schema)}
    hints = _hints(schema)
    faults += [f"{location}: {name} is no field of it." for name in entry if name not in allowed]
    values = {}
    for name, schema_field in allowed.items():
        required = schema_field.default is MISSING and schema_field.default_factory is MISSING
        if required and (name not in entry or entry[name] == ""):
            faults.append(f"{location}: {_WRITTEN.get(name, name)} is missing.")
        elif name in entry and (required or entry[name] is not None):
            values[name] = _cast(hints[name], entry[name], f"{location}: {name}", faults)
    return cls(**values) if len(faults) == before else None


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _cast(hint: Any, value: Any, location: str, faults: list[str]) -> Any:
    if get_origin(hint) is UnionType:
        if value is None:
            return None
        hint = get_args(hint)[0]
    if is_dataclass(hint) and isinstance(hint, type):
        return built(hint, value, location, faults)
    if get_origin(hint) is tuple:
        return _cast_all(get_args(hint)[0], value, location, faults)
    must_be = _must_be(get_origin(hint) or hint, value)
    if must_be:
        faults.append(f"{location} must be {must_be}.")
    return value


def _cast_all(hint: Any, value: Any, location: str, faults: list[str]) -> tuple[Any, ...]:
    if not isinstance(value, list):
        faults.append(f"{location} must be a list.")
        return ()
    twice = [one for index, one in enumerate(value) if one in value[:index]]
    faults += [f"{location} says “{one}” twice." for one in twice]
    return tuple(_cast(hint, one, location, faults) for one in value)


def _must_be(wanted: Any, value: Any) -> str:
    if wanted is str and (type(value) is not str or not value.strip()):
        return "text"
    if wanted is bool and type(value) is not bool:
        return "true or false"
    if wanted is int and type(value) is not int:
        return "a whole number"
    if wanted is float and (type(value) not in {int, float} or not math.isfinite(value)):
        return "a finite number"
    return "named values" if wanted is Mapping and type(value) is not dict else ""


def rule_faults(kpi: CatalogueKpi, needs: Mapping[str, Collection[str]]) -> Iterator[str]:
    """What is wrong with one KPI by itself. `needs`: the parts each kind must name."""
    yield from _parts(kpi, needs)
    yield from _evidence(kpi)
    yield from _figure(kpi.figure, kpi.measured_at)
    yield from _targets(kpi)
    if kpi.survey:
        yield from _survey(kpi.survey)
    if not kpi.seeds and not kpi.added_from:
        yield "it needs seeds, or added_from where no source names it."
    named = {
        "pair_with": kpi.pair_with,
        "derived_from": kpi.figure.derived_from,
        "proxy_for": [kpi.proxy_for],
        "part_of": [kpi.part_of],
    }
    yield from (f"{name} names itself." for name, keys in named.items() if kpi.key in keys)


def _parts(kpi: CatalogueKpi, needs: Mapping[str, Collection[str]]) -> Iterator[str]:
    own = needs[kpi.kind]
    yield from (f"the kind {kpi.kind} needs {name}." for name in own if not kpi.entry.get(name))
    special = set().union(*needs.values(), *MAY_NAME.values())
    for name in sorted(special & set(kpi.entry) - {*own, *MAY_NAME.get(kpi.kind, ())}):
        yield f"the kind {kpi.kind} has no {name}."


def _evidence(kpi: CatalogueKpi) -> Iterator[str]:
    is_fact = kpi.role in {"adoption", "context"} or kpi.metric_only
    if kpi.success_evidence and (is_fact or "context" in (kpi.direction, kpi.indicator)):
        yield "success_evidence is true, but usage and context never support a deployment."
    stands_in = bool(kpi.proxy_for or kpi.figure.derived_from)
    speaks = kpi.success_evidence and kpi.direction in {"up", "down"}
    if kpi.primary_candidate and (stands_in or not speaks):
        yield "primary_candidate needs success evidence with a direction, measured itself."


def _figure(figure: Figure, measured_at: str) -> Iterator[str]:
    if bool(figure.derived_from) != (measured_at == "computed"):
        yield "measured_at is “computed” for derived KPIs and for no others."
    if figure.derived_from and not figure.formula:
        yield "a derived KPI needs a formula."
    for key in keys_in(figure.formula):
        if key not in figure.derived_from:
            yield f"formula names “{key}”, which derived_from does not."
    if figure.quantile is not None and not 0 < figure.quantile < 1:
        yield "quantile must lie between 0 and 1."
    for answer in figure.share_of:
        if answer not in _steps(figure.scale):
            yield f"share_of names “{answer}”, which is no step of the scale {figure.scale}."


def _steps(scale: str) -> Sequence[Any]:
    if found := re.fullmatch(r"(\d+)_to_(\d+)", scale):
        return range(int(found[1]), int(found[2]) + 1)
    return scale.split("_")


def _survey(survey: Survey) -> Iterator[str]:
    if survey.show_from < (10 if survey.sensitive else 5):
        yield "survey shows a score from 5 answers on, a sensitive one from 10."
    if survey.judge_from < max(10, survey.show_from):
        yield "survey judges from 10 answers on, and never before it shows."


def _targets(kpi: CatalogueKpi) -> Iterator[str]:
    limits = [target for target in kpi.targets if target.is_limit]
    right = {"down": AT_MOST, "up": AT_LEAST, "context": AT_MOST | AT_LEAST}.get(kpi.direction, ())
    for target in limits:
        subject = f"the target for {target.when}"
        if target.value is None:
            yield f"{subject} says {target.op} without a value."
        if target.op not in right:
            yield f"{subject} says {target.op}, but the direction is {kpi.direction}."
        if target.unit != kpi.unit:
            yield f"{subject} is in {target.unit}, the KPI in {kpi.unit}."
        percentile = (target.value, kpi.figure.quantile)
        if kpi.figure.quantile is not None and (target.limit, target.share) != percentile:
            yield f"{subject} must restate its percentile by limit and share."
    if len({target.op in AT_MOST for target in limits}) > 1:
        yield "its targets point both ways."


def circle(
    edges: Mapping[str, Sequence[str]], path: tuple[str, ...], done: set[str]
) -> tuple[str, ...]:
    """Keys derived from one another, from the last of `path` on, first and last alike; or none."""
    key = path[-1]
    if key in path[:-1]:
        return path[path.index(key) :]
    if key not in done:
        for source in edges.get(key, ()):
            if found := circle(edges, (*path, source), done):
                return found
        done.add(key)
    return ()
