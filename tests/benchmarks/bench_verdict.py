"""How long a verdict takes: `python tests/benchmarks/bench_verdict.py`.

CPU time of judging 30 KPIs, and its ratio to a floor: writing, reading and hashing the same
evidence as JSON, which any judgement that names its inputs has to do.
"""

import copy
import hashlib
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from kpis.domain.verdict import judge
from tests.kpis.domain.verdict_cases import load, resolve

KPIS, ROUNDS, BUDGET_MS = 30, 200, 5.0


def evidence():
    """K1 with its four KPIs repeated to thirty, the first primary only."""
    cases = load()
    case = resolve(cases["K1"], cases)
    found = []
    for index in range(KPIS):
        kpi = copy.deepcopy(case["kpis"][index % 4])
        found.append({**kpi, "key": f"{kpi['key']}_{index:02}", "primary": index == 1})
    return {**case, "kpis": found}


def best_ms(work):
    """The fastest of five runs, per call, in milliseconds of CPU."""
    work()
    runs = []
    for _ in range(5):
        start = time.process_time()
        for _ in range(ROUNDS):
            work()
        runs.append((time.process_time() - start) / ROUNDS * 1000)
    return min(runs)


def main():
    case = evidence()

    def floor():
        text = json.dumps(case, sort_keys=True)
        json.loads(text)
        hashlib.sha256(text.encode()).hexdigest()

    verdict, least = best_ms(lambda: judge(case)), best_ms(floor)
    print(
        f"{KPIS} KPIs judged in {verdict:.2f} ms CPU; floor {least:.3f} ms; {verdict / least:.1f}x"
    )
    return 0 if verdict < BUDGET_MS else 1


if __name__ == "__main__":
    sys.exit(main())
