"""What needs a person today, worst first; a pure ordering of what is on record."""

from collections.abc import Sequence
from dataclasses import dataclass

from reviews.domain.headline import counted, number

SEVERITY = ("stop", "pause", "restrict", "improve", "expand", "continue")
URGENT = frozenset({"stop", "pause", "restrict"})


@dataclass(frozen=True)
class Line:
    """One deployment: its recommendation, why, and what is to be done about its figures."""

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
