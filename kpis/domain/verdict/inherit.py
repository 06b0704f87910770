"""Cases written as differences from one another: same_as, set_kpi, add_kpis, set."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from kpis.domain.verdict.errors import BadEvidence, DuplicateKey, Endless, MissingField
from kpis.domain.verdict.evidence import NOT_INPUTS
from kpis.domain.verdict.readers import items, named, text

HOW = frozenset({"same_as", "set_kpi", "add_kpis", "set"})


def resolve_all(cases: Sequence[Any]) -> list[tuple[str, dict[str, Any] | BadEvidence]]:
    """Each case by its name with all it takes from others, or why it cannot be read.

    The base is copied first; then set_kpi replaces single fields of the named KPIs, add_kpis
    appends, set replaces single fields of a block, and any other block replaces that block whole
    (null removes it). A case without an id is named by its position, counted from 1.
    """
    names = [_name(case, position) for position, case in enumerate(cases, 1)]
    by_name = dict(zip(names, cases, strict=True))
    resolved: list[tuple[str, dict[str, Any] | BadEvidence]] = []
    for position, name in enumerate(names):
        try:
            if name in names[:position]:
                raise DuplicateKey("id", "this id stands twice.")
            resolved.append((name, resolve(name, by_name)))
        except BadEvidence as error:
            resolved.append((name, error))
        except RecursionError:
            resolved.append((name, Endless("case", "it is nested too deeply to be evidence.")))
    return resolved


def _name(case: Any, position: int) -> str:
    if isinstance(case, Mapping) and isinstance(case.get("id"), str):
        return str(case["id"])
    return f"no. {position}"


def resolve(name: str, cases: Mapping[str, Any], above: tuple[str, ...] = ()) -> dict[str, Any]:
    """The inputs of one case. Raises a BadEvidence with the place inside the case."""
    case = named(cases[name], "case")
    inputs = _base(case, cases, (*above, name))
    if case.get("set_kpi") is not None:
        _set_kpis(inputs, named(case["set_kpi"], "set_kpi"))
    if case.get("add_kpis") is not None:
        added = copy.deepcopy(items(case["add_kpis"], "add_kpis"))
        inputs["kpis"] = [*items(inputs.get("kpis") or [], "kpis"), *added]
    replaced = {} if case.get("set") is None else named(case["set"], "set")
    for block, changes in replaced.items():
        before = named({} if inputs.get(block) is None else inputs[block], f"set.{block}")
        inputs[block] = {**before, **copy.deepcopy(named(changes, f"set.{block}"))}
    for block, value in case.items():
        if block in HOW or block in NOT_INPUTS:
            continue
        if value is None:
            inputs.pop(block, None)
        else:
            inputs[block] = copy.deepcopy(value)
    return {**({"id": case["id"]} if "id" in case else {}), **inputs}


def _base(
    case: Mapping[str, Any], cases: Mapping[str, Any], above: tuple[str, ...]
) -> dict[str, Any]:
    if case.get("same_as") is None:
        return {}
    base = text(case["same_as"], "same_as")
    if base in above:
        raise Endless("same_as", f"{' -> '.join((*above, base))} goes in a circle.")
    if base not in cases:
        raise MissingField("same_as", f"there is no case “{base}”.")
    found = resolve(base, cases, above)
    found.pop("id", None)
    return found


def _set_kpis(inputs: dict[str, Any], changes: Mapping[str, Any]) -> None:
    entries = items(inputs.get("kpis") or [], "kpis")
    kpis = [dict(named(kpi, f"kpis[{index}]")) for index, kpi in enumerate(entries)]
    for key, fields in changes.items():
        kpi = next((kpi for kpi in kpis if kpi.get("key") == key), None)
        if kpi is None:
            raise MissingField(f"set_kpi.{key}", "the case it is taken from has no such KPI.")
        kpi.update(copy.deepcopy(named(fields, f"set_kpi.{key}")))
    inputs["kpis"] = kpis
