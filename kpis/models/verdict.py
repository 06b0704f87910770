"""Verdicts: what the rules recommended from which evidence; never changed, only followed."""

from typing import Any

from django.db import models

from kpis.domain.wording import CERTAINTY_WORDS, HEADLINES
from portal.models import OrganizationOwned, OwnedKey, SameOrganization
from portal.tenancy.constraints import AppendOnly


class Verdict(OrganizationOwned):
    """One judgement with the evidence it was made from; `digest` names the inputs."""

    deployment = OwnedKey("deployments.Deployment", related_name="verdicts")
    as_of = models.DateField()
    decision = models.CharField(max_length=12)
    certainty = models.CharField(max_length=12)
    evidence: Any = models.JSONField()
    record: Any = models.JSONField()
    digest = models.CharField(max_length=64)
    policy = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            AppendOnly(),
            SameOrganization("deployment"),
            models.UniqueConstraint(
                fields=["organization", "deployment", "digest", "policy", "made_at"],
                name="verdict_once",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "deployment", "-made_at"], name="verdict_newest")
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.as_of}"

    @property
    def headline(self) -> str:
        return HEADLINES[self.decision]

    @property
    def because(self) -> list[str]:
        return [*self.record["because"], *self.record["watch_sentences"]]

    @property
    def against(self) -> list[str]:
        return list(self.record["counter_sentences"])

    @property
    def certainty_words(self) -> str:
        return CERTAINTY_WORDS[self.certainty]
