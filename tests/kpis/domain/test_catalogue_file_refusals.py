"""What the catalogue refuses of its files and vocabularies, named by file."""

import copy

import pytest

from kpis.domain.catalogue.loading import BadCatalogue, read
from tests.kpis.domain.catalogue_changes import (
    FILES,
    GONE,
    changed,
    refused,
)


@pytest.mark.parametrize(
    ("file", "key", "changes", "sentence"),
    [
        (
            "mistakes.yaml",
            "no_baseline_comparison",
            {"kpis": ["nothing"]},
            "mistakes.yaml, no_baseline_comparison: kpis names “nothing”, which does not exist.",
        ),
        (
            "mistakes.yaml",
            "no_baseline_comparison",
            {"check": GONE},
            "mistakes.yaml, no_baseline_comparison: check is missing.",
        ),
        (
            "readiness_checklist.yaml",
            "has_baseline",
            {"kpi": ["task_time"]},
            "readiness_checklist.yaml, has_baseline: kpi is no field of it.",
        ),
        ("conditions.yaml", "chat", {"meaning": ""}, "conditions.yaml, chat: meaning is missing."),
        (
            "set_rules.yaml",
            "handful",
            {"seed": "S9"},
            "set_rules.yaml, handful: seed has the unknown seed “S9”.",
        ),
        (
            "challenges.yaml",
            "trade_offs",
            {"kpis": ["nothing"]},
            "challenges.yaml, trade_offs: kpis names “nothing”, which does not exist.",
        ),
        (
            "phases.yaml",
            "scale",
            {"secondary": ["nothing"]},
            "phases.yaml, scale: secondary names “nothing”, which does not exist.",
        ),
        (
            "layers.yaml",
            "technical",
            {"default_cadence": "hourly"},
            "layers.yaml, technical: default_cadence has the unknown cadence “hourly”.",
        ),
        ("roles.yaml", "cost", {"key": "risk"}, "roles.yaml: the key risk stands twice."),
        ("roles.yaml", "cost", {"key": GONE}, "roles.yaml: an entry of roles has no key."),
    ],
)
def test_a_vocabulary_that_contradicts_itself_is_refused(file, key, changes, sentence):
    assert sentence in refused(changed(file, key, changes))


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (
            ["packs.yaml", "packs", "classifier", "kpis"],
            ["nothing"],
            "packs.yaml: kpis names “nothing”, which does not exist.",
        ),
        (
            ["packs.yaml", "packs", "classifier", "use"],
            "toy",
            "packs.yaml: use has the unknown use “toy”.",
        ),
        (
            ["packs.yaml", "packs", "classifier", "mandatory"],
            ["roi"],
            "packs.yaml, classifier: mandatory names “roi”, which is not in the pack.",
        ),
        (
            ["packs.yaml", "packs", "classifier", "colour"],
            "red",
            "packs.yaml, classifier: colour is no field of it.",
        ),
        (
            ["packs.yaml", "packs", "classifier"],
            "all",
            "packs.yaml, classifier: this must hold named values.",
        ),
        (
            ["trade_offs.yaml", "trade_offs", 0, "pair"],
            ["nothing"],
            "trade_offs.yaml: pair names “nothing”, which does not exist.",
        ),
        (
            ["leading_pairs.yaml", "leading_pairs", "pairs", 0, "lagging"],
            "nothing",
            "leading_pairs.yaml: lagging names “nothing”, which does not exist.",
        ),
        (
            ["leading_pairs.yaml", "leading_pairs", "pairs", 0, "pair_from"],
            "hearsay",
            "leading_pairs.yaml: pair_from has the unknown voice “hearsay”.",
        ),
        (
            ["leading_pairs.yaml", "leading_pairs", "pairs"],
            ["none"],
            "leading_pairs.yaml, pairs: this must hold named values.",
        ),
        (
            ["verdict_inputs.yaml", "verdict_inputs", "review.load"],
            ["nothing"],
            "verdict_inputs.yaml: review.load names “nothing”, which does not exist.",
        ),
        (
            ["usage_only_hides.yaml", "usage_only_hides"],
            ["nothing"],
            "usage_only_hides.yaml: usage_only_hides names “nothing”, which does not exist.",
        ),
        (
            ["dashboards.yaml", "dashboards", "four_sections", "business_impact"],
            ["nothing"],
            "dashboards.yaml: business_impact names “nothing”, which does not exist.",
        ),
        (
            ["baseline.yaml", "baseline", "before_launch"],
            ["nothing"],
            "baseline.yaml: before_launch names “nothing”, which does not exist.",
        ),
        (
            ["quality_matters_most_when.yaml", "quality_matters_most_when"],
            ["x"],
            "quality_matters_most_when.yaml: "
            "quality_matters_most_when has the unknown condition “x”.",
        ),
        (
            ["scenario_fixture.yaml", "scenario_fixture", "values", "nothing"],
            1,
            "scenario_fixture.yaml: values names “nothing”, which does not exist.",
        ),
        (["version.yaml", "version"], "two", "version.yaml: version must be a whole number."),
        (
            ["version.yaml", "extra"],
            1,
            "version.yaml: the file must hold version and nothing else.",
        ),
        (["units.yaml", "units"], [], "units.yaml: units must be named values."),
        (["cadence.yaml", "cadence"], {}, "cadence.yaml: cadence must be a list."),
        (["kinds.yaml", "kinds"], {}, "kinds.yaml: kinds must be a list of entries."),
        (["extra.yaml"], {"extra": 1}, "extra.yaml: there is no such subject."),
        (["kpis/fun.yaml"], {}, "kpis/fun.yaml: there is no such category."),
        (
            ["kpis/risk.yaml", "category"],
            "speed",
            "kpis/risk.yaml: category says “speed”, the name of the file does not.",
        ),
        (
            ["kpis/risk.yaml", "note"],
            "x",
            "kpis/risk.yaml: the file must hold category and kpis, and nothing else.",
        ),
        (["kpis/risk.yaml", "kpis"], ["x"], "kpis/risk.yaml: kpis must be a list of entries."),
        (
            ["kpis/risk.yaml", "kpis", 0, "category"],
            "speed",
            "kpis/risk.yaml, incident_reports: it has the category “speed” and stands in "
            "this file.",
        ),
        (
            ["kpis/risk.yaml", "kpis", 1, "key"],
            "incident_reports",
            "kpis/risk.yaml: the key incident_reports stands twice.",
        ),
        (
            ["kpis/speed.yaml", "kpis", 0, "key"],
            "incident_reports",
            "kpis/speed.yaml: the key incident_reports stands twice, also in kpis/risk.yaml.",
        ),
    ],
)
def test_a_file_of_the_wrong_content_is_refused(path, value, sentence):
    files = copy.deepcopy(FILES)
    place = files
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert sentence in refused(files)


@pytest.mark.parametrize("file", ["kinds.yaml", "version.yaml", "kpis/risk.yaml"])
def test_a_missing_file_is_refused(file):
    assert refused({name: holds for name, holds in FILES.items() if name != file}) == [
        f"{file}: the file is missing."
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("units: {a: x, a: y}", "“a”, from line 1 on, stands twice or is no text"),
        ("units: {on: x}", "“True”, from line 1 on, stands twice or is no text"),
        ("units: [", "units.yaml: this cannot be read"),
    ],
)
def test_yaml_that_would_lose_something_is_refused(tmp_path, text, words):
    (tmp_path / "units.yaml").write_text(text)
    with pytest.raises(BadCatalogue, match=r"^units\.yaml: this cannot be read") as caught:
        read(tmp_path)
    assert words in str(caught.value)


def test_all_faults_are_named_at_once():
    files = changed("kpis/quality.yaml", "error_rate", {"unit": "furlongs", "pair_with": ["x"]})
    assert refused(files) == [
        "kpis/quality.yaml, error_rate: unit has the unknown unit “furlongs”.",
        "kpis/quality.yaml, error_rate: pair_with names “x”, which does not exist.",
    ]
