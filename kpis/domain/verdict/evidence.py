"""The evidence of one case: read strictly, defaults filled in, refusals named with their place."""

import dataclasses
import datetime as dt
import functools
from collections.abc import Mapping
from typing import Any, TypeVar

from kpis.domain.policy import Policy
from kpis.domain.verdict import readers
from kpis.domain.verdict.errors import (
    ContradictoryLimits,
    DuplicateKey,
    MissingField,
    MoreThanAll,
    TooManyPrimaries,
    UnclearExperiment,
    UnknownField,
)
from kpis.domain.verdict.schema import (
    GATE_STATES,
    GATES,
    Case,
    Deployment,
    Design,
    Experiment,
    Figure,
    History,
    Incident,
    Kpi,
    Proposal,
    Reporting,
    Review,
    Scope,
    Value,
)

NOT_INPUTS = frozenset({"id", "title", "assumptions", "expected"})
BLOCKS = frozenset(
    {
        "as_of",
        "look",
        "deployment",
        "gates",
        "kpis",
        "evidence",
        "experiment",
        "incidents",
        "scope",
        "review",
        "reporting",
        "value",
        "history",
        "expansion_proposal",
        "readiness",
    }
)
STRICTEST = {
    "risk_class": "high",
    "effect_reach": "decision_on_person",
    "human_review": "unverified",
}
# Part of a kind -> (attribute of Figure, reader).
PARTS: Mapping[str, Mapping[str, tuple[str, readers.Reader]]] = {
    "ratio": {"num": ("num", readers.count), "den": ("den", readers.count)},
    "rating": {"num": ("num", readers.count), "den": ("den", readers.count)},
    "uptime": {"up_s": ("num", readers.amount), "observed_s": ("den", readers.amount)},
    "rate": {"num": ("num", readers.count), "exposure": ("den", readers.amount)},
    "mean": {
        "n": ("n", readers.count),
        "mean": ("mean", readers.number),
        "sd": ("sd", readers.amount),
    },
    "point": {"value": ("value", readers.number)},
}
SPREAD = {"sigma_z": readers.spread}
BASELINE = {
    **SPREAD,
    "points": readers.count,
    "trend_z": readers.number,
    "estimated": readers.flag,
}

Block = TypeVar("Block")


@functools.cache
def _fields(kind: type) -> dict[str, tuple[readers.Reader, bool]]:
    return {
        one.name: (one.metadata["read"], bool(one.metadata.get("needed")))
        for one in dataclasses.fields(kind)
        if "read" in one.metadata
    }


def read_block(kind: type[Block], value: Any, place: str, **more: Any) -> Block:
    """A block of the case from its named fields; absent and null mean the default."""
    found: dict[str, Any] = {}
    # A type variable hides from the type checker that a class can be a key of the cache.
    declared: Any = kind
    known = _fields(declared)
    for name, entry in readers.named({} if value is None else value, place).items():
        if name not in known:
            raise UnknownField(f"{place}.{name}", "there is no such field.")
        if entry is not None:
            found[name] = known[name][0](entry, f"{place}.{name}")
    for name, (_, is_needed) in known.items():
        if is_needed and name not in found:
            raise MissingField(f"{place}.{name}", "this is needed.")
    return kind(**found, **more)


def _present(kind: type[Block], value: Any, place: str) -> Block | None:
    return None if value is None else read_block(kind, value, place)


def read_figure(value: Any, kind: str, place: str, *, baseline: bool = False) -> Figure | None:
    """The parts of a figure of its kind; None stays None (not measured)."""
    if value is None:
        return None
    parts = PARTS["mean" if kind == "duration" else kind]
    extra = BASELINE if baseline else SPREAD
    entries = readers.named(value, place)
    found: dict[str, Any] = {}
    for name, entry in entries.items():
        if name not in parts and name not in extra:
            raise UnknownField(f"{place}.{name}", f"a {kind} has no such part.")
        if entry is not None:
            target, read = parts[name] if name in parts else (name, extra[name])
            found[target] = read(entry, f"{place}.{name}")
    for name, (target, _) in parts.items():
        if target not in found and name != "sd":
            raise MissingField(f"{place}.{name}", f"a {kind} needs this part.")
    if kind in {"ratio", "rating", "uptime"} and found["num"] > found["den"]:
        num, den = readers.brief(found["num"]), readers.brief(found["den"])
        raise MoreThanAll(place, f"{num} of {den} is more than all.")
    return Figure(**found)


def read_kpi(value: Any, place: str) -> Kpi:
    """One KPI with its current value and baseline."""
    entries = dict(readers.named(value, place))
    if isinstance(entries.get("key"), str) and entries["key"]:
        place = f"{place} ({entries['key']})"
    current, baseline = entries.pop("current", None), entries.pop("baseline", None)
    kpi = read_block(Kpi, entries, place)
    _check_limits(kpi, place)
    return dataclasses.replace(
        kpi,
        current=read_figure(current, kpi.kind, f"{place}.current"),
        baseline=read_figure(baseline, kpi.kind, f"{place}.baseline", baseline=True),
    )


