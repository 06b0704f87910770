"""Which words a field of the data files may say."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

# Words with a fixed meaning in the code; all others stand in the data files.
FIXED = {
    "direction": "up down band context",
    "indicator": "leading lagging coincident context",
    "cadence": "real_time daily weekly monthly quarterly once",
    "op": "< <= > >= info trend",
    "role of a target": "default scale_gate example note track_trend",
    "use": "set add_on",
    "time_fold": "last min max time_weighted",
    "statistic": "precision recall f1",
    "n_unit": "item period",
    "value": "promoters_minus_detractors",
}
# What a field names, wherever it stands; the more exact path wins.
SAYS = {
    "category": "category",
    "role": "role",
    "targets.role": "role of a target",
    "layer": "layer",
    "kind": "kind",
    "unit": "unit",
    "measured_at": "measuring place",
    "window": "window",
    "direction": "direction",
    "indicator": "indicator",
    "cadence": "cadence",
    "op": "op",
    "default_cadence": "cadence",
    "time_fold": "time_fold",
    "statistic": "statistic",
    "n_unit": "n_unit",
    "entry.value": "value",
    "use": "use",
    "phases": "phase",
    "when": "condition",
    "requires": "condition",
    "seed": "seed",
    "seeds": "seed",
    "indicator_stated_by": "seed",
    "from": "voice",
    "pair_from": "voice",
} | dict.fromkeys(
    [
        "pair_with",
        "derived_from",
        "proxy_for",
        "part_of",
        "kpis",
        "complete_with",
        "mandatory",
        "pair",
        "leading",
        "lagging",
        "primary",
        "adds_primary",
        "secondary",
        "every_phase",
        "measures",
        "baseline.before_launch",
        "same_process",
        "choose",
    ],
    "KPI",
)
WHOLE = {
    "verdict_inputs": "KPI",
    "usage_only_hides": "KPI",
    "dashboards": "KPI or slot",
    "quality_matters_most_when": "condition",
}
TOLD = {"slots", "drawn_as", "behaviour"}  # parts of the dashboards that are words for people
_KEY = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")


def word_faults(
    value: Any, known: Mapping[str, Collection[str]], path: tuple[str, ...]
) -> Iterator[str]:
    """Words in the values below `path` that their field may not say.

    `path`: the subject (“entry” for a KPI) and the fields on the way down.
    """
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from word_faults(inner, known, (*path, name))
    elif isinstance(value, list):
        for inner in value:
            yield from word_faults(inner, known, path)
    elif isinstance(value, str) and not TOLD & set(path):
        named = SAYS.get(".".join(path[-2:])) or SAYS.get(path[-1]) or WHOLE.get(path[0])
        if named and named.startswith("KPI") and value not in known[named]:
            yield f"{path[-1]} names “{value}”, which does not exist."
        elif named and value not in known[named]:
            yield f"{path[-1]} has the unknown {named} “{value}”."


def keys_in(text: str) -> list[str]:
    """Every word of a text that is written like a key: lower case, joined by underscores."""
    return _KEY.findall(text)
