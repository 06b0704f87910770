"""Verdicts in the reader's language: the record stays English, its sentences are said anew."""

import datetime as dt
import json

import pytest
from django.utils import translation

from kpis.domain.verdict import judge, resolve_all, spoken
from kpis.models import Verdict
from kpis.presenters import verdicts
from tests.kpis.domain.verdict_cases import load

RESOLVED = dict(resolve_all(list(load().values())))
GERMAN = {
    "Improve before you expand": "Verbessern, bevor ausgeweitet wird",
    "very low": "sehr gering",
    "{name}: {state}.": "{name}: {state}.",
    "{value} ({num} of {den})": "{value} ({num} von {den})",
    "{value}, plausibly {lo} to {hi}: {side} the {limit} of {threshold}": (
        "{value}, plausibel {lo} bis {hi}: {side} der {limit} von {threshold}"
    ),
    "above": "über",
    "warning limit": "Warngrenze",
    "This would change if {exit}.": "Das änderte sich, wenn {exit}.",
    "{it} were back within its limits and not worse than before": (
        "{it} wieder in den Grenzen und nicht schlechter als vorher wäre"
    ),
    "Decide by {day}; until then this recommendation holds.": (
        "Entscheidung bis {day}; bis dahin gilt diese Empfehlung."
    ),
    "Is the use forbidden, or ordered to end?": "Ist die Nutzung verboten?",
    "Prohibited use: {x}.": "Verbotene Nutzung: {x}.",
    "no": "nein",
    "Figure judged: {x}.": "Beurteilte Zahl: {x}.",
    "nothing were left to watch": "nichts mehr zu beobachten wäre",
}
REGENERATION = "Regeneration rate: 28% (336 of 1,200), plausibly 25.53% to 30.61%: above the "
REGENERATION += "warning limit of 15%."
ERNEUT = "Regeneration rate: 28% (336 von 1.200), plausibel 25,53% bis 30,61%: über der Warngrenze "
ERNEUT += "von 15%."


def verdict(name="C01", **changes):
    evidence = json.loads(json.dumps({**RESOLVED[name], "as_of": "2026-06-30"}))
    record = judge(evidence)
    return Verdict(
        organization_id=1,
        decision=record["decision"],
        certainty=record["certainty"],
        as_of=dt.date(2026, 6, 30),
        policy=record["policy"],
        evidence=evidence,
        record=record | changes,
    )


@pytest.mark.parametrize("name", RESOLVED)
def test_the_record_is_english_whatever_the_language(name, in_german):
    english = json.dumps(judge(RESOLVED[name]), ensure_ascii=False)
    with in_german(GERMAN):
        assert json.dumps(judge(RESOLVED[name]), ensure_ascii=False) == english


@pytest.mark.parametrize("name", RESOLVED)
def test_the_sentences_spoken_are_those_of_the_record(name):
    record = judge(RESOLVED[name])
    assert spoken(RESOLVED[name]) == {part: record[part] for part in verdicts.SENTENCES}
    plain = [line for part in verdicts.SENTENCES for line in record[part] if type(line) is not str]
    assert plain == []


def test_english_readers_read_the_record():
    made = verdict()
    with translation.override("en-gb"):
        assert verdicts.record_in_words(made) is made.record


def test_the_card_in_german(in_german):
    made = verdict()
    kept = json.dumps(made.record)
    with in_german(GERMAN):
        card = verdicts.recommendation(made)
        record = verdicts.record_in_words(made)
    assert (card.headline, card.certainty_words) == (
        "Verbessern, bevor ausgeweitet wird",
        "sehr gering",
    )
    assert REGENERATION in made.record["because"]
    assert ERNEUT in card.because
    assert card.would_change_if == [
        "Das änderte sich, wenn latency p50 s wieder in den Grenzen und nicht schlechter als "
        "vorher wäre."
    ]
    until = "Entscheidung bis 28. September 2026; bis dahin gilt diese Empfehlung."
    assert record["reasons"][-1] == until
    assert json.dumps(made.record) == kept
    for part in set(record) - set(verdicts.SENTENCES):
        assert record[part] == made.record[part]


def test_a_sentence_of_older_rules_stays_as_it_was_written(in_german):
    made = verdict(because=["An older rule said this.", REGENERATION])
    with in_german(GERMAN):
        card = verdicts.recommendation(made)
    assert card.because[:2] == ["An older rule said this.", ERNEUT]


def test_evidence_of_older_rules_stays_as_it_was_written(in_german):
    made = verdict()
    made.evidence = {"id": "x", "kpis": "none"}
    with in_german(GERMAN):
        assert verdicts.record_in_words(made) == made.record


def test_the_rules_page_in_german(in_german):
    with in_german(GERMAN):
        first = verdicts.rules(verdict())[0]
        lines = verdicts.of_kpi(verdict(), "regeneration_rate")
    assert first.asks == "Ist die Nutzung verboten?"
    assert first.inputs[0] == "Verbotene Nutzung: nein."
    assert lines[0].startswith("Beurteilte Zahl: 28% (336 von 1.200), ")


def test_the_conditions_of_an_expansion(in_german):
    with in_german(GERMAN):
        assert verdicts.conditions(["X3"]) == ["nichts mehr zu beobachten wäre"]


def test_the_change_of_a_kpi_is_a_sentence():
    assert verdicts.change_of_kpi(verdict(), "regeneration_rate") == (
        "Nobody knows how it was before."
    )
    assert verdicts.change_of_kpi(verdict(), "hallucination_rate") == ""
    assert verdicts.change_of_kpi(None, "regeneration_rate") == ""
