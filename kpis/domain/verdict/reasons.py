"""Sentences a manager understands, with the numbers in them: made here and nowhere else.

Fixed order (method 5.5): recommendation; because; against this; not measured; would change if;
decide by. Within a rule by code point; each sentence once.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from kpis.domain.verdict import exits, templates
from kpis.domain.verdict.facts import Facts
from kpis.domain.verdict.hits import Hit
from kpis.domain.verdict.kpi_facts import KpiFacts
from kpis.domain.verdict.phrases import (
    PHRASES,
    amount,
    change_words,
    data_words,
    figure,
    level_words,
    named,
    percent,
    plain,
    plain_name,
    share,
    span,
    state,
    value_words,
)
from kpis.domain.verdict.table import FLOOR_OF

Hits = Mapping[str, list[Hit]]


def sentences(
    facts: Facts,
    decision: str,
    *,
    findings: Hits,
    watch: Hits,
    counter: Hits,
    not_measured: Sequence[str],
    blockers: Sequence[str],
) -> dict[str, list[str]]:
    """All sentences as `reasons`, and its parts under their own names."""
    because, watched = _said(facts, findings), _said(facts, watch)
    against, silent = _said(facts, counter), _silent(facts, not_measured)
    exit_ = would_change_if(facts, decision, findings, blockers)
    # Between reviews a decision may rest on no finding of today.
    is_held = facts.is_between and decision not in {"continue", *(FLOOR_OF[c] for c in findings)}
    held = [templates.REASON["held"]] if is_held else []
    parts = [
        [templates.RECOMMENDATION[decision]],
        held,
        because,
        watched,
        against,
        silent,
        [exit_],
        decide_by(facts, decision),
    ]
    return {
        "reasons": list(dict.fromkeys(line for part in parts for line in part)),
        "because": because,
        "watch_sentences": watched,
        "counter_sentences": against,
        "not_measured_sentences": silent,
        "would_change_if": [exit_],
    }


def _said(facts: Facts, hits: Hits) -> list[str]:
    lines = [
        line
        for code, found in hits.items()
        for line in sorted({sentence(facts, code, hit) for hit in found})
    ]
    return list(dict.fromkeys(lines))


def sentence(facts: Facts, code: str, hit: Hit) -> str:
    """The sentence of one hit of a rule or of a piece of counter-evidence."""
    template = templates.REASON.get(f"{code}:{_variant(code, hit)}") or templates.REASON[code]
    return _one_line(template.format_map(words(facts, hit)))


def _variant(code: str, hit: Hit) -> str:
    """Which wording of a code; never taken from the name of a KPI."""
    if code == "W_SMALL_BENEFIT" and hit.kpi is not None:
        return "open" if hit.kpi.given.mwb is None else ""
    if hit.kpi is not None:
        return "kpi"
    one = hit.numbers.get("incident")
    if code == "W_RECENT_SERIOUS" and one is not None:
        return "undated" if one.closed_on is None else "dated"
    if code == "I14_INCIDENT_ACTION" and one is not None and not one.is_serious:
        return "due" if one.due_on else "undated"
    return "share" if code == "W_UNCLEAR" else hit.about


def _one_line(text: str) -> str:
    """A name may hold line ends; a sentence has none."""
    return " ".join(text.split())


def words(facts: Facts, hit: Hit) -> dict[str, str]:
    """What may stand in the placeholders of a template."""
    policy = facts.policy
    found = {
        "about": hit.about.replace("_", " "),
        "asked": "",
        "floor": "",
        "name": named(hit.about),
        "it": plain_name(hit.about),
        "where": "",
        "gate": templates.GATE_NAMES.get(hit.about, ""),
        "gate_state": templates.GATE_WORDS.get(facts.case.gates.get(hit.about, ""), ""),
        "flag": templates.FLAG_WORDS.get(hit.about, ""),
        "signal": templates.SIGNAL_WORDS.get(hit.about, ""),
        "what": templates.SHARE_WORDS.get(hit.about, ""),
        **_incident_words(hit),
        "days": plain(facts.case.deployment.days_since_start or 0),
        "window": plain(facts.case.deployment.min_window_days or 0),
        "load_high": percent(policy.load_high),
        "recent_days": plain(policy.recent_days),
        "kpi_review_days": plain(policy.kpi_review_days),
    }
    found |= {name: _number(name, value) for name, value in hit.numbers.items()}
    found["failed"] = _failed(facts, hit, found)
    if hit.about in templates.SHARE_WORDS and hit.kpi is None:
        given, floor = facts.shares[hit.about]
        found |= {"asked": plain(given.den if given else 0), "floor": plain(floor)}
    if hit.kpi is not None:
        found |= _kpi_words(facts, hit)
    return found


def _incident_words(hit: Hit) -> dict[str, str]:
    one = hit.numbers.get("incident")
    if one is None:
        return {}
    return {
        "status": templates.STATUS_WORDS.get(one.status, ""),
        "closed": str(one.closed_on or ""),
        "due": str(one.due_on or ""),
    }


def _kpi_words(facts: Facts, hit: Hit) -> dict[str, str]:
    kpi = hit.kpi
    assert kpi is not None
    absent = facts.case.deployment.human_review == "absent"
    condition = state(kpi, facts.policy)
    return {
        "name": kpi.given.name or named(kpi.key),
        "it": kpi.given.name or plain_name(kpi.key),
        "state": condition,
        "worst": level_words(kpi) if kpi.level == "critical" else condition,
        "amount": amount(kpi),
        "change": change_words(kpi),
        "span": span(kpi),
        "value": value_words(kpi),
        "least": figure(kpi.given.expected_min, kpi.given),
        "where": (kpi.given.confined_to or "").replace("_", " "),
        "data": data_words(kpi, facts.policy),
        "why": PHRASES["unreviewed" if absent else "open_for"].format(
            days=plain(kpi.given.i2_open_days)
        ),
    }


def _number(name: str, value: Any) -> str:
    if name == "share" and value is not None:
        return share(*value)
    if name in {"limit", "load", "previous"}:
        return percent(value)
    if name == "signals":
        return "; ".join(templates.SIGNAL_WORDS[one] for one in value)
    if isinstance(value, (int, float)):
        return plain(round(value, 1))
    return str(value)


def _failed(facts: Facts, hit: Hit, found: Mapping[str, str]) -> str:
    template = templates.FAILED_WORDS.get(hit.about, "")
    return template.format_map({**found, "required": percent(facts.policy.required_catch)})


def _silent(facts: Facts, not_measured: Sequence[str]) -> list[str]:
    kpis = {kpi.key: kpi for kpi in facts.kpis if kpi.data in templates.REASON}
    lines = [_silent_one(facts, kpis[key]) for key in not_measured if key in kpis]
    experiment = facts.case.experiment
    if experiment is not None and not facts.has_experiment:
        is_empty = experiment.lo is None or experiment.hi is None
        lines.append(templates.REASON["experiment:empty" if is_empty else "experiment"])
    return lines + [templates.REASON[f"assumed:{name}"] for name in facts.case.assumed]


def _silent_one(facts: Facts, kpi: KpiFacts) -> str:
    template = templates.REASON[kpi.data]
    said = {"name": kpi.given.name or named(kpi.key), "data": data_words(kpi, facts.policy)}
    return _one_line(template.format_map(said))


def would_change_if(facts: Facts, decision: str, findings: Hits, blockers: Sequence[str]) -> str:
    """The exit of the nearest finding: the first one that asks for this decision."""
    for code, hits in findings.items():
        if FLOOR_OF[code] == decision:
            exit_ = exits.EXIT[code].format_map(words(facts, hits[0]))
            return _one_line(exits.SENTENCE.format(exit=exit_))
    code = "held"
    if decision in {"expand", "continue"}:
        code = "expand" if decision == "expand" else blockers[0]
    return exits.SENTENCE.format(exit=exits.EXIT[code])


def decide_by(facts: Facts, decision: str) -> list[str]:
    """The day until which the recommendation holds, where the day of the evidence is known."""
    if facts.case.as_of is None:
        return []
    policy = facts.policy
    days = policy.valid_days_held if decision in {"pause", "restrict"} else policy.valid_days
    if facts.case.as_of > dt.date.max - dt.timedelta(days=days):
        return []
    day = facts.case.as_of + dt.timedelta(days=days)
    return [templates.REASON["decide_by"].format(day=day.isoformat())]
