"""The page about the human review: signals with their ranges, planted errors, what is missing."""

import datetime as dt

import pytest

from kpis.actions import catalogue, kpi_sets, measurements, rollups
from kpis.evidence import human_review, sources
from kpis.models import CatalogueEntry
from portal.domain.calendar import Grain
from portal.tenancy.scope import acting_in
from tests.factories import flat
from tests.factories.people import MARA

DAY = dt.date(2026, 11, 24)
MONDAY = dt.date(2026, 11, 16)
PAGE = "/o/lexora/deployments/clause-summaries/review/"


@pytest.fixture
def measure(lexora, deployment, now):
    """Put a review KPI into the set and record one week's share."""
    catalogue.load()

    def measured(key, num, den, day=MONDAY, kind="ratio"):
        with acting_in(lexora):
            kpi = deployment.kpis.filter(catalogue_key=key).first() or kpi_sets.add_from_catalogue(
                deployment=deployment, entry=CatalogueEntry.objects.get(pk=key), by=MARA, at=now
            )
            fact = measurements.Fact(kpi.pk, Grain.WEEK, day, kind, {"num": num, "den": den})
            measurements.record(facts=[fact], source="review log", by=MARA, at=now)
            while rollups.drain().cells:
                pass

    return measured


def read(lexora, deployment):
    with acting_in(lexora):
        return human_review.reality(sources.read(deployment, as_of=DAY))


def test_nothing_measured_is_said_and_not_taken_for_good(lexora, deployment):
    found = read(lexora, deployment)
    assert found.headline == "Nobody can tell yet whether the human review is real"
    assert {one.state for one in found.measures} == {"unknown"}
    assert len(found.missing) == 4


def test_two_signals_without_a_pass_mean_that_the_review_failed(lexora, deployment, measure):
    measure("rubber_stamp_risk", 60, 200)
    measure("unedited_approval_rate", 399, 400)
    found = read(lexora, deployment)
    assert found.headline == "The human review does not hold"
    assert [(one.value, one.words) for one in found.measures[:2]] == [
        ("30%", "A signal"),
        ("99.8%", "A signal"),
    ]


def test_planted_errors_that_are_caught_speak_for_the_review(lexora, deployment, measure):
    measure("overreliance_signals", 1, 40)
    found = read(lexora, deployment)
    assert found.headline == "The human review catches what is wrong"
    assert (found.measures[3].value, found.measures[3].cases) == ("97.5%", "39 of 40")


def test_load_above_capacity_is_a_quotient_and_may_pass_one(lexora, deployment, measure):
    measure("reviewer_workload", "350", "320", MONDAY - dt.timedelta(days=7), kind="quotient")
    measure("reviewer_workload", "352", "320", kind="quotient")
    load = read(lexora, deployment).measures[4]
    assert (load.value, load.words, load.cases) == (
        "110%",
        "Above capacity twice",
        "109.4% the period before",
    )


def test_the_page(deployment, measure, client_of):
    measure("rubber_stamp_risk", 2, 20)
    text = flat(client_of("mara").get(PAGE))
    assert "Too few to tell" in text
    assert "not in the KPI set" in text
    assert client_of("tom").get(PAGE).status_code == 403
