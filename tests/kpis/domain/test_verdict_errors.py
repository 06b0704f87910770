"""Every refusal of method 5.8: its name, its place; and the command that prints records."""

import copy
import io
import json
import math
from types import SimpleNamespace

import pytest
from django.core.management.base import CommandError

from kpis.domain import errors as general
from kpis.domain.policy import BadPolicy, read
from kpis.domain.verdict import BadEvidence, errors, judge, resolve_all
from kpis.management.commands import judge as command
from tests.kpis.domain.verdict_cases import load, resolve

CASES = load()
K1 = resolve(CASES["K1"], CASES)


def with_kpi(**given):
    case = copy.deepcopy(K1)
    case["kpis"][0].update(given)
    return case


def without(field):
    case = copy.deepcopy(K1)
    del case["kpis"][0][field]
    return case


def with_primaries(count, **blocks):
    extra = [{**K1["kpis"][1], "key": f"more_{index}"} for index in range(count - 1)]
    return {**K1, "kpis": [*K1["kpis"], *extra], **blocks}


INCIDENT = {"category": "x", "severity": "serious"}
REFUSALS = [
    (with_kpi(current={"value": math.nan}), errors.NotFinite, "(input_drift_index).current.value"),
    (with_kpi(current={"value": math.inf}), errors.NotFinite, "current.value"),
    (with_kpi(current={"value": 10**400}), errors.NotFinite, "current.value"),
    (with_kpi(current={"value": True}), errors.NotFinite, "current.value"),
    (with_kpi(warning=math.nan), errors.NotFinite, "(input_drift_index).warning"),
    (with_kpi(current={"value": "much"}), errors.NotFinite, "current.value"),
    ({"value": {"net_value_low": -math.inf}}, errors.NotFinite, "value.net_value_low"),
    ({"experiment": {"lo": math.nan, "hi": 1}}, errors.NotFinite, "experiment.lo"),
    ({"review": {"load": -0.1}}, errors.BelowZero, "review.load"),
    ({"reporting": {"reports": -1}}, errors.BelowZero, "reporting.reports"),
    ({"review": {"bursts": {"num": -5, "den": 3}}}, errors.BelowZero, "review.bursts.num"),
    ({"review": {"bursts": {"num": 5, "den": 3}}}, errors.MoreThanAll, "review.bursts"),
    (with_kpi(kind="ratio", current={"num": 5, "den": 3}), errors.MoreThanAll, "current"),
    (with_kpi(kind="uptime", current={"up_s": 2, "observed_s": 1}), errors.MoreThanAll, "current"),
    (with_kpi(coverage=1.2), errors.MoreThanAll, "coverage"),
    (with_kpi(kind="ratio", current={"num": 1.5, "den": 3}), errors.WrongType, "current.num"),
    (with_kpi(kind="ratio", current={"num": 1}), errors.MissingField, "current.den"),
    (with_kpi(kind="ratio", current={"value": 1}), errors.UnknownField, "current.value"),
    (with_kpi(kind="mean", current={"n": 9, "mean": 1, "sd": -1}), errors.BelowZero, "current.sd"),
    (with_kpi(kind="guess"), errors.UnknownValue, "kind"),
    (with_kpi(role="boss"), errors.UnknownValue, "role"),
    (with_kpi(direction="sideways"), errors.UnknownValue, "direction"),
    (with_kpi(two_periods="often"), errors.UnknownValue, "two_periods"),
    (with_kpi(spc="fine"), errors.UnknownValue, "spc"),
    (with_kpi(latched_level="ok"), errors.UnknownValue, "latched_level"),
    ({"gates": {"owner": "maybe"}}, errors.UnknownValue, "gates.owner"),
    ({"evidence": {"down": ["mood"]}}, errors.UnknownValue, "evidence.down[0]"),
    ({"evidence": {"design": "felt"}}, errors.UnknownValue, "evidence.design"),
    ({"look": "often"}, errors.UnknownValue, "look"),
    ({"deployment": {"risk_class": "huge"}}, errors.UnknownValue, "deployment.risk_class"),
    ({"deployment": {"profile": "large"}}, errors.UnknownValue, "deployment.profile"),
    ({"history": {"last_decision": "wait"}}, errors.UnknownValue, "history.last_decision"),
    ({"incidents": [{**INCIDENT, "severity": "huge"}]}, errors.UnknownValue, "[0].severity"),
    ({"incidents": [{**INCIDENT, "status": "gone"}]}, errors.UnknownValue, "[0].status"),
    ({"incidents": [{"severity": "minor"}]}, errors.MissingField, "incidents[0].category"),
    ({"incidents": [None]}, errors.WrongType, "incidents[0]"),
    ({"incidents": [{**INCIDENT, "due_on": "2026-06-30"}]}, errors.MissingField, "as_of"),
    ({"as_of": "soon"}, errors.WrongType, "as_of"),
    ({"as_of": 20260630}, errors.WrongType, "as_of"),
    ({"id": 7}, errors.WrongType, "id"),
    (without("key"), errors.MissingField, "kpis[0].key"),
    (without("role"), errors.MissingField, "(input_drift_index).role"),
    (without("kind"), errors.MissingField, "(input_drift_index).kind"),
    (without("direction"), errors.MissingField, "(input_drift_index).direction"),
    (with_kpi(direction="band"), errors.MissingField, "(input_drift_index).band"),
    (with_kpi(band=[2, 1]), errors.ContradictoryLimits, "band"),
    (with_kpi(band=[2]), errors.WrongType, "band"),
    (with_kpi(key="task_minutes"), errors.DuplicateKey, "kpis[1].key"),
    (with_kpi(mwb=0), errors.ContradictoryLimits, "(input_drift_index).mwb"),
    (with_kpi(margin=-0.1), errors.ContradictoryLimits, "(input_drift_index).margin"),
    (with_kpi(warning=0.3, critical=0.2), errors.ContradictoryLimits, "critical"),
    (with_kpi(warning=0.3, critical=0.3), errors.ContradictoryLimits, "critical"),
    (with_kpi(direction="up", critical=0.4), errors.ContradictoryLimits, "critical"),
    ({"experiment": {"lo": 1, "hi": 0}}, errors.ContradictoryLimits, "experiment"),
    (with_primaries(4), errors.TooManyPrimaries, "kpis"),
    (with_primaries(2, experiment={}), errors.UnclearExperiment, "experiment"),
    (with_kpi(colour="red"), errors.UnknownField, "(input_drift_index).colour"),
    ({"weather": {}}, errors.UnknownField, "weather"),
    ({"gates": {"gut": "met"}}, errors.UnknownField, "gates.gut"),
    ({"scope": {"mood": 1}}, errors.UnknownField, "scope.mood"),
    ({"scope": {1: 1}}, errors.UnknownField, "scope"),
    ({"review": {"bursts": {"num": 1, "den": 2, "x": 3}}}, errors.UnknownField, "bursts.x"),
    ({"scope": []}, errors.WrongType, "scope"),
    ({"scope": {"unapproved": "sales"}}, errors.WrongType, "scope.unapproved"),
    ({"scope": {"shadow_survey": "yes"}}, errors.WrongType, "scope.shadow_survey"),
    ({"kpis": {"key": "a"}}, errors.WrongType, "kpis"),
    ({"kpis": ["a"]}, errors.WrongType, "kpis[0]"),
    ([], errors.WrongType, "case"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "kind", "place"), REFUSALS, ids=[str(r[2]) for r in REFUSALS])
