"""Reading of the worked cases: inheritance, replaced fields, expected results."""

import copy
from pathlib import Path
from typing import Any

import yaml

NOT_BLOCKS = {"id", "title", "assumptions", "expected", "same_as", "set_kpi", "add_kpis", "set"}
EQUAL = ("decision", "expansion_blocked", "certainty", "expansion_blockers")
INCLUDED = {
    "findings_include": "findings",
    "watch_include": "watch",
    "not_measured": "not_measured",
    "counter_evidence": "counter_evidence",
}
EXCLUDED = {"findings_exclude": "findings", "watch_exclude": "watch"}


def load() -> dict[str, dict[str, Any]]:
    """Every case by its id, as written."""
    path = Path(__file__).with_name("verdict_cases.yaml")
    cases = yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]
    return {case["id"]: case for case in cases}


def resolve(case: dict[str, Any], cases: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The inputs of a case with everything it takes from another."""
    found = resolve(cases[case["same_as"]], cases) if "same_as" in case else {}
    for key, changes in (case.get("set_kpi") or {}).items():
        next(kpi for kpi in found["kpis"] if kpi["key"] == key).update(copy.deepcopy(changes))
    found["kpis"] = found.get("kpis", []) + copy.deepcopy(case.get("add_kpis") or [])
    for block, changes in (case.get("set") or {}).items():
        found[block] = {**(found.get(block) or {}), **copy.deepcopy(changes)}
    for block, value in case.items():
        if block not in NOT_BLOCKS:
            found[block] = copy.deepcopy(value)
    return found


def faults(record: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    """Where a record differs from what a case expects; [] when it holds."""
    said = [
        f"{name}: {record[name]}"
        for name in EQUAL
        if expected.get(name, record[name]) != record[name]
    ]
    for name, field in INCLUDED.items():
        wanted = expected.get(name, ())
        if wanted == [] and name == "findings_include" and record[field]:
            said.append(f"{field}: {record[field]} instead of none")
        said += [f"{field}: {code} is missing" for code in wanted if code not in record[field]]
    for name, field in EXCLUDED.items():
        said += [f"{field}: {code}" for code in expected.get(name, ()) if code in record[field]]
    for key, states in (expected.get("kpi") or {}).items():
        said += [
            f"{key}.{name}: {record['kpi'][key][name]}"
            for name, value in states.items()
            if record["kpi"][key][name] != value
        ]
    for block in ("review", "reporting"):
        said += [
            f"{block}.{name}: {record[block][name]}"
            for name, value in (expected.get(block) or {}).items()
            if record[block][name] != value
        ]
    return said
