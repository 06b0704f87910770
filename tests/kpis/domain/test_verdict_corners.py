"""Corners found by judging generated cases with a second, independent engine (method 2 to 6).

Written in the format of the worked cases; the title quotes the sentence that decides.
"""

import pytest
import yaml

from kpis.domain.verdict import judge, resolve_all
from tests.kpis.domain.verdict_cases import faults, load

CORNERS = """
- id: latched_context
  title: '"context: shown, never judged" has no limits, yet "missing data never clears an alarm"'
  kpis: [{key: a, role: operational, kind: point, direction: context, warning: 2, critical: 3, latched_level: warning, current: {value: 9}}]
  expected: {findings_include: [I1_GUARDRAIL], kpi: {a: {level: warning, change: not_judged}}}
- id: context_without_cases
  title: '"No usable value and nothing latched: unknown, which is never ok"'
  kpis: [{key: a, role: context, kind: mean, direction: context, current: {n: 0, mean: 0}}]
  expected: {kpi: {a: {data: too_few, level: unknown, change: not_judged}}}
- id: nothing_in_the_denominator
  title: '"rate: exposure > 0"; "a state that would follow from an interval becomes unclear"'
  same_as: K1
  add_kpis: [{key: a, role: customer, kind: rate, direction: down, guardrail: true, margin: 0.2, baseline: {num: 4, exposure: 90}, current: {num: 0, exposure: 0}}]
  expected: {decision: continue, findings_include: [], watch_include: [W_UNCLEAR], not_measured: [a], kpi: {a: {data: too_few, level: unknown, change: unclear, lo: null}}}
- id: use_without_persons
  title: '"USE_IS_NOT_SUCCESS (adoption value >= expected_min, den >= 5)": a single figure has no den'
  same_as: K1
  add_kpis: [{key: adoption, role: adoption, kind: point, direction: up, expected_min: 0.5, current: {value: 0.7}}]
  expected: {decision: expand, counter_exactly: []}
- id: band_with_a_baseline_below_its_floor
  title: '"a baseline below the floor is no_baseline", so X2 asks for no change'
  same_as: K1
  add_kpis: [{key: a, role: operational, kind: ratio, direction: band, band: [0.1, 0.9], guardrail: true, warning: 0.05, baseline: {num: 2, den: 29}, current: {num: 30, den: 60}}]
  expected: {decision: expand, expansion_blockers: [], kpi: {a: {data: measured, level: ok, change: not_judged}}}
- id: band_with_a_baseline
  title: '"where a baseline exists change better_worthwhile, better, not_worse or worse_within_margin"'
  same_as: band_with_a_baseline_below_its_floor
  set_kpi: {a: {baseline: {num: 2, den: 30}}}
  expected: {decision: continue, expansion_blockers: [X2]}
- id: eight_baseline_periods
  title: '"Minimum: 8 weekly points or the item floors"'
  same_as: K1
  set_kpi: {task_minutes: {baseline: {n: 19, mean: 45.0, sd: 9.0, points: 8}}}
  expected: {decision: expand, kpi: {task_minutes: {change: better_worthwhile}}}
- id: seven_baseline_periods
  title: 'as before, with seven'
  same_as: eight_baseline_periods
  set_kpi: {task_minutes: {baseline: {n: 19, mean: 45.0, sd: 9.0, points: 7}}}
  expected: {decision: improve, findings_include: [I3_NO_BASELINE], kpi: {task_minutes: {change: no_baseline}}}
- id: too_few_beside_a_fair_trial
  title: '"too_few: no interval is used further", that of a trial neither'
  same_as: C88
  set_kpi: {task_minutes: {current: {n: 19, mean: 20.0, sd: 4.0}}}
  expected: {decision: improve, findings_include: [I4_NO_OUTCOME], findings_exclude: [I3_NO_BASELINE], certainty: very_low, kpi: {task_minutes: {data: too_few, change: unclear, lo: null}}}
- id: trial_of_what_nobody_measures
  title: '"not_measured stays not_measured", whatever a trial says'
  same_as: C88
  set_kpi: {task_minutes: {current: null}}
  expected: {decision: improve, findings_include: [I4_NO_OUTCOME], findings_exclude: [I4_NO_BENEFIT, I3_NO_BASELINE], certainty: very_low, kpi: {task_minutes: {change: not_measured}}}
- id: latched_outcome_without_data
  title: '"its level warning/critical, whatever the data"'
  same_as: K1
  set_kpi: {task_minutes: {current: null, latched_level: warning}}
  expected: {decision: improve, findings_include: [I4_NO_OUTCOME, I4_NO_BENEFIT]}
- id: latched_alarm_on_old_thresholds
  title: '"the level is the higher of the computed and the latched one", though "always unknown"'
  same_as: K1
  set_kpi: {error_rate: {definition_changed: true, thresholds_valid: false, latched_level: warning, clear_periods: 5}}
  expected: {decision: improve, findings_include: [I1_GUARDRAIL, I2_BLIND_SPOT], kpi: {error_rate: {data: definition_changed, level: warning}}}
- id: partial_data_clear_nothing
  title: '"Data other than measured changes no counter"'
  same_as: K1
  set_kpi: {error_rate: {coverage: 0.79, latched_level: warning, clear_periods: 2}}
  expected: {decision: improve, findings_include: [I1_GUARDRAIL, I2_BLIND_SPOT], kpi: {error_rate: {data: partial, level: warning}}}
- id: only_the_warning_held_twice
  title: '"warning: only beyond warning", so the critical limit is suspected and warning comes first'
  same_as: K1
  set_kpi: {input_drift_index: {critical: 0.5, two_periods: warning, current: {value: 0.6}}}
  expected: {decision: improve, findings_include: [I1_GUARDRAIL], kpi: {input_drift_index: {level: warning}}}
- id: workforce_is_no_blind_spot
  title: '"A workforce KPI is judged by I12 only; X2 and W_UNCLEAR apply to it"'
  same_as: K1
  set_kpi: {reviewer_stress_top2: {critical_measure: true, safety_critical: true, leading: true, spc: concerning, current: null}}
  expected: {decision: continue, findings_include: [], watch_exclude: [W_EARLY], expansion_blockers: [X2]}
- id: workforce_beyond_critical
  title: 'as before, beyond its critical limit'
  same_as: K1
  set_kpi: {reviewer_stress_top2: {safety_critical: true, warning: 0.2, critical: 0.3, current: {num: 60, den: 96}}}
  expected: {decision: improve, findings_include: [I12_WORKFORCE], findings_exclude: [P2_SAFETY_CRITICAL, I1_GUARDRAIL], watch_exclude: [W_UNCLEAR]}
- id: cost_feeds_cost_rules_only
  title: '"Cost feeds only I5/W_COST_UP, even if flagged"'
  same_as: K1
  add_kpis: [{key: bill, role: cost, kind: point, direction: down, guardrail: true, critical_measure: true, safety_critical: true, leading: true, spc: concerning, budget_exhausted: true, current: null}]
  expected: {decision: expand, findings_include: [], watch_exclude: [W_EARLY]}
- id: cost_held_by_a_warning_only
  title: '"true: for a cost point, above baseline*(1 + margin); warning: only beyond warning"'
  same_as: K1
  add_kpis: [{key: bill, role: cost, kind: point, direction: down, two_periods: warning, baseline: {value: 60}, current: {value: 80}}]
  expected: {decision: expand, kpi: {bill: {change: point_only, level: ok}}}
- id: cost_with_no_tolerance
  title: '"margin default 0.20"; a margin of nought is a margin'
  same_as: K1
  add_kpis: [{key: bill, role: cost, kind: point, direction: down, margin: 0, two_periods: true, baseline: {value: 60}, current: {value: 60.01}}]
  expected: {decision: continue, watch_include: [W_COST_UP], kpi: {bill: {change: worse, lo: null, hi: null}}}
- id: two_primaries_between_reviews
  title: '"With look between all intervals use z = 3.0", without the share of two primaries'
  same_as: C54
  look: between
  expected: {decision: continue, kpi: {first_time_right: {change: better, lo: 0.004557, hi: 0.122858}}}
- id: harm_on_the_day_of_the_repair
  title: '"0 <= occurred_on - action_effective_on <= 180 days"'
  same_as: C16
  set: {history: {restart_decided_on: 2025-12-09}}
  incidents:
  - {category: data_leak, severity: serious, status: closed, closed_on: 2025-12-01, action: effective, action_effective_on: 2025-12-10}
  - {category: data_leak, severity: serious, status: closed, closed_on: 2026-01-20, occurred_on: 2025-12-10, action: done}
  expected: {decision: stop, findings_include: [S2_REPEAT_HARM]}
- id: harm_on_the_day_of_the_restart
  title: '"unless it occurred on or before history.restart_decided_on"'
  same_as: harm_on_the_day_of_the_repair
  set: {history: {restart_decided_on: 2025-12-10}}
  expected: {decision: expand, findings_include: []}
- id: one_harm_does_not_repeat_itself
  title: '"and another serious incident"'
  same_as: K1
  as_of: 2026-06-30
  incidents: [{category: leak, severity: serious, status: closed, occurred_on: 2026-01-10, closed_on: 2026-02-01, action: effective, action_effective_on: 2026-01-10}]
  expected: {decision: expand, findings_include: []}
- id: closed_without_a_date
  title: '"or closed without date"'
  same_as: K1
  incidents: [{category: leak, severity: critical, status: closed, action: done}]
  expected: {decision: continue, watch_include: [W_RECENT_SERIOUS], expansion_blockers: [X3, X5]}
- id: unread_before_the_window_ends
  title: '"too_few before min_window_days is W_TOO_EARLY instead", a stale outcome is not'
  same_as: C47
  set_kpi: {task_minutes: {age_cadences: 3, current: {n: 520, mean: 31.0, sd: 14.0}}}
  expected: {decision: improve, findings_include: [I4_NO_OUTCOME], watch_exclude: [W_TOO_EARLY], kpi: {task_minutes: {data: stale, change: better_worthwhile}}}
- id: small_and_quiet
  title: '"participation or fear asked of fewer than 10 persons is not counted as too few"'
  same_as: K24
  set: {reporting: {afraid: {num: 2, den: 3}, audit: {num: 0, den: 29}}}
  expected: {decision: continue, watch_include: [W_UNCLEAR], expansion_blockers: [X3, X7]}
- id: wholly_without_an_outcome
  title: '"no primary outcome" is "primary not better_worthwhile", and the primary is no better than its proxy'
  same_as: K1
  set_kpi: {task_minutes: {primary: false}}
  add_kpis:
  - {key: draft_minutes, role: outcome, kind: duration, direction: down, proxy_for: task_minutes, baseline: {n: 500, mean: 20.0, sd: 8.0}, current: {n: 520, mean: 9.0, sd: 4.0}}
  - {key: cost_per_task, role: cost, kind: mean, direction: down, baseline: {n: 400, mean: 6.2, sd: 2.5}, current: {n: 420, mean: 7.1, sd: 2.6}}
  expected: {decision: improve, findings_include: [I4_NO_OUTCOME, I5_COST_NO_BENEFIT], watch_exclude: [W_COST_UP], counter_evidence: [PROXY_BETTER], certainty: very_low}
- id: uptime_before_without_spread
  title: '"baseline and current each have their own" sigma_z; "without it it is treated as kind point"'
  same_as: K1
  add_kpis: [{key: up, role: operational, kind: uptime, direction: up, warning: 0.99, baseline: {up_s: 2588000, observed_s: 2592000}, current: {up_s: 2580000, observed_s: 2592000, sigma_z: 3}}]
  expected: {decision: expand, kpi: {up: {data: measured, level: ok, change: point_only}}}
- id: guardrail_that_is_a_single_figure
  title: '"where a baseline exists change better_worthwhile, better, not_worse or worse_within_margin"'
  same_as: K1
  set_kpi: {input_drift_index: {guardrail: true, baseline: {value: 0.1}}}
  expected: {decision: continue, findings_include: [], expansion_blockers: [X2], kpi: {input_drift_index: {change: point_only}}}
- id: repaired_on_no_day
  title: an effective action without its day cannot be counted from
  same_as: K1
  as_of: 2026-06-30
  incidents:
  - {category: leak, severity: serious, status: closed, closed_on: 2026-01-01, action: effective}
  - {category: leak, severity: serious, status: closed, closed_on: 2026-02-01, occurred_on: 2026-01-20, action: done}
  expected: {decision: expand, findings_include: []}
- id: benefit_not_ruled_out
  title: '"usable primary with hi < mwb": equal is not beyond; "imprecise (hi >= mwb)"'
  same_as: K1
  experiment: {lo: -0.02, hi: 0.10, srm_p: 0.5}
  history: {consecutive_no_benefit_reviews: 2, improvement_plan_completed: true}
  expected: {decision: improve, findings_include: [I4_NO_BENEFIT], findings_exclude: [S3_FUTILE], certainty: moderate, certainty_minus: [imprecise]}
- id: benefit_ruled_out
  title: as before, a little lower
  same_as: benefit_not_ruled_out
  set: {experiment: {hi: 0.0999}}
  expected: {decision: stop, findings_include: [S3_FUTILE], certainty: high, certainty_minus: []}
- id: full_before_overloaded_now
  title: '"load and load_previous both > 1"'
  same_as: K1
  set: {review: {load: 1.2, load_previous: 1.0}}
  expected: {decision: continue, watch_include: [W_REVIEW_LOAD]}
- id: everybody_of_five
  title: '"adoption Wilson upper < expected_min, den >= 5"; "adoption value >= expected_min, den >= 5"'
  same_as: K1
  add_kpis: [{key: adoption, role: adoption, kind: ratio, direction: up, current: {num: 5, den: 5}, expected_min: 1}]
  expected: {decision: expand, findings_include: [], counter_exactly: [USE_IS_NOT_SUCCESS]}
- id: everybody_of_four
  title: as before, one person fewer
  same_as: everybody_of_five
  set_kpi: {adoption: {current: {num: 4, den: 4}}}
  expected: {decision: expand, counter_exactly: []}
- id: moderate_and_done
  title: '"moderate incident not closed, action none or open, due_on before as_of or absent"'
  same_as: K1
  as_of: 2026-06-30
  incidents:
  - {category: a, severity: moderate, status: closed, action: open, due_on: 2026-06-01}
  - {category: b, severity: moderate, status: contained, action: done, due_on: 2026-06-01}
  - {category: c, severity: minor, status: open, action: open, due_on: 2026-06-01}
  expected: {decision: expand, findings_include: []}
- id: second_outcome_beyond_its_limit
  title: '"secondary outcome (no guardrail) with level warning/critical", not the primary'
  same_as: C51
  add_kpis: [{key: backlog_days, role: outcome, kind: point, direction: down, two_periods: true, warning: 5, current: {value: 6}}]
  expected: {decision: improve, findings_exclude: [I1_GUARDRAIL], watch_include: [W_UNCLEAR]}
- id: primary_beyond_its_limit
  title: as before, without the second outcome
  same_as: C51
  expected: {watch_exclude: [W_UNCLEAR]}
- id: one_flag_beside_silence
  title: '"exactly one flag of 6.2, not confirmed"'
  same_as: C60
  set: {reporting: {near_misses: 0}}
  expected: {findings_include: [I7_UNDERREPORTING], watch_exclude: [W_REPORTING], expansion_blockers: [X3, X7], counter_exactly: [INCIDENTS_NOT_INTERPRETABLE]}
- id: better_without_being_a_proxy
  title: '"a proxy_for KPI better or better_worthwhile while the primary is neither"'
  same_as: C43
  set_kpi: {error_rate: {current: {num: 5, den: 820}}}
  expected: {decision: improve, kpi: {error_rate: {change: better}}, counter_exactly: []}
- id: stale_and_unclear_before_the_window_ends
  title: '"primary too_few, or usable and unclear"'
  same_as: C49
  set: {deployment: {days_since_start: 30}}
  expected: {findings_include: [I4_NO_OUTCOME], watch_exclude: [W_TOO_EARLY]}
- id: everything_that_lowers_certainty_just_misses
  title: '"all thresholds exclusive": coverage .8 and |trend_z| 1.96 take nothing away'
  same_as: K19
  set_kpi: {task_minutes: {coverage: 0.8, baseline: {n: 500, mean: 45.0, sd: 18.0, points: 12, trend_z: -1.96}}}
  expected: {decision: expand, certainty: high, certainty_minus: [], counter_exactly: []}
- id: no_trend_on_record
  title: '"points >= 12 and |trend_z| <= 1.96, both given"'
  same_as: K19
  set_kpi: {task_minutes: {baseline: {n: 500, mean: 45.0, sd: 18.0, points: 12}}}
  expected: {decision: expand, certainty: moderate}
- id: all_reasons_at_once
  title: '"engine and evidence.down are merged as a set"'
  same_as: K1
  set_kpi: {task_minutes: {self_reported: true, coverage: 0.79, baseline: {n: 500, mean: 45.0, sd: 18.0, trend_z: 1.97, estimated: true}}}
  scope: {shadow: {num: 10, den: 30}}
  evidence: {design: randomised, down: [units_disagree, self_reported]}
  expected: {certainty: very_low, certainty_minus: [baseline_trending, contaminated_by_shadow_use, coverage_below_80pct, estimated_baseline, self_reported, units_disagree], counter_exactly: [BASELINE_ALREADY_CHANGING]}
- id: void_trial_beside_a_controlled_comparison
  title: '"A void sample ratio makes the experiment absent for the verdict"'
  same_as: K1
  experiment: {lo: 0.2, hi: 0.3, srm_p: 0.0009}
  expected: {decision: expand, certainty: moderate, not_measured: [experiment], kpi: {task_minutes: {change: better_worthwhile, lo: 0.274073}}}
- id: void_trial_said_to_be_randomised
  title: '"with a void one a recorded randomised counts as before_after"'
  same_as: void_trial_beside_a_controlled_comparison
  evidence: {design: randomised}
  expected: {decision: continue, certainty: low, expansion_blockers: [X8]}
- id: shares_at_their_floor
  title: '"All floors are inclusive"'
  same_as: K1
  scope: {out_of_scope: {num: 30, den: 30}, shadow: {num: 10, den: 10}, shadow_survey: true}
  set: {reporting: {participation: {num: 0, den: 10}, afraid: {num: 10, den: 10}, audit: {num: 0, den: 30}}, review: {implausibly_fast: {num: 30, den: 30}, bursts: {num: 0, den: 30}, unedited_approved: {num: 0, den: 30}}}
  expected: {decision: restrict, findings_include: [R2_SCOPE_DRIFT, I7_UNDERREPORTING_SUSPECTED, I8_SHADOW_AI], too_few: [], reporting: {flags: [low_participation, afraid], expected_reports_at_4pct_yield: 0.0, prob_of_observed_or_fewer: 1.0}, review: {signals: [fast]}, counter_exactly: [FAST_BUT_SEEDS_CAUGHT, BENEFIT_DESPITE_HARM]}
- id: shares_one_short
  title: as before, each one case fewer
  same_as: K1
  scope: {out_of_scope: {num: 29, den: 29}, shadow: {num: 9, den: 9}, shadow_survey: true}
  set: {reporting: {participation: {num: 0, den: 9}, afraid: {num: 9, den: 9}, audit: {num: 29, den: 29}}, review: {implausibly_fast: {num: 29, den: 29}, bursts: {num: 29, den: 29}, unedited_approved: {num: 29, den: 29}}}
  expected: {decision: continue, findings_include: [], watch_include: [W_UNCLEAR], too_few: [afraid, audit, bursts, implausibly_fast, out_of_scope, participation, shadow, unedited_approved], reporting: {flags: [], expected_reports_at_4pct_yield: null}, review: {signals: []}, counter_exactly: []}
- id: nothing_out_of_scope_and_no_tolerance
  title: '"a value or limit equal to a threshold is not beyond it"'
  same_as: K1
  scope: {out_of_scope: {num: 0, den: 400}, out_of_scope_limit: 0, shadow: {num: 0, den: 400}, shadow_limit: 0}
  expected: {decision: expand, findings_include: []}
- id: one_better_primary_of_two
  title: '"a condition that speaks for the deployment must hold for every primary"'
  same_as: C54
  set_kpi: {first_time_right: {current: {num: 705, den: 1000}}, task_minutes: {proxy_for: null}}
  gates: {owner: met, legal_basis: refused, dpia: met, fallback: met, oversight: met}
  add_kpis: [{key: draft_minutes, role: outcome, kind: duration, direction: down, proxy_for: task_minutes, baseline: {n: 500, mean: 20.0, sd: 8.0}, current: {n: 520, mean: 9.0, sd: 4.0}}]
  expected: {decision: stop, findings_include: [I4_NO_BENEFIT], counter_exactly: [PROXY_BETTER]}
"""  # noqa: E501
CASES = load()
CASES |= {case["id"]: case for case in yaml.safe_load(CORNERS)}
NAMES = [case["id"] for case in yaml.safe_load(CORNERS)]
RESOLVED = dict(resolve_all(list(CASES.values())))


