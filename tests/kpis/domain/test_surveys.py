"""Surveys: top boxes, eNPS and suppression, with the printed examples of method 6.4."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.domain.errors import (
    EmptySeries,
    NegativeCount,
    NotANumber,
    NumeratorAboveDenominator,
    UnknownKind,
)
from kpis.domain.policy import current
from kpis.domain.statistics.intervals import Share
from kpis.domain.statistics.surveys import (
    Distribution,
    allows_conclusion,
    enps,
    suppress,
    threshold,
)

POLICY, Z = current(), 1.959963984540054


@pytest.mark.parametrize(
    ("counts", "expected", "reportable"),
    [((42, 35, 23), (19.0, 3.6, 34.4), True), ((6, 5, 3), (21.4, -19.0, 61.9), False)],
)
def test_enps_of_the_lab_examples(counts, expected, reportable):
    found = enps(*counts, Z, policy=POLICY)
    assert (round(found.value, 1), round(found.lo, 1), round(found.hi, 1)) == expected
    assert found.reportable is reportable


def test_top_boxes_are_a_share_with_a_range_and_never_a_mean():
    found = Distribution({"1": 5, "2": 10, "3": 20, "4": 40, "5": 25}, invited=150)
    top = found.top(["4", "5"], Z)
    assert (round(top.value, 2), round(top.lo, 3), round(top.hi, 3)) == (0.65, 0.553, 0.736)
    assert found.shares() == {"1": 0.05, "2": 0.1, "3": 0.2, "4": 0.4, "5": 0.25}
    assert not hasattr(found, "mean")


def test_participation_below_thirty_per_cent_allows_no_conclusion():
    assert [allows_conclusion(Share(n, 100), policy=POLICY) for n in (29, 30)] == [False, True]
    assert allows_conclusion(Share(0, 0), policy=POLICY) is False


def test_floors_of_scores_and_of_sensitive_items():
    assert threshold(sensitive=False, policy=POLICY) == 5
    assert threshold(sensitive=True, policy=POLICY) == 10


@pytest.mark.parametrize(
    ("sizes", "k", "hidden"),
    [
        # Lab example: 9 is hidden, and then 12 (together 21).
        ([12, 9, 15, 30], 10, (0, 1)),
        ([12, 15, 30], 10, ()),
        ([4], 5, (0,)),
        ([4, 20], 5, (0, 1)),
        ([3, 3, 20], 5, (0, 1)),
        ([2, 2, 20, 7], 5, (0, 1, 3)),
        ([4, 7, 7, 9], 5, (0, 1)),
        # A unit nobody answered in is a unit below k like any other.
        ([0, 12, 15], 10, (0, 1)),
        ([0, 0, 12, 15], 10, (0, 1, 2)),
        ([15, 12, 12, 9, 0], 10, (1, 3, 4)),
        ([9, 9], 20, (0, 1)),
        ([0, 9, 12, 15], 10, (0, 1, 2)),
        ([], 5, ()),
    ],
)
def test_hidden_units_together_reveal_nobody(sizes, k, hidden):
    assert suppress(sizes, k) == hidden


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(1, 12))
def test_what_is_shown_can_never_be_turned_into_a_small_group(sizes, k):
    hidden = suppress(sizes, k)
    people = [sizes[at] for at in hidden]
    assert all(sizes[at] >= k for at in range(len(sizes)) if at not in hidden)
    everything_hidden = len(hidden) == len(sizes)
    assert not people or everything_hidden or (sum(people) >= k and len(people) >= 2)
    assert bool(hidden) is any(size < k for size in sizes)


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(1, 12))
def test_no_more_is_hidden_than_the_next_smallest_in_turn(sizes, k):
    hidden = suppress(sizes, k)
    by_size = sorted((size, at) for at, size in enumerate(sizes) if size >= k)
    extra = [at for _, at in by_size if at in hidden]
    assert extra == [at for _, at in by_size[: len(extra)]]
    if extra:
        before = [sizes[at] for at in hidden if at != extra[-1]]
        assert before
        assert sum(before) < k or len(before) < 2


@pytest.mark.parametrize(
    "call",
    [
        lambda: Distribution({"1": 9}, invited=8),
        lambda: allows_conclusion(Share(12, 10), policy=POLICY),
    ],
)
def test_more_answers_than_invitations_are_refused(call):
    with pytest.raises(NumeratorAboveDenominator):
        call()


def test_an_answer_named_twice_counts_once():
    assert Distribution({"4": 3, "5": 7}).top(["4", "4"], Z).value == 0.3


@pytest.mark.parametrize(
    "call",
    [
        lambda: enps(-1, 0, 1, Z, policy=POLICY),
        lambda: suppress([-1], 5),
        lambda: suppress([1], -5),
        lambda: Distribution({"1": -1}),
        lambda: Distribution({}, invited=-1),
        lambda: allows_conclusion(Share(-1, 10), policy=POLICY),
    ],
)
def test_negative_numbers_are_refused(call):
    with pytest.raises(NegativeCount):
        call()


@pytest.mark.parametrize("bad", [math.nan, math.inf, 1.5, True, "3", None])
@pytest.mark.parametrize(
    "call",
    [
        lambda bad: enps(1, bad, 1, Z, policy=POLICY),
        lambda bad: suppress([bad, 9], 5),
        lambda bad: suppress([9], bad),
        lambda bad: Distribution({"1": bad}),
        lambda bad: allows_conclusion(Share(bad, 10), policy=POLICY),
        lambda bad: allows_conclusion(Share(1, bad), policy=POLICY),
    ],
)
def test_what_is_no_number_of_people_is_refused(call, bad):
    with pytest.raises(NotANumber):
        call(bad)


def literal(sizes, k):
    """The sentence of method 6.4, word for word, on names instead of places."""
    units = dict(enumerate(sizes))
    hidden = [unit for unit, size in units.items() if size < k]
    while hidden and not (sum(units[one] for one in hidden) >= k and len(hidden) >= 2):
        left = [unit for unit in units if unit not in hidden]
        if not left:
            break
        smallest = min(units[unit] for unit in left)
        hidden.append(next(unit for unit in left if units[unit] == smallest))
    return tuple(sorted(hidden))


@given(st.lists(st.integers(0, 25), max_size=10), st.integers(1, 12))
def test_the_rule_as_it_is_written(sizes, k):
    assert suppress(sizes, k) == literal(sizes, k)


def test_nobody_answered_and_unknown_answers_are_refused():
    with pytest.raises(EmptySeries):
        enps(0, 0, 0, Z, policy=POLICY)
    with pytest.raises(EmptySeries):
        Distribution({"1": 0}).shares()
    with pytest.raises(UnknownKind):
        Distribution({"1": 3}).top(["9"], Z)
