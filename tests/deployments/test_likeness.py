"""The same work under two names is recognized; different work is not."""

from dataclasses import dataclass

import pytest

from deployments.domain.likeness import likeness, look_alikes, words


@dataclass
class Case:
    name: str
    work: str = ""


REVIEW = Case(
    "Contract review",
    "Two lawyers read about 40 supplier contracts a week and write a summary of risky clauses.",
)
INTAKE = Case("Client intake", "Reception sorts new enquiries and asks for missing papers.")


@pytest.mark.parametrize(
    ("name", "work"),
    [
        ("Contract reviews", ""),
        ("contract review", "Something else entirely."),
        ("Clause summaries", "Summarize the risky clauses of supplier contracts for lawyers"),
    ],
)
def test_the_same_work_is_found(name, work):
    assert look_alikes(name, work, [INTAKE, REVIEW]) == [REVIEW]


@pytest.mark.parametrize(
    ("name", "work"),
    [
        ("Matter time sheets", "Fee earners write down what they did, at the end of the day."),
        ("Contract archive", ""),
        ("", ""),
        ("法務", "契約"),
    ],
)
def test_other_work_is_not(name, work):
    assert look_alikes(name, work, [INTAKE, REVIEW]) == []


def test_the_most_alike_comes_first():
    near, same = Case("Contract reviewing"), Case("Contract review")

    assert look_alikes("Contract review", "", [near, same]) == [same, near]


def test_likeness_lies_between_nothing_and_one():
    assert likeness("", "", "", "") <= 1
    assert likeness("Contract review", REVIEW.work, REVIEW.name, REVIEW.work) == 1


def test_words_that_tell_nothing_are_left_out():
    assert words("The summaries of each contract, summarized") == {"summar", "contra"}
