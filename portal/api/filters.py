"""Filters of lists: what a query parameter may say, refused in a sentence, described by itself."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.api.parameters import is_day


class OneOf(django_filters.ChoiceFilter):
    """One code out of a list."""

    def __init__(self, codes: Sequence[str], *, description: Any, **kwargs: Any) -> None:
        self.codes, self.description = list(codes), description
        sentence = format_lazy(_("This is none of {codes}."), codes=", ".join(self.codes))
        errors = {"invalid_choice": sentence}
        choices = [(code, code) for code in self.codes]
        super().__init__(choices=choices, error_messages=errors, **kwargs)

    @property
    def described(self) -> dict[str, Any]:
        return {"type": "string", "enum": self.codes, "description": str(self.description)}


class Flag(OneOf):
    """true or false."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(["true", "false"], **kwargs)

    def filter(self, qs: Any, value: str) -> Any:
        if self.lookup_expr == "isnull":
            return super().filter(qs, value == "true") if value else qs
        return qs.filter(**{str(self.field_name): value == "true"}) if value else qs


class Slug(django_filters.CharFilter):
    """The name that a thing has in addresses."""

    def __init__(self, *, description: Any, **kwargs: Any) -> None:
        self.description = description
        super().__init__(max_length=254, strip=False, **kwargs)

    @property
    def described(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": 254, "description": str(self.description)}


class DayField(forms.DateField):
    """A day like 2026-11-16, written so and not otherwise."""

    def to_python(self, value: Any) -> Any:
        if value and not is_day(value):
            raise forms.ValidationError(self.error_messages["invalid"])
        return super().to_python(value)


class Day(django_filters.DateFilter):
    """A day like 2026-11-16."""

    field_class = DayField

    def __init__(self, *, description: Any, **kwargs: Any) -> None:
        self.description = description
        errors = {"invalid": _("Write a day like 2026-11-16.")}
        super().__init__(input_formats=["%Y-%m-%d"], error_messages=errors, **kwargs)

    @property
    def described(self) -> dict[str, Any]:
        return {"type": "string", "format": "date", "description": str(self.description)}
