"""Every sentence a verdict can say, keyed by code. “CODE:about” comes before “CODE”.

Placeholders: {name} and {state} of the KPI, {about} the thing named, {share} and {limit} of a
share, and the numbers of the hit.
"""

from collections.abc import Mapping

from portal.domain.messages import N_

RECOMMENDATION: Mapping[str, str] = {
    "stop": N_("Stop this deployment."),
    "pause": N_("Pause this deployment until what follows is cleared."),
    "restrict": N_("Restrict this deployment to what is approved and under control."),
    "improve": N_("Improve before anything is expanded."),
    "continue": N_("Continue as it is; nothing here opens an expansion."),
    "expand": N_("The proposed expansion may go ahead."),
}
REASON: Mapping[str, str] = {
    "S1_PROHIBITED:use": N_("This use is prohibited."),
    "S1_PROHIBITED:law": N_("The legal basis for this use was refused."),
    "S1_PROHIBITED:order": N_("An authority ordered the end of this use."),
    "S2_REPEAT_HARM": N_(
        "A {severity} {about} incident happened again, {after} days after its repair was called "
        "effective."
    ),
    "S3_FUTILE": N_(
        "{name}: {reviews} reviews without benefit, the improvement plan is done, and the "
        "benefit asked for can be ruled out: the effect is {span}."
    ),
    "S3_FUTILE:": N_(
        "{reviews} reviews without benefit, the improvement plan is done, and even at best the "
        "net value is {high}."
    ),
    "P1_SERIOUS_OPEN": N_("A {severity} {about} incident {status}."),
    "P2_SAFETY_CRITICAL": N_("{name}, critical for safety: {worst}."),
    "P3_GATE": N_("Missing for a use of this risk: {gate} ({gate_state})."),
    "P4_REVIEW_FAILED": N_("The human review failed: {failed}."),
    "R1_UNAPPROVED_EXPANSION": N_("It is used without approval: {about}."),
    "R2_SCOPE_DRIFT": N_("Use outside the approved purpose: {share}; {limit} is tolerated."),
    "R3_REVIEW_SYMBOLIC": N_("The human review is a formality: {failed}."),
    "R4_REVIEW_OVERLOAD": N_("Reviewers carry {load} of their capacity, after {previous} before."),
    "R6_LOCAL_BREACH": N_("{name}, critical for safety, in {where} only: {worst}."),
    "R7_UNMEASURED_UNREVIEWED": N_("{name} is critical for safety and unchecked: {data}, {why}."),
    "R8_HARM_AT_SCALE": N_("{name}: {worst}; it reaches people without an effective check."),
    "I1_GUARDRAIL": N_("{name}: {state}."),
    "I2_BLIND_SPOT": N_("{name} must be known, but {data}."),
    "I3_NO_BASELINE": N_("{name}: nobody knows how it was before AI."),
    "I4_NO_OUTCOME": N_("{name}, the outcome, cannot be judged: {data}."),
    "I4_NO_OUTCOME:": N_("No outcome was chosen, so nobody can tell whether the work got better."),
    "I4_NO_BENEFIT": N_("No benefit is shown. {name}: {state}."),
    "I5_COST_NO_BENEFIT": N_("Cost without a worthwhile benefit. {name}: {state}."),
    "I5_NEGATIVE_VALUE": N_("Even at best the net value is {high}, not above zero."),
    "I6_LOW_ADOPTION": N_(
        "{name} is {value}, below the expected {least}: ask about fit, training, access and trust."
    ),
    "I7_UNDERREPORTING": N_(
        "Reports: {reports} from {uses} uses, where the audits suggest at least {expected}; "
        "silence is not safety."
    ),
    "I7_UNDERREPORTING_SUSPECTED": N_("Problems seem to go unreported: {flag}."),
    "I8_SHADOW_AI": N_("Use of tools that nobody approved: {share}; {limit} is tolerated."),
    "I9_REVIEW_SUSPECT": N_("It is doubtful whether reviews are real: {signal}."),
    "I10_STALE_KPI_SET:changed": N_(
        "The deployment changed, and nobody has confirmed its KPI set since."
    ),
    "I10_STALE_KPI_SET:old": N_(
        "The KPI set was last reviewed {days} days ago; {kpi_review_days} days are the limit."
    ),
    "I11_EARLY_WARNING": N_("Early warning: {it} moves the wrong way, and not alone."),
    "I12_WORKFORCE": N_("{name}: {state}."),
    "I13_GATE": N_("Missing: {gate} ({gate_state})."),
    "I14_INCIDENT_ACTION": N_("Work after a {severity} {about} incident is not done."),
    "I14_INCIDENT_ACTION:due": N_(
        "Work after a {severity} {about} incident was due on {due} and is not done."
    ),
    "I14_INCIDENT_ACTION:undated": N_(
        "Work after a {severity} {about} incident is not done, and nobody set a date for it."
    ),
    "W_EARLY": N_("{name} moves the wrong way; what follows from it may come later."),
    "W_UNCLEAR": N_("{name}: {state}."),
    "W_UNCLEAR:share": N_("Too few cases to judge {what}: {asked}, and {floor} are needed."),
    "W_SMALL_BENEFIT": N_("{name}: {change}, not yet by what was called worthwhile."),
    "W_SMALL_BENEFIT:open": N_("{name}: {change}; nobody set what would be worthwhile."),
    "W_TOO_EARLY": N_("It is too early to judge {it}: {days} of {window} days have passed."),
    "W_COST_UP": N_("Cost beside a worthwhile benefit. {name}: {state}."),
    "W_REPORTING": N_("Problems may go unreported: {flag}."),
    "W_RECENT_SERIOUS": N_("A {severity} {about} incident was closed without a date."),
    "W_RECENT_SERIOUS:dated": N_(
        "A {severity} {about} incident was closed on {closed}, less than {recent_days} days ago."
    ),
    "W_REVIEW_LOAD": N_("Reviewers carry {load} of their capacity; above {load_high} is too much."),
    "USE_IS_NOT_SUCCESS": N_(
        "{name} is {value}: people use it, which says nothing about whether it helps."
    ),
    "PROXY_BETTER": N_("{name}, a part of the work: {change}, while the outcome itself is not."),
    "WORSE_WITHIN_MARGIN": N_("{name}: {change}."),
    "FAST_BUT_SEEDS_CAUGHT": N_("Reviews are fast, yet {share} planted errors were caught."),
    "BENEFIT_DESPITE_HARM": N_("{name}: {change}."),
    "BASELINE_ALREADY_CHANGING": N_("{name} was already changing before AI came."),
    "INCIDENTS_NOT_INTERPRETABLE": N_(
        "Fewer incidents mean nothing while so few problems are reported."
    ),
    "not_measured": N_("{name} is not measured."),
    "definition_changed": N_("{name} cannot be compared: its definition changed."),
    "not_independent": N_("{name} does not count: its figures come from the review that failed."),
    "too_few": N_("{name} does not count yet: {data}."),
    "experiment": N_(
        "The experiment does not count: its groups were not split as planned, or nobody checked."
    ),
    "experiment:empty": N_("The experiment does not count: nobody recorded its result."),
    "held": N_("The last review decided so, and nothing between two reviews lifts it."),
    "decide_by": N_("Decide by {day}; until then this recommendation holds."),
    "assumed:effect_reach": N_(
        "Nobody recorded how far outputs travel; decisions about people were assumed."
    ),
    "assumed:human_review": N_(
        "Nobody recorded whether people check the outputs; a check nobody verified was assumed."
    ),
    "assumed:risk_class": N_("Nobody recorded the risk class; high risk was assumed."),
}
GATE_NAMES: Mapping[str, str] = {
    "owner": N_("a named owner"),
    "legal_basis": N_("the legal basis"),
    "dpia": N_("the data protection impact assessment"),
    "fallback": N_("a way to work without the AI"),
    "oversight": N_("human oversight"),
}
GATE_WORDS: Mapping[str, str] = {
    "met": N_("met"),
    "not_applicable": N_("does not apply"),
    "not_met": N_("not in place"),
    "expired": N_("expired"),
    "refused": N_("refused"),
}
STATUS_WORDS: Mapping[str, str] = {
    "open": N_("is open"),
    "contained_cause_unknown": N_("is contained, but its cause is not known"),
}
SHARE_WORDS: Mapping[str, str] = {
    "out_of_scope": N_("use outside the approved purpose"),
    "shadow": N_("use of tools that nobody approved"),
    "implausibly_fast": N_("reviews that were too fast"),
    "unedited_approved": N_("approvals without an edit"),
    "bursts": N_("approvals within seconds of each other"),
    "participation": N_("participation in the survey"),
    "afraid": N_("fear to report"),
    "audit": N_("errors found in audits"),
}
FLAG_WORDS: Mapping[str, str] = {
    "low_participation": N_("fewer than half answer the survey"),
    "afraid": N_("many are afraid to report"),
    "no_near_misses": N_("there are incidents, but not one near miss"),
}
SIGNAL_WORDS: Mapping[str, str] = {
    "fast": N_("many are faster than anybody can read"),
    "unedited": N_("nearly everything is approved without an edit"),
    "bursts": N_("many approvals follow each other within seconds"),
}
FAILED_WORDS: Mapping[str, str] = {
    "seeded": N_("{share} planted errors were caught, and {required} are required"),
    "recorded": N_("it was recorded as symbolic"),
    "signals": "{signals}",
}
SEVERITY_WORDS: Mapping[str, str] = {
    "minor": N_("minor"),
    "moderate": N_("moderate"),
    "serious": N_("serious"),
    "critical": N_("critical"),
}
