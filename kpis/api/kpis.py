"""KPI sets: what is measured about each deployment."""

from typing import Any, ClassVar

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from rest_framework import serializers

from deployments.models import Deployment
from kpis.api.numbers import as_text
from kpis.domain.aggregation.monoids import Kind
from kpis.domain.catalogue.references import DIRECTIONS
from kpis.models import Kpi
from portal.api.filters import Flag, OneOf, Slug
from portal.api.lists import ItemView, ListView
from portal.domain.roles import Permission
from portal.domain.tokens import Scope

EXACT = "An exact decimal."


class KpiSerializer(serializers.Serializer[Any]):
    """What is measured about one deployment."""

    deployment = serializers.CharField(help_text="Slug of the deployment.")
    slug = serializers.CharField(help_text="Name in addresses.")
    name = serializers.CharField(help_text="Name for people.")
    catalogue_key = serializers.CharField(help_text="Key in the catalogue, empty for an own KPI.")
    category = serializers.CharField(help_text="Category of the catalogue.")
    kind = serializers.ChoiceField([kind.value for kind in Kind], help_text="Parts of a figure.")
    unit = serializers.CharField(help_text="Unit of the value.")
    currency = serializers.CharField(help_text="Currency of amounts, empty where there is none.")
    direction = serializers.ChoiceField(DIRECTIONS, help_text="Which way is better.")
    band_low = serializers.CharField(allow_null=True, help_text=EXACT)
    band_high = serializers.CharField(allow_null=True, help_text=EXACT)
    cadence = serializers.CharField(help_text="How often a figure is due.")
    role = serializers.CharField(help_text="What the KPI is evidence of.")
    is_primary = serializers.BooleanField()
    is_guardrail = serializers.BooleanField()
    is_safety_critical = serializers.BooleanField()
    definition = serializers.IntegerField(help_text="Raised when the meaning changes.")
    definition_text = serializers.CharField(help_text="What is counted, in words.")
    retired_on = serializers.DateField(allow_null=True)


COLUMNS = {name: name for name in KpiSerializer._declared_fields} | {
    "deployment": "deployment__slug"
}


class KpiFilters(FilterSet):
    role = Slug(description=_("What it is evidence of."))
    catalogue_key = Slug(description=_("Key in the catalogue."))
    direction = OneOf(DIRECTIONS, description=_("Which way is better."))
    is_primary = Flag(description=_("The main evidence of success."))
    retired = Flag(
        field_name="retired_on", lookup_expr="isnull", exclude=True, description=_("No longer due.")
    )


class EveryKpiFilters(KpiFilters):
    deployment = Slug(field_name="deployment__slug", description=_("Deployment it belongs to."))


class KpisView(ListView):
    """The KPI set of a deployment, retired ones included."""

    reads = Scope.READ
    permission = Permission.SEE_KPIS
    operations: ClassVar[dict[str, str]] = {"GET": "list_kpis"}
    serializer_class = KpiSerializer
    filters = KpiFilters
    columns = COLUMNS
    orders: ClassVar[dict[str, tuple[str, ...]]] = {
        "slug": ("slug",),
        "-slug": ("-slug",),
        "name": ("name", "slug"),
    }

    def rows(self, **kwargs: str) -> Any:
        return Kpi.objects.filter(deployment__slug=kwargs["deployment"])

    def refuse_missing(self, **kwargs: str) -> None:
        deployment_key(kwargs["deployment"])

    def present(self, row: dict[str, Any]) -> dict[str, Any]:
        return present(row)


class EveryKpiView(KpisView):
    """Every KPI of every deployment, by deployment and slug."""

    operations: ClassVar[dict[str, str]] = {"GET": "list_every_kpi"}
    filters = EveryKpiFilters
    orders: ClassVar[dict[str, tuple[str, ...]]] = {"deployment": ("deployment__slug", "slug")}

    def rows(self, **kwargs: str) -> Any:
        return Kpi.objects.all()

    def refuse_missing(self, **kwargs: str) -> None:
        """An organization without KPIs has an empty list."""


class KpiView(ItemView):
    """One KPI."""

    reads = Scope.READ
    permission = Permission.SEE_KPIS
    operations: ClassVar[dict[str, str]] = {"GET": "read_kpi"}
    serializer_class = KpiSerializer

    def item(self, **kwargs: Any) -> dict[str, Any]:
        rows = Kpi.objects.values(*COLUMNS.values())
        place = {"slug": kwargs["kpi"], "deployment__slug": kwargs["deployment"]}
        row = get_object_or_404(rows, **place)
        return present({name: row[column] for name, column in COLUMNS.items()})


def present(row: dict[str, Any]) -> dict[str, Any]:
    """A KPI as it is answered."""
    for name in ("band_low", "band_high"):
        row[name] = as_text(row[name])
    return row


def deployment_key(slug: str) -> int:
    """Raises Http404 for a deployment that the organization does not have."""
    key: Any = Deployment.objects.filter(slug=slug).values_list("pk", flat=True).first()
    if key is None:
        raise Http404
    return int(key)


def kpi_of(*, deployment: str, slug: str) -> Kpi:
    """Raises Http404 for a KPI that is not in the set of that deployment."""
    found: Kpi = get_object_or_404(Kpi, slug=slug, deployment__slug=deployment)
    return found
