"""Filter of the audit trail."""

from collections.abc import Iterable

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy


class Filter(forms.Form):
    """What to show; a value that means nothing filters nothing."""

    person = forms.ChoiceField(label=lazy("Person"), required=False)
    kind = forms.ChoiceField(label=lazy("Kind of thing"), required=False)
    thing = forms.CharField(label=lazy("Name, or part of it"), required=False, max_length=200)

    def show(self, people: Iterable[tuple[str, str]], kinds: Iterable[tuple[str, str]]) -> None:
        """Offer these people and kinds."""
        self.fields["person"].choices = [("", _("Everybody")), *people]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("Everything")), *kinds]  # type: ignore[attr-defined]

    def condition(self) -> Q:
        """The chosen filter as a condition on audit events."""
        self.full_clean()
        chosen = getattr(self, "cleaned_data", {})
        condition = Q()
        if person := chosen.get("person"):
            condition &= Q(actor=person)
        if kind := chosen.get("kind"):
            condition &= Q(subject_type=kind)
        if thing := chosen.get("thing"):
            condition &= Q(subject_name__icontains=thing) | Q(subject__icontains=thing)
        return condition
