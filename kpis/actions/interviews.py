"""The baseline interview: what the work was like before AI, in the words of those who do it."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from deployments.models import Deployment
from kpis.actions.kpi_sets import CannotChange
from kpis.domain import shipped
from kpis.models import BaselineInterview
from portal.actions import audit


def questions() -> Sequence[str]:
    """The five questions of the catalogue, in their order."""
    found: Sequence[str] = shipped.catalogue().vocabulary["baseline"]["questions"]
    return found


def hold(
    *,
    deployment: Deployment,
    held_on: dt.date,
    held_with: str,
    answers: Sequence[str],
    by: str,
    at: dt.datetime,
) -> BaselineInterview:
    """Keep an interview; an empty answer means that nobody knows. Raises CannotChange."""
    if not held_with.strip():
        raise CannotChange("Say with whom you talked.")
    if len(answers) != len(questions()):
        raise CannotChange("The interview has five questions.")
    if not any(answer.strip() for answer in answers):
        raise CannotChange("Write down at least one answer.")
    with transaction.atomic():
        row: BaselineInterview = BaselineInterview.objects.create(
            deployment=deployment, held_on=held_on, held_with=held_with.strip(),
            answers=[
                {"question": question, "answer": answer.strip()}
                for question, answer in zip(questions(), answers, strict=True)
            ],
            recorded_by=by, recorded_at=at,
        )  # fmt: skip
        audit.record(
            by=by, at=at, verb="held the baseline interview about", subject=deployment,
            reference=deployment.slug,
            after={"with": row.held_with, "on": held_on.isoformat()},
        )  # fmt: skip
        return row
