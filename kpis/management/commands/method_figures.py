"""Draw the figures of docs/method.md: standalone SVG with colours for light and dark of its own."""

import argparse
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.template.loader import render_to_string

from kpis.domain.catalogue.thresholds import Reading, rule, run
from kpis.domain.charts import Chart, process_chart
from kpis.domain.charts.stack import Stack, stack
from kpis.domain.charts.states import alarm_chart, change_chart
from kpis.domain.policy import current
from kpis.domain.statistics.process_charts import prime_chart, xmr_chart

ROOT = Path(settings.BASE_DIR)
FOLDER = ROOT / "docs" / "figures"
TOKENS = ROOT / "portal" / "static" / "plumbline" / "css" / "tokens.css"
FONT = '-apple-system, "Segoe UI", Roboto, Inter, "Noto Sans", sans-serif'
SIDE, ABOVE = 16, 14

# The classes of the drawings and the roles (tokens.css) of their colours.
COLOURS = (
    ("paper", "fill", "surface"),
    ("chart-axis", "stroke", "line"),
    ("chart-limit", "stroke", "edge"),
    ("chart-centre", "stroke", "edge"),
    ("chart-leader", "stroke", "edge"),
    ("chart-line", "stroke", "muted"),
    ("chart-baseline", "stroke", "muted"),
    ("chart-target", "stroke", "accent"),
    ("chart-point", "stroke", "ink"),
    ("chart-label", "fill", "muted"),
    ("chart-label-latest", "fill", "ink"),
    ("chart-label-name", "fill", "ink"),
    ("chart-label-target", "fill", "accent"),
    ("chart-concerning", "fill", "stop"),
    ("chart-improving", "fill", "surface"),
    ("chart-improving", "stroke", "expand"),
    ("chart-suspected", "fill", "improve"),
    ("chart-quiet", "fill", "edge"),
    ("chart-part", "fill", "edge"),
    ("chart-part-1", "fill", "accent"),
    ("chart-part-2", "fill", "improve"),
    ("chart-part-3", "fill", "stop"),
    ("chart-on-part", "fill", "surface"),
)

# Laboratory series of method 1.3: limits frozen on the first twelve weeks.
BEFORE = [20, 22, 19, 21, 23, 20, 18, 21, 22, 20, 19, 21]
AFTER = [22, 22, 23, 22, 22, 23, 22, 27, 26, 25, 26, 15, 21, 20]
# Mohammed 2013: emergency departments in England, seen within four hours, and attendances.
SEEN = [
    266501,
    264225,
    276532,
    281461,
    269071,
    261215,
    270409,
    279778,
    270483,
    270320,
    267923,
    271478,
    255353,
    256820,
    261835,
    259144,
    255910,
    260863,
    264465,
    260989,
]
ATTENDED = [
    280443,
    276823,
    291681,
    296155,
    282343,
    275888,
    283867,
    295251,
    284468,
    282529,
    279618,
    283932,
    266629,
    268091,
    276803,
    271578,
    266005,
    273520,
    278574,
    273772,
]
EFFECTS = [
    (0.12, 0.26),
    (0.03, 0.19),
    (-0.03, 0.07),
    (-0.09, 0.06),
    (-0.042, -0.008),
    (-0.13, -0.015),
    (-0.18, -0.07),
]
SHARES = [0.14, 0.151, 0.149, 0.152, 0.153, 0.147, 0.144, 0.149, 0.143, 0.142]


class Command(BaseCommand):
    help = "Draw the figures of docs/method.md as SVG files."
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, default=FOLDER, help="a folder (docs/figures)")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["to"]
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in drawn():
            (folder / name).write_text(text, encoding="utf-8")
            self.stdout.write(str(folder / name))


def drawn() -> Iterable[tuple[str, str]]:
    """Name and text of each file."""
    for name, draw in FIGURES.items():
        yield name, standalone(draw())


