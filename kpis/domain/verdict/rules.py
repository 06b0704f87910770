"""The decision table (method 5.3): every rule says where it fires; the highest floor decides."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kpis.domain.change import WORSE, Change
from kpis.domain.intervals import wilson
from kpis.domain.verdict.facts import KpiFacts
from kpis.domain.verdict.world import World

STOP, PAUSE, RESTRICT, IMPROVE = "stop", "pause", "restrict", "improve"
I1_ROLES = {"quality", "review", "customer", "risk", "operational"}
UNSURE = {Change.UNCLEAR, Change.NOT_WORSE, Change.POINT_ONLY}
ANY_WORSE = WORSE | {Change.WORSE_WITHIN_MARGIN}


@dataclass(frozen=True)
class Hit:
    """Why a rule fired: the thing it fired on, and what a sentence needs."""

    about: str = ""
    kpi: KpiFacts | None = None
    numbers: Mapping[str, Any] = field(default_factory=dict)


Rule = Callable[[World], list[Hit]]


def _if(condition: bool, **numbers: Any) -> list[Hit]:
    return [Hit(numbers=numbers)] if condition else []


def _on(kpis: list[KpiFacts]) -> list[Hit]:
    return [Hit(kpi.key, kpi) for kpi in kpis]


def _incident(one: Mapping[str, Any]) -> Hit:
    return Hit(str(one["category"]), numbers=one)


def s1_prohibited(world: World) -> list[Hit]:
    given = world.deployment
    return _if(
        given["use_prohibited"]
        or given["authority_order"]
        or world.case["gates"]["legal_basis"] == "refused"
    )


def s2_repeat_harm(world: World) -> list[Hit]:
    restart = world.case["history"]["restart_decided_on"]
    hits = []
    for first in world.serious:
        if first["action"] != "effective" or first["action_effective_on"] is None:
            continue
        for again in world.serious:
            when = again["occurred_on"]
            if again is first or again["category"] != first["category"] or when is None:
                continue
            if restart is not None and when <= restart:
                continue
            if 0 <= (when - first["action_effective_on"]).days <= 180:
                hits.append(_incident(again))
    return hits


def s3_futile(world: World) -> list[Hit]:
    history, high = world.case["history"], world.case["value"]["net_value_high"]
    if history["consecutive_no_benefit_reviews"] < 2 or not history["improvement_plan_completed"]:
        return []
    futile = [
        kpi
        for kpi in world.primaries
        if kpi.usable and kpi.hi is not None and kpi.hi < (kpi.given["mwb"] or 0)
    ]
    return _on(futile) or _if(high is not None and high <= 0, high=high)


def p1_serious_open(world: World) -> list[Hit]:
    return [
        _incident(one)
        for one in world.serious
        if one["status"] in {"open", "contained_cause_unknown"}
    ]


def _safety_critical(world: World) -> list[KpiFacts]:
    return [
        kpi for kpi in world.judged() if kpi.given["safety_critical"] and kpi.level == "critical"
    ]


def p2_safety_critical(world: World) -> list[Hit]:
    return _on([kpi for kpi in _safety_critical(world) if kpi.given["confined_to"] is None])


def p3_gate(world: World) -> list[Hit]:
    return [Hit(gate) for gate in world.failed_gates] if world.is_high else []


def p4_review_failed(world: World) -> list[Hit]:
    return _if(world.review.failed and world.is_high)


def r1_unapproved_expansion(world: World) -> list[Hit]:
    return [Hit(name) for name in sorted(world.case["scope"]["unapproved"])]


def r2_scope_drift(world: World) -> list[Hit]:
    scope = world.case["scope"]
    fires = world.share_above("scope", "out_of_scope", scope["out_of_scope_limit"], 30)
    return _if(fires, **(scope["out_of_scope"] or {}))


def r3_review_symbolic(world: World) -> list[Hit]:
    return _if(world.review.failed and not world.is_high)


def _overloaded(world: World) -> bool:
    review = world.case["review"]
    return (review["load"] or 0) > 1 and (review["load_previous"] or 0) > 1


def r4_review_overload(world: World) -> list[Hit]:
    return _if(_overloaded(world), load=world.case["review"]["load"])


def r6_local_breach(world: World) -> list[Hit]:
    return _on([kpi for kpi in _safety_critical(world) if kpi.given["confined_to"] is not None])


def r7_unmeasured_unreviewed(world: World) -> list[Hit]:
    if not world.is_high:
        return []
    absent = world.deployment["human_review"] == "absent"
    return _on(
        [
            kpi
            for kpi in world.blind_spots
            if kpi.given["safety_critical"] and (absent or kpi.given["i2_open_days"] > 30)
        ]
    )


def r8_harm_at_scale(world: World) -> list[Hit]:
    far = {"customer_direct", "decision_on_person"}
    if world.deployment["effect_reach"] not in far or world.review.effective:
        return []
    return _on(
        [
            kpi
            for kpi in world.kpis
            if kpi.role in {"quality", "customer"}
            and (kpi.level == "critical" or kpi.change == Change.WORSE_BEYOND_MARGIN)
        ]
    )


def i1_guardrail(world: World) -> list[Hit]:
    return _on(
        [
            kpi
            for kpi in world.judged()
            if (kpi.given["guardrail"] or kpi.role in I1_ROLES)
            and (kpi.is_beyond or kpi.change in WORSE)
        ]
    )


def i2_blind_spot(world: World) -> list[Hit]:
    return _on(world.blind_spots)


def i3_no_baseline(world: World) -> list[Hit]:
    return _on([kpi for kpi in world.primaries if kpi.change == Change.NO_BASELINE])


def _early_few(world: World, kpi: KpiFacts) -> bool:
    return kpi.data == "too_few" and world.is_early


def i4_no_outcome(world: World) -> list[Hit]:
    if not world.primaries:
        return [Hit()]
    return _on([k for k in world.primaries if not k.usable and not _early_few(world, k)])


def i4_no_benefit(world: World) -> list[Hit]:
    return _on(
        [
            kpi
            for kpi in world.primaries
            if kpi.change in ANY_WORSE
            or kpi.is_beyond
            or (kpi.change in UNSURE and kpi.usable and not world.is_early)
        ]
    )


def _dearer(world: World) -> list[KpiFacts]:
    return [
        kpi for kpi in world.kpis if kpi.role == "cost" and (kpi.change in WORSE or kpi.is_beyond)
    ]


def i5_cost_no_benefit(world: World) -> list[Hit]:
    return [] if world.primary_worthwhile else _on(_dearer(world))


def i5_negative_value(world: World) -> list[Hit]:
    high = world.case["value"]["net_value_high"]
    return _if(high is not None and high <= 0, high=high)


def i6_low_adoption(world: World) -> list[Hit]:
    hits = []
    for kpi in world.kpis:
        parts, least = kpi.given["current"], kpi.given["expected_min"]
        if kpi.role != "adoption" or least is None or parts is None or "den" not in parts:
            continue
        if parts["den"] >= 5 and wilson(parts["num"], parts["den"], world.z).hi < least:
            hits.append(Hit(kpi.key, kpi))
    return hits


def i7_underreporting(world: World) -> list[Hit]:
    return _if(world.reporting.confirmed, expected=world.reporting.expected)


def i7_suspected(world: World) -> list[Hit]:
    return _if(len(world.reporting.flags) >= 2 and not world.reporting.confirmed)


def i8_shadow_ai(world: World) -> list[Hit]:
    return _if(world.is_shadowed, **(world.case["scope"]["shadow"] or {}))


def i9_review_suspect(world: World) -> list[Hit]:
    review = world.review
    return _if(bool(review.signals) and not review.failed and review.seeded != "pass")


def i10_stale_kpi_set(world: World) -> list[Hit]:
    scope = world.case["scope"]
    return _if(
        scope["changed_since_kpi_review"] or scope["days_since_kpi_review"] > 180,
        changed=scope["changed_since_kpi_review"],
        days=scope["days_since_kpi_review"],
    )


def _concerning(world: World) -> list[KpiFacts]:
    return [
        kpi for kpi in world.judged() if kpi.given["leading"] and kpi.given["spc"] == "concerning"
    ]


def _independent(a: KpiFacts, b: KpiFacts) -> bool:
    def names(kpi: KpiFacts) -> set[str]:
        return {str(kpi.given["proxy_for"]), *kpi.given["derived_from"]}

    return b.key not in names(a) and a.key not in names(b)


def i11_early_warning(world: World) -> list[Hit]:
    found = _concerning(world)
    paired = [a for a in found if any(a is not b and _independent(a, b) for b in found)]
    return _on(paired)


def i12_workforce(world: World) -> list[Hit]:
    return _on(
        [
            kpi
            for kpi in world.kpis
            if kpi.role == "workforce" and (kpi.is_beyond or kpi.change in WORSE)
        ]
    )


def i13_gate(world: World) -> list[Hit]:
    return [] if world.is_high else [Hit(gate) for gate in world.failed_gates]


def i14_incident_action(world: World) -> list[Hit]:
    as_of: dt.date | None = world.case["as_of"]
    hits = []
    for one in world.case["incidents"]:
        overdue = one["due_on"] is None or (as_of is not None and one["due_on"] < as_of)
        if (one["severity"] in {"serious", "critical"} and one["action"] == "open") or (
            one["severity"] == "moderate"
            and one["status"] != "closed"
            and one["action"] in {"none", "open"}
            and overdue
        ):
            hits.append(_incident(one))
    return hits


FINDINGS: tuple[tuple[str, str, Rule], ...] = (
    ("S1_PROHIBITED", STOP, s1_prohibited),
    ("S2_REPEAT_HARM", STOP, s2_repeat_harm),
    ("S3_FUTILE", STOP, s3_futile),
    ("P1_SERIOUS_OPEN", PAUSE, p1_serious_open),
    ("P2_SAFETY_CRITICAL", PAUSE, p2_safety_critical),
    ("P3_GATE", PAUSE, p3_gate),
    ("P4_REVIEW_FAILED", PAUSE, p4_review_failed),
    ("R1_UNAPPROVED_EXPANSION", RESTRICT, r1_unapproved_expansion),
    ("R2_SCOPE_DRIFT", RESTRICT, r2_scope_drift),
    ("R3_REVIEW_SYMBOLIC", RESTRICT, r3_review_symbolic),
    ("R4_REVIEW_OVERLOAD", RESTRICT, r4_review_overload),
    ("R6_LOCAL_BREACH", RESTRICT, r6_local_breach),
    ("R7_UNMEASURED_UNREVIEWED", RESTRICT, r7_unmeasured_unreviewed),
    ("R8_HARM_AT_SCALE", RESTRICT, r8_harm_at_scale),
    ("I1_GUARDRAIL", IMPROVE, i1_guardrail),
    ("I2_BLIND_SPOT", IMPROVE, i2_blind_spot),
    ("I3_NO_BASELINE", IMPROVE, i3_no_baseline),
    ("I4_NO_OUTCOME", IMPROVE, i4_no_outcome),
    ("I4_NO_BENEFIT", IMPROVE, i4_no_benefit),
    ("I5_COST_NO_BENEFIT", IMPROVE, i5_cost_no_benefit),
    ("I5_NEGATIVE_VALUE", IMPROVE, i5_negative_value),
    ("I6_LOW_ADOPTION", IMPROVE, i6_low_adoption),
    ("I7_UNDERREPORTING", IMPROVE, i7_underreporting),
    ("I7_UNDERREPORTING_SUSPECTED", IMPROVE, i7_suspected),
    ("I8_SHADOW_AI", IMPROVE, i8_shadow_ai),
    ("I9_REVIEW_SUSPECT", IMPROVE, i9_review_suspect),
    ("I10_STALE_KPI_SET", IMPROVE, i10_stale_kpi_set),
    ("I11_EARLY_WARNING", IMPROVE, i11_early_warning),
    ("I12_WORKFORCE", IMPROVE, i12_workforce),
    ("I13_GATE", IMPROVE, i13_gate),
    ("I14_INCIDENT_ACTION", IMPROVE, i14_incident_action),
)
BETWEEN = {code for code, _, _ in FINDINGS if code[0] in "SPR" and code != "S3_FUTILE"} | {
    "I1_GUARDRAIL",
    "I12_WORKFORCE",
}


def w_early(world: World) -> list[Hit]:
    return [] if i11_early_warning(world) else _on(_concerning(world))


def w_unclear(world: World) -> list[Hit]:
    known = {hit.about for rule in (i1_guardrail, i12_workforce) for hit in rule(world)}
    roles = I1_ROLES | {"workforce", "outcome"}
    hits = []
    for kpi in world.judged(workforce=True):
        if kpi.key in known:
            continue
        guardrail = kpi.given["guardrail"]
        suspected = kpi.level.startswith("suspected") and (guardrail or kpi.role in roles)
        secondary = (
            kpi.role == "outcome"
            and not guardrail
            and kpi not in world.primaries
            and (kpi.is_beyond or kpi.change in WORSE)
        )
        if suspected or secondary or (guardrail and kpi.change == Change.UNCLEAR):
            hits.append(Hit(kpi.key, kpi))
    return hits + [Hit(name) for name in world.too_few]


def w_small_benefit(world: World) -> list[Hit]:
    return _on([kpi for kpi in world.primaries if kpi.change == Change.BETTER])


def w_too_early(world: World) -> list[Hit]:
    if not world.is_early:
        return []
    return _on(
        [
            kpi
            for kpi in world.primaries
            if kpi.data == "too_few" or (kpi.usable and kpi.change in UNSURE)
        ]
    )


def w_cost_up(world: World) -> list[Hit]:
    return _on(_dearer(world)) if world.primary_worthwhile else []


def w_reporting(world: World) -> list[Hit]:
    reporting = world.reporting
    return [Hit(flag) for flag in reporting.flags if len(reporting.flags) == 1] * (
        not reporting.confirmed
    )


def recent_serious(world: World) -> list[Mapping[str, Any]]:
    """Serious incidents closed less than 90 days before, or closed without a date."""
    as_of = world.case["as_of"]
    return [
        one
        for one in world.serious
        if one["status"] == "closed"
        and (one["closed_on"] is None or (as_of - one["closed_on"]).days < 90)
    ]


def w_recent_serious(world: World) -> list[Hit]:
    return [_incident(one) for one in recent_serious(world)]


def w_review_load(world: World) -> list[Hit]:
    load = world.case["review"]["load"]
    return _if(load is not None and load > 0.85 and not _overloaded(world), load=load)


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
