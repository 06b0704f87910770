"""Who is reminded of what: keeper, else owner, else everybody who may enter figures."""

import pytest

from kpis.domain.entering.reminders import Letter, Line, Open, letters

PEOPLE = {"mara@lexora.example": "Mara Okafor", "tom@lexora.example": "Tom Brandt"}
MARA, TOM = PEOPLE


def waits(keeper="", owner="", deployment="letters", late=False):
    return Open(keeper, owner, deployment, deployment.capitalize(), late)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (waits(keeper=TOM, owner="Mara Okafor"), [TOM]),
        (waits(owner="mara okafor"), [MARA]),
        (waits(owner=TOM), [TOM]),
        (waits(keeper="left@lexora.example", owner="Tom Brandt"), [TOM]),
        (waits(keeper="left@lexora.example", owner="Somebody else"), [MARA, TOM]),
    ],
)
def test_a_figure_reaches_whoever_answers_for_it(one, expected):
    assert [letter.person for letter in letters([one], PEOPLE)] == expected


def test_one_letter_names_each_deployment_once_late_ones_first():
    rows = [
        waits(TOM, deployment="letters"),
        waits(TOM, deployment="letters"),
        waits(TOM, deployment="answers", late=True),
        waits(TOM, deployment="drafts"),
    ]

    (letter,) = letters(rows, PEOPLE)

    assert letter == Letter(
        TOM,
        (
            Line("answers", "Answers", 1, 1),
            Line("letters", "Letters", 2, 0),
            Line("drafts", "Drafts", 1, 0),
        ),
    )
    assert (letter.figures, letter.late) == (4, 1)


def test_nobody_is_bothered_without_something_to_do():
    assert letters([], PEOPLE) == []
    assert letters([waits()], {}) == []
