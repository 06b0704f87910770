"""What changed, in words and by kind."""

import pytest

from deployments.domain.changes import (
    ASKS_FOR_REVIEW,
    FIELD_WORDS,
    KIND_OF_FIELD,
    NEW_PROCESS,
    SUMMARY_LENGTH,
    Change,
    ChangeKind,
    changes,
    sentence,
    workflow,
)


def test_every_kind_has_a_field_and_every_field_has_words():
    assert {*KIND_OF_FIELD.values(), ChangeKind.WORKFLOW} == set(ChangeKind)
    assert set(KIND_OF_FIELD) <= set(FIELD_WORDS)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("2.2", "2.3", "Model version changed from 2.2 to 2.3."),
        ("", "2.3", "Model version set to 2.3."),
        ("2.2", "", "Model version removed (was 2.2)."),
        (["a", "b"], ["b", "c"], "Model version: added c; removed a."),
        ([], ["a", "b"], "Model version: added a, b."),
        (["a"], [], "Model version: removed a."),
        (["a", "b"], ["b", "a"], "Model version: new order."),
    ],
)
def test_a_change_is_a_sentence(before, after, expected):
    assert sentence("model version", before, after) == expected


def test_changes_of_one_kind_are_one_row():
    before = {"system": "Clausal", "model_version": "2.2", "phase": "Beta", "name": "Old"}
    after = {"system": "LexFind", "model_version": "5", "phase": "Beta", "name": "New"}

    assert changes(before, after) == [
        Change(
            kind=ChangeKind.MODEL,
            summary="System changed from Clausal to LexFind. Model version changed from 2.2 to 5.",
            before={"system": "Clausal", "model version": "2.2"},
            after={"system": "LexFind", "model version": "5"},
        )
    ]


@pytest.mark.parametrize(("field", "kind"), KIND_OF_FIELD.items())
def test_each_field_opens_a_row_of_its_kind(field, kind):
    (one,) = changes({field: "before"}, {field: "after"})

    assert (one.kind, one.before, one.after) == (
        kind,
        {FIELD_WORDS[field]: "before"},
        {FIELD_WORDS[field]: "after"},
    )


def test_nothing_changed_is_no_row():
    assert changes({"phase": "Beta"}, {"phase": "Beta"}) == []


def test_a_long_summary_is_cut_where_the_column_ends():
    (one,) = changes({"approved_tasks": []}, {"approved_tasks": ["x" * 200, "y" * 200]})

    assert len(one.summary) == SUMMARY_LENGTH
    assert one.summary.endswith("…")


def test_the_way_of_working_is_told_in_words():
    assert workflow(" A second reader checks each summary. ") == Change(
        kind=ChangeKind.WORKFLOW,
        summary="Way of working: A second reader checks each summary.",
        after={"way of working": "A second reader checks each summary."},
    )


def test_what_asks_for_review_and_what_opens_a_new_segment():
    assert set(ASKS_FOR_REVIEW) - set(NEW_PROCESS) == {ChangeKind.PHASE}
    assert set(ChangeKind) - set(ASKS_FOR_REVIEW) == {ChangeKind.STATUS, ChangeKind.OTHER}
