"""What a story of the demonstration is made of."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class KpiStory:
    """A KPI of the set; `weekly` makes figures: (before, level, cases) as its kind reads them.

    `missing` weeks at the end have no figure; `monthly` figures come once a month; `keeper` is
    who enters them.
    """

    key: str
    name: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    target: dict[str, Any] = field(default_factory=dict)
    earlier_target: dict[str, Any] = field(default_factory=dict)
    baseline: dict[str, Any] | None = None
    weekly: tuple[float, float, int] | None = None
    grade: str = "measured"
    monthly: bool = False
    missing: int = 0
    keeper: str = ""
    accepted: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """A deployment with its use case and KPI set; `file` is imported instead of made up."""

    name: str
    work: str
    pain: str
    unit: str
    owner: str
    system: str
    vendor: str
    model_version: str
    weeks_live: int
    facts: dict[str, Any]
    tasks: list[str]
    kpis: list[KpiStory]
    data: list[str] = field(default_factory=lambda: ["Documents of the case"])
    file: str = ""
    waiting_file: str = ""
    changed_weeks_ago: int | None = None
    gates: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    answered_weeks_ago: int = 2
    costs: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    basis: dict[str, Any] = field(default_factory=dict)
    interview: tuple[str, tuple[str, ...]] | None = None


def own(name: str, kind: str, unit: str, role: str, direction: str, **more: Any) -> dict[str, Any]:
    """The fields of a KPI of the organization's own."""
    return {"name": name, "kind": kind, "unit": unit, "role": role, "direction": direction} | more


# Cost parts that do not apply: no money, no hours, a reason.
NOT = ("", "", "nothing of the kind is bought")
IN_TASK = ("", "", "counted in the minutes per task")
