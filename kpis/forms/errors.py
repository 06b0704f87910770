"""What an action refused, beside the field it speaks of."""

from django import forms

from kpis.actions import kpi_sets


def refuse(form: forms.Form, error: kpi_sets.CannotChange) -> None:
    """Put the sentences of a refusal beside their fields, or above the form."""
    for field, said in ((error.field, str(error)), *error.others):
        form.add_error(field if field in form.fields else None, said)
