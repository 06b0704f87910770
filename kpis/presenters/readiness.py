"""The checklist in one sentence."""

from kpis.evidence.readiness import Checklist

WORDS = ("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "All eight")


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
