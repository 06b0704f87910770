"""How long the method takes: `python tests/benchmarks/bench_method.py`.

CPU time of the limits of a chart of 52 points, and of merging a year of daily duration sketches,
each beside a floor measured in the same run: the least work that reads the same numbers.
"""

import math
import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from kpis.domain.aggregation import monoids, sketch
from kpis.domain.statistics import process_charts as charts

POINTS, DAYS, PER_DAY = 52, 365, 100
LIMITS_MS, MERGE_MS = 1.0, 50.0


def best_ms(work, rounds):
    """The fastest of five runs, per call, in milliseconds of CPU."""
    work()
    runs = []
    for _ in range(5):
        start = time.process_time()
        for _ in range(rounds):
            work()
        runs.append((time.process_time() - start) / rounds * 1000)
    return min(runs)


def series():
    """Labels, numerators and denominators of 52 weeks."""
    chance = random.Random(7)
    den = [chance.randint(180, 260) for _ in range(POINTS)]
    num = [round(size * chance.uniform(0.7, 0.8)) for size in den]
    return [f"2026-W{week + 1:02}" for week in range(POINTS)], num, den


def year():
    """The duration state of each day: 100 times with a median of about half an hour."""
    chance = random.Random(7)
    return [
        monoids.of_durations(
            round(chance.lognormvariate(math.log(1_800_000), 0.8)) for _ in range(PER_DAY)
        )
        for _ in range(DAYS)
    ]


def merged(days):
    """The sketches alone, one after another."""
    total = {}
    for day in days:
        total = sketch.merge(total, day["buckets"])
    return total


def counted(days):
    """The floor of merging: the same counts added without order."""
    total = Counter()
    for day in days:
        total.update(day["buckets"])
    return total


def report(name, work, rounds, floor, budget=None):
    """Prints one line; whether the budget, if there is one, holds."""
    spent = best_ms(work, rounds)
    limit = "no budget of its own" if budget is None else f"budget {budget:g} ms"
    print(f"{name}: {spent:.3f} ms CPU; floor {floor:.4f} ms; {spent / floor:.1f}x; {limit}")
    return budget is None or spent <= budget


def main():
    labels, num, den = series()
    values = [n / d for n, d in zip(num, den, strict=True)]
    least = best_ms(lambda: math.fsum(values), 2000)
    days = year()
    floor = best_ms(lambda: counted(days), 5)
    held = [
        report("xmr limits", lambda: charts.xmr_limits(values), 500, least, LIMITS_MS),
        report("prime limits", lambda: charts.prime_limits(num, den), 500, least, LIMITS_MS),
        report("xmr chart with signals", lambda: charts.xmr_chart(labels, values), 200, least),
        report(
            "prime chart with signals",
            lambda: charts.prime_chart(labels, num, den),
            200,
            least,
        ),
        report("a year of sketches", lambda: merged(days), 3, floor, MERGE_MS),
        report("a year of states", lambda: monoids.fold("duration", days), 3, floor, MERGE_MS),
    ]
    if merged(days) != dict(counted(days)):
        print("The merged counts differ from the floor's.")
        return 1
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
