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
    (
        with_kpi(kind="ratio", current={"num": 1, "den": 3, "sigma_z": 1e7}),
        errors.NotFinite,
        "current.sigma_z",
    ),
    ({"review": {"load": -0.1}}, errors.BelowZero, "review.load"),
    ({"reporting": {"reports": -1}}, errors.BelowZero, "reporting.reports"),
    ({"review": {"bursts": {"num": -5, "den": 3}}}, errors.BelowZero, "review.bursts.num"),
    ({"review": {"bursts": {"num": 5, "den": 3}}}, errors.MoreThanAll, "review.bursts"),
    (with_kpi(kind="ratio", current={"num": 5, "den": 3}), errors.MoreThanAll, "current"),
    (with_kpi(kind="uptime", current={"up_s": 2, "observed_s": 1}), errors.MoreThanAll, "current"),
    (with_kpi(coverage=1.2), errors.MoreThanAll, "coverage"),
    (with_kpi(kind="ratio", current={"num": 1.5, "den": 3}), errors.WrongType, "current.num"),
    (with_kpi(kind="ratio", current={"num": 1.0, "den": 3}), errors.WrongType, "current.num"),
    (with_kpi(kind="ratio", current={"num": "1", "den": 3}), errors.NotFinite, "current.num"),
    ({"review": {"bursts": {"num": 1}}}, errors.MissingField, "review.bursts.den"),
    ({"reporting": {"uses": True}}, errors.NotFinite, "reporting.uses"),
    ({"value": {"net_value_low": 10**5000}}, errors.NotFinite, "value.net_value_low"),
    ({"value": {"net_value_low": -(10**5000)}}, errors.NotFinite, "value.net_value_low"),
    (with_kpi(key="\ud800"), errors.WrongType, "key"),
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
    ({"as_of": "20260630"}, errors.WrongType, "as_of"),
    ({"as_of": "2026-W26-2"}, errors.WrongType, "as_of"),
    ({"as_of": 20260630}, errors.WrongType, "as_of"),
    ({"id": 7}, errors.WrongType, "id"),
    (without("key"), errors.MissingField, "kpis[0].key"),
    (without("role"), errors.MissingField, "(input_drift_index).role"),
    (without("kind"), errors.MissingField, "(input_drift_index).kind"),
    (without("direction"), errors.MissingField, "(input_drift_index).direction"),
    (with_kpi(direction="band"), errors.MissingField, "(input_drift_index).band"),
    (with_kpi(band=[2, 1]), errors.ContradictoryLimits, "band"),
    (with_kpi(band=[2, 2]), errors.ContradictoryLimits, "band"),
    (with_kpi(band=[2]), errors.WrongType, "band"),
    (with_kpi(direction="band", band=[1, 2], warning=-0.1), errors.ContradictoryLimits, "warning"),
    (with_kpi(direction="band", band=[1, 2], critical=0.3), errors.ContradictoryLimits, "critical"),
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
]


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


def test_a_long_value_makes_no_long_sentence():
    with pytest.raises(errors.UnknownValue) as refused:
        judge({"look": "x" * 10_000})
    assert len(str(refused.value)) < 150


def test_the_last_day_of_the_calendar_has_no_day_after():
    assert judge({"as_of": "9999-12-31"})["reasons"][-1].startswith("This would change if")


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
        ([{"id": "a", "set": []}], "set"),
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


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("id: a\n", "a"),
        ("- id: a\n", "a"),
        ('{"id": "a"}', "a"),
        ('[{"id": "a"}]', "a"),
        ("id: a\n---\nid: b\n", "ab"),
        ("cases: [{id: a}]\n---\n- {id: b, same_as: a}\n---\n", "ab"),
        ('{"id": "a"}\n{"id": "b"}\n', "ab"),
        ("\ufeffid: a\r\nlook: review\r\n", "a"),
        ("id: n\nkpis: [{key: no, role: cost, kind: point, direction: up}]", "n"),
    ],
)
def test_the_command_takes_documents_lists_and_cases(monkeypatch, text, ids):
    lines, said = run(monkeypatch, text)
    assert (said, [json.loads(line)["id"] for line in lines]) == ("", list(ids))


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("-1e5", True),
        ("-2.5E+3", True),
        ("-.5", True),
        ("010", False),
        ("1:30", False),
        ("1_000", False),
        ("0x1F", False),
    ],
)
def test_a_number_is_the_number_that_is_written(monkeypatch, written, taken):
    lines, said = run(monkeypatch, f"value: {{net_value_high: {written}}}")
    assert bool(lines) is taken
    assert said == "" if taken else f"“{written}” is not a number. [NotFinite]" in said


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
        (b"id: a\x00", "standard input: character 6 is not text."),
        ("- look: often\n", "one of review, between. [UnknownValue]"),
        ("id: a\n---\nid: a\n", "standard input: case a: id: this id stands twice. [DuplicateKey]"),
        (
            "a: 1\nscope: {shadow: {num: 1, den: 2, num: 1}}",
            "line 2, column 34: “num” stands twice.",
        ),
        (
            '{"scope": {"shadow_survey": true, "shadow_survey": true}}',
            "“shadow_survey” stands twice.",
        ),
        ("as_of: 2026-02-30", "line 1, column 8: this is not a day of the calendar that can be"),
        ("{a: " + "9" * 5000 + "}", "line 1, column 5: this is not a number that can be read."),
        ('{"a": ' + "9" * 5000 + "}", "standard input: a number in it has thousands of digits."),
        ('{"value": {"net_value_low": 1e309}}', "value.net_value_low: inf is not a finite number."),
        ("[" * 100_000, "standard input: it is nested too deeply to be evidence."),
        ("scope: " + "[" * 400 + "]" * 400, "standard input: "),
        ("!!python/object/apply:os.system [ls]", "standard input: line 1, column 1: could not"),
        ("&a {id: x, kpis: *a}", "standard input: case x: kpis: a list is needed. [WrongType]"),
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
