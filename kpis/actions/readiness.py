"""Answers to the readiness questions, and confirmations after a change."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from deployments.models import Deployment
from kpis.actions import verdicts
from kpis.domain.catalogue import shipped
from kpis.models import Confirmation, ReadinessAnswer
from portal.actions import audit


class CannotAnswer(ValueError):
    """An answer was refused; the message is a sentence."""


def answer(*, deployment: Deployment, answers: Mapping[str, str], by: str, at: dt.datetime) -> int:
    """Record the answers by question key; the number of rows added. All of them or none.

    An answer is recorded again even when it is the same: that is how an expired one is renewed.
    Raises CannotAnswer for a question or an answer that does not exist.
    """
    asked = {one.key: one.question for one in shipped.catalogue().checklist}
    labels = dict(ReadinessAnswer.Answer.choices)
    for question, said in answers.items():
        if question not in asked:
            raise CannotAnswer("There is no such question.")
        if said not in labels:
            raise CannotAnswer("Choose Yes, No or Not sure.")
    with transaction.atomic():
        rows = [
            ReadinessAnswer(
                deployment=deployment,
                question=question,
                answer=said,
                answered_by=by,
                answered_at=at,
            )
            for question, said in answers.items()
        ]
        ReadinessAnswer.objects.bulk_create(rows)
        for row in rows:
            audit.record(
                by=by,
                at=at,
                verb="answered a readiness question about",
                subject=deployment,
                reference=deployment.slug,
                after={asked[row.question]: labels[row.answer]},
            )
        if rows:
            verdicts.ask(deployment_id=deployment.pk, at=at)
    return len(rows)


def confirm(
    *, deployment: Deployment, part: str, by: str, at: dt.datetime, note: str = ""
) -> Confirmation:
    """Say that one part of the set still holds after a change. Raises CannotAnswer."""
    if part not in Confirmation.Part.values:
        raise CannotAnswer("There is no such part to confirm.")
    with transaction.atomic():
        row: Confirmation = Confirmation.objects.create(
            deployment=deployment, part=part, note=note.strip(), confirmed_by=by, confirmed_at=at
        )
        audit.record(
            by=by,
            at=at,
            verb="confirmed",
            subject=deployment,
            reference=deployment.slug,
            after={"confirmed": Confirmation.Part(part).label} | ({"note": note} if note else {}),
        )
        verdicts.ask(deployment_id=deployment.pk, at=at)
    return row
