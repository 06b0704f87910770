"""The eight mistakes: each is found by its own set, and a sound set makes none."""

import dataclasses

import pytest

from kpis.domain import shipped
from kpis.domain.lint import CHECKS, LintKpi, LintSet, faults

SOUND = LintSet(
    [
        LintKpi("minutes", "Minutes", "speed", "outcome", is_primary=True, has_baseline=True),
        LintKpi("error_rate", "Errors", "quality", "quality"),
        LintKpi("scope_drift", "Drift", "risk", "risk", has_value=True, is_safety_critical=True),
        LintKpi("shadow_ai_share", "Shadow", "risk", "risk", has_value=True),
        LintKpi("staff_confidence", "Staff", "workforce", "workforce", has_value=True),
        LintKpi("reviewer_workload", "Load", "review_burden", "review", has_value=True),
        LintKpi("active_users", "Users", "adoption", "adoption"),
    ],
    is_high_risk=True,
)


def changed(key, **fields):
    kpis = [dataclasses.replace(k, **fields) if k.key == key else k for k in SOUND.kpis]
    return dataclasses.replace(SOUND, kpis=kpis)


def without(*keys):
    return dataclasses.replace(SOUND, kpis=[kpi for kpi in SOUND.kpis if kpi.key not in keys])


CASES = [
    ("usage_as_proof", without("minutes"),
     "Choose one primary outcome of the work; use stays for reading."),
    ("speed_without_quality_or_final_time", without("error_rate"),
     "Add a quality measure beside the speed."),
    ("speed_without_quality_or_final_time", changed("minutes", is_proxy=True),
     "Add the time to the finished, accepted result."),
    ("labour_of_review_correction_support_monitoring_governance_ignored",
     dataclasses.replace(SOUND, costs_missing=["hidden_support", "licences"]),
     "Enter help among colleagues in the cost ledger."),
    ("averages_hide_high_risk_cases", changed("scope_drift", is_safety_critical=False),
     "Sample the risky cases on purpose and show them apart."),
    ("no_baseline_comparison", changed("minutes", has_baseline=False),
     "Record how the primary outcome was before AI."),
    ("scope_drift_and_unapproved_use_not_tracked", changed("scope_drift", has_value=False),
     "Measure use outside the scope."),
    ("workforce_feedback_and_hidden_load_ignored", without("staff_confidence"),
     "Measure what staff say."),
    ("kpi_set_unchanged_after_deployment_changes",
     dataclasses.replace(SOUND, to_confirm=["kpi_set"]), "Look at the set again and confirm it."),
]  # fmt: skip


def test_a_sound_set_makes_no_mistake_and_an_empty_one_is_not_scolded():
    assert faults(SOUND) == []
    assert faults(LintSet([])) == []


@pytest.mark.parametrize(("mistake", "found", "mend"), CASES)
def test_each_mistake_is_found_and_mended_by_its_sentence(mistake, found, mend):
    said = {fault.mistake: fault.mend for fault in faults(found)}
    assert said[mistake] == mend
    assert len(said) == (2 if mistake == "usage_as_proof" else 1)


def test_every_mistake_of_the_catalogue_has_a_check():
    assert [one.key for one in shipped.catalogue().mistakes] == list(CHECKS)
