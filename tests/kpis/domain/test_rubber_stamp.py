"""Review time falls by half while corrections fall to nil: a signal about the team, or silence."""

import pytest

from kpis.domain.oversight.rubber_stamp import shift
from kpis.domain.policy import current
from kpis.domain.statistics.intervals import Moments, Share

BEFORE = (Moments(200, 12.0, 4.0), Share(60, 300))
NOW = (Moments(200, 5.0, 3.0), Share(1, 300))


def found(now=NOW, before=BEFORE):
    return shift(now[0], before[0], now[1], before[1], policy=current(), z=1.959963984540054)


def test_half_the_time_and_no_corrections_is_a_signal():
    assert found() is True


@pytest.mark.parametrize(
    "now",
    [
        (Moments(200, 7.0, 3.0), Share(1, 300)),
        (Moments(200, 5.0, 3.0), Share(50, 300)),
        (Moments(19, 5.0, 3.0), Share(1, 300)),
        (Moments(200, 5.0, 3.0), Share(0, 29)),
        (None, Share(1, 300)),
        (Moments(200, 5.0, 3.0), None),
    ],
)
def test_slower_corrected_or_too_few_is_silent(now):
    assert found(now) is False
