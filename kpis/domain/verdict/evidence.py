"""The evidence of one case: read strictly, defaults filled in, every refusal named."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

from kpis.domain.errors import MethodError

ROLES = ("adoption", "outcome", "quality", "review", "customer", "risk", "operational",
         "workforce", "cost", "context")  # fmt: skip
PARTS: Mapping[str, tuple[str, ...]] = {
    "ratio": ("num", "den"),
    "rating": ("num", "den"),
    "rate": ("num", "exposure"),
    "duration": ("n", "mean", "sd"),
    "mean": ("n", "mean", "sd"),
    "uptime": ("up_s", "observed_s"),
    "point": ("value",),
}
GATES = ("owner", "legal_basis", "dpia", "fallback", "oversight")
GATE_STATES = ("met", "not_met", "expired", "refused", "not_applicable")
DOWN = ("imprecise", "self_reported", "estimated_baseline", "baseline_trending",
        "critical_measure_missing", "coverage_below_80pct", "contaminated_by_shadow_use",
        "seasonal_not_adjusted", "units_disagree")  # fmt: skip
STRICTEST = {
    "risk_class": "high",
    "effect_reach": "decision_on_person",
    "human_review": "unverified",
}

# block -> field -> (kind of value, default). A tuple of words is a choice.
Spec = tuple[Any, Any]
BLOCKS: Mapping[str, Mapping[str, Spec]] = {
    "deployment": {
        "risk_class": (("low", "limited", "high", "regulated"), None),
        "effect_reach": (
            ("internal_draft", "professional_user", "customer_direct", "decision_on_person"), None,
        ),
        "human_review": (
            ("effective", "unverified", "symbolic", "absent", "not_required"), None,
        ),
        "days_since_start": ("count", None),
        "min_window_days": ("count", 90),
        "use_prohibited": ("flag", False),
        "authority_order": ("flag", False),
        "phase": ("text", None),
        "profile": (("small", "standard"), None),
    },
    "evidence": {
        "design": (("randomised", "controlled", "before_after", "after_only"), "after_only"),
        "down": ("words", ()),
    },
    "experiment": {
        "lo": ("number", None), "hi": ("number", None), "srm_p": ("number", None),
    },
    "scope": {
        "unapproved": ("words", ()),
        "out_of_scope": ("share", None),
        "out_of_scope_limit": ("number", 0.05),
        "shadow": ("share", None),
        "shadow_limit": ("number", 0.05),
        "shadow_survey": ("flag", False),
        "changed_since_kpi_review": ("flag", False),
        "days_since_kpi_review": ("count", 0),
    },
    "review": {
        "implausibly_fast": ("share", None),
        "unedited_approved": ("share", None),
        "bursts": ("share", None),
        "seeded": ("share", None),
        "load": ("positive", None),
        "load_previous": ("positive", None),
    },
    "reporting": {
        "uses": ("count", None),
        "reports": ("count", None),
        "near_misses": ("count", None),
        "incidents": ("count", None),
        "participation": ("share", None),
        "afraid": ("share", None),
        "audit": ("share", None),
        "monthly_talk_signed": ("flag", False),
    },
    "value": {"net_value_low": ("number", None), "net_value_high": ("number", None)},
    "history": {
        "previous_review_better": ("flag", False),
        "consecutive_no_benefit_reviews": ("count", 0),
        "improvement_plan_completed": ("flag", False),
        "restart_decided_on": ("date", None),
        "last_decision": (
            ("continue", "improve", "expand", "restrict", "pause", "stop"), "continue",
        ),
    },
    "expansion_proposal": {
        "gates_ready": ("flag", False),
        "reviewer_load_after": ("positive", None),
        "own_kpi_set": ("flag", True),
    },
}  # fmt: skip
KPI: Mapping[str, Spec] = {
    "key": ("text", None),
    "name": ("text", None),
    "role": (ROLES, None),
    "kind": (tuple(PARTS), None),
    "direction": (("up", "down", "band", "context"), None),
    "band": ("band", None),
    "n_unit": (("item", "period"), "item"),
    "mwb": ("number", None),
    "margin": ("number", None),
    "warning": ("number", None),
    "critical": ("number", None),
    "two_periods": ((True, False, "warning"), False),
    "latched_level": (("warning", "critical"), None),
    "clear_periods": ("count", 0),
    "coverage": ("positive", 1.0),
    "age_cadences": ("positive", 0.0),
    "definition_changed": ("flag", False),
    "thresholds_valid": ("flag", True),
    "primary": ("flag", False),
    "guardrail": ("flag", False),
    "critical_measure": ("flag", False),
    "safety_critical": ("flag", False),
    "leading": ("flag", False),
    "measured_by_review": ("flag", False),
    "self_reported": ("flag", False),
    "enterprise_only": ("flag", False),
    "budget_exhausted": ("flag", False),
    "proxy_for": ("text", None),
    "derived_from": ("words", ()),
    "spc": (("common", "improving", "concerning"), None),
    "expected_min": ("number", None),
    "confined_to": ("text", None),
    "i2_open_days": ("count", 0),
}
INCIDENT: Mapping[str, Spec] = {
    "category": ("text", None),
    "severity": (("minor", "moderate", "serious", "critical"), None),
    "status": (("open", "contained_cause_unknown", "contained", "closed"), "open"),
    "action": (("none", "open", "done", "effective"), "none"),
    "occurred_on": ("date", None),
    "closed_on": ("date", None),
    "action_effective_on": ("date", None),
    "due_on": ("date", None),
}
NOT_INPUTS = {"id", "title", "assumptions", "expected"}


class BadEvidence(MethodError):
    """A case cannot be judged; the message names the place."""


def number(value: Any, place: str) -> float:
    """A finite number. Raises BadEvidence."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadEvidence(f"{place}: “{value}” is not a number.")
    if not math.isfinite(value):
        raise BadEvidence(f"{place}: {value} is not a finite number.")
    return value


