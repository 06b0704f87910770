"""Counter-evidence: everything that points the other way, in a fixed order (method 5.5)."""

from kpis.domain.statistics.change import BETTER, Change
from kpis.domain.verdict.certainty import is_trending
from kpis.domain.verdict.facts import Facts
from kpis.domain.verdict.hits import Hit, on, when
from kpis.domain.verdict.kpi_facts import KpiFacts

HELD = frozenset({"restrict", "pause", "stop"})


def counter_evidence(facts: Facts, decision: str) -> dict[str, list[Hit]]:
    """Codes in their fixed order with what each was found on."""
    hits_by_code = {
        "USE_IS_NOT_SUCCESS": on(kpi for kpi in facts.kpis if _is_used_as_expected(facts, kpi)),
        "PROXY_BETTER": on(_better_proxies(facts)),
        "WORSE_WITHIN_MARGIN": on(
            kpi
            for kpi in facts.kpis
            if kpi.role not in {"cost", "adoption"} and kpi.change is Change.WORSE_WITHIN_MARGIN
        ),
        "FAST_BUT_SEEDS_CAUGHT": when(
            "fast" in facts.review.signals and facts.review.seeded == "pass",
            share=facts.case.review.seeded,
        ),
        "BENEFIT_DESPITE_HARM": on(
            facts.primaries if decision in HELD and facts.primary_better else ()
        ),
        "BASELINE_ALREADY_CHANGING": on(kpi for kpi in facts.primaries if is_trending(facts, kpi)),
        "INCIDENTS_NOT_INTERPRETABLE": when(facts.reporting.confirmed),
    }
    return {code: hits for code, hits in hits_by_code.items() if hits}


def _is_used_as_expected(facts: Facts, kpi: KpiFacts) -> bool:
    given = kpi.given
    if kpi.role != "adoption" or kpi.value is None or given.expected_min is None:
        return False
    # A single figure counts no persons, so it cannot reach the floor of persons.
    is_share = given.kind in {"ratio", "rating"}
    persons = given.current.den if is_share and given.current is not None else 0
    return persons >= facts.policy.floor_adoption and kpi.value >= given.expected_min


def _better_proxies(facts: Facts) -> list[KpiFacts]:
    if facts.primary_better:
        return []
    return [kpi for kpi in facts.kpis if kpi.given.proxy_for is not None and kpi.change in BETTER]
