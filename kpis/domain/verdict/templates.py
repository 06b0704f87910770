"""Every sentence a verdict can say, keyed by code. “CODE:about” comes before “CODE”.

Placeholders: {name} and {state} of the KPI, {about} the thing named, {share} and {limit} of a
share, and the numbers of the hit.
"""

from collections.abc import Mapping

from kpis.domain.verdict.phrases import _

RECOMMENDATION: Mapping[str, str] = {
    "stop": _("Stop this deployment."),
    "pause": _("Pause this deployment until what follows is cleared."),
    "restrict": _("Restrict this deployment to what is approved and under control."),
    "improve": _("Improve before anything is expanded."),
    "continue": _("Continue as it is; nothing here opens an expansion."),
    "expand": _("The proposed expansion may go ahead."),
}
REASON: Mapping[str, str] = {
    "S1_PROHIBITED:use": _("This use is prohibited."),
    "S1_PROHIBITED:law": _("The legal basis for this use was refused."),
    "S1_PROHIBITED:order": _("An authority ordered the end of this use."),
    "S2_REPEAT_HARM": _(
        "A {severity} {about} incident happened again, {after} days after its repair was called "
        "effective."
    ),
    "S3_FUTILE": _(
        "{name}: {reviews} reviews without benefit, the improvement plan is done, and the "
        "benefit asked for can be ruled out: the effect is {span}."
    ),
    "S3_FUTILE:": _(
        "{reviews} reviews without benefit, the improvement plan is done, and even at best the "
        "net value is {high}."
    ),
    "P1_SERIOUS_OPEN": _("A {severity} {about} incident {status}."),
    "P2_SAFETY_CRITICAL": _("{name}, critical for safety: {worst}."),
    "P3_GATE": _("Missing for a use of this risk: {gate} ({gate_state})."),
    "P4_REVIEW_FAILED": _("The human review failed: {failed}."),
    "R1_UNAPPROVED_EXPANSION": _("It is used without approval: {about}."),
    "R2_SCOPE_DRIFT": _("Use outside the approved purpose: {share}; {limit} is tolerated."),
    "R3_REVIEW_SYMBOLIC": _("The human review is a formality: {failed}."),
    "R4_REVIEW_OVERLOAD": _("Reviewers carry {load} of their capacity, after {previous} before."),
    "R6_LOCAL_BREACH": _("{name}, critical for safety, in {where} only: {worst}."),
    "R7_UNMEASURED_UNREVIEWED": _("{name} is critical for safety and unchecked: {data}, {why}."),
    "R8_HARM_AT_SCALE": _("{name}: {worst}; it reaches people without an effective check."),
    "I1_GUARDRAIL": _("{name}: {state}."),
    "I2_BLIND_SPOT": _("{name} must be known, but {data}."),
    "I3_NO_BASELINE": _("{name}: nobody knows how it was before AI."),
    "I4_NO_OUTCOME": _("{name}, the outcome, cannot be judged: {data}."),
    "I4_NO_OUTCOME:": _("No outcome was chosen, so nobody can tell whether the work got better."),
    "I4_NO_BENEFIT": _("No benefit is shown. {name}: {state}."),
    "I5_COST_NO_BENEFIT": _("Cost without a worthwhile benefit. {name}: {state}."),
    "I5_NEGATIVE_VALUE": _("Even at best the net value is {high}, not above zero."),
    "I6_LOW_ADOPTION": _(
        "{name} is {value}, below the expected {least}: ask about fit, training, access and trust."
    ),
    "I7_UNDERREPORTING": _(
        "Reports: {reports} from {uses} uses, where the audits suggest at least {expected}; "
        "silence is not safety."
    ),
    "I7_UNDERREPORTING_SUSPECTED": _("Problems seem to go unreported: {flag}."),
    "I8_SHADOW_AI": _("Use of tools that nobody approved: {share}; {limit} is tolerated."),
    "I9_REVIEW_SUSPECT": _("It is doubtful whether reviews are real: {signal}."),
    "I10_STALE_KPI_SET:changed": _(
        "The deployment changed, and nobody has confirmed its KPI set since."
    ),
    "I10_STALE_KPI_SET:old": _(
        "The KPI set was last reviewed {days} days ago; {kpi_review_days} days are the limit."
    ),
    "I11_EARLY_WARNING": _("Early warning: {it} moves the wrong way, and not alone."),
    "I12_WORKFORCE": _("{name}: {state}."),
    "I13_GATE": _("Missing: {gate} ({gate_state})."),
    "I14_INCIDENT_ACTION": _("Work after a {severity} {about} incident is not done."),
    "I14_INCIDENT_ACTION:due": _(
        "Work after a {severity} {about} incident was due on {due} and is not done."
    ),
    "I14_INCIDENT_ACTION:undated": _(
        "Work after a {severity} {about} incident is not done, and nobody set a date for it."
    ),
    "W_EARLY": _("{name} moves the wrong way; what follows from it may come later."),
    "W_UNCLEAR": _("{name}: {state}."),
    "W_UNCLEAR:share": _("Too few cases to judge {what}: {asked}, and {floor} are needed."),
    "W_SMALL_BENEFIT": _("{name}: {change}, not yet by what was called worthwhile."),
    "W_SMALL_BENEFIT:open": _("{name}: {change}; nobody set what would be worthwhile."),
    "W_TOO_EARLY": _("It is too early to judge {it}: {days} of {window} days have passed."),
    "W_COST_UP": _("Cost beside a worthwhile benefit. {name}: {state}."),
    "W_REPORTING": _("Problems may go unreported: {flag}."),
    "W_RECENT_SERIOUS": _("A {severity} {about} incident was closed without a date."),
    "W_RECENT_SERIOUS:dated": _(
        "A {severity} {about} incident was closed on {closed}, less than {recent_days} days ago."
    ),
    "W_REVIEW_LOAD": _("Reviewers carry {load} of their capacity; above {load_high} is too much."),
    "USE_IS_NOT_SUCCESS": _(
        "{name} is {value}: people use it, which says nothing about whether it helps."
    ),
    "PROXY_BETTER": _("{name}, a part of the work: {change}, while the outcome itself is not."),
    "WORSE_WITHIN_MARGIN": _("{name}: {change}."),
    "FAST_BUT_SEEDS_CAUGHT": _("Reviews are fast, yet {share} planted errors were caught."),
    "BENEFIT_DESPITE_HARM": _("{name}: {change}."),
    "BASELINE_ALREADY_CHANGING": _("{name} was already changing before AI came."),
    "INCIDENTS_NOT_INTERPRETABLE": _(
        "Fewer incidents mean nothing while so few problems are reported."
    ),
    "not_measured": _("{name} is not measured."),
    "definition_changed": _("{name} cannot be compared: its definition changed."),
    "not_independent": _("{name} does not count: its figures come from the review that failed."),
    "too_few": _("{name} does not count yet: {data}."),
    "experiment": _(
        "The experiment does not count: its groups were not split as planned, or nobody checked."
    ),
    "experiment:empty": _("The experiment does not count: nobody recorded its result."),
    "held": _("The last review decided so, and nothing between two reviews lifts it."),
    "decide_by": _("Decide by {day}; until then this recommendation holds."),
    "assumed:effect_reach": _(
        "Nobody recorded how far outputs travel; decisions about people were assumed."
    ),
    "assumed:human_review": _(
        "Nobody recorded whether people check the outputs; a check nobody verified was assumed."
    ),
    "assumed:risk_class": _("Nobody recorded the risk class; high risk was assumed."),
}
GATE_NAMES: Mapping[str, str] = {
    "owner": _("a named owner"),
    "legal_basis": _("the legal basis"),
    "dpia": _("the data protection impact assessment"),
    "fallback": _("a way to work without the AI"),
    "oversight": _("human oversight"),
}
GATE_WORDS: Mapping[str, str] = {
    "met": _("met"),
    "not_applicable": _("does not apply"),
    "not_met": _("not in place"),
    "expired": _("expired"),
    "refused": _("refused"),
}
STATUS_WORDS: Mapping[str, str] = {
    "open": _("is open"),
    "contained_cause_unknown": _("is contained, but its cause is not known"),
}
SHARE_WORDS: Mapping[str, str] = {
    "out_of_scope": _("use outside the approved purpose"),
    "shadow": _("use of tools that nobody approved"),
    "implausibly_fast": _("reviews that were too fast"),
    "unedited_approved": _("approvals without an edit"),
    "bursts": _("approvals within seconds of each other"),
    "participation": _("participation in the survey"),
    "afraid": _("fear to report"),
    "audit": _("errors found in audits"),
}
FLAG_WORDS: Mapping[str, str] = {
    "low_participation": _("fewer than half answer the survey"),
    "afraid": _("many are afraid to report"),
    "no_near_misses": _("there are incidents, but not one near miss"),
}
SIGNAL_WORDS: Mapping[str, str] = {
    "fast": _("many are faster than anybody can read"),
    "unedited": _("nearly everything is approved without an edit"),
    "bursts": _("many approvals follow each other within seconds"),
}
FAILED_WORDS: Mapping[str, str] = {
    "seeded": _("{share} planted errors were caught, and {required} are required"),
    "recorded": _("it was recorded as symbolic"),
    "signals": _("{signals}"),
}
