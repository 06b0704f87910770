"""The nine conditions of expanding (X1 to X9): the decision is expand only if all hold."""

from kpis.domain.statistics.change import BETTER, Change
from kpis.domain.verdict.certainty import CERTAINTY
from kpis.domain.verdict.facts import Facts
from kpis.domain.verdict.kpi_facts import KpiFacts

HOLDING = BETTER | {Change.NOT_WORSE, Change.WORSE_WITHIN_MARGIN}


def x1_benefit_twice(facts: Facts) -> bool:
    measured = all(kpi.data == "measured" for kpi in facts.primaries)
    return facts.primary_worthwhile and measured and facts.case.history.previous_review_better


def x2_guardrails(facts: Facts) -> bool:
    duties = [kpi for kpi in facts.guarded if not facts.is_exempt(kpi)]
    if not any(kpi.given.guardrail and kpi.role == "quality" for kpi in facts.guarded):
        return False
    if any(kpi.given.budget_exhausted for kpi in duties):
        return False
    return all(_holds(kpi) for kpi in duties if kpi.given.guardrail or kpi.given.critical_measure)


def _holds(kpi: KpiFacts) -> bool:
    if kpi.data != "measured" or kpi.level != "ok":
        return False
    # A baseline below its floor is none (method 2.5).
    if kpi.given.warning is None and not (kpi.has_baseline and kpi.given.margin is not None):
        return False
    return not kpi.has_baseline or kpi.change in HOLDING


def x4_value(facts: Facts) -> bool:
    low = facts.case.value.net_value_low
    return low is not None and low > 0


def x5_incidents(facts: Facts) -> bool:
    return all(one.status == "closed" for one in facts.serious) and not facts.recent_serious


def x6_capacity(facts: Facts) -> bool:
    proposal = facts.case.proposal
    if proposal is None or proposal.reviewer_load_after is None:
        return False
    return proposal.gates_ready and proposal.reviewer_load_after <= facts.policy.load_high


def x7_reporting(facts: Facts) -> bool:
    recorded, health = facts.case.reporting, facts.reporting
    if recorded is None or recorded.uses is None or recorded.reports is None:
        return False
    if (
        health.confirmed
        or health.flags
        or {"participation", "afraid", "audit"} & set(facts.too_few)
    ):
        return False
    return recorded.monthly_talk_signed or not facts.is_small


def x8_certainty(facts: Facts, certainty: str) -> bool:
    low_risk = facts.case.deployment.risk_class == "low"
    policy = facts.policy
    least = policy.expand_certainty_low_risk if low_risk else policy.expand_certainty
    return CERTAINTY.index(certainty) + 1 >= least


def blockers(facts: Facts, *, is_clean: bool, certainty: str) -> list[str]:
    """Every condition that fails, whatever the decision; `is_clean` = no finding, no watch."""
    proposal = facts.case.proposal
    conditions = {
        "X1": x1_benefit_twice(facts),
        "X2": x2_guardrails(facts),
        "X3": is_clean,
        "X4": x4_value(facts),
        "X5": x5_incidents(facts),
        "X6": x6_capacity(facts),
        "X7": x7_reporting(facts),
        "X8": x8_certainty(facts, certainty),
        "X9": proposal is not None and proposal.own_kpi_set,
        "BETWEEN_REVIEWS": not facts.is_between,
    }
    return [name for name, holds in conditions.items() if not holds]
