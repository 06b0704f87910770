"""The checklist in the reader's language, and in one sentence."""

from dataclasses import replace

from kpis.evidence.readiness import Checklist
from portal.presenters.messages import translated

WORDS = ("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "All eight")


def in_words(checklist: Checklist) -> Checklist:
    """The same checklist, with what the data says in the active language."""
    lines = [
        replace(
            line,
            finding=replace(
                line.finding,
                says=translated(line.finding.says),
                missing=tuple(map(translated, line.finding.missing)),
            ),
        )
        for line in checklist.lines
    ]
    return Checklist(lines)


def headline(found: Checklist) -> str:
    """“Five of eight hold. One answer disagrees with the data.”"""
    held = found.held
    said = "All eight hold." if held == len(found.lines) else f"{WORDS[held]} of eight hold."
    against = len(found.contradictions)
    if against:
        noun = "answer disagrees" if against == 1 else "answers disagree"
        said += f" {WORDS[against]} {noun} with the data."
    expired = sum(line.state == "expired" for line in found.lines)
    if expired:
        said += f" {WORDS[expired]} {'has' if expired == 1 else 'have'} expired."
    return said
