"""Draft and finished result on one axis: a faster draft with a slower finish is a loss."""

from kpis.domain.cost.draft_to_final import Finish


def test_a_draft_60_percent_faster_and_a_finish_10_percent_slower_is_a_loss():
    found = Finish(before=45, final=49.5, draft=18, review=22, draft_before=45)
    assert found.is_loss
    assert found.finding() == (
        "The draft comes 60% faster, the finished result 10% slower: 45 min before, 49.5 min now. "
        "That is a loss of time. 44% of the time is human review."
    )
    assert found.parts == [("draft", 18), ("review", 22), ("rework and waiting", 9.5)]


def test_a_faster_finish_is_told_with_the_share_of_review():
    found = Finish(before=40, final=20, draft=5, review=10)
    assert not found.is_loss
    assert found.finding() == (
        "The draft is there after 5 min, the finished result 50% faster: 40 min before, "
        "20 min now. 50% of the time is human review."
    )


def test_parts_never_exceed_the_whole_and_a_missing_review_is_named():
    found = Finish(before=20, final=10, draft=14)
    assert found.parts == [("draft", 10)]
    assert found.finding().endswith("Nobody measures how much of it is human review.")
