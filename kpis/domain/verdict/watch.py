"""What is watched: no floor of its own, but nothing is expanded while it stands (method 5.3)."""

from kpis.domain.statistics.change import Change
from kpis.domain.verdict.facts import Facts
from kpis.domain.verdict.hits import Hit, Rule, incident, on, when
from kpis.domain.verdict.kpi_facts import KpiFacts
from kpis.domain.verdict.rules_improve import (
    I1_ROLES,
    UNDECIDED,
    concerning,
    dearer,
    i1_guardrail,
    i11_early_warning,
    i12_workforce,
)
from kpis.domain.verdict.rules_restrict import is_overloaded

UNCLEAR_ROLES = I1_ROLES | {"workforce", "outcome"}


def w_early(facts: Facts) -> list[Hit]:
    return [] if i11_early_warning(facts) else on(concerning(facts))


def w_unclear(facts: Facts) -> list[Hit]:
    known = {hit.about for rule in (i1_guardrail, i12_workforce) for hit in rule(facts)}
    unclear = [kpi for kpi in facts.guarded if kpi.key not in known and _is_unclear(kpi)]
    return on(unclear) + [Hit(name) for name in facts.too_few]


def _is_unclear(kpi: KpiFacts) -> bool:
    guardrail = kpi.given.guardrail
    if kpi.is_suspected and (guardrail or kpi.role in UNCLEAR_ROLES):
        return True
    if guardrail:
        return kpi.change is Change.UNCLEAR
    is_secondary = kpi.role == "outcome" and not kpi.given.is_primary
    return is_secondary and (kpi.is_beyond or kpi.is_worse)


def w_small_benefit(facts: Facts) -> list[Hit]:
    return on(kpi for kpi in facts.primaries if kpi.change is Change.BETTER)


def w_too_early(facts: Facts) -> list[Hit]:
    if not facts.is_early:
        return []
    return on(
        kpi
        for kpi in facts.primaries
        if kpi.data == "too_few" or (kpi.usable and kpi.change in UNDECIDED)
    )


def w_cost_up(facts: Facts) -> list[Hit]:
    return on(dearer(facts)) if facts.primary_worthwhile else []


def w_reporting(facts: Facts) -> list[Hit]:
    found = facts.reporting
    fires = len(found.flags) == 1 and not found.confirmed
    return [Hit(flag) for flag in found.flags] if fires else []


def w_recent_serious(facts: Facts) -> list[Hit]:
    return [incident(one) for one in facts.recent_serious]


def w_review_load(facts: Facts) -> list[Hit]:
    load = facts.case.review.load
    high = load is not None and load > facts.policy.load_high
    return when(high and not is_overloaded(facts), load=load)


WATCH: tuple[tuple[str, Rule], ...] = (
    ("W_EARLY", w_early),
    ("W_UNCLEAR", w_unclear),
    ("W_SMALL_BENEFIT", w_small_benefit),
    ("W_TOO_EARLY", w_too_early),
    ("W_COST_UP", w_cost_up),
    ("W_REPORTING", w_reporting),
    ("W_RECENT_SERIOUS", w_recent_serious),
    ("W_REVIEW_LOAD", w_review_load),
)
