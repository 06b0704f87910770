"""Are silence and safety the same? Values of method 6.2."""

import pytest

from kpis.domain.oversight.reporting import flags, reporting_health, reports_per_thousand
from kpis.domain.policy import current
from kpis.domain.statistics.intervals import Z95, Share

POLICY = current()
BLANK = dict.fromkeys(
    ("uses", "reports", "near_misses", "incidents", "participation", "afraid", "audit")
)


def health(**given):
    return reporting_health(**{**BLANK, **given}, policy=POLICY, z=Z95)


@pytest.mark.parametrize(
    ("uses", "expected", "probability", "confirmed"),
    [(12_000, 10.34, 3.2e-5, True), (4_000, 3.45, 0.032, False)],
)
def test_expected_reports_lab(uses, expected, probability, confirmed):
    found = health(uses=uses, reports=0, audit=Share(5, 100))
    assert round(found.expected, 2) == expected
    assert found.probability == pytest.approx(probability, rel=0.02)
    assert found.confirmed is confirmed


@pytest.mark.parametrize(
    "given",
    [
        {"reports": 0, "audit": Share(5, 100)},
        {"uses": 12_000, "reports": 0},
        {"uses": 12_000, "reports": 0, "audit": Share(5, 29)},
    ],
)
def test_not_computable(given):
    found = health(**given)
    assert (found.expected, found.probability, found.confirmed) == (None, None, False)


def test_expected_without_known_reports():
    found = health(uses=12_000, audit=Share(5, 100))
    assert round(found.expected, 2) == 10.34
    assert found.probability is None


@pytest.mark.parametrize(
    ("given", "raised"),
    [
        ((Share(60, 220), Share(21, 60), 0, 0), ("low_participation", "afraid")),
        ((Share(5, 9), Share(9, 9), 0, 0), ()),
        ((Share(0, 10), Share(10, 10), 3, 0), ("low_participation", "afraid", "no_near_misses")),
        ((None, None, 3, None), ()),
        ((None, None, 0, 0), ()),
    ],
)
def test_flags(given, raised):
    assert flags(*given, policy=POLICY, z=Z95) == raised


def test_reports_per_thousand_uses():
    found = reports_per_thousand(5, 1000, Z95)
    assert (found.value, round(found.lo, 4), round(found.hi, 4)) == (5, 1.6235, 11.6683)
