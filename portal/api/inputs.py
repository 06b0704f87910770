"""What a program sends to be written: the fields, rules and sentences of the form of the page.

The form decides what may be said; here stands only how JSON says it, and that JSON says nothing
else.
"""

from typing import Any, ClassVar

from django import forms
from django.core.validators import slug_re
from django.utils.translation import gettext as _
from rest_framework import serializers

from portal.api import problems
from portal.api.parameters import is_day
from portal.api.problems import FieldError, Problem

TEXT, TEXTS, DAY, REFERENCE = "text", "texts", "day", "reference"


def kind_of(field: forms.Field) -> str:
    """How JSON says what a field of a form takes."""
    if isinstance(field, forms.ModelChoiceField):
        return REFERENCE
    if isinstance(field, forms.DateField):
        return DAY
    return TEXTS if hasattr(field, "entries") else TEXT


class FormSerializer(serializers.Serializer[Any]):
    """Describes the fields of `form`, so that the document says what the form takes."""

    form: ClassVar[type[forms.Form]]
    # Fields of the form that programs do not send, and those that they may leave out.
    without: ClassVar[tuple[str, ...]] = ()
    optional: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def asked(cls) -> dict[str, forms.Field]:
        fields = cls.form.base_fields.items()
        return {name: field for name, field in fields if name not in cls.without}

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        described = {
            name: _described(field, required=field.required and name not in self.optional)
            for name, field in self.asked().items()
        }
        return described | super().get_fields()


def _described(field: Any, *, required: bool) -> serializers.Field[Any, Any, Any, Any]:
    words: dict[str, Any] = {
        "help_text": str(field.help_text or field.label or ""),
        "required": required,
    }
    kind = kind_of(field)
    if kind == REFERENCE:
        return serializers.SlugField(allow_null=not field.required, max_length=80, **words)
    if kind == DAY:
        return serializers.DateField(allow_null=not field.required, **words)
    if kind == TEXTS:
        line = serializers.CharField(max_length=field.length)
        return serializers.ListField(child=line, max_length=field.entries, **words)
    choices = [code for code, _label in getattr(field, "choices", [])]
    if choices:
        return serializers.ChoiceField(choices=choices, **words)
    limit = getattr(field, "max_length", None)
    return serializers.CharField(max_length=limit, allow_blank=not field.required, **words)


def read(data: Any, described: type[FormSerializer]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The members of an object as the form takes them, and those that are not the form's.

    Raises Problem (422) for what is no object, a member that is not known and one of a wrong
    type.
    """
    if not isinstance(data, dict):
        raise Problem(422, _("This must be an object."), field="")
    asked, others = described.asked(), described._declared_fields
    errors, typed = list[FieldError](), dict[str, Any]()
    for name, value in data.items():
        if name in asked:
            fault = _fault(asked[name], value)
        elif name in others:
            fault = "" if isinstance(value, bool) else _("This must be true or false.")
        else:
            sentence = _("“%(name)s” is not known here. Known are %(names)s.")
            fault = sentence % {"name": name[:40], "names": ", ".join([*asked, *others])}
        if fault:
            errors.append({"field": name[:60], "message": fault})
        elif name in asked:
            typed[name] = as_typed(value)
    if errors:
        raise problems.of_fields(errors)
    return typed, {name: data[name] for name in others if name in data}


def as_typed(value: Any) -> Any:
    """A value of JSON as a person would type it into the form."""
    if isinstance(value, list):
        return "\n".join(value)
    return "" if value is None else value


def _fault(field: Any, value: Any) -> str:
    """Why JSON may not say this of a field, before the form reads it; "" where it may.

    A form forgives what a person types around a value; what the document describes is exact.
    """
    kind = kind_of(field)
    if kind == TEXTS:
        return _fault_of_texts(field, value)
    if value is None and kind in {DAY, REFERENCE} and not field.required:
        return ""
    if not isinstance(value, str):
        return _("This must be a text.")
    if kind == REFERENCE and not slug_re.fullmatch(value):
        return str(field.error_messages["invalid_choice"])
    if kind == DAY and not is_day(value):
        return str(field.error_messages["invalid"])
    return _too_long(value, getattr(field, "max_length", None))


def _fault_of_texts(field: Any, value: Any) -> str:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return _("This must be a list of texts.")
    if any(len(item.splitlines()) > 1 for item in value):
        return _("Write each item on one line.")
    if len(value) > field.entries:
        sentence = _("These are %(items)s items; %(most)s are possible.")
        return sentence % {"items": len(value), "most": field.entries}
    return next(filter(None, (_too_long(item, field.length) for item in value)), "")


def _too_long(value: str, longest: int | None) -> str:
    if longest is None or len(value) <= longest:
        return ""
    sentence = _("This text has %(letters)s letters; %(longest)s are possible.")
    return sentence % {"letters": len(value), "longest": longest}


def cleaned(form: forms.Form) -> dict[str, Any]:
    """What the form read. Raises Problem (422) with its sentences by field."""
    if form.is_valid():
        return form.cleaned_data
    raise problems.of_fields(
        [
            {"field": "" if name == "__all__" else name, "message": str(sentence)}
            for name, sentences in form.errors.items()
            for sentence in sentences
        ]
    )
