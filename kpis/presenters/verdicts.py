"""A verdict for a reader: its sentences in the reader's language, the record itself untouched."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext

from kpis.domain.errors import MethodError
from kpis.domain.verdict import spoken
from kpis.domain.verdict.exits import EXIT
from kpis.domain.verdict.explain import RuleLine, change_of, every_rule, one_kpi
from kpis.models import Verdict
from portal.domain.messages import Capital, Message
from portal.presenters.messages import translated

# The parts of a record that are sentences.
SENTENCES = (
    "reasons",
    "because",
    "watch_sentences",
    "counter_sentences",
    "not_measured_sentences",
    "would_change_if",
)


@dataclass(frozen=True)
class Recommendation:
    """What the card of a verdict shows, in the language of the reader."""

    decision: str
    headline: str
    as_of: dt.date
    certainty_words: str
    policy: str
    because: list[str]
    against: list[str]
    would_change_if: list[str]


def recommendation(verdict: Verdict | None) -> Recommendation | None:
    """The newest verdict as its card shows it; None where nothing has been judged."""
    if verdict is None:
        return None
    record = record_in_words(verdict)
    return Recommendation(
        decision=verdict.decision,
        headline=gettext(verdict.headline),
        as_of=verdict.as_of,
        certainty_words=gettext(verdict.certainty_words),
        policy=verdict.policy,
        because=[*record["because"], *record["watch_sentences"]],
        against=list(record["counter_sentences"]),
        would_change_if=list(record.get("would_change_if", [])),
    )


def record_in_words(verdict: Verdict) -> Mapping[str, Any]:
    """The record of a verdict with its sentences in the active language.

    They are made anew from the evidence kept beside it. A sentence that the rules of today would
    not say, because rules or policy have changed since, stays in English as it was written.
    """
    record: dict[str, Any] = verdict.record
    if (get_language() or "en").startswith("en"):
        return record
    try:
        groups = spoken(verdict.evidence).values()
    except MethodError:
        return record
    known = {str(message): message for messages in groups for message in messages}
    return record | {
        name: [translated(known.get(line, line)) for line in record[name]]
        for name in SENTENCES
        if name in record
    }


def rules(verdict: Verdict) -> list[RuleLine]:
    """Every rule with what it looked at, in the active language."""
    return [
        RuleLine(
            code=line.code,
            floor=line.floor,
            asks=translated(line.asks),
            fired=line.fired,
            evaluated=line.evaluated,
            sentences=tuple(map(translated, line.sentences)),
            inputs=tuple(map(translated, line.inputs)),
        )
        for line in every_rule(verdict.evidence)
    ]


def of_kpi(verdict: Verdict | None, key: str) -> list[str]:
    """What the rules saw of a KPI in a verdict; empty where there is none."""
    return [] if verdict is None else [translated(line) for line in one_kpi(verdict.evidence, key)]


def change_of_kpi(verdict: Verdict | None, key: str) -> str:
    """How a KPI changed, as a sentence; empty where there is no verdict or no figure."""
    if verdict is None:
        return ""
    change = change_of(verdict.evidence, key)
    return f"{translated(Capital(change))}." if change else ""


def conditions(codes: Iterable[str]) -> list[str]:
    """What would have to be true before an expansion, by the codes of the record."""
    return [translated(Message(EXIT[code])) for code in codes]
