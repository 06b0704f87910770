"""Rules whose floor is improve (method 5.3)."""

from kpis.domain.statistics.change import WORSE, Change
from kpis.domain.verdict.facts import NO_REPORTING, Facts
from kpis.domain.verdict.figures import level_interval
from kpis.domain.verdict.hits import Hit, incident, on, when
from kpis.domain.verdict.kpi_facts import KpiFacts
from kpis.domain.verdict.schema import Incident

I1_ROLES = frozenset({"quality", "review", "customer", "risk", "operational"})
UNDECIDED = frozenset({Change.UNCLEAR, Change.NOT_WORSE, Change.POINT_ONLY})
ANY_WORSE = WORSE | {Change.WORSE_WITHIN_MARGIN}


def i1_guardrail(facts: Facts) -> list[Hit]:
    return on(
        kpi
        for kpi in facts.judged
        if (kpi.given.guardrail or kpi.role in I1_ROLES) and (kpi.is_beyond or kpi.is_worse)
    )


def i2_blind_spot(facts: Facts) -> list[Hit]:
    return on(facts.blind_spots)


def i3_no_baseline(facts: Facts) -> list[Hit]:
    return on(kpi for kpi in facts.primaries if kpi.change is Change.NO_BASELINE)


def i4_no_outcome(facts: Facts) -> list[Hit]:
    if not facts.primaries:
        return [Hit()]
    return on(
        kpi
        for kpi in facts.primaries
        if not kpi.usable and not (kpi.data == "too_few" and facts.is_early)
    )


def i4_no_benefit(facts: Facts) -> list[Hit]:
    return on(kpi for kpi in facts.primaries if _lacks_benefit(facts, kpi))


def _lacks_benefit(facts: Facts, kpi: KpiFacts) -> bool:
    if kpi.change in ANY_WORSE or kpi.is_beyond:
        return True
    return kpi.change in UNDECIDED and kpi.usable and not facts.is_early


def dearer(facts: Facts) -> list[KpiFacts]:
    """Cost KPIs that got worse or are beyond a limit."""
    return [kpi for kpi in facts.kpis if kpi.role == "cost" and (kpi.is_worse or kpi.is_beyond)]


def i5_cost_no_benefit(facts: Facts) -> list[Hit]:
    return [] if facts.primary_worthwhile else on(dearer(facts))


def i5_negative_value(facts: Facts) -> list[Hit]:
    high = facts.case.value.net_value_high
    return when(high is not None and high <= 0, high=high)


def i6_low_adoption(facts: Facts) -> list[Hit]:
    return on(kpi for kpi in facts.kpis if kpi.role == "adoption" and _is_low(facts, kpi))


def _is_low(facts: Facts, kpi: KpiFacts) -> bool:
    current, least = kpi.given.current, kpi.given.expected_min
    if current is None or least is None or kpi.given.kind not in {"ratio", "rating"}:
        return False
    found = level_interval(kpi.given.kind, current, facts.z)
    return current.den >= facts.policy.floor_adoption and found is not None and found.hi < least


def i7_underreporting(facts: Facts) -> list[Hit]:
    given = facts.case.reporting or NO_REPORTING
    found = facts.reporting
    return when(found.confirmed, expected=found.expected, reports=given.reports, uses=given.uses)


def i7_underreporting_suspected(facts: Facts) -> list[Hit]:
    found = facts.reporting
    fires = len(found.flags) >= facts.policy.suspect_flags and not found.confirmed
    return [Hit(flag) for flag in found.flags] if fires else []


def i8_shadow_ai(facts: Facts) -> list[Hit]:
    scope = facts.case.scope
    return when(facts.is_shadowed, share=scope.shadow, limit=scope.shadow_limit)


def i9_review_suspect(facts: Facts) -> list[Hit]:
    review = facts.review
    if review.failed or review.seeded == "pass":
        return []
    return [Hit(name) for name in review.signals]


def i10_stale_kpi_set(facts: Facts) -> list[Hit]:
    scope, limit = facts.case.scope, facts.policy.kpi_review_days
    fires = scope.changed_since_kpi_review or scope.days_since_kpi_review > limit
    about = "changed" if scope.changed_since_kpi_review else "old"
    return [Hit(about, numbers={"days": scope.days_since_kpi_review})] if fires else []


def concerning(facts: Facts) -> list[KpiFacts]:
    """Leading KPIs whose chart shows a concerning signal."""
    return [kpi for kpi in facts.judged if kpi.given.leading and kpi.given.spc == "concerning"]


def _are_independent(a: KpiFacts, b: KpiFacts) -> bool:
    """Neither names the other in proxy_for or derived_from."""
    return b.key not in (a.given.proxy_for, *a.given.derived_from) and a.key not in (
        b.given.proxy_for,
        *b.given.derived_from,
    )


def i11_early_warning(facts: Facts) -> list[Hit]:
    found = concerning(facts)
    return on(a for a in found if any(a is not b and _are_independent(a, b) for b in found))


def i12_workforce(facts: Facts) -> list[Hit]:
    return on(
        kpi for kpi in facts.kpis if kpi.role == "workforce" and (kpi.is_beyond or kpi.is_worse)
    )


def i13_gate(facts: Facts) -> list[Hit]:
    return [] if facts.is_high else [Hit(gate) for gate in facts.failed_gates]


def i14_incident_action(facts: Facts) -> list[Hit]:
    return [incident(one) for one in facts.case.incidents if _is_unfinished(facts, one)]


def _is_unfinished(facts: Facts, incident: Incident) -> bool:
    if incident.is_serious:
        return incident.action == "open"
    if (
        incident.severity != "moderate"
        or incident.status == "closed"
        or incident.action not in {"none", "open"}
    ):
        return False
    as_of = facts.case.as_of
    return incident.due_on is None or as_of is None or incident.due_on < as_of
