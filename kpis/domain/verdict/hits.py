"""Why a rule fired. A rule is a function from facts to hits; no hit, no finding."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kpis.domain.verdict.facts import Facts
from kpis.domain.verdict.kpi_facts import KpiFacts
from kpis.domain.verdict.schema import Incident

STOP, PAUSE, RESTRICT, IMPROVE = "stop", "pause", "restrict", "improve"


@dataclass(frozen=True)
class Hit:
    """`about` names the KPI, gate, share, flag or category; `numbers` fill the sentence."""

    about: str = ""
    kpi: KpiFacts | None = None
    numbers: Mapping[str, Any] = field(default_factory=dict)


Rule = Callable[[Facts], list[Hit]]


def when(condition: bool, **numbers: Any) -> list[Hit]:
    """One hit if the condition holds."""
    return [Hit(numbers=numbers)] if condition else []


def on(kpis: Iterable[KpiFacts]) -> list[Hit]:
    """One hit per KPI."""
    return [Hit(kpi.key, kpi) for kpi in kpis]


def incident(one: Incident, **numbers: Any) -> Hit:
    """A hit on an incident."""
    return Hit(one.category, numbers={"severity": one.severity, "incident": one, **numbers})