def process_behaviour() -> Chart:
    """Minutes per case: a shift, points outside the limits, two of three close to one."""
    values = BEFORE + AFTER
    labels = [f"2026-W{week:02}" for week in range(1, len(values) + 1)]
    chart = process_chart(
        [xmr_chart(labels, values, base=len(BEFORE))],
        title="Process behaviour chart of 26 weeks, limits frozen on the first twelve",
        unit_format=lambda value: f"{value:.1f}".removesuffix(".0") + " min",
        direction="down",
    )
    return replace(chart, note="limits from the first twelve weeks")


def prime() -> Chart:
    """Share seen within four hours, with limits as wide as the scatter between weeks."""
    labels = [f"week {week}" for week in range(1, len(SEEN) + 1)]
    return process_chart(
        [prime_chart(labels, SEEN, ATTENDED)],
        title="Prime chart of the share of emergency patients seen within four hours",
        unit_format=lambda value: f"{value * 100:.1f} %",
        direction="up",
    )


def change_states() -> Chart:
    """Every state of a change; the milder kind of “worse” has a row of its own."""
    return change_chart(
        EFFECTS,
        mwb=0.10,
        margin=0.05,
        unit_format=whole_percent,
        title="States of a change, by where its range lies",
    )


def whole_percent(value: float) -> str:
    """With a true minus."""
    return f"{value * 100:.3g} %".replace("-", "−")


def hysteresis() -> Chart:
    """A warning that begins with the second breach and ends with the second clear value."""
    policy = current()
    one = rule(0.15, "down", target=0.10, policy=policy)
    levels = run([Reading(value) for value in SHARES], {"warning": one}, policy=policy)
    return alarm_chart(
        SHARES,
        levels,
        warning=one.threshold,
        clear=one.clear,
        unit_format=whole_percent,
        title="A warning that begins with the second breach in a row and ends with the second "
        "clear value in a row",
    )


def task_time() -> Stack:
    """Laboratory example of method 6.3: what a task takes before AI, and with it."""
    rework = 0.18 * 25
    rows = [
        ("Before AI", [("work", 42.0)]),
        ("With AI", [("draft", 14.0), ("review", 11.0), ("rework", rework)]),
    ]
    return stack(rows, title="Minutes per task before and with AI", unit="min")


FIGURES: dict[str, Callable[[], Chart | Stack]] = {
    "process-behaviour-chart.svg": process_behaviour,
    "prime-chart.svg": prime,
    "change-states.svg": change_states,
    "hysteresis.svg": hysteresis,
    "task-time.svg": task_time,
}


def standalone(chart: Chart | Stack) -> str:
    """The drawing as a file of its own: with paper, a margin, letters and colours."""
    drawing = render_to_string(f"kpis/chart/{chart.kind}.svg", {"chart": chart})
    _, body = drawing.split(">", 1)
    width, height = float(chart.width) + 2 * SIDE, float(chart.height) + 2 * ABOVE
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-SIDE} {-ABOVE} {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img" fill="none" '
        'font-family="Inter, sans-serif" font-size="12">'
    )
    title, rest = re.split(r"(?<=</desc>)", body, maxsplit=1)
    paper = f'<rect class="paper" x="{-SIDE}" y="{-ABOVE}" width="100%" height="100%" rx="8"/>'
    return f"{head}{title}<style>{_style()}</style>{paper}{rest}".replace("><", ">\n<") + "\n"


def _style() -> str:
    roles = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", TOKENS.read_text("utf-8"))
    light = {role: day for role, day, _ in roles}
    dark = {role: night for role, _, night in roles}
    return (
        f"\nsvg {{ color: {light['ink']}; font: 500 12px {FONT}; }}\n"
        "path { stroke-opacity: 1; } text { fill-opacity: 1; }\n"
        f".chart-label-latest {{ font-weight: 600; }}\n{_rules(light)}\n"
        f"@media (prefers-color-scheme: dark) {{\nsvg {{ color: {dark['ink']}; }}\n"
        f"{_rules(dark)}\n}}\n"
    )


def _rules(colours: dict[str, str]) -> str:
    return "\n".join(f".{name} {{ {what}: {colours[role]}; }}" for name, what, role in COLOURS)
