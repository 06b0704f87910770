"""Use cases: read, described and changed by programs, by the rules of the pages."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from deployments.actions import use_cases
from deployments.api import units
from deployments.domain.likeness import look_alikes
from deployments.forms.use_cases import UseCaseForm
from deployments.models import UseCase
from portal.api import inputs, parameters, problems
from portal.api.filters import Slug
from portal.api.idempotency import once
from portal.api.inputs import FormSerializer
from portal.api.lists import ItemView, ListView
from portal.api.problems import Problem
from portal.domain.roles import Permission
from portal.domain.tokens import Scope

COLUMNS = {
    "slug": "slug",
    "name": "name",
    "work": "work",
    "pain": "pain",
    "owner_name": "owner_name",
    "unit": "unit__slug",
    "created_at": "created_at",
}


class UseCaseSerializer(serializers.Serializer[Any]):
    """The work that AI is meant to help with."""

    slug = serializers.CharField(help_text="Name in addresses.")
    name = serializers.CharField(help_text="Name for people.")
    work = serializers.CharField(help_text="Who does what, and what comes out of it.")
    pain = serializers.CharField(help_text="What is hard today.")
    owner_name = serializers.CharField(help_text="Who answers for its result.")
    unit = serializers.CharField(allow_null=True, help_text="Team that does it.")
    created_at = serializers.DateTimeField()


class UseCaseToDescribe(FormSerializer):
    form = UseCaseForm
    anyway = serializers.BooleanField(
        required=False, help_text="Describe it although a use case that is known is much like it."
    )


class UseCaseToChange(FormSerializer):
    form = UseCaseForm
    optional = tuple(UseCaseForm.base_fields)


class UseCaseFilters(FilterSet):
    unit = Slug(field_name="unit__slug", description=gettext_lazy("Team that does the work."))


class UseCasesView(ListView):
    """Every use case."""

    reads, writes = Scope.READ, Scope.DEPLOYMENTS
    permission = Permission.SEE_DEPLOYMENTS
    operations: ClassVar[dict[str, str]] = {"GET": "list_use_cases", "POST": "describe_use_case"}
    serializer_class = UseCaseSerializer
    filters = UseCaseFilters
    columns = COLUMNS
    orders: ClassVar[dict[str, tuple[str, ...]]] = {
        "slug": ("slug",),
        "-slug": ("-slug",),
        "name": ("name", "slug"),
        "created_at": ("created_at", "slug"),
    }

    def rows(self, **kwargs: str) -> Any:
        return UseCase.objects.all()

    @extend_schema(request=UseCaseToDescribe, responses={201: UseCaseSerializer})
    @once
    def post(self, request: Request) -> Response:
        """Describe a use case.

        One that is much like another is refused with 409, unless `anyway` is true.
        """
        parameters.said_once(request, [])
        data, also = inputs.read(request.data, UseCaseToDescribe)
        entered = _entered(data)
        if not also.get("anyway"):
            _refuse_alike(entered)
        try:
            use_case = use_cases.create(**entered, by=self.by, at=self.now)
        except ValidationError as error:
            raise problems.of_fields(problems.field_errors(error)) from error
        return Response(item(use_case.slug), status=201)


class UseCaseView(ItemView):
    """One use case."""

    reads, writes = Scope.READ, Scope.DEPLOYMENTS
    permission = Permission.SEE_DEPLOYMENTS
    operations: ClassVar[dict[str, str]] = {"GET": "read_use_case", "PATCH": "change_use_case"}
    serializer_class = UseCaseSerializer

    def item(self, **kwargs: Any) -> dict[str, Any]:
        return item(kwargs["use_case"])

    @extend_schema(request=UseCaseToChange, responses=UseCaseSerializer)
    def patch(self, request: Request, use_case: str) -> Response:
        """Change the members that are sent; the others stay."""
        parameters.said_once(request, [])
        before = get_object_or_404(UseCase, slug=use_case)
        data, _also = inputs.read(request.data, UseCaseToChange)
        now = item(use_case)
        entered = _entered({name: now[name] or "" for name in UseCaseForm.base_fields} | data)
        try:
            use_cases.change(use_case=before, by=self.by, at=self.now, **entered)
        except ValidationError as error:
            raise problems.of_fields(problems.field_errors(error)) from error
        return Response(item(use_case))


def item(slug: str) -> dict[str, Any]:
    """A use case as it is answered. Raises Http404."""
    row = get_object_or_404(UseCase.objects.values(*COLUMNS.values()), slug=slug)
    return {name: row[column] for name, column in COLUMNS.items()}


def _entered(data: dict[str, Any]) -> dict[str, Any]:
    form = UseCaseForm(data)
    units.ask(form, data)
    return inputs.cleaned(form)


def _refuse_alike(entered: dict[str, Any]) -> None:
    alike = look_alikes(entered["name"], entered["work"], UseCase.objects.order_by("name"))[:5]
    if alike:
        names = ", ".join(f"“{use_case.name}”" for use_case in alike)
        sentence = _("This may be the same work as %(names)s. Send anyway = true if it is not.")
        slugs = [use_case.slug for use_case in alike]
        raise Problem(409, sentence % {"names": names}, field="name", alike=slugs)
