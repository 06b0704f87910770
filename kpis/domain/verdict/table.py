"""The decision table (method 5.3): code, floor, rule. All are evaluated; the highest floor wins."""

from kpis.domain.verdict import rules_improve, rules_restrict, rules_stop_pause
from kpis.domain.verdict.hits import IMPROVE, PAUSE, RESTRICT, STOP, Rule

FINDINGS: tuple[tuple[str, str, Rule], ...] = (
    ("S1_PROHIBITED", STOP, rules_stop_pause.s1_prohibited),
    ("S2_REPEAT_HARM", STOP, rules_stop_pause.s2_repeat_harm),
    ("S3_FUTILE", STOP, rules_stop_pause.s3_futile),
    ("P1_SERIOUS_OPEN", PAUSE, rules_stop_pause.p1_serious_open),
    ("P2_SAFETY_CRITICAL", PAUSE, rules_stop_pause.p2_safety_critical),
    ("P3_GATE", PAUSE, rules_stop_pause.p3_gate),
    ("P4_REVIEW_FAILED", PAUSE, rules_stop_pause.p4_review_failed),
    ("R1_UNAPPROVED_EXPANSION", RESTRICT, rules_restrict.r1_unapproved_expansion),
    ("R2_SCOPE_DRIFT", RESTRICT, rules_restrict.r2_scope_drift),
    ("R3_REVIEW_SYMBOLIC", RESTRICT, rules_restrict.r3_review_symbolic),
    ("R4_REVIEW_OVERLOAD", RESTRICT, rules_restrict.r4_review_overload),
    ("R6_LOCAL_BREACH", RESTRICT, rules_restrict.r6_local_breach),
    ("R7_UNMEASURED_UNREVIEWED", RESTRICT, rules_restrict.r7_unmeasured_unreviewed),
    ("R8_HARM_AT_SCALE", RESTRICT, rules_restrict.r8_harm_at_scale),
    ("I1_GUARDRAIL", IMPROVE, rules_improve.i1_guardrail),
    ("I2_BLIND_SPOT", IMPROVE, rules_improve.i2_blind_spot),
    ("I3_NO_BASELINE", IMPROVE, rules_improve.i3_no_baseline),
    ("I4_NO_OUTCOME", IMPROVE, rules_improve.i4_no_outcome),
    ("I4_NO_BENEFIT", IMPROVE, rules_improve.i4_no_benefit),
    ("I5_COST_NO_BENEFIT", IMPROVE, rules_improve.i5_cost_no_benefit),
    ("I5_NEGATIVE_VALUE", IMPROVE, rules_improve.i5_negative_value),
    ("I6_LOW_ADOPTION", IMPROVE, rules_improve.i6_low_adoption),
    ("I7_UNDERREPORTING", IMPROVE, rules_improve.i7_underreporting),
    ("I7_UNDERREPORTING_SUSPECTED", IMPROVE, rules_improve.i7_underreporting_suspected),
    ("I8_SHADOW_AI", IMPROVE, rules_improve.i8_shadow_ai),
    ("I9_REVIEW_SUSPECT", IMPROVE, rules_improve.i9_review_suspect),
    ("I10_STALE_KPI_SET", IMPROVE, rules_improve.i10_stale_kpi_set),
    ("I11_EARLY_WARNING", IMPROVE, rules_improve.i11_early_warning),
    ("I12_WORKFORCE", IMPROVE, rules_improve.i12_workforce),
    ("I13_GATE", IMPROVE, rules_improve.i13_gate),
    ("I14_INCIDENT_ACTION", IMPROVE, rules_improve.i14_incident_action),
)
FLOOR_OF = {code: floor for code, floor, _ in FINDINGS}
# Between reviews only these may trigger anything (method 2.6).
BETWEEN = frozenset(
    {code for code in FLOOR_OF if code[0] in "SPR"} - {"S3_FUTILE"}
    | {"I1_GUARDRAIL", "I12_WORKFORCE"}
)
SEVERITY = ("expand", "continue", IMPROVE, RESTRICT, PAUSE, STOP)
