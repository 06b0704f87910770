"""The field of a day."""

from django import forms

DATE = {"invalid": "Enter a date such as 2026-08-14.", "required": "Enter a date."}


def day(label: str, hint: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        error_messages=DATE,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