def count(value: Any, place: str) -> int:
    """A whole number of zero or more. Raises BadEvidence."""
    found = number(value, place)
    if found < 0:
        raise BadEvidence(f"{place}: {value} is below zero.")
    if found != int(found):
        raise BadEvidence(f"{place}: {value} is not a whole number.")
    return int(found)


def day(value: Any, place: str) -> dt.date:
    """A date or its ISO text. Raises BadEvidence."""
    if isinstance(value, dt.datetime):
        raise BadEvidence(f"{place}: a date without a time is needed.")
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise BadEvidence(f"{place}: “{value}” is not a date such as 2026-11-24.") from error


def share(value: Any, place: str) -> dict[str, int]:
    """{num, den} with 0 <= num <= den. Raises BadEvidence."""
    if not isinstance(value, Mapping) or set(value) - {"num", "den", "sigma_z"}:
        raise BadEvidence(f"{place}: give num and den.")
    num, den = count(value.get("num"), f"{place}.num"), count(value.get("den"), f"{place}.den")
    if num > den:
        raise BadEvidence(f"{place}: {num} of {den} is more than all.")
    return {"num": num, "den": den}


def _positive(value: Any, place: str) -> float:
    found = number(value, place)
    if found < 0:
        raise BadEvidence(f"{place}: {value} is below zero.")
    return found


