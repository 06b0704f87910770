"""Verdicts: collect the evidence of a deployment, let the rules judge it, keep both."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from deployments.models import Deployment
from kpis.domain.verdict import judge
from kpis.domain.verdict.digest import without_days
from kpis.evidence import evidence_of
from kpis.evidence.readiness import Checklist, checklist
from kpis.evidence.sources import Sources, read
from kpis.models import Verdict
from kpis.queries.verdicts import latest_verdicts
from portal.actions import audit, jobs

# What passes with the day alone: two records that differ in nothing else say the same.
PASSING = frozenset({"digest", "reasons"})


def ask(*, deployment_id: int, at: dt.datetime) -> None:
    """Have a deployment judged anew by a worker, once, when this transaction is through."""
    jobs.enqueue(kind="verdict", key=str(deployment_id), at=at)


def judge_deployment(
    *, deployment: Deployment, as_of: dt.date, by: str, at: dt.datetime
) -> Verdict:
    """The verdict on the evidence as it stands; the newest one where nothing but the day moved.

    What was judged before, and differently since, is judged once more: the newest verdict is
    always the one that holds.
    """
    # Evidence and reasons are kept in the language of the source, whoever asks for them.
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        rows = Deployment.objects.select_for_update(no_key=True)
        sources = read(rows.get(pk=deployment.pk), as_of=as_of)
        return judge_sources(sources=sources, readiness=checklist(sources, now=at), by=by, at=at)


def judge_sources(*, sources: Sources, readiness: Checklist, by: str, at: dt.datetime) -> Verdict:
    """The verdict on sources that were read already, under a lock on the deployment's row."""
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        deployment, evidence = sources.deployment, evidence_of(sources, readiness)
        record = judge(evidence)
        # New rules under the same policy make a verdict of their own.
        policy = f"{record['policy']}, {record['rules']}"
        newest = latest_verdicts([deployment]).get(deployment.pk)
        if newest is not None and _says_the_same(newest, evidence, record, policy):
            return newest
        verdict: Verdict = Verdict.objects.create(
            deployment=deployment,
            as_of=sources.as_of,
            decision=record["decision"],
            certainty=record["certainty"],
            evidence=evidence,
            record=record,
            digest=record["digest"],
            policy=policy,
            made_at=at,
        )
        audit.record(
            by=by,
            at=at,
            verb="computed the verdict on",
            subject=deployment,
            reference=deployment.slug,
            after={"recommendation": record["decision"], "certainty": record["certainty"]},
        )
        return verdict


def _says_the_same(
    newest: Verdict, evidence: Mapping[str, Any], record: Mapping[str, Any], policy: str
) -> bool:
    if newest.policy != policy or without_days(newest.evidence) != without_days(evidence):
        return False
    return {name: value for name, value in newest.record.items() if name not in PASSING} == {
        name: value for name, value in record.items() if name not in PASSING
    }
