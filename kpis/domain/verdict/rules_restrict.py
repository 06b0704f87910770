"""Rules whose floor is restrict (method 5.3)."""

from kpis.domain.statistics.change import Change
from kpis.domain.verdict.facts import Facts
from kpis.domain.verdict.hits import Hit, on, when
from kpis.domain.verdict.rules_stop_pause import critical_for_safety, review_failed

FAR = frozenset({"customer_direct", "decision_on_person"})


def r1_unapproved_expansion(facts: Facts) -> list[Hit]:
    return [Hit(name) for name in sorted(set(facts.case.scope.unapproved))]


def r2_scope_drift(facts: Facts) -> list[Hit]:
    scope, floor = facts.case.scope, facts.policy.floor_share
    fires = facts.is_share_above(scope.out_of_scope, scope.out_of_scope_limit, floor)
    return when(fires, share=scope.out_of_scope, limit=scope.out_of_scope_limit)


def r3_review_symbolic(facts: Facts) -> list[Hit]:
    return [] if facts.is_high else review_failed(facts)


def is_overloaded(facts: Facts) -> bool:
    review, limit = facts.case.review, facts.policy.overload
    return (review.load or 0) > limit and (review.load_previous or 0) > limit


def r4_review_overload(facts: Facts) -> list[Hit]:
    review = facts.case.review
    return when(is_overloaded(facts), load=review.load, previous=review.load_previous)


def r6_local_breach(facts: Facts) -> list[Hit]:
    return on(kpi for kpi in critical_for_safety(facts) if kpi.given.confined_to is not None)


def r7_unmeasured_unreviewed(facts: Facts) -> list[Hit]:
    if not facts.is_high:
        return []
    absent = facts.case.deployment.human_review == "absent"
    deadline = facts.policy.blind_spot_days
    return on(
        kpi
        for kpi in facts.blind_spots
        if kpi.given.safety_critical and (absent or kpi.given.i2_open_days > deadline)
    )


def r8_harm_at_scale(facts: Facts) -> list[Hit]:
    if facts.case.deployment.effect_reach not in FAR or facts.review_is_effective:
        return []
    return on(
        kpi
        for kpi in facts.kpis
        if kpi.role in {"quality", "customer"}
        and (kpi.level == "critical" or kpi.change is Change.WORSE_BEYOND_MARGIN)
    )
