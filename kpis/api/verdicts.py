"""Recommendations with their reasons, as the rules made them."""

from typing import Any, ClassVar

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from rest_framework import serializers

from kpis.api.kpis import deployment_key
from kpis.domain.wording import CERTAINTY_WORDS, HEADLINES
from kpis.models import Verdict
from portal.api.filters import OneOf
from portal.api.lists import ListView
from portal.domain.roles import Permission
from portal.domain.tokens import Scope


class VerdictSerializer(serializers.Serializer[Any]):
    """What the rules recommended from the evidence of a day. A person decides."""

    deployment = serializers.CharField(help_text="Slug of the deployment.")
    as_of = serializers.DateField(help_text="Day of the evidence.")
    decision = serializers.ChoiceField(list(HEADLINES))
    headline = serializers.CharField(help_text="The decision in words.")
    certainty = serializers.ChoiceField(list(CERTAINTY_WORDS))
    because = serializers.ListField(child=serializers.CharField(), help_text="Its reasons.")
    against = serializers.ListField(child=serializers.CharField(), help_text="Counter-evidence.")
    policy = serializers.CharField(help_text="Version of the rules.")
    digest = serializers.CharField(help_text="Fingerprint of the evidence.")
    made_at = serializers.DateTimeField()


class VerdictFilters(FilterSet):
    decision = OneOf(list(HEADLINES), description=_("What was recommended."))


class VerdictsView(ListView):
    """Every recommendation on a deployment with its reasons, newest first."""

    reads = Scope.REVIEWS
    permission = Permission.SEE_KPIS
    operations: ClassVar[dict[str, str]] = {"GET": "list_verdicts"}
    serializer_class = VerdictSerializer
    filters = VerdictFilters
    columns: ClassVar[dict[str, str]] = {
        "deployment": "deployment__slug",
        "as_of": "as_of",
        "decision": "decision",
        "certainty": "certainty",
        "record": "record",
        "policy": "policy",
        "digest": "digest",
        "made_at": "made_at",
    }
    orders: ClassVar[dict[str, tuple[str, ...]]] = {
        "-made_at": ("-made_at", "-digest", "-policy"),
        "made_at": ("made_at", "digest", "policy"),
    }

    def rows(self, **kwargs: str) -> Any:
        return Verdict.objects.filter(deployment_id=deployment_key(kwargs["deployment"]))

    def present(self, row: dict[str, Any]) -> dict[str, Any]:
        record = row.pop("record")
        return row | {
            "headline": HEADLINES[row["decision"]],
            "because": [*record["because"], *record["watch_sentences"]],
            "against": list(record["counter_sentences"]),
        }


class NewestVerdictsView(VerdictsView):
    """The newest recommendation on each deployment with its reasons, by deployment."""

    operations: ClassVar[dict[str, str]] = {"GET": "list_newest_verdicts"}
    orders: ClassVar[dict[str, tuple[str, ...]]] = {"deployment": ("deployment__slug",)}

    def rows(self, **kwargs: str) -> Any:
        same = Verdict.objects.filter(deployment_id=OuterRef("deployment_id"))
        newest = same.order_by("-made_at", "-id").values("pk")[:1]
        return Verdict.objects.filter(pk=Subquery(newest))
