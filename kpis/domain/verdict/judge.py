"""The verdict: one case in, one record out. Same facts, same bytes."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from kpis.domain.verdict.evidence import NOT_INPUTS, read_case
from kpis.domain.verdict.expansion import blockers, certainty_of, counter_evidence
from kpis.domain.verdict.facts import shown
from kpis.domain.verdict.reasons import sentences
from kpis.domain.verdict.rules import BETWEEN, FINDINGS, WATCH, Hit
from kpis.domain.verdict.world import World

RULES = "rules 1"
SEVERITY = ("expand", "continue", "improve", "restrict", "pause", "stop")
SILENT = {"not_measured", "definition_changed", "not_independent", "too_few"}


def judge(case: Mapping[str, Any]) -> dict[str, Any]:
    """The record of method 5.8 for one case. Raises BadEvidence (a MethodError) with the place."""
    world = World.of(read_case(case))
    fired = {
        code: hits
        for code, _, rule in FINDINGS
        if (not world.is_between or code in BETWEEN) and (hits := rule(world))
    }
    watched = (
        {} if world.is_between else {code: hits for code, rule in WATCH if (hits := rule(world))}
    )
    certainty, minus = certainty_of(world)
    blocked = blockers(world, is_clean=not fired and not watched, certainty=certainty)
    decision = _decision(world, fired, blocked)
    against = counter_evidence(world, decision)
    said = sentences(world, decision, fired, watched, against)
    return {
        "id": case.get("id"),
        "decision": decision,
        "findings": list(fired),
        "watch": list(watched),
        "counter_evidence": against,
        "expansion_blocked": decision != "expand",
        "expansion_blockers": blocked,
        "certainty": certainty,
        "certainty_minus": minus,
        "kpi": {
            kpi.key: {
                "data": kpi.data, "level": kpi.level, "change": kpi.change,
                "lo": shown(kpi.lo), "hi": shown(kpi.hi),
            }
            for kpi in world.kpis
        },
        "not_measured": _not_measured(world),
        "too_few": world.too_few,
        "review": {"seeded": world.review.seeded, "signals": list(world.review.signals)},
        "reporting": _reporting(world),
        "assumed": world.case["assumed"],
        **said,
        "policy": RULES,
        "digest": digest(case),
    }  # fmt: skip


def _decision(world: World, fired: Mapping[str, list[Hit]], blocked: list[str]) -> str:
    floors = [floor for code, floor, _ in FINDINGS if code in fired]
    floor = max(floors, key=SEVERITY.index, default="continue")
    if world.is_between:
        last = world.case["history"]["last_decision"]
        return max(floor, "continue" if last == "expand" else last, key=SEVERITY.index)
    return "expand" if not floors and not blocked else floor


def _not_measured(world: World) -> list[str]:
    found = [kpi.key for kpi in world.kpis if kpi.data in SILENT]
    if "experiment" in world.case["present"] and not world.has_experiment:
        found.append("experiment")
    return sorted(found)


def _reporting(world: World) -> dict[str, Any]:
    found = world.reporting
    return {
        "expected_reports_at_4pct_yield": None
        if found.expected is None
        else round(found.expected, 3),
        "prob_of_observed_or_fewer": None
        if found.probability is None
        else round(found.probability, 4),
        "flags": list(found.flags),
    }


def digest(case: Mapping[str, Any]) -> str:
    """SHA-256 of the inputs as canonical JSON: KPIs by key, incidents by their own JSON."""
    inputs = {name: value for name, value in case.items() if name not in NOT_INPUTS}
    if inputs.get("kpis"):
        inputs["kpis"] = sorted(inputs["kpis"], key=lambda kpi: str(kpi["key"]))
    if inputs.get("incidents"):
        inputs["incidents"] = sorted(inputs["incidents"], key=_json)
    return hashlib.sha256(_json(inputs).encode()).hexdigest()


def _json(value: Any) -> str:
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
    )


def _plain(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in evidence")
