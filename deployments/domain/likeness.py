"""Use cases that may be the same work under two names."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Protocol, TypeVar

NAMES_ALIKE = 0.8
WORDS_SHARED = 0.5
ENOUGH_WORDS = 3
_EMPTY = frozenset(
    {"and", "are", "for", "each", "every", "from", "has", "have", "into", "its", "our", "that"}
    | {"the", "their", "them", "they", "this", "use", "used", "using", "when", "which", "who"}
    | {"with", "work"}
)


class Described(Protocol):
    name: str
    work: str


Case = TypeVar("Case", bound=Described)


def look_alikes(name: str, work: str, known: Iterable[Case]) -> Sequence[Case]:
    """Known use cases with a similar name or half of the same words, most alike first."""
    scored = [(likeness(name, work, one.name, one.work), one) for one in known]
    alike = [(score, one) for score, one in scored if score > 0]
    return [one for _, one in sorted(alike, key=lambda pair: -pair[0])]


def likeness(name: str, work: str, other_name: str, other_work: str) -> float:
    """0 for unlike; else the larger of the likeness of names and the share of common words."""
    names = SequenceMatcher(None, name.lower(), other_name.lower()).ratio()
    mine, theirs = words(f"{name} {work}"), words(f"{other_name} {other_work}")
    common = mine & theirs
    share = len(common) / (min(len(mine), len(theirs)) or 1)
    if len(common) < ENOUGH_WORDS or share < WORDS_SHARED:
        share = 0.0
    return max(names if names >= NAMES_ALIKE else 0.0, share)


def words(text: str) -> set[str]:
    """Telling words, cut to six letters so that "summaries" meets "summarize"."""
    found = re.findall(r"\w+", text.lower())
    return {word.rstrip("s")[:6] for word in found if len(word) > 2 and word not in _EMPTY}
