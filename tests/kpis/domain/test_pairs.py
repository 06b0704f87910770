"""A gain beside a worse, missing or stale side effect is unconfirmed."""

import pytest

from kpis.domain.catalogue.pairs import SILENT, SideEffect, doubt
from kpis.domain.wording import DATA_WORDS

FINE = SideEffect("Error rate", "measured", "ok")


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ([], "No side effect is measured beside it."),
        ([FINE], ""),
        (
            [FINE, SideEffect("Repeat contacts")],
            "Repeat contacts is not in the set.",
        ),
        (
            [SideEffect("Repeat contacts", "not_measured", "unknown")],
            "Repeat contacts is not measured.",
        ),
        (
            [SideEffect("Repeat contacts", "stale", "ok")],
            "Repeat contacts is out of date.",
        ),
        (
            [SideEffect("Repeat contacts", "not_independent", "unknown")],
            "Repeat contacts comes from the review that failed.",
        ),
        (
            [SideEffect("Repeat contacts", "too_few", "unknown")],
            "Repeat contacts has too few cases to tell.",
        ),
        (
            [SideEffect("Repeat contacts", "definition_changed", "unknown")],
            "Repeat contacts means something else than before.",
        ),
        (
            [SideEffect("Repeat contacts", "measured", "warning")],
            "Repeat contacts is beyond its warning limit.",
        ),
        ([SideEffect("Repeat contacts", "measured", "suspected_warning")], ""),
        (
            [SideEffect("Repeat contacts", "measured", "ok", "worse_beyond_margin")],
            "Repeat contacts got worse.",
        ),
        ([SideEffect("Repeat contacts", "measured", "ok", "worse_within_margin")], ""),
    ],
)
def test_a_faster_answer_beside_its_side_effects(beside, expected):
    assert doubt("better_worthwhile", beside) == expected


@pytest.mark.parametrize("change", ["worse", "unclear", "not_worse", "no_baseline"])
def test_without_a_gain_there_is_nothing_to_confirm(change):
    assert doubt(change, []) == ""


def test_every_state_of_data_has_words():
    assert {"measured", *SILENT} == set(DATA_WORDS)
