"""Who is reminded of which figures: the keeper, else the deployment's owner, else the managers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Open:
    """One figure that waits: who enters it (an address or ""), and of which deployment it is."""

    keeper: str
    owner: str
    deployment: str
    name: str
    is_late: bool


@dataclass(frozen=True)
class Line:
    """What waits in one deployment."""

    deployment: str
    name: str
    figures: int
    late: int


@dataclass(frozen=True)
class Letter:
    """What waits for one person, deployments with late figures first."""

    person: str
    lines: tuple[Line, ...]

    @property
    def figures(self) -> int:
        return sum(line.figures for line in self.lines)

    @property
    def late(self) -> int:
        return sum(line.late for line in self.lines)


def letters(waiting: Iterable[Open], people: Mapping[str, str]) -> list[Letter]:
    """One letter per person with something to do, by address.

    `people` maps the addresses of all who may enter figures to their names. A figure belongs to
    its keeper; without one to the owner of the deployment, known by name or address; without
    both to everybody who may enter it.
    """
    by_name = {name.casefold(): address for address, name in people.items()}
    found: dict[str, dict[str, list[Open]]] = {}
    for one in waiting:
        for person in _persons(one, people, by_name):
            found.setdefault(person, {}).setdefault(one.deployment, []).append(one)
    return [Letter(person, _lines(found[person])) for person in sorted(found)]


def _persons(one: Open, people: Mapping[str, str], by_name: Mapping[str, str]) -> list[str]:
    for known in (one.keeper, one.owner):
        if known in people:
            return [known]
    owner = by_name.get(one.owner.casefold())
    return [owner] if owner else sorted(people)


def _lines(by_deployment: Mapping[str, list[Open]]) -> tuple[Line, ...]:
    lines = [
        Line(slug, rows[0].name, len(rows), sum(row.is_late for row in rows))
        for slug, rows in by_deployment.items()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.late, -line.figures, line.name)))
