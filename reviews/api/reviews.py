"""Quarterly reviews and their frozen editions."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from rest_framework import serializers

from portal.api.filters import OneOf
from portal.api.lists import ItemView, ListView
from portal.domain.roles import Permission
from portal.domain.tokens import Scope
from reviews.models import Edition, Review


class ReviewSerializer(serializers.Serializer[Any]):
    """One quarter under review."""

    slug = serializers.CharField(help_text="Name in addresses, such as 2026-q4.")
    label = serializers.CharField(help_text="Name for people.")  # type: ignore[assignment]
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    state = serializers.ChoiceField(Review.State.values)
    opened_by = serializers.CharField()
    opened_at = serializers.DateTimeField()


class EditionSerializer(serializers.Serializer[Any]):
    """A review's document as it was frozen; a later edition supersedes it, none ever changes."""

    number = serializers.IntegerField()
    digest = serializers.CharField(help_text="Fingerprint of the document.")
    supersedes_digest = serializers.CharField(help_text="That of the edition before, or empty.")
    frozen_by = serializers.CharField()
    frozen_at = serializers.DateTimeField()


class EditionDocumentSerializer(EditionSerializer):
    """An edition with its document."""

    document = serializers.DictField(help_text="What the PDF is printed from.")


class ReviewFilters(FilterSet):
    state = OneOf(Review.State.values, description=_("Whether it is closed."))


class ReviewsView(ListView):
    """Every quarterly review, newest first."""

    reads = Scope.REVIEWS
    permission = Permission.SEE_REVIEWS
    operations: ClassVar[dict[str, str]] = {"GET": "list_reviews"}
    serializer_class = ReviewSerializer
    filters = ReviewFilters
    columns: ClassVar[dict[str, str]] = {name: name for name in ReviewSerializer._declared_fields}
    orders: ClassVar[dict[str, tuple[str, ...]]] = {
        "-starts_on": ("-starts_on", "-slug"),
        "starts_on": ("starts_on", "slug"),
    }

    def rows(self, **kwargs: str) -> Any:
        return Review.objects.all()


class ReviewView(ItemView):
    """One quarterly review."""

    reads = Scope.REVIEWS
    permission = Permission.SEE_REVIEWS
    operations: ClassVar[dict[str, str]] = {"GET": "read_review"}
    serializer_class = ReviewSerializer

    def item(self, **kwargs: Any) -> dict[str, Any]:
        rows = Review.objects.values(*self.fields())
        return dict(get_object_or_404(rows, slug=kwargs["review"]))


class EditionsView(ListView):
    """The frozen editions of a review, newest first, without their documents."""

    reads = Scope.REVIEWS
    permission = Permission.SEE_REVIEWS
    operations: ClassVar[dict[str, str]] = {"GET": "list_editions"}
    serializer_class = EditionSerializer
    columns: ClassVar[dict[str, str]] = {name: name for name in EditionSerializer._declared_fields}
    orders: ClassVar[dict[str, tuple[str, ...]]] = {"-number": ("-number",), "number": ("number",)}

    def rows(self, **kwargs: str) -> Any:
        return Edition.objects.filter(review=get_object_or_404(Review, slug=kwargs["review"]))


class EditionView(ItemView):
    """One edition with its document, as it was frozen."""

    reads = Scope.REVIEWS
    permission = Permission.SEE_REVIEWS
    operations: ClassVar[dict[str, str]] = {"GET": "read_edition"}
    serializer_class = EditionDocumentSerializer

    def item(self, **kwargs: Any) -> dict[str, Any]:
        rows = Edition.objects.values(*self.fields())
        place = {"review__slug": kwargs["review"], "number": kwargs["edition"]}
        return dict(get_object_or_404(rows, **place))