def test_refused_by_name_and_place(case, kind, place):
    with pytest.raises(kind) as refused:
        judge(case)
    assert refused.value.place.endswith(place)
    assert str(refused.value).startswith(refused.value.place + ": ")
    assert str(refused.value).endswith(".")


def test_numbers_no_machine_can_compute_with_are_refused_too():
    case = with_kpi(
        kind="mean",
        current={"n": 30, "mean": 1e-300, "sd": 1e200},
        baseline={"n": 30, "mean": 1e308, "sd": 1e200},
    )
    with pytest.raises(errors.NotFinite, match="input_drift_index"):
        judge(case)


def test_refusals_are_errors_of_the_method():
    assert issubclass(BadEvidence, general.MethodError)
    assert issubclass(errors.NotFinite, general.NotANumber)
    assert issubclass(errors.MoreThanAll, general.NumeratorAboveDenominator)


def test_three_primaries_and_one_experiment_are_allowed():
    assert judge(with_primaries(3))["id"] == K1.get("id")
    assert judge({**K1, "experiment": {"lo": 0.2, "hi": 0.3, "srm_p": 0.5}})["certainty"] == "high"


@pytest.mark.parametrize(
    ("cases", "place"),
    [
        ([{"id": "a", "same_as": "b"}], "same_as"),
        ([{"id": "a", "same_as": "a"}], "same_as"),
        ([{"id": "a", "set_kpi": {"x": {}}}], "set_kpi.x"),
        ([{"id": "a", "set": {"scope": 3}}], "set.scope"),
        ([{"id": "a", "add_kpis": {}}], "add_kpis"),
        (["a"], "case"),
    ],
)
def test_inheritance_that_leads_nowhere(cases, place):
    [(_, refused)] = resolve_all(cases)
    assert isinstance(refused, BadEvidence)
    assert refused.place == place


