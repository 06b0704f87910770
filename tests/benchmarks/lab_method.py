"""The simulated values of the method: `python tests/benchmarks/lab_method.py [RUNS]`.

How often a chart without any change raises a signal, how soon it finds a change, how sure its
limits are, and what looking every week does to a 95 % interval. The laws are those of section 1.4
and 2.6 of the method; limits and rules are the product's own, without screening.
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from kpis.domain.statistics import process_charts

NEW = 12


def process(rows, count, *, seed, lag=0.0):
    """`rows` series of a stable normal process with unit spread and a lag-1 autocorrelation."""
    noise = np.random.default_rng(seed).standard_normal((rows, count))
    for at in range(1, count):
        noise[:, at] = lag * noise[:, at - 1] + (1 - lag**2) ** 0.5 * noise[:, at]
    return noise


def labels(series, base):
    """The signals of one series, limits frozen on its first `base` points."""
    limits = process_charts.xmr_limits(series[:base], screen=False)
    bounds = (limits.lower, limits.near_lower, limits.near_upper, limits.upper)
    return process_charts.signals_of(series, limits.mean, [bounds] * len(series))


def false_alarms(base, runs, *, lag=0.0, seed=1):
    """Shares of stable series with any signal among twelve new points, and at the newest one."""
    any_of, newest = 0, 0
    for series in process(runs, base + NEW, seed=seed, lag=lag).tolist():
        found = [one is not process_charts.Signal.COMMON for one in labels(series, base)]
        any_of += any(found[base:])
        newest += found[-1]
    return any_of / runs, newest / runs


def power(shift, runs, *, base=12, within=(4, 8, 12), seed=2):
    """Shares of shifted series with a signal among the first new points, by their number."""
    found = dict.fromkeys(within, 0)
    for series in process(runs, base + NEW, seed=seed).tolist():
        moved = series[:base] + [value + shift for value in series[base:]]
        for count in within:
            told = labels(moved[: base + count], base)[base:]
            found[count] += any(one is not process_charts.Signal.COMMON for one in told)
    return {count: hits / runs for count, hits in found.items()}


def spread_of_sigma(count, runs, *, seed=3):
    """Coefficient of variation of the spread that a chart estimates from so many points."""
    ranges = np.abs(np.diff(process(runs, count, seed=seed))).mean(axis=1)
    return float(ranges.std() / ranges.mean())


def weekly_looks(z, runs, *, weeks=12, cases=200, share=0.2, seed=4):
    """Share of comparisons without any difference that a look every week calls a difference."""
    chance = np.random.default_rng(seed)
    new, old = (chance.binomial(cases, share, (runs, weeks)).cumsum(axis=1) for _ in range(2))
    n = cases * np.arange(1, weeks + 1)
    (p1, l1, u1), (p0, l0, u0) = (_wilson(one, n, z) for one in (new, old))
    lower = p1 - p0 - np.hypot(p1 - l1, u0 - p0)
    upper = p1 - p0 + np.hypot(u1 - p1, p0 - l0)
    return float(((lower > 0) | (upper < 0)).any(axis=1).mean())


def _wilson(x, n, z):
    p, z2 = x / n, z * z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = z / (1 + z2 / n) * np.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return p, centre - half, centre + half


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000
    print(f"{runs:,} runs each")
    for base in (8, 12, 20, 24):
        some, newest = false_alarms(base, runs)
        print(f"false alarm, {base} points before: {some:.1%} among 12, {newest:.1%} at the newest")
        if base == 12:
            print(
                f"  of ten KPIs one falsely special {1 - (1 - newest) ** 10:.0%}, "
                f"falsely concerning {1 - (1 - newest / 2) ** 10:.0%}"
            )
    some, newest = false_alarms(12, runs, lag=0.3)
    print(f"false alarm, autocorrelation 0.3: {some:.1%} among 12, {newest:.1%} at the newest")
    for shift in (1, 2):
        told = ", ".join(f"{share:.1%} in {count}" for count, share in power(shift, runs).items())
        print(f"a shift of {shift} sigma is found: {told}")
    cv = ", ".join(
        f"{count}: {spread_of_sigma(count, 200_000):.3f}" for count in (6, 8, 12, 20, 24)
    )
    print(f"spread of sigma by points: {cv}")
    for z in (1.959963984540054, 3.0):
        print(f"twelve weekly looks, z {z:.2f}: {weekly_looks(z, 200_000):.1%}")


if __name__ == "__main__":
    main()
