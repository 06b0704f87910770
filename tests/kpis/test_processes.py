"""Charts name periods as tables do, in the fiscal year of the organization."""

import datetime as dt
from decimal import Decimal

import pytest

from kpis.domain.charts.periods import period_words, places
from kpis.evidence.processes import labels_of, segments
from kpis.models import GrainCode, Kpi, Rollup

FISCAL = 11
QUARTERS = [dt.date(2026, 8, 1), dt.date(2026, 11, 1), dt.date(2027, 2, 1)]


def rollups(grain, days):
    return [
        Rollup(organization_id=1, grain=grain, day=day, value=Decimal(3), more={"kind": "gauge"})
        for day in days
    ]


@pytest.mark.parametrize(
    ("grain", "day", "label"),
    [
        (GrainCode.WEEK, dt.date(2026, 11, 16), "Week 47, 2026"),
        (GrainCode.MONTH, dt.date(2026, 11, 1), "November 2026"),
        (GrainCode.QUARTER, dt.date(2026, 11, 1), "FY2027 Q1"),
        (GrainCode.YEAR, dt.date(2026, 11, 1), "FY2027"),
    ],
)
def test_labels_of_a_fiscal_year_from_november(grain, day, label):
    assert labels_of(rollups(grain, [day]), FISCAL) == [label]


def test_the_points_of_a_chart_bear_these_names():
    (segment,) = segments(
        Kpi(organization_id=1), rollups(GrainCode.QUARTER, QUARTERS), [], fiscal_start=FISCAL
    )
    labels = [point.label for point in segment.points]
    assert labels == ["FY2026 Q4", "FY2027 Q1", "FY2027 Q2"]
    assert places(labels) == ([0.0, 1.0, 2.0], "quarterly")
    assert [period_words(label) for label in labels] == ["Q4 FY2026", "Q1 FY2027", "Q2 FY2027"]
