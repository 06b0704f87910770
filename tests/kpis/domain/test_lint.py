"""The eight mistakes: each is found by its own set, and a sound set makes none."""

import dataclasses

import pytest

from kpis.domain.catalogue import shipped
from kpis.domain.catalogue.lint import CHECKS, Fault, Gap, LintKpi, LintSet, Place, faults, gaps

SOUND = LintSet(
    [
        LintKpi("minutes", "Minutes", "speed", "outcome", is_primary=True, has_baseline=True),
        LintKpi("error_rate", "Errors", "quality", "quality", is_guardrail=True),
        LintKpi("scope_drift", "Drift", "risk", "risk", has_value=True, is_safety_critical=True),
        LintKpi("shadow_ai_share", "Shadow", "risk", "risk", has_value=True),
        LintKpi("staff_confidence", "Staff", "workforce", "workforce", has_value=True),
        LintKpi(
            "reviewer_workload",
            "Load",
            "review_burden",
            "review",
            is_guardrail=True,
            has_value=True,
        ),
        LintKpi("active_users", "Users", "adoption", "adoption"),
        LintKpi("cost_per_completed_task", "Cost", "cost", "cost"),
    ],
    is_high_risk=True,
)


def changed(key, **fields):
    kpis = [dataclasses.replace(k, **fields) if k.key == key else k for k in SOUND.kpis]
    return dataclasses.replace(SOUND, kpis=kpis)


def without(*keys, **fields):
    left = [kpi for kpi in SOUND.kpis if kpi.key not in keys]
    return dataclasses.replace(SOUND, kpis=left, **fields)


LABOUR = "labour_of_review_correction_support_monitoring_governance_ignored"
TRACKED = "scope_drift_and_unapproved_use_not_tracked"
WORKFORCE = "workforce_feedback_and_hidden_load_ignored"
CASES = [
    (
        changed("minutes", is_primary=False),
        [
            (
                "usage_as_proof",
                "Choose one primary outcome of the work; use stays for reading.",
                Place.SET,
            ),
            (
                "no_baseline_comparison",
                "Choose the primary outcome, and record how it was before AI.",
                Place.SET,
            ),
        ],
    ),
    (
        without("error_rate"),
        [
            (
                "speed_without_quality_or_final_time",
                "Add a quality measure beside the speed.",
                Place.CHOOSE,
                False,
                ["error_rate"],
            )
        ],
    ),
    (
        changed("minutes", is_proxy=True),
        [
            (
                "speed_without_quality_or_final_time",
                "Add the time to the finished, accepted result.",
                Place.CHOOSE,
                False,
                ["final_completion_time"],
            )
        ],
    ),
    (
        dataclasses.replace(SOUND, costs_missing=["hidden_support", "licences"]),
        [(LABOUR, "Enter help among colleagues in the cost ledger.", Place.LEDGER)],
    ),
    (
        dataclasses.replace(SOUND, costs_missing=["hidden_support"], in_use=False),
        [(LABOUR, "Enter help among colleagues in the cost ledger.", Place.LEDGER, True)],
    ),
    (
        changed("scope_drift", is_safety_critical=False),
        [
            (
                "averages_hide_high_risk_cases",
                "Sample the risky cases on purpose and show them apart.",
                Place.CHOOSE,
                False,
                ["expert_validation_coverage"],
            )
        ],
    ),
    (
        changed("minutes", has_baseline=False),
        [
            (
                "no_baseline_comparison",
                "Record how the primary outcome was before AI.",
                Place.BASELINE,
            )
        ],
    ),
    (
        changed("scope_drift", has_value=False),
        [(TRACKED, "Enter the first figures about use outside the scope.", Place.FIGURES, True)],
    ),
    (
        without("shadow_ai_share"),
        [(TRACKED, "Measure unapproved tools.", Place.CHOOSE, False, ["shadow_ai_share"])],
    ),
    (
        without("staff_confidence"),
        [(WORKFORCE, "Measure what staff say.", Place.CHOOSE, False, ["staff_feedback_score"])],
    ),
    (without("staff_confidence", "shadow_ai_share", is_small=True), []),
    (
        without("staff_confidence", "shadow_ai_share", "reviewer_workload", is_small=True),
        [
            (
                WORKFORCE,
                "Measure the load on them.",
                Place.CHOOSE,
                False,
                ["stress_workload_pressure"],
            )
        ],
    ),
    (
        dataclasses.replace(SOUND, to_confirm=["kpi_set"]),
        [
            (
                "kpi_set_unchanged_after_deployment_changes",
                "Look at the set again and confirm it.",
                Place.CONFIRM,
            )
        ],
    ),
]


def test_a_sound_set_makes_no_mistake_and_an_empty_one_is_not_scolded():
    assert faults(SOUND) == []
    assert faults(LintSet([])) == []


@pytest.mark.parametrize(("found", "expected"), CASES)
def test_each_mistake_is_found_and_mended_by_its_sentence(found, expected):
    assert faults(found) == [Fault(*one) for one in expected]


def test_every_mistake_of_the_catalogue_has_a_check_and_every_mend_exists():
    catalogue = shipped.catalogue()
    assert [one.key for one in catalogue.mistakes] == list(CHECKS)
    named = {key for found, _ in CASES for fault in faults(found) for key in fault.add}
    assert named <= set(catalogue.kpis)


GAPS = {
    "primary": Gap("primary", "No primary outcome is chosen."),
    "quality": Gap("quality", "No guardrail of quality stands beside the outcome."),
    "review": Gap("review", "No guardrail of review burden stands beside the outcome."),
    "cost": Gap("cost", "No cost is measured."),
}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (SOUND, []),
        (LintSet([]), []),
        (changed("minutes", is_primary=False), ["primary"]),
        (without("minutes"), ["primary"]),
        (changed("error_rate", is_guardrail=False), ["quality"]),
        (changed("reviewer_workload", is_guardrail=False), ["review"]),
        (without("reviewer_workload", "error_rate"), ["quality", "review"]),
        (without("cost_per_completed_task"), ["cost"]),
    ],
)
def test_what_a_set_must_have_beside_its_outcome(found, expected):
    assert gaps(found.kpis) == [GAPS[key] for key in expected]
