"""The answer of a review in one breath: headline, summary and the figures of page one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
VERBS = {
    "stop": ("should stop", "should stop"),
    "pause": ("should pause", "should pause"),
    "restrict": ("must be restricted", "must be restricted"),
    "improve": ("must improve before it grows", "must improve before they grow"),
    "expand": ("earns more room", "earn more room"),
    "continue": ("can continue", "can continue"),
}


def number(count: int) -> str:
    """ "two", "14"."""
    return WORDS[count].lower() if count < len(WORDS) else str(count)


def counted(count: int, thing: str = "deployment", *, capital: bool = True) -> str:
    """ "Two deployments", "One deployment", "14 deployments"."""
    word = number(count)
    plural = "" if count == 1 else "s"
    return f"{word.capitalize() if capital else word} {thing}{plural}"


def sentences(parts: Sequence[Mapping[str, Any]]) -> list[str]:
    """One or two sentences: the most severe recommendation first, then the best one."""
    if not parts:
        return ["No AI deployment is registered."]
    counts = Counter(part["decision"] for part in parts)
    said = [
        f"{counted(counts[decision])} {VERBS[decision][counts[decision] != 1]}."
        for decision in VERBS
        if counts[decision]
    ]
    if counts[None]:
        said.append(f"About {counted(counts[None], capital=False)} nothing can be told yet.")
    return said[:2]


def summary(parts: Sequence[Mapping[str, Any]]) -> str:
    """What is known and what is not, in a few sentences without praise."""
    if not parts:
        return "Nothing is in use, as far as this register knows."
    kpis = [kpi for part in parts for kpi in part["kpis"]]
    missing = [kpi for kpi in kpis if kpi["data"] == "not_measured"]
    beyond = [kpi for kpi in kpis if kpi["level"] in {"warning", "critical"}]
    text = f"{counted(len(parts))} {'is' if len(parts) == 1 else 'are'} under review "
    text += f"with {len(kpis)} measures. "
    text += f"{len(beyond)} of them {'is' if len(beyond) == 1 else 'are'} beyond a limit"
    text += f"; {len(missing)} {'is' if len(missing) == 1 else 'are'} not measured at all. "
    text += "Use is shown for reading and counts for nothing by itself. "
    return text + "What each recommendation rests on, and what speaks against it, follows."


def figures(parts: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Up to four numbers for page one; a share of measures, never a score."""
    kpis = [kpi for part in parts for kpi in part["kpis"]]
    measured = sum(kpi["data"] != "not_measured" for kpi in kpis)
    based = sum(kpi["baseline"] != "—" for kpi in kpis)
    beyond = sum(kpi["level"] in {"warning", "critical"} for kpi in kpis)
    return [
        {"value": str(len(parts)), "label": "deployments under review"},
        {"value": f"{measured} of {len(kpis)}", "label": "measures with a figure"},
        {"value": f"{based} of {len(kpis)}", "label": "with a figure from before AI"},
        {"value": str(beyond), "label": "beyond a limit"},
    ]


def because(record: Mapping[str, Any], rows: Sequence[Any]) -> str:
    """The first reason of a verdict, short enough for a table."""
    if not rows:
        return "No KPI has been chosen yet."
    reasons = list(record.get("because", [])) or list(record.get("reasons", []))
    return str(reasons[0]) if reasons else "No figure has been judged yet."
