"""State of a KPI in words: level against its limits, change against the baseline, doubt.

What nobody measures, limits or can compare is never "ok", and neither is use.
"""

from collections.abc import Mapping
from typing import Any

from kpis.domain.statistics.change import BETTER
from kpis.domain.wording import DATA_WORDS, LEVEL_WORDS

READ_ONLY = frozenset({"context", "adoption"})
STATE_OF_LEVEL = {
    "ok": "ok",
    "warning": "warning",
    "critical": "critical",
    "suspected_warning": "suspected",
    "suspected_critical": "suspected",
    "unknown": "unknown",
}
# Change -> (state, words); what is not here says nothing about good or bad.
STATE_OF_CHANGE: Mapping[str, tuple[str, str]] = {
    "better_worthwhile": ("ok", "Better, and worth it"),
    "better": ("ok", "Better than before"),
    "not_worse": ("ok", "Not worse than before"),
    "worse_within_margin": ("suspected", "Worse, within what is tolerated"),
    "worse": ("warning", "Worse than before"),
    "worse_beyond_margin": ("warning", "Worse than tolerated"),
    "unclear": ("unknown", "Cannot tell better from worse"),
}
WORSE = frozenset({"worse", "worse_beyond_margin"})
NO_LIMIT = ("unknown", "No limit set")
USABLE = frozenset({"measured", "partial", "stale"})


def state_of(
    judged: Mapping[str, Any] | None,
    *,
    role: str,
    direction: str,
    is_measured: bool,
    has_limits: bool,
    doubt: str = "",
) -> tuple[str, str]:
    """State (ok, warning, critical, suspected, unknown) and its words.

    `judged` is the KPI's part of a verdict (data, level, change). A gain with a doubt, and a good
    figure that is out of date or covers too little, are not "ok".
    """
    if not is_measured:
        return "unknown", "Not measured"
    if role in READ_ONLY or direction == "context" or judged is None:
        return "unknown", "For reading, not judged"
    data = str(judged["data"])
    if data not in USABLE:
        return "unknown", DATA_WORDS[data].capitalize()
    if doubt and str(judged["level"]) == "ok":
        return "suspected", "Unconfirmed gain"
    state, words = _judged(str(judged["level"]), str(judged["change"]), role, has_limits)
    if data == "measured":
        return state, words
    return "unknown" if state == "ok" else state, f"{words} ({DATA_WORDS[data]})"


def _judged(level: str, change: str, role: str, has_limits: bool) -> tuple[str, str]:
    if level != "ok":
        return STATE_OF_LEVEL[level], LEVEL_WORDS[level]
    state = STATE_OF_CHANGE.get(change)
    # An outcome is there to get better: within its limits and yet unclear is not good news.
    if state and (not has_limits or change in BETTER | WORSE or role == "outcome"):
        return state
    return ("ok", LEVEL_WORDS["ok"]) if has_limits else state or NO_LIMIT
