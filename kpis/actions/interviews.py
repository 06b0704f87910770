"""The baseline interview: what the work was like before AI, in the words of those who do it."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from deployments.models import Deployment
from kpis.actions.kpi_sets import CannotChange
from kpis.domain.catalogue import shipped
from kpis.models import BaselineInterview
from portal.actions import audit


def questions() -> Sequence[str]:
    """The five questions of the catalogue, in their order."""
    found: Sequence[str] = shipped.catalogue().vocabulary["baseline"]["questions"]
    return found


def newest(deployment: Deployment) -> BaselineInterview | None:
    """The interview that holds: the one recorded last."""
    rows = BaselineInterview.objects.filter(deployment=deployment)
    return rows.order_by("-recorded_at", "-id").first()


def hold(
    *,
    deployment: Deployment,
    held_on: dt.date,
    held_with: str,
    answers: Sequence[str],
    by: str,
    at: dt.datetime,
) -> BaselineInterview:
    """Keep an interview; an empty answer means that nobody knows.

    What is on record with the same words already is kept once. Raises CannotChange.
    """
    if not held_with.strip():
        raise CannotChange("Say with whom you talked.", "held_with")
    if len(answers) != len(questions()):
        raise CannotChange("The interview has five questions.")
    if not any(answer.strip() for answer in answers):
        raise CannotChange("Write down at least one answer.", "answer-0")
    with transaction.atomic():
        Deployment.objects.select_for_update(no_key=True).get(pk=deployment.pk)
        before, said = newest(deployment), [answer.strip() for answer in answers]
        if before is not None and _words(before) == (held_on, held_with.strip(), said):
            return before
        row: BaselineInterview = BaselineInterview.objects.create(
            deployment=deployment,
            held_on=held_on,
            held_with=held_with.strip(),
            answers=[
                {"question": question, "answer": answer}
                for question, answer in zip(questions(), said, strict=True)
            ],
            recorded_by=by,
            recorded_at=at,
        )
        audit.record(
            by=by,
            at=at,
            verb="held the baseline interview about",
            subject=deployment,
            reference=deployment.slug,
            after={"with": row.held_with, "on": held_on.isoformat()},
        )
        return row


def _words(row: BaselineInterview) -> tuple[dt.date, str, list[str]]:
    return row.held_on, row.held_with, [one["answer"] for one in row.answers]
