"""What the catalogue refuses of a KPI: every contradiction, named by file and key."""

import pytest

from tests.kpis.domain.catalogue_changes import GONE, changed, kpi_place, refused, target


@pytest.mark.parametrize(
    ("key", "changes", "sentence"),
    [
        # words
        ("error_rate", {"kind": "guess"}, "kind has the unknown kind “guess”."),
        ("error_rate", {"role": "boss"}, "role has the unknown role “boss”."),
        (
            "error_rate",
            {"direction": "sideways"},
            "direction has the unknown direction “sideways”.",
        ),
        ("error_rate", {"indicator": "early"}, "indicator has the unknown indicator “early”."),
        ("error_rate", {"unit": "furlongs"}, "unit has the unknown unit “furlongs”."),
        ("error_rate", {"layer": "attic"}, "layer has the unknown layer “attic”."),
        ("error_rate", {"window": "never"}, "window has the unknown window “never”."),
        ("error_rate", {"cadence": "hourly"}, "cadence has the unknown cadence “hourly”."),
        ("error_rate", {"measured_at": "x"}, "measured_at has the unknown measuring place “x”."),
        ("error_rate", {"seeds": ["S9"]}, "seeds has the unknown seed “S9”."),
        (
            "error_rate",
            {"guardrail": {"when": ["full_moon"], "from": "S0"}},
            "when has the unknown condition “full_moon”.",
        ),
        (
            "error_rate",
            {"guardrail": {"when": ["general"], "from": "hearsay"}},
            "from has the unknown voice “hearsay”.",
        ),
        (
            "error_rate",
            {"targets": [target(when="full_moon")]},
            "when has the unknown condition “full_moon”.",
        ),
        (
            "error_rate",
            {"targets": [target(requires=["luck"])]},
            "requires has the unknown condition “luck”.",
        ),
        ("error_rate", {"targets": [target(op="~")]}, "op has the unknown op “~”."),
        (
            "error_rate",
            {"targets": [target(role="dream")]},
            "role has the unknown role of a target “dream”.",
        ),
        ("backlog_size", {"time_fold": "sum"}, "time_fold has the unknown time_fold “sum”."),
        ("backlog_size", {"n_unit": "crate"}, "n_unit has the unknown n_unit “crate”."),
        ("f1_score", {"statistic": "f7"}, "statistic has the unknown statistic “f7”."),
        ("nps", {"value": "mean"}, "value has the unknown value “mean”."),
        # references
        (
            "error_rate",
            {"pair_with": ["nothing"]},
            "pair_with names “nothing”, which does not exist.",
        ),
        (
            "roi",
            {"derived_from": ["nothing"]},
            "derived_from names “nothing”, which does not exist.",
        ),
        ("bleu", {"proxy_for": "nothing"}, "proxy_for names “nothing”, which does not exist."),
        ("cost_setup", {"part_of": "nothing"}, "part_of names “nothing”, which does not exist."),
        (
            "error_rate",
            {"see_also": "no_such_rate is another"},
            "see_also names “no_such_rate”, which does not exist.",
        ),
        ("error_rate", {"pair_with": ["error_rate"]}, "pair_with names itself."),
        ("bleu", {"proxy_for": "bleu"}, "proxy_for names itself."),
        # shapes
        ("error_rate", {"name": ""}, "name is missing."),
        ("error_rate", {"watch_out": GONE}, "watch_out is missing."),
        ("error_rate", {"layer": GONE}, "layer is missing."),
        ("error_rate", {"alias": ["Errors"]}, "alias is no field of it."),
        ("error_rate", {"figure": {}}, "figure is no field of it."),
        ("error_rate", {"entry": {}}, "entry is no field of it."),
        ("error_rate", {"definition": 7}, "definition must be text."),
        ("error_rate", {"success_evidence": "yes"}, "success_evidence must be true or false."),
        ("error_rate", {"pair_with": "rework_rate"}, "pair_with must be a list."),
        ("error_rate", {"aliases": ["Errors", "Errors"]}, "aliases says “Errors” twice."),
        ("error_rate", {"guardrail": {"when": ["general"]}}, "guardrail: from is missing."),
        ("error_rate", {"guardrail": "always"}, "guardrail: this must hold named values."),
        (
            "error_rate",
            {"targets": [target(value="5 %")]},
            "targets: value must be a finite number.",
        ),
        (
            "error_rate",
            {"targets": [target(value=float("nan"))]},
            "targets: value must be a finite number.",
        ),
        (
            "nps",
            {"survey": {"show_from": True, "judge_from": 10, "sensitive": False}},
            "survey: show_from must be a whole number.",
        ),
        ("response_within_limit", {"limit": 4}, "limit must be named values."),
        # parts of a kind
        ("error_rate", {"numerator": GONE}, "the kind ratio needs numerator."),
        ("error_rate", {"numerator": None}, "the kind ratio needs numerator."),
        ("error_rate", {"statistic": "f1"}, "the kind ratio has no statistic."),
        ("incident_reports", {"counts": GONE}, "the kind count needs counts."),
        ("frequency_of_use", {"denominator": GONE}, "the kind rate needs denominator."),
        ("session_duration", {"of": GONE}, "the kind duration needs of."),
        ("rmse", {"of": GONE}, "the kind mean needs of."),
        ("cost_setup", {"sums": GONE}, "the kind money needs sums."),
        ("nps", {"question": GONE}, "the kind rating needs question."),
        ("f1_score", {"statistic": GONE}, "the kind confusion needs statistic."),
        ("availability", {"numerator": GONE}, "the kind uptime needs numerator."),
        ("rouge", {"rubric": GONE}, "the kind score needs rubric."),
        ("active_users", {"members": GONE}, "the kind distinct needs members."),
        ("backlog_size", {"time_fold": GONE}, "the kind gauge needs time_fold."),
        ("bleu", {"state_with": GONE}, "the kind opaque needs state_with."),
        # evidence
        (
            "active_users",
            {"success_evidence": True},
            "success_evidence is true, but usage and context never support a deployment.",
        ),
        (
            "first_draft_time",
            {"success_evidence": True},
            "success_evidence is true, but usage and context never support a deployment.",
        ),
        (
            "queue_time",
            {"success_evidence": True, "primary_candidate": True},
            "primary_candidate needs success evidence with a direction, measured itself.",
        ),
        (
            "roi",
            {"primary_candidate": True},
            "primary_candidate needs success evidence with a direction, measured itself.",
        ),
        (
            "error_rate",
            {"success_evidence": False},
            "primary_candidate needs success evidence with a direction, measured itself.",
        ),
        ("error_rate", {"seeds": []}, "it needs seeds, or added_from where no source names it."),
        # figures
        (
            "roi",
            {"measured_at": "cost_ledger"},
            "measured_at is “computed” for derived KPIs and for no others.",
        ),
        (
            "error_rate",
            {"measured_at": "computed"},
            "measured_at is “computed” for derived KPIs and for no others.",
        ),
        ("roi", {"formula": GONE}, "a derived KPI needs a formula."),
        (
            "roi",
            {"formula": "net value / task_time"},
            "formula names “task_time”, which derived_from does not.",
        ),
        ("latency_p50", {"quantile": 1, "targets": []}, "quantile must lie between 0 and 1."),
        ("nps", {"share_of": [11]}, "share_of names “11”, which is no step of the scale 0_to_10."),
        (
            "shadow_ai_share",
            {"share_of": ["maybe"]},
            "share_of names “maybe”, which is no step of the scale yes_no.",
        ),
        (
            "nps",
            {"survey": {"show_from": 4, "judge_from": 10, "sensitive": False}},
            "survey shows a score from 5 answers on, a sensitive one from 10.",
        ),
        (
            "shadow_ai_share",
            {"survey": {"show_from": 9, "judge_from": 10, "sensitive": True}},
            "survey shows a score from 5 answers on, a sensitive one from 10.",
        ),
        (
            "nps",
            {"survey": {"show_from": 12, "judge_from": 11, "sensitive": False}},
            "survey judges from 10 answers on, and never before it shows.",
        ),
        # targets
        (
            "error_rate",
            {"targets": [target(value=None)]},
            "the target for general says < without a value.",
        ),
        (
            "error_rate",
            {"targets": [target(op=">")]},
            "the target for general says >, but the direction is down.",
        ),
        (
            "frequency_of_use",
            {"targets": [target(unit="uses_per_working_day")]},
            "the target for general says <, but the direction is band.",
        ),
        (
            "error_rate",
            {"targets": [target(unit="points")]},
            "the target for general is in points, the KPI in fraction.",
        ),
        (
            "latency_p95",
            {"targets": [target(unit="milliseconds", limit=0.1, share=0.5)]},
            "the target for general must restate its percentile by limit and share.",
        ),
        (
            "tool_implementation_rate",
            {"targets": [target(unit="tools"), target(unit="tools", op=">")]},
            "its targets point both ways.",
        ),
        # names
        (
            "error_rate",
            {"aliases": ["Correction RATE"]},
            "“Correction rate” names both error_rate and correction_rate.",
        ),
        ("error_rate", {"aliases": ["–"]}, "the name “–” has no letter and no digit."),
        (
            "error_rate",
            {"covers": ["Correction rate"]},
            "covers says “Correction rate”, which is a name of correction_rate.",
        ),
        # two places of the files
        (
            "error_rate",
            {"indicator": "leading"},
            "it must be leading both here and in leading_pairs.yaml.",
        ),
        (
            "correction_rate",
            {"indicator": "lagging"},
            "it must be leading both here and in leading_pairs.yaml.",
        ),
        (
            "error_rate",
            {"baseline_measure": False},
            "baseline_measure and the measures in baseline.yaml disagree.",
        ),
        ("roi", {"phases": ["scale"]}, "phases and phases.yaml disagree."),
    ],
)
def test_a_kpi_that_contradicts_itself_is_refused(key, changes, sentence):
    said = refused(changed(kpi_place(key).split(",")[0], key, changes))
    assert any(line.startswith("kpis/") and line.endswith(f": {sentence}") for line in said), said


def test_a_circle_of_derivations_is_refused():
    files = changed("kpis/value.yaml", "roi", {"derived_from": ["cost_savings"], "formula": "a"})
    savings = next(e for e in files["kpis/value.yaml"]["kpis"] if e["key"] == "cost_savings")
    savings |= {"derived_from": ["roi"], "formula": "b"}
    assert refused(files) == [
        "kpis/value.yaml, cost_savings: derived_from runs in a circle: "
        "cost_savings, roi, cost_savings."
    ]