def test_a_case_stands_once():
    first, second = resolve_all([{"id": "a"}, {"id": "a"}])
    assert first == ("a", {"id": "a"})
    assert isinstance(second[1], errors.DuplicateKey)


def run(monkeypatch, text):
    raw = text if isinstance(text, bytes) else text.encode()
    monkeypatch.setattr(command.sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    out = io.StringIO()
    try:
        command.Command(stdout=out).handle(file="-")
    except CommandError as error:
        return out.getvalue().splitlines(), str(error)
    return out.getvalue().splitlines(), ""


def test_the_command_prints_one_record_per_case(monkeypatch):
    text = "cases:\n- {id: a}\n- {id: b, same_as: a, look: between}\n"
    lines, said = run(monkeypatch, text)
    assert [json.loads(line)["decision"] for line in lines] == ["improve", "continue"]
    assert said == ""


@pytest.mark.parametrize("text", ["id: a\n", "- id: a\n", '{"id": "a"}', '[{"id": "a"}]'])
def test_the_command_takes_a_list_or_one_case(monkeypatch, text):
    lines, _ = run(monkeypatch, text)
    assert [json.loads(line)["id"] for line in lines] == ["a"]


def test_json_numbers_are_numbers(monkeypatch):
    lines, _ = run(monkeypatch, '{"value": {"net_value_high": -1e5}}')
    assert "I5_NEGATIVE_VALUE" in json.loads(lines[0])["findings"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- id: a\n  look: often\n", "standard input: case a: look: “often” is not known"),
        ("- look: often\n", "standard input: case no. 1: look"),
        ("a: [", "standard input: line 1, column"),
        ("id: a\nid: b\n", "standard input: line 2, column 1: “id” stands twice."),
        ('{"id": "a", "id": "b"}', "standard input: “id” stands twice."),
        ('{"value": {"net_value_low": NaN}}', "value.net_value_low: nan is not a finite number."),
        ("", "standard input: a list of cases or one case is needed."),
        ("cases: 3", "standard input: cases: a list of cases or one case is needed."),
        ("cases: []", "standard input: it holds no case."),
        (b"\xff\xfe\xfa", "standard input: byte 0 is not UTF-8."),
    ],
)
def test_a_malformed_file_is_refused_with_its_place(monkeypatch, text, said):
    assert said in run(monkeypatch, text)[1]


def test_one_bad_case_silences_no_other(monkeypatch):
    lines, said = run(monkeypatch, "[{id: a, look: often}, {id: b}]")
    assert [json.loads(line)["id"] for line in lines] == ["b"]
    assert "case a: look" in said


def test_a_missing_file_is_named():
    with pytest.raises(CommandError, match="nowhere.yaml: it cannot be read"):
        command.Command().handle(file="nowhere.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "version: x",
        "{version: x, entries: [1]}",
        "{version: x, entries: [{name: a, value: 1, section: '1', sentence: b.}]}",
    ],
)
def test_a_policy_that_is_no_table_is_refused(text):
    with pytest.raises(BadPolicy):
        read(text)