def _flag(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise BadEvidence(f"{place}: “{value}” is neither true nor false.")
    return value


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value:
        raise BadEvidence(f"{place}: “{value}” is not a text.")
    return value


def _words(value: Any, place: str) -> list[str]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise BadEvidence(f"{place}: a list is needed.")
    return [_text(word, place) for word in value]


def _band(value: Any, place: str) -> tuple[float, float]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        raise BadEvidence(f"{place}: give the two ends of the range.")
    low, high = number(value[0], place), number(value[1], place)
    if low > high:
        raise BadEvidence(f"{place}: the range ends before it begins.")
    return low, high


READERS = {
    "number": number, "positive": _positive, "count": count, "flag": _flag, "text": _text,
    "words": _words, "band": _band, "date": day, "share": share,
}  # fmt: skip


def fields(given: Any, specs: Mapping[str, Spec], place: str) -> dict[str, Any]:
    """Every field of a block, checked, with its default where it is absent or null."""
    if not isinstance(given, Mapping):
        raise BadEvidence(f"{place}: named fields are needed.")
    unknown = sorted(set(map(str, given)) - set(specs))
    if unknown:
        raise BadEvidence(f"{place}: there is no field “{unknown[0]}”.")
    found = {}
    for name, (kind, default) in specs.items():
        value = given.get(name)
        if value is None:
            found[name] = default
        elif isinstance(kind, tuple):
            if not any(value == word and type(value) is type(word) for word in kind):
                raise BadEvidence(f"{place}.{name}: “{value}” is not known.")
            found[name] = value
        else:
            found[name] = READERS[kind](value, f"{place}.{name}")
    return found


def parts(given: Any, kind: str, place: str, *, baseline: bool = False) -> dict[str, Any] | None:
    """The parts of a figure of its kind, checked; None stays None (not measured)."""
    if given is None:
        return None
    if not isinstance(given, Mapping):
        raise BadEvidence(f"{place}: named parts are needed.")
    extra = {"sigma_z", "points", "trend_z", "estimated"} if baseline else {"sigma_z"}
    unknown = sorted(set(map(str, given)) - set(PARTS[kind]) - extra)
    if unknown:
        raise BadEvidence(f"{place}: a {kind} has no “{unknown[0]}”.")
    found: dict[str, Any] = {"sigma_z": None}
    for name in PARTS[kind]:
        found[name] = _part(given.get(name), name, f"{place}.{name}")
    for name in extra & set(given):
        if given[name] is not None:
            found[name] = _extra(given[name], name, f"{place}.{name}")
    top, bottom = {"uptime": ("up_s", "observed_s")}.get(kind, ("num", "den"))
    if bottom in found and found[top] > found[bottom]:
        raise BadEvidence(f"{place}: {found[top]} of {found[bottom]} is more than all.")
    return found


def _part(value: Any, name: str, place: str) -> Any:
    if name == "sd" and value is None:
        return None
    if name in {"mean", "value"}:
        return number(value, place)
    if name in {"exposure", "sd", "up_s", "observed_s"}:
        return _positive(value, place)
    return count(value, place)


def _extra(value: Any, name: str, place: str) -> Any:
    if name == "estimated":
        return _flag(value, place)
    if name == "points":
        return count(value, place)
    return _positive(value, place) if name == "sigma_z" else number(value, place)


def read_kpi(given: Any, place: str) -> dict[str, Any]:
    """One KPI of a case with its current value and baseline. Raises BadEvidence."""
    if not isinstance(given, Mapping):
        raise BadEvidence(f"{place}: named fields are needed.")
    rest = {name: value for name, value in given.items() if name not in {"current", "baseline"}}
    found = fields(rest, KPI, place)
    place = f"{place} ({found['key']})"
    for name in ("key", "role", "kind", "direction"):
        if found[name] is None:
            raise BadEvidence(f"{place}: {name} is missing.")
    if found["direction"] == "band" and found["band"] is None:
        raise BadEvidence(f"{place}: a band needs the two ends of its range.")
    if found["mwb"] is not None and found["mwb"] <= 0:
        raise BadEvidence(f"{place}.mwb: the minimum worthwhile benefit must be above zero.")
    if found["margin"] is not None and found["margin"] < 0:
        raise BadEvidence(f"{place}.margin: the margin cannot be below zero.")
    _check_thresholds(found, place)
    found["current"] = parts(given.get("current"), found["kind"], f"{place}.current")
    found["baseline"] = parts(
        given.get("baseline"), found["kind"], f"{place}.baseline", baseline=True
    )
    return found


def _check_thresholds(found: Mapping[str, Any], place: str) -> None:
    warning, critical = found["warning"], found["critical"]
    if warning is None or critical is None or found["direction"] == "context":
        return
    is_worse = critical < warning if found["direction"] == "up" else critical > warning
    if not is_worse:
        raise BadEvidence(f"{place}.critical: it must be worse than warning.")


def read_case(case: Any) -> dict[str, Any]:
    """All blocks of a case, checked and complete. Raises BadEvidence with the place."""
    if not isinstance(case, Mapping):
        raise BadEvidence("case: named blocks are needed.")
    known = {*BLOCKS, *NOT_INPUTS, "as_of", "look", "kpis", "incidents", "gates"}
    unknown = sorted(set(map(str, case)) - known)
    if unknown:
        raise BadEvidence(f"case: there is no block “{unknown[0]}”.")
    found: dict[str, Any] = {
        name: fields(case.get(name) or {}, specs, name) for name, specs in BLOCKS.items()
    }
    found["present"] = {name for name in BLOCKS if case.get(name) is not None}
    found["assumed"] = sorted(name for name in STRICTEST if found["deployment"][name] is None)
    for name, strictest in STRICTEST.items():
        found["deployment"][name] = found["deployment"][name] or strictest
    top = fields(
        {name: case.get(name) for name in ("as_of", "look")},
        {"as_of": ("date", None), "look": (("review", "between"), "review")},
        "case",
    )
    found |= top
    found["gates"] = _gates(case.get("gates"))
    found["kpis"] = _kpis(case.get("kpis"))
    found["incidents"] = _incidents(case.get("incidents"), found["as_of"])
    _check_whole(found)
    return found


def _gates(given: Any) -> dict[str, str]:
    if given is None:
        return dict.fromkeys(GATES, "met")
    specs: dict[str, Spec] = dict.fromkeys(GATES, (GATE_STATES, "not_met"))
    return fields(given, specs, "gates")


def _kpis(given: Any) -> list[dict[str, Any]]:
    if given is None:
        given = []
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise BadEvidence("kpis: a list is needed.")
    found = [read_kpi(entry, f"kpis[{index}]") for index, entry in enumerate(given)]
    keys = [kpi["key"] for kpi in found]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise BadEvidence(f"kpis: the key “{twice}” stands twice.")
    return sorted(found, key=lambda kpi: str(kpi["key"]))


def _incidents(given: Any, as_of: dt.date | None) -> list[dict[str, Any]]:
    if given is None:
        given = []
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise BadEvidence("incidents: a list is needed.")
    found = [fields(one, INCIDENT, f"incidents[{index}]") for index, one in enumerate(given)]
    for index, one in enumerate(found):
        if one["category"] is None or one["severity"] is None:
            raise BadEvidence(f"incidents[{index}]: category and severity are needed.")
        dated = any(isinstance(value, dt.date) for value in one.values())
        if dated and as_of is None:
            raise BadEvidence("as_of: it is needed when incidents carry dates.")
    return found


def _check_whole(found: Mapping[str, Any]) -> None:
    primaries = [kpi for kpi in found["kpis"] if is_primary(kpi)]
    if len(primaries) > 3:
        raise BadEvidence(f"kpis: {len(primaries)} primary outcomes; three are the most.")
    if "experiment" in found["present"]:
        if len(primaries) > 1:
            raise BadEvidence("experiment: it needs exactly one primary outcome.")
        lo, hi = found["experiment"]["lo"], found["experiment"]["hi"]
        if lo is not None and hi is not None and lo > hi:
            raise BadEvidence("experiment: lo is above hi.")
    unknown = sorted(set(found["evidence"]["down"]) - set(DOWN))
    if unknown:
        raise BadEvidence(f"evidence.down: “{unknown[0]}” is not known.")


def is_primary(kpi: Mapping[str, Any]) -> bool:
    """Flagged primary, role outcome, and no stand-in for another KPI."""
    return bool(kpi["primary"] and kpi["role"] == "outcome" and kpi["proxy_for"] is None)
