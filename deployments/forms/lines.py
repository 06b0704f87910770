"""A list entered one entry per line."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

ENTRIES = 50
LENGTH = 200


class LinesField(forms.CharField):
    """Text area whose value is a list of distinct, stripped, non-empty lines."""

    entries, length = ENTRIES, LENGTH

    def __init__(self, *, label: str, help_text: str, required: bool = False) -> None:
        area = forms.Textarea(attrs={"rows": 4})
        super().__init__(label=label, help_text=help_text, required=required, widget=area)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
        if len(lines) > ENTRIES:
            raise ValidationError(f"Enter at most {ENTRIES} lines; there are {len(lines)}.")
        for line in lines:
            if len(line) > LENGTH:
                raise ValidationError(f"Shorten the line that begins “{line[:40]}…”.")
        return lines

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)
