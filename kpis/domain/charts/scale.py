"""Scales, round ticks, widths of text and places that do not collide. Plain numbers only."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SIZE = 12.0  # of the letters, in units of the drawing
LINE_HEIGHT = 14.0


@dataclass(frozen=True)
class Plot:
    """The scales: place in time and value to x and y."""

    left: float
    right: float
    top: float
    bottom: float
    first: float
    last: float
    low: float
    high: float

    def x(self, position: float) -> float:
        if self.last == self.first:
            return (self.left + self.right) / 2
        return self.left + (position - self.first) / (self.last - self.first) * (
            self.right - self.left
        )

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.bottom - share * (self.bottom - self.top)


def nice_ticks(low: float, high: float, count: int) -> list[float]:
    """About `count` round values from low to high: multiples of 1, 2, 2.5 or 5 times a power."""
    rough = (high - low) / max(1, count)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= rough * 0.999999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{index * step:.12g}") + 0.0 for index in range(first, last + 1)]


def text_width(text: str, size: float = SIZE) -> float:
    """Width of a text in Inter, estimated from the classes of its letters, on the wide side."""
    narrow = sum(letter in " .,:;'|!()[]ijlIft-" for letter in text)
    wide = sum(letter in "mwMW%@—…≤≥€" for letter in text)
    return size * (0.34 * narrow + 0.9 * wide + 0.62 * (len(text) - narrow - wide))


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places at least `gap` apart with the least total squared move; `wanted` ascends.

    Pool adjacent violators on wanted[i] - i * gap, then a shift into [low, high].
    """
    pools: list[tuple[float, int]] = []
    for index, place in enumerate(wanted):
        mean, size = place - index * gap, 1
        while pools and pools[-1][0] > mean:
            before, many = pools.pop()
            mean, size = (before * many + mean * size) / (many + size), many + size
        pools.append((mean, size))
    means = [mean for mean, size in pools for _ in range(size)]
    room = high - gap * (len(means) - 1)
    return [max(low, min(mean, room)) + index * gap for index, mean in enumerate(means)]


def n(value: float) -> str:
    """A coordinate with at most one decimal."""
    text = f"{value:.1f}"
    text = text[:-2] if text.endswith(".0") else text
    return "0" if text == "-0" else text


def at_text(x: float, y: float) -> str:
    """Two coordinates of a path."""
    return f"{n(x)} {n(y)}"


def across(heights: Iterable[float], plot: Plot, beyond: float = 6) -> str:
    """Level lines over the whole plot and a little beyond."""
    return "".join(f"M{at_text(plot.left - beyond, y)}H{n(plot.right + beyond)}" for y in heights)
