"""Deployments: read, registered and changed by programs, by the rules of the pages."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import FilterSet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from deployments.actions import deployments
from deployments.api import units
from deployments.domain.vocabulary import (
    REGULATED_DOMAINS,
    EffectReach,
    HumanReview,
    Phase,
    RiskClass,
    Status,
)
from deployments.forms.deployments import DeploymentForm
from deployments.models import Deployment
from portal.api import base, inputs, parameters, problems
from portal.api.filters import OneOf, Slug
from portal.api.idempotency import once
from portal.api.inputs import FormSerializer
from portal.api.lists import ItemView, ListView
from portal.api.problems import MEDIA_TYPE, Problem
from portal.api.refusals import ProblemSerializer
from portal.domain.roles import Permission
from portal.domain.tokens import Scope

# What is left out of a new deployment gets the strictest answer.
STRICTEST = ("phase", "status", "risk_class", "effect_reach", "human_review", "regulated_domain")


class DeploymentSerializer(serializers.Serializer[Any]):
    """One AI system at work on one use case."""

    slug = serializers.CharField(help_text="Name in addresses.")
    name = serializers.CharField(help_text="Name for people.")
    use_case = serializers.CharField(help_text="Slug of the work it helps with.")
    unit = serializers.CharField(allow_null=True, help_text="Slug of the team that uses it.")
    owner_name = serializers.CharField(help_text="Who answers for it.")
    system = serializers.CharField(help_text="The product or service that people open.")
    vendor = serializers.CharField()
    model_version = serializers.CharField()
    model_changed_on = serializers.DateField(allow_null=True)
    started_on = serializers.DateField(allow_null=True, help_text="First day of real work.")
    phase = serializers.ChoiceField(list(Phase), help_text="How far it has come.")
    status = serializers.ChoiceField(list(Status), help_text="Whether it runs.")
    risk_class = serializers.ChoiceField(list(RiskClass))
    effect_reach = serializers.ChoiceField(list(EffectReach), help_text="How far output reaches.")
    human_review = serializers.ChoiceField(list(HumanReview))
    regulated_domain = serializers.ChoiceField(list(REGULATED_DOMAINS))
    approved_tasks = serializers.ListField(child=serializers.CharField())
    approved_groups = serializers.ListField(child=serializers.CharField())
    approved_data = serializers.ListField(child=serializers.CharField())
    expected_rhythm = serializers.CharField()
    created_at = serializers.DateTimeField()


COLUMNS = {name: name for name in DeploymentSerializer._declared_fields} | {
    "use_case": "use_case__slug",
    "unit": "unit__slug",
}


class DeploymentToRegister(FormSerializer):
    form = DeploymentForm
    without = ("way_of_working", "since", "reason")
    optional = STRICTEST


class DeploymentToChange(FormSerializer):
    form = DeploymentForm
    optional = tuple(DeploymentForm.base_fields)


class DeploymentFilters(FilterSet):
    phase = OneOf(list(Phase), description=gettext_lazy("How far it has come."))
    status = OneOf(list(Status), description=gettext_lazy("Whether it runs."))
    risk_class = OneOf(list(RiskClass), description=gettext_lazy("Class of risk."))
    use_case = Slug(field_name="use_case__slug", description=gettext_lazy("Work it helps with."))
    unit = Slug(field_name="unit__slug", description=gettext_lazy("Team that uses it."))


class DeploymentsView(ListView):
    """Every deployment."""

    reads, writes = Scope.READ, Scope.DEPLOYMENTS
    permission = Permission.SEE_DEPLOYMENTS
    operations: ClassVar[dict[str, str]] = {
        "GET": "list_deployments",
        "POST": "register_deployment",
    }
    serializer_class = DeploymentSerializer
    filters = DeploymentFilters
    columns = COLUMNS
    orders: ClassVar[dict[str, tuple[str, ...]]] = {
        "slug": ("slug",),
        "-slug": ("-slug",),
        "name": ("name", "slug"),
        "created_at": ("created_at", "slug"),
    }

    def rows(self, **kwargs: str) -> Any:
        return Deployment.objects.all()

    @extend_schema(request=DeploymentToRegister, responses={201: DeploymentSerializer})
    @once
    def post(self, request: Request) -> Response:
        """Register a deployment; what is left out gets the strictest answer."""
        parameters.said_once(request, [])
        data, _also = inputs.read(request.data, DeploymentToRegister)
        strictest = {name: getattr(Deployment(), name) for name in STRICTEST}
        form = DeploymentForm(strictest | data, today=self.today)
        units.ask(form, data)
        entered = inputs.cleaned(form)
        try:
            deployment = deployments.register(**entered, by=self.by, at=self.now)
        except ValidationError as error:
            raise problems.of_fields(problems.field_errors(error)) from error
        return Response(item(deployment.slug), status=201)


IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag that was read: somebody else's change since then answers 412.",
)


class DeploymentView(ItemView):
    """One deployment."""

    reads, writes = Scope.READ, Scope.DEPLOYMENTS
    permission = Permission.SEE_DEPLOYMENTS
    operations: ClassVar[dict[str, str]] = {
        "GET": "read_deployment",
        "PATCH": "change_deployment",
    }
    serializer_class = DeploymentSerializer

    def item(self, **kwargs: Any) -> dict[str, Any]:
        return item(kwargs["deployment"])

    @extend_schema(
        request=DeploymentToChange,
        responses={200: DeploymentSerializer, (412, MEDIA_TYPE): ProblemSerializer},
        parameters=[IF_MATCH],
    )
    def patch(self, request: Request, deployment: str) -> Response:
        """Change the members that are sent; the others stay.

        `since` dates the change, `reason` is needed where a risk is called lower.
        """
        parameters.said_once(request, [])
        rows = Deployment.objects.select_for_update(no_key=True)
        before = get_object_or_404(rows, slug=deployment)
        now = item(deployment)
        data, _also = inputs.read(request.data, DeploymentToChange)
        known = {name: inputs.as_typed(now.get(name)) for name in DeploymentForm.base_fields}
        form = DeploymentForm(known | data, today=self.today, before=before)
        units.ask(form, data)
        entered = inputs.cleaned(form)
        # Last: a condition counts only for a request that would be carried out (RFC 9110, 13.2.1).
        self._refuse_changed(request, now)
        on = entered.pop("since") or self.today
        try:
            deployments.change(deployment=before, on=on, by=self.by, at=self.now, **entered)
        except ValidationError as error:
            raise problems.of_fields(problems.field_errors(error)) from error
        return Response(item(deployment))

    def _refuse_changed(self, request: Request, now: dict[str, Any]) -> None:
        wanted = request.headers.get("If-Match", "").strip()
        if wanted and wanted != "*" and base.etag_of(now) not in base.tags(wanted):
            raise Problem(412, _("Somebody changed this since you read it. Read it again."))


def item(slug: str) -> dict[str, Any]:
    """A deployment as it is answered. Raises Http404."""
    row = get_object_or_404(Deployment.objects.values(*COLUMNS.values()), slug=slug)
    return {name: row[column] for name, column in COLUMNS.items()}