@pytest.mark.parametrize("name", NAMES)
def test_corner(name):
    record, expected = judge(RESOLVED[name]), CASES[name]["expected"]
    assert faults(record, expected) == []
    assert record["counter_evidence"] == expected.get("counter_exactly", record["counter_evidence"])
    exactly = {name: expected[name] for name in ("certainty_minus", "too_few") if name in expected}
    assert {name: record[name] for name in exactly} == exactly


@pytest.mark.parametrize(
    ("lo", "hi", "change"),
    [
        (0.1, 0.1, "better_worthwhile"),
        (0.0999, 0.3, "better"),
        (0.0, 0.3, "not_worse"),
        (-0.0499, 0.3, "not_worse"),
        (-0.05, 0.3, "unclear"),
        (-0.08, 0.0, "unclear"),
        (-0.0499, -0.01, "worse_within_margin"),
        (-0.05, -0.01, "worse"),
        (-0.2, -0.05, "worse"),
        (-0.2, -0.0501, "worse_beyond_margin"),
    ],
)
def test_limits_that_touch_benefit_margin_or_nought(lo, hi, change):
    """The order of 2.4: >= mwb, > 0, < -margin, < 0 (within if > -margin), > -margin."""
    case = {**RESOLVED["C90"], "experiment": {"lo": lo, "hi": hi, "srm_p": 0.5}}
    assert judge(case)["kpi"]["task_minutes"]["change"] == change


