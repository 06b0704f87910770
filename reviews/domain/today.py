"""What needs a person today, worst first; a pure ordering of what is on record."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kpis.domain.entering.due import State
from portal.domain.messages import listed
from reviews.domain.headline import counted, number

SEVERITY = ("stop", "pause", "restrict", "improve", "expand", "continue")
URGENT = frozenset({"stop", "pause", "restrict"})
# An accepted deviation is announced so many days before its last day.
ENDS_SOON = 14


@dataclass(frozen=True)
class Line:
    """One deployment: its recommendation, why, and what waits for a person about it."""

    slug: str
    name: str
    owner: str
    decision: str | None
    because: str
    to_confirm: int = 0
    due: int = 0
    late: int = 0

    @property
    def needs_somebody(self) -> bool:
        """Whether a decision, a confirmation or a late figure waits."""
        return self.decision in URGENT or bool(self.to_confirm) or bool(self.late)


@dataclass(frozen=True)
class Figure:
    """One figure that waits: of which KPI, for which period, in what state, for whom."""

    kpi: str
    deployment: str
    name: str
    period: str
    period_words: str
    state: State
    persons: tuple[str, ...]


@dataclass
class Sheet:
    """The figures of one deployment and period that wait for the same people: one grid."""

    deployment: str
    name: str
    period: str
    period_words: str
    persons: tuple[str, ...]
    figures: list[Figure] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.figures)

    @property
    def due(self) -> int:
        return sum(one.state is State.DUE for one in self.figures)

    @property
    def late(self) -> int:
        return sum(one.state is State.LATE for one in self.figures)

    @property
    def stale(self) -> int:
        return sum(one.state is State.STALE for one in self.figures)

    @property
    def names(self) -> str:
        """Up to three names, the worst first: “Error rate, Review time and 3 more”."""
        rank = (State.STALE, State.LATE, State.DUE)
        names = [one.kpi for one in sorted(self.figures, key=lambda one: rank.index(one.state))]
        more = len(names) - 3
        if more > 0:
            return f"{', '.join(names[:3])} and {more} more"
        return listed(names)


@dataclass(frozen=True)
class Task:
    """Something else that waits for a person; `kind` says where it leads."""

    kind: str
    deployment: str
    name: str
    says: str
    target: str = ""


def sheets(figures: Iterable[Figure]) -> list[Sheet]:
    """Figures by grid, the one with the most that is out of date first."""
    found: dict[tuple[str, str, tuple[str, ...]], Sheet] = {}
    for one in figures:
        key = one.deployment, one.period, one.persons
        sheet = found.setdefault(
            key, Sheet(one.deployment, one.name, one.period, one.period_words, one.persons)
        )
        sheet.figures.append(one)
    return sorted(
        found.values(), key=lambda one: (-one.stale, -one.late, -one.count, one.name, one.period)
    )


def ordered(lines: Sequence[Line]) -> list[Line]:
    """Worst recommendation first; what cannot be told stands before "continue"."""

    def rank(line: Line) -> tuple[int, int, str]:
        known = SEVERITY.index(line.decision) if line.decision in SEVERITY else 3
        return known, -(line.to_confirm + line.late), line.name

    return sorted(lines, key=rank)


def headline(lines: Sequence[Line]) -> str:
    """“Six AI deployments, two need you”."""
    if not lines:
        return "No AI deployment is registered yet"
    waiting = sum(line.needs_somebody for line in lines)
    said = counted(len(lines), "AI deployment")
    if not waiting:
        return f"{said}, none waits for you"
    verb = "needs" if waiting == 1 else "need"
    return f"{said}, {number(waiting)} {verb} you"


def due_headline(mine: Sequence[Sheet]) -> str:
    """“Five figures are due, two of them late”; empty where nothing waits for the reader."""
    count = sum(sheet.count for sheet in mine)
    late = sum(sheet.late + sheet.stale for sheet in mine)
    if not count:
        return ""
    said = counted(count, "figure")
    verb = "is" if count == 1 else "are"
    if late == count:
        return f"{said} {verb} late"
    return f"{said} {verb} due" + (f", {number(late)} of them late" if late else "")


def ends_in(ends_on: dt.date, today: dt.date) -> str:
    """The last day on which something holds: “today”, “tomorrow”, “in 5 days”."""
    days = (ends_on - today).days
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
