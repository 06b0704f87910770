"""Sentences a manager understands, with the numbers in them: made here and nowhere else.

Each is a Message: English for the record, and to be said in the language of a reader.

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
    amount,
    change_words,
    data_words,
    figure,
    level_words,
    named,
    percent,
    phrase,
    plain,
    plain_name,
    share,
    span,
    state,
    value_words,
)
from kpis.domain.verdict.table import FLOOR_OF
from portal.domain.messages import Day, Joined, Message

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
) -> dict[str, list[Message]]:
    """All sentences as `reasons`, and its parts under their own names."""
    because, watched = _lines_of(facts, findings), _lines_of(facts, watch)
    against, silent = _lines_of(facts, counter), _silent(facts, not_measured)
    exit_ = would_change_if(facts, decision, findings, blockers)
    # Between reviews a decision may rest on no finding of today.
    is_held = facts.is_between and decision not in {"continue", *(FLOOR_OF[c] for c in findings)}
    held = [Message(templates.REASON["held"])] if is_held else []
    groups = [
        [Message(templates.RECOMMENDATION[decision])],
        held,
        because,
        watched,
        against,
        silent,
        [exit_],
        decide_by(facts, decision),
    ]
    return {
        "reasons": list(dict.fromkeys(line for group in groups for line in group)),
        "because": because,
        "watch_sentences": watched,
        "counter_sentences": against,
        "not_measured_sentences": silent,
        "would_change_if": [exit_],
    }


def _lines_of(facts: Facts, hits: Hits) -> list[Message]:
    lines = [
        line
        for code, of_code in hits.items()
        for line in sorted({sentence(facts, code, hit) for hit in of_code})
    ]
    return list(dict.fromkeys(lines))


def sentence(facts: Facts, code: str, hit: Hit) -> Message:
    """The sentence of one hit of a rule or of a piece of counter-evidence."""
    template = templates.REASON.get(f"{code}:{_variant(code, hit)}") or templates.REASON[code]
    # A name may hold line ends; a sentence has none.
    return Message(template, words(facts, hit), one_line=True)


def _variant(code: str, hit: Hit) -> str:
    """Which wording of a code; never taken from the name of a KPI."""
    if code == "W_SMALL_BENEFIT" and hit.kpi is not None:
        return "open" if hit.kpi.given.mwb is None else ""
    if hit.kpi is not None:
        return "kpi"
    incident = hit.numbers.get("incident")
    if code == "W_RECENT_SERIOUS" and incident is not None:
        return "undated" if incident.closed_on is None else "dated"
    if code == "I14_INCIDENT_ACTION" and incident is not None and not incident.is_serious:
        return "due" if incident.due_on else "undated"
    return "share" if code == "W_UNCLEAR" else hit.about


def words(facts: Facts, hit: Hit) -> dict[str, str]:
    """What may stand in the placeholders of a template."""
    policy = facts.policy
    params = {
        "about": hit.about.replace("_", " "),
        "asked": "",
        "floor": "",
        "name": named(hit.about),
        "it": plain_name(hit.about),
        "where": "",
        "gate": _word(templates.GATE_NAMES, hit.about),
        "gate_state": _word(templates.GATE_WORDS, facts.case.gates.get(hit.about, "")),
        "flag": _word(templates.FLAG_WORDS, hit.about),
        "signal": _word(templates.SIGNAL_WORDS, hit.about),
        "what": _word(templates.SHARE_WORDS, hit.about),
        **_incident_words(hit),
        "days": plain(facts.case.deployment.days_since_start or 0),
        "window": plain(facts.case.deployment.min_window_days or 0),
        "load_high": percent(policy.load_high),
        "recent_days": plain(policy.recent_days),
        "kpi_review_days": plain(policy.kpi_review_days),
    }
    params |= {name: _number(name, value) for name, value in hit.numbers.items()}
    params["failed"] = _failed(facts, hit, params)
    if hit.about in templates.SHARE_WORDS and hit.kpi is None:
        observed, floor = facts.shares[hit.about]
        params |= {"asked": plain(observed.den if observed else 0), "floor": plain(floor)}
    if hit.kpi is not None:
        params |= _kpi_words(facts, hit)
    return params


def _word(words_by_key: Mapping[str, str], key: str) -> str:
    return Message(words_by_key[key]) if key in words_by_key else ""


def _incident_words(hit: Hit) -> dict[str, str]:
    incident = hit.numbers.get("incident")
    if incident is None:
        return {}
    return {
        "status": _word(templates.STATUS_WORDS, incident.status),
        "closed": Day(incident.closed_on) if incident.closed_on else "",
        "due": Day(incident.due_on) if incident.due_on else "",
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
        "why": phrase("unreviewed" if absent else "open_for", days=plain(kpi.given.i2_open_days)),
    }


def _number(name: str, value: Any) -> str:
    if name == "share" and value is not None:
        return share(*value)
    if name in {"limit", "load", "previous"}:
        return percent(value)
    if name == "signals":
        return Joined("; ", [Message(templates.SIGNAL_WORDS[signal]) for signal in value])
    if name == "severity":
        return _word(templates.SEVERITY_WORDS, value)
    if isinstance(value, (int, float)):
        return plain(round(value, 1))
    return str(value)


def _failed(facts: Facts, hit: Hit, params: Mapping[str, str]) -> str:
    if hit.about not in templates.FAILED_WORDS:
        return ""
    required = percent(facts.policy.required_catch)
    return Message(templates.FAILED_WORDS[hit.about], {**params, "required": required})


def _silent(facts: Facts, not_measured: Sequence[str]) -> list[Message]:
    kpis = {kpi.key: kpi for kpi in facts.kpis if kpi.data in templates.REASON}
    lines = [_silent_one(facts, kpis[key]) for key in not_measured if key in kpis]
    experiment = facts.case.experiment
    if experiment is not None and not facts.has_experiment:
        is_empty = experiment.lo is None or experiment.hi is None
        lines.append(Message(templates.REASON["experiment:empty" if is_empty else "experiment"]))
    return lines + [Message(templates.REASON[f"assumed:{name}"]) for name in facts.case.assumed]


def _silent_one(facts: Facts, kpi: KpiFacts) -> Message:
    template = templates.REASON[kpi.data]
    params = {"name": kpi.given.name or named(kpi.key), "data": data_words(kpi, facts.policy)}
    return Message(template, params, one_line=True)


def would_change_if(
    facts: Facts, decision: str, findings: Hits, blockers: Sequence[str]
) -> Message:
    """The exit of the nearest finding: the first one that asks for this decision."""
    for code, hits in findings.items():
        if FLOOR_OF[code] == decision:
            condition = Message(exits.EXIT[code], words(facts, hits[0]))
            return Message(exits.SENTENCE, {"exit": condition}, one_line=True)
    code = "held"
    if decision in {"expand", "continue"}:
        code = "expand" if decision == "expand" else blockers[0]
    return Message(exits.SENTENCE, {"exit": Message(exits.EXIT[code])})


def decide_by(facts: Facts, decision: str) -> list[Message]:
    """The day until which the recommendation holds, where the day of the evidence is known."""
    if facts.case.as_of is None:
        return []
    policy = facts.policy
    days = policy.valid_days_held if decision in {"pause", "restrict"} else policy.valid_days
    if facts.case.as_of > dt.date.max - dt.timedelta(days=days):
        return []
    day = facts.case.as_of + dt.timedelta(days=days)
    return [Message(templates.REASON["decide_by"], {"day": Day(day)})]
