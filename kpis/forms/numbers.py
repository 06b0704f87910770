"""A box for one number in the unit of a KPI, read and shown in the manner of the organization."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kpis.domain import wording
from kpis.domain.aggregation import decimals
from portal.presenters.messages import reason

HUNDRED = Decimal(100)


class NumberField(forms.CharField):
    """Cleans to a Decimal in the stored unit, or None. Shares are typed and shown in per cent."""

    def __init__(
        self,
        *,
        label: str,
        locale: str,
        percent: bool = False,
        required: bool = False,
        hint: str = "",
    ) -> None:
        super().__init__(
            label=label,
            required=required,
            help_text=hint,
            max_length=40,
            error_messages={"required": "Enter a number."},
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        )
        self.locale, self.percent = locale, percent

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        return decimals.write(value * HUNDRED if self.percent else value, self.locale)

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "")
        if self.percent:
            text = text.strip().removesuffix("%")
        try:
            found = decimals.read(text, self.locale)
        except decimals.BadDecimal as error:
            raise ValidationError(reason(error)) from error
        if found is None:
            return None
        found = found / HUNDRED if self.percent else found
        if found != found.quantize(Decimal(1).scaleb(-decimals.PLACES)):
            raise ValidationError("That is finer than can be kept; round it.")
        return found


def is_share(unit: str) -> bool:
    """Whether values of a unit are shown in per cent."""
    return unit.startswith("fraction")


def unit_words(unit: str, currency: str = "") -> str:
    """The unit as it stands behind a label: “%”, “minutes”, “EUR per task”; empty for counts."""
    if is_share(unit):
        return "%"
    if unit.startswith("currency"):
        rest = unit.removeprefix("currency").replace("_", " ").strip()
        return " ".join(filter(None, (wording.SYMBOLS.get(currency, currency).strip(), rest)))
    return unit.replace("_", " ")
