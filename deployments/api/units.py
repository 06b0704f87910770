"""The unit of a use case or a deployment, where the organization has none."""

import copy
from collections.abc import Mapping
from typing import Any

from django import forms

from portal.models import Unit


def ask(form: forms.Form, data: Mapping[str, Any]) -> None:
    """Give a form back the question that a page leaves out where there are no units.

    A program may name one all the same, and is then told what the form says.
    """
    if data.get("unit") and "unit" not in form.fields:
        field: Any = copy.deepcopy(type(form).base_fields["unit"])
        field.queryset = Unit.objects.none()
        form.fields["unit"] = field
