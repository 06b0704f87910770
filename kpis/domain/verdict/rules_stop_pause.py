"""Rules whose floor is stop or pause (method 5.3)."""

from kpis.domain.verdict.facts import Facts
from kpis.domain.verdict.hits import Hit, incident, on, when
from kpis.domain.verdict.kpi_facts import KpiFacts
from kpis.domain.verdict.schema import Incident


def s1_prohibited(facts: Facts) -> list[Hit]:
    deployment = facts.case.deployment
    refused = facts.case.gates["legal_basis"] == "refused"
    return (
        [Hit("use")] * deployment.use_prohibited
        + [Hit("law")] * refused
        + [Hit("order")] * deployment.authority_order
    )


def s2_repeat_harm(facts: Facts) -> list[Hit]:
    hits = []
    for later in facts.serious:
        after = [_days_after(facts, one, later) for one in facts.serious if one is not later]
        known = [days for days in after if days is not None]
        if known:
            hits.append(incident(later, after=min(known)))
    return hits


def _days_after(facts: Facts, first: Incident, later: Incident) -> int | None:
    """Days from the effective repair of the first to the later one; None if it is no repeat."""
    if first.category != later.category or first.action != "effective":
        return None
    if first.action_effective_on is None or later.occurred_on is None:
        return None
    restart = facts.case.history.restart_decided_on
    if restart is not None and later.occurred_on <= restart:
        return None
    days = (later.occurred_on - first.action_effective_on).days
    return days if 0 <= days <= facts.policy.repeat_days else None


def s3_futile(facts: Facts) -> list[Hit]:
    history, high = facts.case.history, facts.case.value.net_value_high
    reviews = history.consecutive_no_benefit_reviews
    if reviews < facts.policy.no_benefit_reviews or not history.improvement_plan_completed:
        return []
    hits = [
        Hit(kpi.key, kpi, {"reviews": reviews})
        for kpi in facts.primaries
        if kpi.usable and kpi.hi is not None and kpi.hi < (kpi.given.mwb or 0)
    ]
    return hits or when(high is not None and high <= 0, high=high, reviews=reviews)


def p1_serious_open(facts: Facts) -> list[Hit]:
    unclear = {"open", "contained_cause_unknown"}
    return [incident(one) for one in facts.serious if one.status in unclear]


def critical_for_safety(facts: Facts) -> list[KpiFacts]:
    return [kpi for kpi in facts.judged if kpi.given.safety_critical and kpi.level == "critical"]


def p2_safety_critical(facts: Facts) -> list[Hit]:
    return on(kpi for kpi in critical_for_safety(facts) if kpi.given.confined_to is None)


def p3_gate(facts: Facts) -> list[Hit]:
    return [Hit(gate) for gate in facts.failed_gates] if facts.is_high else []


def p4_review_failed(facts: Facts) -> list[Hit]:
    return review_failed(facts) if facts.is_high else []


def review_failed(facts: Facts) -> list[Hit]:
    """What made the review fail: planted errors, its own record, or the signals."""
    if not facts.review.failed:
        return []
    if facts.review.seeded == "fail" and facts.case.review.seeded is not None:
        return [Hit("seeded", numbers={"share": facts.case.review.seeded})]
    if facts.case.deployment.human_review == "symbolic":
        return [Hit("recorded")]
    return [Hit("signals", numbers={"signals": facts.review.signals})]
