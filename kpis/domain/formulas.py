"""How the figure of a catalogue KPI is formed: its parts, its derivation, its targets.

A kind says which parts a KPI must name (`needs` in `kinds.yaml`); what belongs to another kind is
refused. Every rule here looks at one KPI alone and yields sentences that read after its name.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

WORSE_ABOVE, WORSE_BELOW = ("<", "<="), (">", ">=")
LIMITS = {*WORSE_ABOVE, *WORSE_BELOW}
# Parts that a kind may name although it does not need them.
MAY_NAME = {
    "distinct": {"denominator"}, "gauge": {"numerator", "denominator"}, "rating": {"value"},
    "duration": {"quantile"}, "ratio": {"proportion", "limit", "share"},
}  # fmt: skip
_KEY = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")


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
class Survey:
    """Fewest answers for a score to be shown, and for a verdict on it."""

    show_from: int
    judge_from: int
    sensitive: bool


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
        return self.op in LIMITS

    @property
    def looseness(self) -> tuple[float, bool]:
        """Sorts targets of one direction by strictness: the smallest is the strictest."""
        value = self.value or 0.0
        return (-value if self.op in WORSE_BELOW else value, self.op in {"<=", ">="})


def keys_in(text: str) -> list[str]:
    """Every word of a text that is written like a key: lower case, joined by underscores."""
    return _KEY.findall(text)


def parts_faults(entry: Mapping[str, Any], kinds: Mapping[str, Collection[str]]) -> Iterator[str]:
    """A part that the kind needs and the entry lacks; a part of another kind. `kinds`: needs."""
    kind = entry["kind"]
    yield from (f"a {kind} needs {name}." for name in kinds[kind] if not entry.get(name))
    special = set().union(*kinds.values(), *MAY_NAME.values())
    for name in sorted(special & set(entry) - {*kinds[kind], *MAY_NAME.get(kind, ())}):
        yield f"a {kind} has no {name}."


def figure_faults(figure: Figure, measured_at: str) -> Iterator[str]:
    """Derivation, quantile and scale of one KPI."""
    if bool(figure.derived_from) != (measured_at == "computed"):
        yield "measured_at is “computed” for derived KPIs, and for no others."
    if figure.derived_from:
        if not figure.formula:
            yield "a derived KPI needs a formula."
        for key in keys_in(figure.formula):
            if key not in figure.derived_from:
                yield f"formula names {key}, which derived_from does not."
    if figure.quantile is not None and not 0 < figure.quantile < 1:
        yield "quantile must lie between 0 and 1."
    steps = _steps(figure.scale)
    for answer in figure.share_of:
        if answer not in steps:
            yield f"share_of names “{answer}”, which is no step of the scale {figure.scale}."


def _steps(scale: str) -> list[Any]:
    if found := re.fullmatch(r"(\d+)_to_(\d+)", scale):
        return list(range(int(found[1]), int(found[2]) + 1))
    return scale.split("_")


def survey_faults(survey: Survey) -> Iterator[str]:
    """Floors that would show or judge too few answers (method 6.4)."""
    if survey.show_from < (10 if survey.sensitive else 5):
        yield "survey shows scores from 5 answers on, sensitive ones from 10."
    if survey.judge_from < max(10, survey.show_from):
        yield "survey judges from 10 answers on, and never before it shows."


def target_faults(
    targets: Sequence[Target], direction: str, unit: str, quantile: float | None
) -> Iterator[str]:
    """Targets that set no limit, point the wrong way, or do not restate their percentile."""
    ops = {"down": set(WORSE_ABOVE), "up": set(WORSE_BELOW), "context": LIMITS}.get(direction, ())
    for target in targets:
        if not target.is_limit:
            continue
        if target.value is None:
            yield f"the target for {target.when} has the limit {target.op} without a value."
        if target.op not in ops:
            yield f"the target for {target.when} says {target.op}, but the direction is {direction}."
        if target.unit != unit:
            yield f"the target for {target.when} is in {target.unit}, the KPI in {unit}."
        if quantile is not None and (target.limit, target.share) != (target.value, quantile):
            yield f"the target for {target.when} must restate its percentile by limit and share."
    if len({target.op in WORSE_BELOW for target in targets if target.is_limit}) > 1:
        yield "the targets point both ways."


def derivation_faults(derived_from: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """A circle among the KPIs that are derived from others, named once."""
    done: set[str] = set()
    for key in derived_from:
        circle = _circle(key, derived_from, (), done)
        if circle:
            yield f"{' from '.join(circle)}: derived in a circle."
            return


def _circle(
    key: str, edges: Mapping[str, Sequence[str]], path: tuple[str, ...], done: set[str]
) -> tuple[str, ...]:
    if key in path:
        return (*path[path.index(key) :], key)
    if key not in done:
        for source in edges.get(key, ()):
            if circle := _circle(source, edges, (*path, key), done):
                return circle
        done.add(key)
    return ()
