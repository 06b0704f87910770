"""The audit trail for programs of auditors."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from rest_framework import serializers

from portal.api.filters import Day, Slug
from portal.api.lists import ListView
from portal.api.pagination import WithTies
from portal.domain.roles import Permission
from portal.domain.tokens import Scope
from portal.models import AuditEvent


class AuditEventSerializer(serializers.Serializer[Any]):
    """One action: who did what to which thing, before and after in words, and why."""

    at = serializers.DateTimeField()
    actor = serializers.CharField(help_text="E-mail address of a person, or “token <name>”.")
    verb = serializers.CharField()
    subject_type = serializers.CharField(help_text="Kind of the thing.")
    subject = serializers.CharField(help_text="Its name in addresses.")
    subject_name = serializers.CharField(help_text="Its name for people.")
    before = serializers.DictField(help_text="Words by field.")
    after = serializers.DictField(help_text="Words by field.")
    reason = serializers.CharField()


class AuditFilters(FilterSet):
    actor = Slug(description=_("Who did it."))
    subject_type = Slug(description=_("Kind of the thing."))
    subject = Slug(description=_("Name of the thing in addresses."))
    since = Day(field_name="at", lookup_expr="date__gte", description=_("First day."))
    until = Day(field_name="at", lookup_expr="date__lte", description=_("Last day."))


class AuditEventsView(ListView):
    """The audit trail, oldest first unless `order` turns it round."""

    reads = Scope.AUDIT
    permission = Permission.SEE_AUDIT
    operations: ClassVar[dict[str, str]] = {"GET": "list_audit_events"}
    serializer_class = AuditEventSerializer
    pagination_class = WithTies
    filters = AuditFilters
    columns: ClassVar[dict[str, str]] = {
        name: name for name in AuditEventSerializer._declared_fields
    }
    orders: ClassVar[dict[str, tuple[str, ...]]] = {"at": ("at",), "-at": ("-at",)}

    def rows(self, **kwargs: str) -> Any:
        return AuditEvent.objects.all()
