"""A list entered one entry per line."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

ENTRIES = 50
LENGTH = 200


class LinesField(forms.CharField):
    """Text area whose value is a list of distinct, stripped, non-empty lines."""

    entries, length = ENTRIES, LENGTH

    def __init__(self, *, label: Any, help_text: Any, required: bool = False) -> None:
        area = forms.Textarea(attrs={"rows": 4})
        super().__init__(label=label, help_text=help_text, required=required, widget=area)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
        if len(lines) > ENTRIES:
            raise ValidationError(
                _("Enter at most %(most)s lines; there are %(number)s.")
                % {"most": ENTRIES, "number": len(lines)}
            )
        for line in lines:
            if len(line) > LENGTH:
                raise ValidationError(
                    _("Shorten the line that begins “%(line)s…”.") % {"line": line[:40]}
                )
        return lines

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)
