"""Verdicts: collect the evidence of a deployment, let the rules judge it, keep both."""

import datetime as dt

from django.db import transaction

from deployments.models import Deployment
from kpis.domain.verdict import judge
from kpis.evidence import collect
from kpis.models import Verdict
from portal.actions import audit


def judge_deployment(
    *, deployment: Deployment, as_of: dt.date, by: str, at: dt.datetime
) -> Verdict:
    """The verdict on the evidence as it stands; the same evidence gives the verdict on record."""
    evidence = collect(deployment, as_of=as_of)
    record = judge(evidence)
    with transaction.atomic():
        verdict, is_new = Verdict.objects.get_or_create(
            deployment=deployment,
            digest=record["digest"],
            # New rules under the same policy make a verdict of their own.
            policy=f"{record['policy']}, {record['rules']}",
            defaults={
                "as_of": as_of, "decision": record["decision"], "certainty": record["certainty"],
                "evidence": evidence, "record": record, "made_at": at,
            },
        )  # fmt: skip
        if is_new:
            audit.record(
                by=by, at=at, verb="computed the verdict on", subject=deployment,
                reference=deployment.slug,
                after={"recommendation": record["decision"], "certainty": record["certainty"]},
            )  # fmt: skip
        return verdict
