"""The frozen document: shape, sentences about faults, bytes and digest."""

import copy
import hashlib
import json

import pytest

from reviews.snapshot.document import (
    InvalidDocument,
    canonical_json,
    digest,
    plain,
    validate,
)
from tests.reviews.documents import deployment, document, kpi


def faults(value):
    with pytest.raises(InvalidDocument) as raised:
        validate(value)
    return str(raised.value).splitlines()


def test_a_whole_document_passes_before_and_after_json():
    validate(document())
    validate(plain(document()))
    assert plain(plain(document())) == plain(document())


def test_faults_are_sentences_that_name_the_place():
    broken = document(extra=1, headline="One", edition=True)
    del broken["policy"]
    broken["deployments"][0]["decision"] = "praise"
    broken["deployments"][0]["kpis"][1]["value"] = 11.4
    drawn = broken["deployments"][0]["kpis"][0]["chart"]["segments"][0]
    drawn["points"][2]["value"] = float("nan")
    assert faults(broken) == [
        "The document lacks “policy”.",
        "The document has “extra”, which this format does not know.",
        "The document, edition must be a whole number.",
        "The document, headline must be a list.",
        "The document, deployments, item 1, decision must be one of continue, improve, expand, "
        "restrict, pause, stop; it is 'praise'.",
        "The document, deployments, item 1, kpis, item 1, chart, segments, item 1, points, "
        "item 3, value must be a finite number.",
        "The document, deployments, item 1, kpis, item 2, value must be text.",
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format": 2}, "The document, format must be 1; it is 2."),
        ({"headline": []}, "The document, headline must be one or two sentences."),
        (
            {"figures": [{"value": "1", "label": "x"}] * 5},
            "The document, figures must be four at most.",
        ),
        ({"edition": 0}, "The document, edition must be 1 or more."),
        (
            {"supersedes": "x"},
            "The document, supersedes must be a SHA-256 in 64 hexadecimal digits.",
        ),
        (
            {"frozen_at": "2026-10-01T09:00:00+02:00"},
            "The document, frozen_at must be an instant in UTC in ISO 8601; "
            "it is '2026-10-01T09:00:00+02:00'.",
        ),
        (
            {"frozen_at": "2026-10-01T09:00:00"},
            "The document, frozen_at must be an instant in UTC in ISO 8601; "
            "it is '2026-10-01T09:00:00'.",
        ),
        ({"as_of": "soon"}, "The document, as_of must be a date in ISO 8601; it is 'soon'."),
        (
            {"summary": "nul\x00"},
            "The document, summary must be text that can be written as UTF-8.",
        ),
        ({"summary": "\ud800"}, "The document, summary must be text that can be written as UTF-8."),
        (
            {"deployments": [deployment(), deployment()]},
            "The document, deployments name “summaries” more than once.",
        ),
        (
            {"deployments": [deployment(kpis=[kpi(), kpi()])]},
            "The document, deployments, item 1, kpis name “review_time” more than once.",
        ),
        (
            {"deployments": [deployment(kpis=[kpi(pair_of="nobody")])]},
            "The document, deployments, item 1, kpis, item 1, pair_of names no measure of this "
            "deployment.",
        ),
    ],
)
def test_rules(change, sentence):
    assert faults(document(**change)) == [sentence]


@pytest.mark.parametrize("value", [[], None, 7, "text"])
def test_what_is_no_mapping_is_refused(value):
    assert faults(value) == ["The document must be a mapping."]


def test_bytes_do_not_depend_on_order_or_on_how_a_whole_number_is_written():
    turned = dict(reversed(document().items()))
    assert canonical_json(turned) == canonical_json(document())
    assert canonical_json({"a": 41.0, "b": 1e16, "c": -0.0, "d": 0.1}) == (
        b'{"a":41,"b":10000000000000000,"c":0,"d":0.1}'
    )


def test_digest_is_that_of_the_attached_bytes_and_changes_with_any_letter():
    one = document()
    assert digest(one) == hashlib.sha256(canonical_json(one)).hexdigest()
    other = copy.deepcopy(one)
    other["deployments"][0]["kpis"][0]["value"] = "34 min"
    assert digest(other) != digest(one)
    assert digest(json.loads(canonical_json(one))) == digest(one)


def test_letters_of_every_script_stay_as_they_are():
    assert canonical_json({"name": "Zürich 東京"}) == '{"name":"Zürich 東京"}'.encode()
