"""A deployment: one AI system at work on one use case."""

from typing import Any

from django.db import models

from deployments.domain.vocabulary import (
    LABELS,
    REGULATED_DOMAINS,
    EffectReach,
    HumanReview,
    Phase,
    RiskClass,
    Status,
    choices,
)
from deployments.models.use_case import UseCase
from portal.models import OrganizationOwned, OwnedKey, SameOrganization


class Deployment(OrganizationOwned):
    """System, version, phase, risk and approved scope. Absent answers are the strictest ones."""

    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=160)
    use_case = OwnedKey(UseCase, related_name="deployments")
    unit = OwnedKey("portal.Unit", null=True, blank=True, related_name="deployments")
    owner_name = models.CharField(max_length=160)
    system = models.CharField(max_length=160)
    vendor = models.CharField(max_length=160, blank=True)
    model_version = models.CharField(max_length=80, blank=True)
    model_changed_on = models.DateField(null=True, blank=True)
    started_on = models.DateField(null=True, blank=True)
    phase = models.CharField(max_length=24, choices=choices(Phase), default=Phase.PRE_LAUNCH)
    status = models.CharField(max_length=16, choices=choices(Status), default=Status.PROPOSED)
    risk_class = models.CharField(max_length=16, choices=choices(RiskClass), default=RiskClass.HIGH)
    effect_reach = models.CharField(
        max_length=24, choices=choices(EffectReach), default=EffectReach.DECISION_ON_PERSON
    )
    human_review = models.CharField(
        max_length=16, choices=choices(HumanReview), default=HumanReview.UNVERIFIED
    )
    regulated_domain = models.CharField(
        max_length=16, choices=list(REGULATED_DOMAINS.items()), blank=True, default=""
    )
    approved_tasks: Any = models.JSONField(default=list)
    approved_groups: Any = models.JSONField(default=list)
    approved_data: Any = models.JSONField(default=list)
    expected_rhythm = models.CharField(max_length=160, blank=True)
    created_at = models.DateTimeField()

    class Meta(OrganizationOwned.Meta):
        constraints = [
            *OrganizationOwned.Meta.constraints,
            SameOrganization("use_case"),
            SameOrganization("unit"),
            models.UniqueConstraint(fields=["organization", "slug"], name="deployment_slug"),
        ]
        indexes = [models.Index(fields=["organization", "use_case"], name="deployment_of_use")]

    def __str__(self) -> str:
        return self.name

    @property
    def human_review_label(self) -> str:
        return LABELS[HumanReview(self.human_review)]
