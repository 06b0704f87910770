"""Every default of the method is a row of the policy, and no module keeps one to itself."""

import ast
import dataclasses
from pathlib import Path

import pytest

from kpis.domain.policy import BadPolicy, Policy, current, entries

DOMAIN = Path(__file__).resolve().parents[3] / "kpis" / "domain"
# Defaults as the method prints them, by section.
PRINTED = {
    "1.1": {"xmr_factor": 2.66, "range_factor": 3.267},
    "1.3": {"run_points": 7},
    "1.4": {
        "trial_points": 8,
        "provisional_points": 12,
        "frozen_points": 20,
        "season_months": 24,
        "rare_events": 1,
    },
    "2": {"z_review": 1.959963984540054},
    "2.5": {"baseline_periods": 8, "trend_z": 1.96, "power_factor": 7.849},
    "2.6": {"z_between": 3, "max_primaries": 3},
    "2.7": {
        "floor_ratio": 30,
        "floor_items": 20,
        "floor_periods": 5,
        "floor_rating": 10,
        "floor_share": 30,
        "floor_people": 10,
        "floor_adoption": 5,
        "coverage_min": 0.8,
        "stale_after": 2,
    },
    "3.4": {"fresh_until": 1.5},
    "4": {
        "clear_periods": 2,
        "enter_breaches": 2,
        "clear_gap": 0.1,
        "kpi_review_days": 180,
        "lag_weeks": 4,
        "budget_days": 90,
        "budget_burn_3d": 0.1,
        "budget_burn_7d": 0.25,
        "budget_burn_30d": 0.5,
        "budget_exhausted_days": 28,
    },
    "5.2": {"cost_margin": 0.2},
    "5.3": {
        "repeat_days": 180,
        "recent_days": 90,
        "no_benefit_reviews": 2,
        "overload": 1,
        "load_high": 0.85,
        "blind_spot_days": 30,
        "expand_certainty_low_risk": 2,
        "expand_certainty": 3,
    },
    "5.4": {
        "start_randomised": 4,
        "start_controlled": 3,
        "start_before_after": 2,
        "start_after_only": 1,
        "strong_factor": 2,
        "strong_points": 12,
    },
    "5.5": {"valid_days": 90, "valid_days_held": 30},
    "5.8": {"min_window_days": 90, "out_of_scope_limit": 0.05, "shadow_limit": 0.05},
    "6.1": {
        "fast_limit": 0.1,
        "unedited_limit": 0.98,
        "bursts_limit": 0.1,
        "failing_signals": 2,
        "required_catch": 0.8,
        "seeds_to_fail": 10,
        "seeds_to_pass": 20,
        "words_per_minute": 600,
        "burst_seconds": 10,
    },
    "6.2": {
        "participation_min": 0.5,
        "afraid_limit": 0.2,
        "report_yield": 0.04,
        "underreporting_p": 0.01,
        "suspect_flags": 2,
    },
    "6.4": {
        "score_answers": 5,
        "comment_answers": 10,
        "survey_conclusion": 0.3,
        "enps_answers": 30,
    },
    "7": {"srm_p": 0.001, "experiment_weeks": 2},
}


def test_the_table_is_the_method():
    assert {section: dict(rows) for section, rows in by_section().items()} == PRINTED


def by_section():
    found = {}
    for one in entries():
        found.setdefault(one.section, {})[one.name] = one.value
    return dict(sorted(found.items()))


def test_every_row_is_a_field_and_every_sentence_says_its_own():
    fields = {field.name for field in dataclasses.fields(Policy)} - {"version"}
    assert {one.name for one in entries()} == fields
    sentences = [one.sentence for one in entries()]
    assert len(set(sentences)) == len(sentences)
    assert all(one[0].isupper() and one.endswith(".") and len(one) > 30 for one in sentences)


# What is no default: mathematics, formats of what is stored, lengths of the calendar.
KEPT = {
    "statistics/process_charts.py": {1.128, 60, 3, 2},
    "statistics/signals.py": {3, 2},
    "aggregation/sketch.py": {0.01, 1e-300, 1e300, 5, 2},
    "aggregation/monoids.py": {1_000_000, 28, 4},
    "aggregation/parts.py": {60, 1_000_000, 2, 10, 18},
    "aggregation/derived.py": {2},
    "aggregation/money.py": {3, 2},
    "catalogue/thresholds.py": set(),
    "catalogue/references.py": set(),
    "statistics/budgets.py": {3, 7, 30},
    "cost/ledger.py": {60, 28},
    "statistics/surveys.py": {100, 2},
    "statistics/experiments.py": {7, 12, 6, 2, 4, 1e-9},
    "statistics/seasons.py": set(),
    "statistics/rare_events.py": set(),
    "statistics/recalculation.py": set(),
    "checks.py": set(),
}


@pytest.mark.parametrize("name", KEPT)
def test_no_module_keeps_a_default_to_itself(name):
    tree = ast.parse((DOMAIN / name).read_text("utf-8"))
    numbers = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    }
    assert numbers - {0, 1} <= KEPT[name]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -1, True, "30", None, 2.5])
def test_a_number_of_the_wrong_kind_is_refused_by_its_name(bad):
    with pytest.raises(BadPolicy, match=r"^frozen_points: .*\.$"):
        current().changed("house rules", frozen_points=bad)