def _check_limits(kpi: Kpi, place: str) -> None:
    if kpi.direction == "band" and kpi.band is None:
        raise MissingField(f"{place}.band", "a band needs the two ends of its range.")
    if kpi.mwb is not None and kpi.mwb <= 0:
        raise ContradictoryLimits(
            f"{place}.mwb", f"the minimum worthwhile benefit must be above zero, not {kpi.mwb:g}."
        )
    if kpi.margin is not None and kpi.margin < 0:
        raise ContradictoryLimits(f"{place}.margin", f"{kpi.margin:g} is below zero.")
    for name, distance in (("warning", kpi.warning), ("critical", kpi.critical)):
        if kpi.direction == "band" and distance is not None and distance < 0:
            raise ContradictoryLimits(
                f"{place}.{name}", f"the distance from the range cannot be {distance:g}."
            )
    if kpi.warning is None or kpi.critical is None or kpi.direction == "context":
        return
    worse = kpi.critical < kpi.warning if kpi.direction == "up" else kpi.critical > kpi.warning
    if not worse:
        raise ContradictoryLimits(
            f"{place}.critical", f"{kpi.critical:g} is not worse than the warning {kpi.warning:g}."
        )


def read_case(value: Any, policy: Policy) -> Case:
    """All blocks of a case, checked and complete. Raises a BadEvidence that names the place."""
    case = readers.named(value, "case")
    for name in case:
        if name not in BLOCKS and name not in NOT_INPUTS:
            raise UnknownField(name, "there is no such block.")
    # What people answered and the data said to it: kept with the evidence, read by no rule.
    readers.named(case.get("readiness") or {}, "readiness")
    deployment, assumed = _deployment(case.get("deployment"), policy)
    complete = Case(
        id=None if case.get("id") is None else readers.text(case["id"], "id"),
        as_of=None if case.get("as_of") is None else readers.day(case["as_of"], "as_of"),
        look=_look(case.get("look")),
        deployment=deployment,
        assumed=assumed,
        gates=_gates(case.get("gates")),
        kpis=_kpis(case.get("kpis")),
        design=read_block(Design, case.get("evidence"), "evidence"),
        experiment=_present(Experiment, case.get("experiment"), "experiment"),
        incidents=_incidents(case.get("incidents")),
        scope=_scope(case.get("scope"), policy),
        review=read_block(Review, case.get("review"), "review"),
        reporting=_present(Reporting, case.get("reporting"), "reporting"),
        value=read_block(Value, case.get("value"), "value"),
        history=read_block(History, case.get("history"), "history"),
        proposal=_present(Proposal, case.get("expansion_proposal"), "expansion_proposal"),
    )
    _check_whole(complete, policy)
    return complete


def _look(value: Any) -> str:
    return "review" if value is None else str(readers.one_of("review", "between")(value, "look"))


def _deployment(value: Any, policy: Policy) -> tuple[Deployment, tuple[str, ...]]:
    deployment = read_block(Deployment, value, "deployment")
    assumed = {
        name: strict for name, strict in STRICTEST.items() if getattr(deployment, name) is None
    }
    window = (
        policy.min_window_days if deployment.min_window_days is None else deployment.min_window_days
    )
    filled: dict[str, Any] = {**assumed, "min_window_days": window}
    return dataclasses.replace(deployment, **filled), tuple(sorted(assumed))


def _scope(value: Any, policy: Policy) -> Scope:
    scope = read_block(Scope, value, "scope")
    return dataclasses.replace(
        scope,
        **{
            name: getattr(policy, name)
            for name in ("out_of_scope_limit", "shadow_limit")
            if getattr(scope, name) is None
        },
    )


def _gates(value: Any) -> dict[str, str]:
    """A missing block means that all are met; a gate missing from a given block is not."""
    if value is None:
        return dict.fromkeys(GATES, "met")
    states = dict.fromkeys(GATES, "not_met")
    read = readers.one_of(*GATE_STATES)
    for name, state in readers.named(value, "gates").items():
        if name not in states:
            raise UnknownField(f"gates.{name}", "there is no such gate.")
        if state is not None:
            states[name] = read(state, f"gates.{name}")
    return states


def _kpis(value: Any) -> tuple[Kpi, ...]:
    entries = [] if value is None else readers.items(value, "kpis")
    by_key: dict[str, Kpi] = {}
    for index, entry in enumerate(entries):
        kpi = read_kpi(entry, f"kpis[{index}]")
        if kpi.key in by_key:
            raise DuplicateKey(f"kpis[{index}].key", f"the key “{kpi.key}” stands twice.")
        by_key[kpi.key] = kpi
    return tuple(by_key[key] for key in sorted(by_key))


def _incidents(value: Any) -> tuple[Incident, ...]:
    entries = [] if value is None else readers.items(value, "incidents")
    return tuple(
        read_block(Incident, entry if entry is not None else "", f"incidents[{index}]")
        for index, entry in enumerate(entries)
    )


def _check_dates(incident: Incident, place: str, as_of: dt.date | None) -> None:
    dates = (
        incident.occurred_on,
        incident.closed_on,
        incident.action_effective_on,
        incident.due_on,
    )
    if as_of is None and any(date is not None for date in dates):
        raise MissingField("as_of", f"it is needed, because {place} has a date.")


def _check_whole(case: Case, policy: Policy) -> None:
    for index, one in enumerate(case.incidents):
        _check_dates(one, f"incidents[{index}]", case.as_of)
    primaries = len(case.primaries)
    if primaries > policy.max_primaries:
        raise TooManyPrimaries(
            "kpis", f"{primaries} primary outcomes; {policy.max_primaries} are the most."
        )
    if case.experiment is None:
        return
    if primaries > 1:
        raise UnclearExperiment("experiment", "it speaks for one primary outcome only.")
    lo, hi = case.experiment.lo, case.experiment.hi
    if lo is not None and hi is not None and lo > hi:
        raise ContradictoryLimits("experiment", f"lo {lo} is above hi {hi}.")