@pytest.mark.parametrize(
    ("caught", "planted", "seeded"),
    [
        (0, 0, "none"),
        (0, 9, "too_few"),
        (0, 10, "fail"),
        (19, 19, "too_few"),
        (20, 20, "pass"),
        (12, 20, "fail"),
        (13, 20, "inconclusive"),
        (19, 20, "inconclusive"),
        (28, 30, "inconclusive"),
        (29, 30, "pass"),
    ],
)
def test_planted_errors_at_their_floors(caught, planted, seeded):
    """ "fail (Wilson upper < .80, from 10 seeds); too_few (< 20 seeds otherwise)" (6.1)."""
    case = {**RESOLVED["K1"], "review": {"seeded": {"num": caught, "den": planted}}}
    assert judge(case)["review"]["seeded"] == seeded


@pytest.mark.parametrize(
    ("value", "direction", "level"),
    [
        (3, "down", "ok"),
        (3.01, "down", "suspected_warning"),
        (5, "down", "suspected_warning"),
        (5.01, "down", "suspected_critical"),
        (3, "up", "ok"),
        (2.99, "up", "suspected_warning"),
        (1, "up", "suspected_warning"),
        (0.99, "up", "suspected_critical"),
    ],
)
def test_a_value_at_its_threshold_is_not_beyond_it(value, direction, level):
    limits = {"down": {"warning": 3, "critical": 5}, "up": {"warning": 3, "critical": 1}}
    kpi = {"key": "a", "role": "risk", "kind": "point", "direction": direction}
    case = {"kpis": [{**kpi, **limits[direction], "current": {"value": value}}]}
    assert judge(case)["kpi"]["a"]["level"] == level
