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
    addresses = by_name(people)
    by_person: dict[str, dict[str, list[Open]]] = {}
    for figure in waiting:
        for person in answers_for(figure.keeper, figure.owner, people, addresses):
            by_person.setdefault(person, {}).setdefault(figure.deployment, []).append(figure)
    return [Letter(person, _lines(by_person[person])) for person in sorted(by_person)]


def by_name(people: Mapping[str, str]) -> dict[str, str]:
    """Addresses by name, however it is capitalized."""
    return {name.casefold(): address for address, name in people.items()}


def answers_for(
    keeper: str, owner: str, people: Mapping[str, str], addresses: Mapping[str, str]
) -> list[str]:
    """Addresses of those who enter a figure; `addresses` is `by_name` of the same people."""
    for person in (keeper, owner):
        if person in people:
            return [person]
    address = addresses.get(owner.casefold())
    return [address] if address else sorted(people)


def _lines(by_deployment: Mapping[str, list[Open]]) -> tuple[Line, ...]:
    lines = [
        Line(slug, rows[0].name, len(rows), sum(row.is_late for row in rows))
        for slug, rows in by_deployment.items()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.late, -line.figures, line.name)))
