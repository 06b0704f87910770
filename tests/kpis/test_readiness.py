"""The checklist page: answers, contradictions, expiry on change, rights, audit."""

import datetime as dt

import pytest

from deployments.actions import deployments
from kpis.actions import kpi_sets, readiness
from kpis.domain.readiness import QUESTIONS
from kpis.evidence import readiness as read
from kpis.evidence import sources
from kpis.models import ReadinessAnswer
from portal.models import AuditEvent
from portal.tenancy.scope import acting_in
from tests.factories import flat
from tests.factories.people import MARA

PAGE = "/o/lexora/deployments/clause-summaries/readiness/"
ANSWER = f"{PAGE}answer/"
DAY = dt.date(2026, 11, 24)


def states(lexora, place, now):
    with acting_in(lexora):
        found = read.checklist(sources.read(place, as_of=DAY), now=now)
    return {line.asked.key: line.state for line in found.lines}


def test_eight_times_yes_without_data_is_eight_contradictions(lexora, deployment, now):
    with acting_in(lexora):
        readiness.answer(
            deployment=deployment, answers=dict.fromkeys(QUESTIONS, "yes"), by=MARA, at=now
        )
    assert states(lexora, deployment, now) == dict.fromkeys(QUESTIONS, "contradicted")


def test_a_change_of_the_model_ends_every_answer_the_same_day(lexora, deployment, now):
    with acting_in(lexora):
        readiness.answer(deployment=deployment, answers={"has_baseline": "no"}, by=MARA, at=now)
        deployments.change(
            deployment=deployment,
            on=DAY,
            model_version="9",
            by=MARA,
            at=now + dt.timedelta(minutes=5),
        )
    found = states(lexora, deployment, now + dt.timedelta(hours=1))
    assert found["has_baseline"] == "expired"
    assert found["kept_current"] == "open"


def test_the_page_shows_the_contradiction_beside_the_answer(lexora, deployment, client_of):
    mara = client_of("mara")
    answer = mara.post(ANSWER, {"triggers_action": "yes", "has_baseline": "not_sure"})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    text = flat(mara.get(PAGE))
    assert "None of eight hold. One answer disagrees with the data." in text
    assert "The data says otherwise.</b> No measure is marked as a guardrail" in text
    with acting_in(lexora):
        rows = list(ReadinessAnswer.objects.order_by("question").values_list("question", "answer"))
        event = AuditEvent.objects.filter(verb__startswith="answered").order_by("id").first()
    assert rows == [("has_baseline", "not_sure"), ("triggers_action", "yes")]
    assert (event.actor, event.after) == (MARA, {"Is there a baseline?": "Not sure"})


@pytest.mark.parametrize(("who", "status"), [("tom", 403), ("ines", 403), ("stella", 302)])
def test_who_may_answer(deployment, client_of, who, status):
    assert client_of(who).post(ANSWER, {"has_baseline": "yes"}).status_code == status


def test_an_unknown_answer_is_refused_and_writes_nothing(lexora, deployment, now):
    with acting_in(lexora), pytest.raises(readiness.CannotAnswer, match="Yes, No or Not sure"):
        readiness.answer(
            deployment=deployment, answers={"has_baseline": "perhaps"}, by=MARA, at=now
        )
    with acting_in(lexora):
        assert ReadinessAnswer.objects.count() == 0


def test_what_is_confirmed_after_a_change_holds_again(lexora, deployment, now):
    with acting_in(lexora):
        kpi_sets.add_own(
            deployment=deployment,
            name="Minutes",
            kind="duration",
            unit="minutes",
            role="outcome",
            direction="down",
            by=MARA,
            at=now,
        )
        later = now + dt.timedelta(hours=1)
        deployments.change(deployment=deployment, on=DAY, model_version="9", by=MARA, at=later)
        open_parts = read.facts(sources.read(deployment, as_of=DAY)).to_confirm
        for part in open_parts:
            readiness.confirm(
                deployment=deployment, part=part, by=MARA, at=later + dt.timedelta(hours=1)
            )
        left = read.facts(sources.read(deployment, as_of=DAY)).to_confirm
    assert (open_parts, left) == (("kpi_set", "baselines", "thresholds"), ())
