"""P13, quantiles out of merged sketches: `python tests/benchmarks/bench_sketches.py`.

A year of daily sketches of generated times (log-normal, two peaks, many equal), merged in three
orders: the buckets must be the same in each, and p50, p90, p95 and p99 within the stated bound of
the true order statistics. Beside it the time of the merge against sorting all times, the floor
of an exact answer.
"""

import math
import random
import sys
import time
from functools import reduce
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from kpis.domain.aggregation import monoids, sketch

DAYS, A_DAY, QUANTILES = 365, 200, (0.5, 0.9, 0.95, 0.99)
BUDGET_MS = 50.0
SHAPES = {
    "log-normal": lambda dice: dice.lognormvariate(9, 1),
    "two peaks": lambda dice: dice.lognormvariate(dice.choice((6, 12)), 0.3),
    "many equal": lambda dice: dice.choice((0, 1000, 1000, 60_000)),
}


def ms(work):
    start = time.process_time()
    found = work()
    return found, (time.process_time() - start) * 1000


def merged(sketches):
    return reduce(sketch.merge, sketches, {})


def main():
    over = []
    for name, draw in SHAPES.items():
        dice = random.Random(name)
        days = [[round(draw(dice)) for _ in range(A_DAY)] for _ in range(DAYS)]
        daily = [monoids.of_durations(day)["buckets"] for day in days]
        whole, spent = ms(lambda daily=daily: merged(daily))
        shuffled = dice.sample(daily, DAYS)
        halves = merged([merged(shuffled[: DAYS // 3]), merged(shuffled[DAYS // 3 :])])
        same = whole == merged(reversed(daily)) == halves
        times, sorting = ms(lambda days=days: sorted(time for day in days for time in day))
        worst = 0.0
        for q in QUANTILES:
            true = times[math.floor(q * (len(times) - 1))]
            off = abs(sketch.quantile(whole, q) - true)
            worst = max(worst, off / true if true else off)
        print(
            f"{name}: worst error {worst:.4f} (at most {sketch.ALPHA}), {len(whole)} buckets, "
            f"order {'irrelevant' if same else 'MATTERS'}"
        )
        print(
            f"  {DAYS} days merged in {spent:.1f} ms CPU (at most {BUDGET_MS}), "
            f"sorting all times {sorting:.1f} ms: {spent / sorting:.2f}x"
        )
        over += [name] if worst > sketch.ALPHA + 1e-9 or not same or spent > BUDGET_MS else []
    print("over the bar: " + ", ".join(over) if over else "all within the bars")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
