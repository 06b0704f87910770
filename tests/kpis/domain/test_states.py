"""The state of a KPI in words: nothing is called good that nobody measured, limited or compared."""

import pytest

from kpis.domain.states import state_of


def state(data="measured", level="ok", change="no_baseline", **other):
    how = {
        "role": "quality",
        "direction": "down",
        "is_measured": True,
        "has_limits": False,
    } | other
    return state_of({"data": data, "level": level, "change": change}, **how)


@pytest.mark.parametrize(
    ("change", "limits", "expected"),
    [
        ("no_baseline", False, ("unknown", "No limit set")),
        ("no_baseline", True, ("ok", "Within limits")),
        ("better_worthwhile", False, ("ok", "Better, and worth it")),
        ("not_worse", False, ("ok", "Not worse than before")),
        ("worse_within_margin", False, ("suspected", "Worse, within what is tolerated")),
        ("worse_beyond_margin", True, ("warning", "Worse than tolerated")),
        ("unclear", False, ("unknown", "Cannot tell better from worse")),
        ("unclear", True, ("ok", "Within limits")),
        ("point_only", False, ("unknown", "No limit set")),
    ],
)
def test_a_figure_within_its_limits_or_without_any(change, limits, expected):
    assert state(change=change, has_limits=limits) == expected


def test_an_outcome_that_is_not_shown_to_be_better_is_not_good_news():
    assert state(change="unclear", has_limits=True, role="outcome")[0] == "unknown"


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("warning", ("warning", "Beyond warning")),
        ("critical", ("critical", "Beyond critical")),
        ("suspected_critical", ("suspected", "Perhaps beyond critical")),
        ("unknown", ("unknown", "Cannot tell")),
    ],
)
def test_a_breach_says_so_whatever_the_change(level, expected):
    assert state(level=level, change="better_worthwhile", has_limits=True) == expected


def test_a_gain_with_a_doubt_is_never_green():
    found = state(
        change="better_worthwhile", role="outcome", doubt="Unconfirmed gain: x is missing."
    )
    assert found == ("suspected", "Unconfirmed gain")


@pytest.mark.parametrize("role", ["adoption", "context"])
def test_use_is_never_good_or_bad(role):
    assert state(change="better_worthwhile", role=role) == ("unknown", "For reading, not judged")


@pytest.mark.parametrize(
    ("data", "level", "expected"),
    [
        ("stale", "ok", ("unknown", "Within limits (out of date)")),
        ("partial", "warning", ("warning", "Beyond warning (partly measured)")),
        ("too_few", "ok", ("unknown", "Too few cases to tell")),
        ("definition_changed", "ok", ("unknown", "Definition changed")),
    ],
)
def test_weak_data_supports_bad_news_only(data, level, expected):
    assert state(data=data, level=level, has_limits=True) == expected


def test_what_nobody_measures_or_judged_says_so():
    how = {"role": "quality", "direction": "down", "has_limits": True}
    assert state_of(None, is_measured=False, **how) == ("unknown", "Not measured")
    assert state_of(None, is_measured=True, **how) == ("unknown", "For reading, not judged")
