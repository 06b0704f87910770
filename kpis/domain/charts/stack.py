"""Task time before and with AI on one axis, the parts of it side by side (capability 4)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kpis.domain.charts.scale import n
from kpis.domain.errors import EmptySeries, NegativeCount, NotANumber

WIDTH, ROW, BAR, LEFT = 640.0, 44.0, 20.0, 76.0


@dataclass(frozen=True)
class Part:
    """One piece of a bar: x and width in the drawing, its name, and its place in the legend."""

    name: str
    index: int
    x: str
    width: str
    label: str
    label_x: str


@dataclass(frozen=True)
class Bar:
    label: str
    y: str
    text_y: str
    parts: tuple[Part, ...]
    end_x: str
    total: str


@dataclass(frozen=True)
class Stack:
    kind: str
    width: str
    height: str
    title: str
    description: str
    bars: tuple[Bar, ...]
    bar_height: str


Given = Sequence[tuple[str, Sequence[tuple[str, float]]]]


def stack(rows: Given, *, title: str, unit: str) -> Stack:
    """Bars of named parts on one axis from zero. Raises EmptySeries, NotANumber, NegativeCount.

    Parts of the same name have the same place (index) in every bar.
    """
    sizes = [size for _, parts in rows for _, size in parts]
    if not sizes:
        raise EmptySeries("There is no time to draw.")
    if not all(math.isfinite(size) for size in sizes):
        raise NotANumber("Times must be finite numbers.")
    if min(sizes) < 0:
        raise NegativeCount("A time cannot be below zero.")
    names = list(dict.fromkeys(name for _, parts in rows for name, _ in parts))
    most = max(math.fsum(size for _, size in parts) for _, parts in rows)
    scale = (WIDTH - LEFT - 76) / most if most else 0.0
    bars = tuple(_bar(at, row, names, scale, unit) for at, row in enumerate(rows))
    description = "; ".join(
        f"{label}: {', '.join(f'{name} {size:g}' for name, size in parts)} {unit}, "
        f"together {math.fsum(size for _, size in parts):g}"
        for label, parts in rows
    )
    return Stack("stack", n(WIDTH), n(ROW * len(rows)), title, f"{description}.", bars, n(BAR))


def _bar(
    at: int, row: tuple[str, Sequence[tuple[str, float]]], names: list[str], scale: float, unit: str
) -> Bar:
    label, sizes = row
    top, x, parts = at * ROW + (ROW - BAR) / 2, LEFT, []
    for name, size in sizes:
        wide = size * scale
        text = f"{name} {size:g}"
        fits = wide > 7.2 * len(text)
        parts.append(
            Part(name, names.index(name), n(x), n(wide), text if fits else "", n(x + wide / 2))
        )
        x += wide
    total = math.fsum(size for _, size in sizes)
    return Bar(label, n(top), n(top + BAR / 2 + 4), tuple(parts), n(x + 8), f"{total:g} {unit}")
